import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { losses, type ReleasedStack, stacksOf } from "../../tools/release/release";
import { ROOT } from "../support/paths";

const RELEASED = join(ROOT, "__tests__", "released");
const versions = readdirSync(RELEASED);

test("there is a release to compare with", () => {
  expect(versions).toContain("0.1.0");
});

/** The resources that upgrades destroy on purpose, with the reason. */
const INTENDED: Readonly<Record<string, string>> = {
  "aws_iam_role_policy.Secret_A720EF05": "The first policy of the role has its statements.",
  "aws_redshiftdata_statement.ClusterProof_2F2407E9":
    "A statement is no object that AWS keeps, and the provider deletes nothing.",
  "aws_redshiftdata_statement.ServerlessProof_FFAC1EA9": "The same as for the cluster.",
};

describe.each(versions)("an upgrade from %s", (version) => {
  const directory = join(RELEASED, version);
  const current = stacksOf(directory);
  const released = readdirSync(join(directory, "stacks")).map((file) => file.replace(".json", ""));
  const stackOf = (name: string) =>
    JSON.parse(readFileSync(join(directory, "stacks", `${name}.json`), "utf8")) as ReleasedStack;

  test.each(released)("destroys and replaces nothing in %s, and protects what was protected", (name) => {
    const lines = losses(stackOf(name), current[name]!);
    expect(lines.filter((line) => !(line.replace(/ is destroyed: .*/, "") in INTENDED))).toStrictEqual([]);
  });
});

describe("the losses of an upgrade are named", () => {
  const key = { lifecycle: { prevent_destroy: true }, multi_region: true, policy: "{}" };
  const before: ReleasedStack = {
    resource: { aws_kms_key: { Key_1: key }, aws_kms_alias: { Key_2: { name: "alias/a" } } },
  };
  const withKey = (change: object): ReleasedStack => ({
    resource: { ...before.resource, aws_kms_key: { Key_1: { ...key, ...change } } },
  });

  test.each([
    ["nothing", before, []],
    ["another policy", withKey({ policy: '{"a":1}' }), []],
    [
      "another logical ID",
      { resource: { ...before.resource, aws_kms_key: { Key_3: key } } },
      ["aws_kms_key.Key_1 is destroyed: no resource has its logical ID any more"],
    ],
    [
      "a type that is gone",
      { resource: { aws_kms_key: before.resource.aws_kms_key! } },
      ["aws_kms_alias.Key_2 is destroyed: no resource has its logical ID any more"],
    ],
    [
      "one that is forgotten",
      { removed: [{ from: "aws_kms_alias.Key_2" }], resource: { aws_kms_key: before.resource.aws_kms_key! } },
      [],
    ],
    [
      "an argument that replaces",
      withKey({ multi_region: false }),
      ["aws_kms_key.Key_1 is replaced: multi_region was true, is false"],
    ],
    [
      "an argument that replaces and is gone",
      withKey({ multi_region: undefined }),
      ["aws_kms_key.Key_1 is replaced: multi_region was true, is nothing"],
    ],
    ["protection", withKey({ lifecycle: {} }), ["aws_kms_key.Key_1 is no longer protected"]],
  ])("%s", (_, after, lines) => {
    expect(losses(before, after)).toStrictEqual(lines);
  });

  test("a type that nobody has looked up", () => {
    const unknown: ReleasedStack = { resource: { aws_new: { New: {} } } };
    expect(losses(unknown, unknown)).toStrictEqual(["aws_new.New is of a type that REPLACING does not have"]);
  });

  test("a construct's ID, in a stack of this version", () => {
    const stack = stacksOf(join(RELEASED, versions[0]!))["analytics-cluster"]!;
    const [id] = Object.keys(stack.resource.aws_redshift_cluster!) as [string];
    const renamed = JSON.parse(
      JSON.stringify(stack).replaceAll(id, id.replace("Cluster", "Warehouse")),
    ) as ReleasedStack;
    expect(losses(stack, renamed)).toContain(
      `aws_redshift_cluster.${id} is destroyed: no resource has its logical ID any more`,
    );
  });
});
