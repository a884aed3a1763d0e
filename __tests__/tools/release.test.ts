import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOGICAL_IDS, logicalIds, TODAY } from "../../tools/release/logical-ids";
import { recordedVersions, RELEASED } from "../../tools/release/recorded";
import { losses, type ReleasedStack, stacksOf } from "../../tools/release/released-stacks";

for (const version of recordedVersions()) {
  const directory = join(RELEASED, version);
  const stacks = readdirSync(join(directory, "stacks")).map((file) => file.replace(".json", ""));

  test.each(stacks)(`an upgrade from ${version} destroys, replaces and unprotects nothing in %s`, (name) => {
    const before = JSON.parse(readFileSync(join(directory, "stacks", `${name}.json`), "utf8")) as ReleasedStack;
    expect(losses(before, stacksOf(directory)[name]!)).toStrictEqual([]);
  });
}

test("the shipped configuration and the maximal consumer have exactly the golden logical IDs", () => {
  // A changed line replaces a customer's resource.
  expect(logicalIds()).toBe(readFileSync(LOGICAL_IDS, "utf8"));
});

test("replacing.json has each resource type of the stacks", () => {
  for (const stack of Object.values(TODAY)) {
    expect(losses(stack, stack)).toStrictEqual([]);
  }
});

describe("the losses of an upgrade", () => {
  const key = { lifecycle: { prevent_destroy: true }, multi_region: true, policy: "{}" };
  const before: ReleasedStack = {
    resource: { aws_kms_key: { Key_1: key }, aws_kms_alias: { Key_2: { name: "alias/a" } } },
  };
  const withKey = (change: object): ReleasedStack => ({
    resource: { ...before.resource, aws_kms_key: { Key_1: { ...key, ...change } } },
  });

  test.each([
    ["are none for equal stacks", before, []],
    ["are none for another key policy", withKey({ policy: '{"a":1}' }), []],
    [
      "have a line for another logical ID",
      { resource: { ...before.resource, aws_kms_key: { Key_3: key } } },
      ["aws_kms_key.Key_1 is destroyed: no resource has its logical ID any more"],
    ],
    [
      "have a line for a type that is gone",
      { resource: { aws_kms_key: before.resource.aws_kms_key! } },
      ["aws_kms_alias.Key_2 is destroyed: no resource has its logical ID any more"],
    ],
    [
      "are none for a resource that is only removed from the state",
      { removed: [{ from: "aws_kms_alias.Key_2" }], resource: { aws_kms_key: before.resource.aws_kms_key! } },
      [],
    ],
    [
      "have a line for a changed argument that replaces the resource",
      withKey({ multi_region: false }),
      ["aws_kms_key.Key_1 is replaced: multi_region was true, is false"],
    ],
    [
      "have a line for a removed argument that replaces the resource",
      withKey({ multi_region: undefined }),
      ["aws_kms_key.Key_1 is replaced: multi_region was true, is nothing"],
    ],
    ["have a line for lost protection", withKey({ lifecycle: {} }), ["aws_kms_key.Key_1 is no longer protected"]],
  ])("%s", (_, after, lines) => {
    expect(losses(before, after)).toStrictEqual(lines);
  });

  test("have a line for a type that replacing.json lacks", () => {
    const unknown: ReleasedStack = { resource: { aws_new: { New: {} } } };
    expect(losses(unknown, unknown)).toStrictEqual([
      "aws_new.New has a type that is missing in replacing.json: npm run test:terraform -- replacing.test writes it",
    ]);
  });

  test("have a line for another construct ID in a stack of this version", () => {
    const stack = TODAY["analytics-cluster"]!;
    const [id] = Object.keys(stack.resource.aws_redshift_cluster!) as [string];
    const renamed = JSON.parse(
      JSON.stringify(stack).replaceAll(id, id.replace("Cluster", "Warehouse")),
    ) as ReleasedStack;
    expect(losses(stack, renamed)).toContain(
      `aws_redshift_cluster.${id} is destroyed: no resource has its logical ID any more`,
    );
  });
});
