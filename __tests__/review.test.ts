import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { keyReports } from "../review/key-report";
import { attributeOf, type PlannedResource, readPlan } from "../review/plan";
import { textOf } from "../review/text";

const ROOT = dirname(__dirname);
const HOW = "it must be a plan as `terraform show -json` prints it";
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** The plan of a folder of real ones. */
const fixture = (name: string): string => join(__dirname, "plans", name, "plan.json");
const text = (name: string): string => readFileSync(fixture(name), "utf8");

function report(name: string): string[] {
  const resources = readPlan(text(name), name);
  return textOf(resources, keyReports(resources)).split("\n");
}

/** Runs the command as `npm run review` does. */
function review(input: string, ...args: string[]) {
  const [, ...command] = scripts.review!.split(" ");
  const { status, stderr, stdout } = spawnSync(process.execPath, [...command, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stderr, stdout };
}

describe("the report", () => {
  test("tells who gains what, and under which conditions", () => {
    expect(report("second-user")).toStrictEqual([
      "What changes",
      "  create  aws_iam_role.Role-SecondUserRole_C5C8C63D",
      "  create  aws_iam_role_policy.Access-SecondUserRole_0D2704D1",
      "  update  aws_kms_key.Key_961B73FD",
      "",
      "Who can use aws_kms_key.Key_961B73FD (update)",
      "  principal                                        administer  encrypt and decrypt  make grants  read metadata",
      "  *                                                no          no                   yes [1] [2]  part [1] [2]",
      "  arn:aws:iam::111122223333:role/ExampleAdminRole  yes         yes                  yes          yes",
      "  arn:aws:iam::111122223333:role/ExampleUserRole   no          yes                  yes [2]      part",
      "  arn:aws:iam::111122223333:role/SecondUserRole    no          no → yes             yes [2]      part [2] → part",
      "  [1] everybody, of every account, within the other notes",
      "  [2] where kms:CallerAccount StringEquals 111122223333 and kms:ViaService StringEquals redshift-serverless.us-east-1.amazonaws.com | redshift.amazonaws.com | redshift.us-east-1.amazonaws.com",
      "",
    ]);
  });

  test("tells of the account root, and shows what is not placed as it is", () => {
    expect(report("policy-document")).toStrictEqual([
      "What changes",
      "  update  aws_kms_key.this",
      "",
      "Who can use aws_kms_key.this (update)",
      "  principal                                        administer     encrypt and decrypt     make grants    read metadata",
      "  arn:aws:iam::111122223333:role/ExampleAdminRole  yes [1] → yes  yes [1] → yes           yes [1] → yes  yes [1] → yes",
      "  arn:aws:iam::111122223333:root                   yes [2] → no   yes [2] → part [2] [3]  yes [2] → no   yes [2] → part [2] [3]",
      "  [1] where the IAM policies of the account allow it",
      "  [2] the root, and every role and user of account 111122223333 whom its IAM policies allow",
      "  [3] where kms:ViaService StringEquals redshift.us-east-1.amazonaws.com",
      '  Not in the table: {"Action":"kms:ScheduleKeyDeletion","Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/ExampleAdminRole"},"Resource":"*","Sid":"Others"}',
      "",
    ]);
  });

  test("says what is not known until apply", () => {
    expect(report("unknown-policy")).toStrictEqual([
      "What changes",
      "  create  aws_iam_role.admin",
      "  create  aws_kms_key.this",
      "",
      "Who can use aws_kms_key.this (create)",
      "  The key policy after the change is not shown: unknown until apply.",
      "",
    ]);
  });

  test("of no resources says so", () => {
    expect(textOf([], [])).toBe("Nothing changes.\n");
  });
});

test("an attribute that is sensitive is never shown", () => {
  const resource: PlannedResource = {
    action: "update",
    address: "aws_kms_key.this",
    change: {
      after: { description: "b", policy: "{}" },
      after_sensitive: { policy: true },
      after_unknown: {},
      before: { policy: "{}" },
      before_sensitive: true,
    },
    type: "aws_kms_key",
  };
  expect(attributeOf(resource, "after", "policy")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "before", "policy")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "after", "description")).toStrictEqual({ kind: "known", value: "b" });
  expect(attributeOf(resource, "after", "tags")).toStrictEqual({ kind: "absent" });
});

describe("the command", () => {
  test("reviews a plan of standard input, and of files", () => {
    const expected = { status: 0, stderr: "", stdout: report("second-user").join("\n") };
    expect(review(text("second-user"))).toStrictEqual(expected);
    expect(review("", fixture("second-user"))).toStrictEqual(expected);
    const both = review("", fixture("second-user"), fixture("unknown-policy")).stdout;
    expect(both).toContain("Who can use aws_kms_key.Key_961B73FD (update)");
    expect(both).toContain("Who can use aws_kms_key.this (create)");
  });

  test("gives JSON", () => {
    const { stdout } = review(text("second-user"), "--format", "json");
    const { changes, keys } = JSON.parse(stdout) as {
      changes: { action: string; address: string }[];
      keys: { address: string; principals: { abilities: Record<string, object>; principal: string }[] }[];
    };
    expect(changes.filter(({ action }) => action === "create")).toHaveLength(2);
    expect(keys[0]!.principals.at(-1)).toMatchObject({
      abilities: { administer: { after: { actions: [], extent: "none", limits: [] } } },
      principal: "arn:aws:iam::111122223333:role/SecondUserRole",
    });
  });

  test("helps", () => {
    const { status, stdout } = review("", "--help");
    expect([status, stdout.split("\n")[0]]).toStrictEqual([
      0,
      "Usage: npm run review -- [--format text|json] [plan.json ...]",
    ]);
  });

  test.each<[string, string, string[], string]>([
    ["an empty input", "\n", [], `standard input is empty: ${HOW}`],
    ["HCL", 'resource "aws_kms_key" "this" {}', [], `standard input is not JSON: ${HOW}`],
    [
      "a plan that is cut off",
      '{"format_version":"1.2","res',
      [],
      `standard input is JSON that is cut off or broken: ${HOW}`,
    ],
    ["a list", "[]", [], `standard input has no format_version: ${HOW}`],
    ["a state", '{"format_version":"1.0","values":{}}', [], `standard input is a state and no plan: ${HOW}`],
    [
      "a format that is not known",
      '{"format_version":"2.0","resource_changes":[]}',
      [],
      "standard input must have format_version 1.x, got: 2.0",
    ],
    ["a file that is not there", "", ["no-such.json"], "no-such.json cannot be read: ENOENT"],
    ["another format", "", ["--format", "xml"], "--format must be text or json, got: xml"],
  ])("tells in one line of %s", (_, input, args, line) => {
    expect(review(input, ...args)).toStrictEqual({ status: 2, stderr: `${line}\n`, stdout: "" });
  });

  test("tells of an option that there is not", () => {
    const { status, stderr } = review("", "--nope");
    expect([status, stderr.startsWith("Unknown option '--nope'")]).toStrictEqual([2, true]);
  });

  test("reviews a thousand stacks in seconds", () => {
    const plan = JSON.parse(text("second-user")) as { resource_changes: object[] };
    const many = Array.from({ length: 1000 }, () => plan.resource_changes).flat();
    const started = Date.now();
    const { status } = review(JSON.stringify({ ...plan, resource_changes: many }), "--format", "json");
    expect(status).toBe(0);
    expect(Date.now() - started).toBeLessThan(5000);
  });
});
