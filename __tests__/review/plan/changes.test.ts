import { KINDS } from "../../../review/plan/changes";
import {
  created,
  destroyed,
  kept,
  replaced,
  type Resource,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

describe("the changes of a plan", () => {
  const details = (...resources: readonly Resource[]) => reviewed(resources).changes.listed[0]!.details;

  test("list an IAM user policy that the plan creates", () => {
    expect(reviewed([created("aws_iam_user_policy.this", {})]).changes).toStrictEqual({
      listed: [
        {
          action: "create",
          address: "aws_iam_user_policy.this",
          details: [],
          kind: "user policy",
          type: "aws_iam_user_policy",
        },
      ],
      others: {},
    });
  });

  test.each(Object.keys(KINDS))("show a name for the kind of %s", (type) => {
    const [{ kind } = { kind: "" }] = reviewed([created(`${type}.this`, {})]).changes.listed;
    expect(kind).toMatch(/^[A-Za-z][A-Za-z ]+$/);
  });

  test("list the grant of a snapshot copy", () => {
    const { listed, others } = reviewed([created("aws_redshift_snapshot_copy_grant.this", {})]).changes;
    expect(listed).toMatchObject([{ kind: "snapshot copy grant" }]);
    expect(others).toStrictEqual({});
  });

  test("show whether a cluster that is destroyed leaves a final snapshot", () => {
    const destroyedWith = (before: Values) => details(destroyed("aws_redshift_cluster.this", before));
    expect(destroyedWith({ skip_final_snapshot: true })).toContain("without a final snapshot");
    expect(destroyedWith({ final_snapshot_identifier: "last" })).toContain("final snapshot last");
    expect(destroyedWith({})).toContain("the provider refuses: there is no final_snapshot_identifier");
  });

  test("list an import and a move of a resource that the plan does not change", () => {
    const values = { description: "a" };
    const imported = kept("aws_kms_key.a", values);
    const moved = kept("aws_kms_key.b", values);
    const { changes } = reviewed([
      { ...imported, change: { ...imported.change, change: { ...(imported.change.change as Values), importing: {} } } },
      { ...moved, change: { ...moved.change, previous_address: "aws_kms_key.old" } },
      kept("aws_kms_key.c", values),
    ]);
    expect(changes.listed.map(({ address, details: parts }) => [address, ...parts])).toStrictEqual([
      ["aws_kms_key.a", "imported"],
      ["aws_kms_key.b", "moved from aws_kms_key.old"],
    ]);
  });

  test("list the attributes of a replacement by name, after those that force the replacement", () => {
    const cluster = replaced(
      "aws_redshift_cluster.this",
      { b: "1", c: "1", a: "1", endpoint: "old", tags: { x: "1" }, tags_all: { x: "1" } },
      { a: "2", b: "2", c: "2", tags: { x: "2" }, tags_all: { x: "2" } },
      { after_unknown: { endpoint: true }, replace_paths: [["c"]] },
    );
    expect(details(cluster).slice(0, 4)).toStrictEqual([
      "c: 1 → 2 (forces the replacement)",
      "a: 1 → 2",
      "b: 1 → 2",
      "tags",
    ]);
    expect(details(cluster).join()).not.toMatch(/endpoint|tags_all/);
  });

  test("list an attribute by its name alone if neither value is shown", () => {
    const marks = { after_sensitive: { description: true }, before_sensitive: { description: true } };
    const key = updated("aws_kms_key.this", { description: "a" }, { description: "b" }, marks);
    expect(details(key)).toStrictEqual(["description"]);
  });

  test("list an attribute that an update leaves unknown until apply", () => {
    const cluster = updated(
      "aws_redshift_cluster.this",
      { endpoint: "old" },
      {},
      { after_unknown: { endpoint: true } },
    );
    expect(details(cluster)).toStrictEqual(["endpoint: old → unknown until apply"]);
  });

  test("list no attribute whose value is empty before and after the change", () => {
    const key = updated("aws_kms_key.this", { a: "", b: null, c: [], d: "1" }, { a: null, b: {}, c: "", d: "2" });
    expect(details(key)).toStrictEqual(["d: 1 → 2"]);
  });

  test("list an attribute by its name alone if a value is long", () => {
    const key = updated("aws_kms_key.this", { description: "long ".repeat(25) }, { description: "short" });
    expect(details(key)).toStrictEqual(["description"]);
  });
});
