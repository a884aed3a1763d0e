import { attributeOf } from "../../../review/plan/attributes";
import { changesOf } from "../../../review/plan/changes";
import type { PlannedResource } from "../../../review/plan/plan";

test("an attribute is sensitive, absent, unknown until apply or known, by the marks of its side of the plan", () => {
  const resource: PlannedResource = {
    action: "update",
    address: "aws_kms_key.this",
    change: {
      after: { description: "b", policy: "{}", tags: { a: "b" } },
      after_sensitive: { policy: true, tags: { a: true } },
      after_unknown: { arn: true, key_id: false },
      before: { description: null, policy: "{}" },
      before_sensitive: true,
    },
    name: "this",
    type: "aws_kms_key",
  };
  expect(attributeOf(resource, "after", "policy")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "after", "tags")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "before", "policy")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "before", "description")).toStrictEqual({ kind: "absent" });
  expect(attributeOf(resource, "after", "arn")).toStrictEqual({ kind: "unknown until apply" });
  expect(attributeOf(resource, "after", "key_id")).toStrictEqual({ kind: "absent" });
  expect(attributeOf(resource, "after", "description")).toStrictEqual({ kind: "known", value: "b" });
});

test("an attribute named constructor is absent on the side of the plan that does not have it", () => {
  const resource: PlannedResource = {
    action: "update",
    address: "aws_kms_key.this",
    change: { after: { constructor: "a" }, after_unknown: {}, before: {} },
    name: "this",
    type: "aws_kms_key",
  };
  expect(attributeOf(resource, "before", "constructor")).toStrictEqual({ kind: "absent" });
  expect(changesOf([resource]).listed[0]!.details).toStrictEqual(["constructor: none → a"]);
});
