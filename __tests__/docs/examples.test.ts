import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { dump, load } from "js-yaml";
import { globSync } from "tinyglobby";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { scheduleQueries } from "../../examples/constructs/scheduled-queries";
import { createWarehouses } from "../../examples/constructs/whole-warehouses";
import { DataApiRole } from "../../modules";
import { PAGES } from "../../tools/docs/embed";
import { USER_ARN } from "../support/arns";
import { ROOT } from "../support/paths";
import { blocks, USE_THE_DATA_API } from "../support/readme";
import {
  analyticsServerless,
  existingKey,
  fleetOf,
  only,
  statementsOf,
  type Synthesized,
  synthesize,
  testStack,
} from "../support/support";

const FILES = globSync("**/*", { cwd: join(ROOT, "examples") }).sort();
/** A sample of AWS, which a test of the function reads. */
const WITHOUT_BLOCK = "data-api/statement-event.json";

test("each file of examples/ is shown or linked in a page", () => {
  const shown = PAGES.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/(?<=<!-- file: |\(\.\.\/)examples\/([^\s)]+)/g)].map(
      ([, file]) => file!,
    ),
  );
  const isShown = (file: string): boolean => shown.some((name) => file === name || file.startsWith(`${name}/`));
  expect(FILES.filter((file) => !isShown(file))).toStrictEqual([WITHOUT_BLOCK]);
});

test.each(FILES.filter((file) => /^configuration\/.*\.yaml$/.test(file)))(
  "examples/%s synthesizes to at least one stack",
  (file) => {
    const text = readFileSync(join(ROOT, "examples", file), "utf8");
    const stacks = fleetStacks(Testing.app(), fleetOf({ [file]: text }), "../../..").map(synthesize);
    expect(stacks).not.toHaveLength(0);
  },
);

test("docs/use-the-data-api.md has the role of the demo in its AWS profile", () => {
  const [profile] = blocks("ini", USE_THE_DATA_API) as [string];
  const demo = readFileSync(join(ROOT, "tools", "demo", "aws-config"), "utf8");
  const roleOf = (text: string): string => /\[profile analyst\]\nrole_arn = (\S+)\n/.exec(text)![1]!;
  expect(roleOf(profile)).toBe(roleOf(demo));
  expect(profile).toMatch(/^role_session_name = \w+$/m);
});

test("examples/constructs/analytics writes its stack with a key, a role and a serverless warehouse", () => {
  const directory = mkdtempSync(join(tmpdir(), "example-"));
  const before = process.cwd();
  process.chdir(directory);
  try {
    jest.requireActual("../../examples/constructs/analytics");
    const text = readFileSync(join("cdktf.out", "stacks", "analytics", "cdk.tf.json"), "utf8");
    expect(Object.keys((JSON.parse(text) as Synthesized).resource).sort()).toStrictEqual([
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_kms_alias",
      "aws_kms_key",
      "aws_redshiftserverless_namespace",
      "aws_redshiftserverless_workgroup",
    ]);
  } finally {
    process.chdir(before);
    rmSync(directory, { recursive: true });
  }
});

test("scheduleQueries of examples/constructs creates a schedule at 03:00", () => {
  const stack = testStack();
  scheduleQueries(stack, analyticsServerless(stack));
  expect(only(synthesize(stack), { tfResourceType: "aws_scheduler_schedule" }).schedule_expression).toBe(
    "cron(0 3 * * ? *)",
  );
});

test("createWarehouses of examples/constructs creates a warehouse, and uses an existing cluster", () => {
  const stack = testStack();
  createWarehouses(stack, existingKey(stack), DataApiRole.fromRoleArn(stack, "Reader", USER_ARN));
  const { data, resource } = synthesize(stack);
  expect(Object.keys(data)).toContain("aws_redshift_cluster");
  expect(Object.keys(resource).sort()).toStrictEqual([
    "aws_iam_role_policy",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_redshiftserverless_namespace",
    "aws_redshiftserverless_workgroup",
  ]);
});

test("examples/fleet/apply-role-trust.json has the sub claim that the table in docs/fleet.md lists", () => {
  const file = join(ROOT, "examples", "fleet", "apply-role-trust.json");
  const [{ Condition }] = statementsOf(readFileSync(file, "utf8")) as [{ Condition: { StringEquals: object } }];
  const [, subject] = /^\| apply +\| `(.*?)`/m.exec(readFileSync(join(ROOT, "docs", "fleet.md"), "utf8"))!;
  expect(Object.values(Condition.StringEquals)).toStrictEqual(["sts.amazonaws.com", subject]);
});

test("the users of docs/use-the-data-api.md trust Lambda or Step Functions, and only the user for Lambda is limited to its own statements", () => {
  const users = blocks("yaml", USE_THE_DATA_API).map((block) => (load(block) as { users: object[] }).users);
  const shipped = load(readFileSync(join(ROOT, "warehouses.yaml"), "utf8")) as { warehouses: { name: string }[] };
  const warehouse = shipped.warehouses.find(({ name }) => name === "analytics-serverless");
  const policies = users.map((entry) => {
    const text = dump({ warehouses: [{ ...warehouse, users: entry }] });
    const [stack] = fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..").map(synthesize);
    const trust = only(stack!, { tfResourceType: "aws_iam_role" }).assume_role_policy as string;
    const policy = only(stack!, { tfResourceType: "aws_iam_role_policy" }).policy as string;
    return [/"Service":"(\w+)/.exec(trust)?.[1], policy.includes("statement-owner-iam-userid")];
  });
  expect(policies).toStrictEqual([
    ["lambda", true],
    ["states", false],
  ]);
});
