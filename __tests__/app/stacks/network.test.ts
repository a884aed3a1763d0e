import { securityGroupIdsOf, subnetIdsOf } from "../../../app/stacks/network";
import { type Arguments, synthesize, testStack } from "../../support/support";

const TAGS = { Tier: "data" };
const VPC = "vpc-0123456789abcdef0";

/** The lookup that a setting creates. */
function lookupOf(type: string, create: (stack: ReturnType<typeof testStack>) => unknown): Arguments {
  const stack = testStack();
  expect(create(stack)).toBeDefined();
  const lookups = Object.values(synthesize(stack).data[type]!);
  expect(lookups).toHaveLength(1);
  return lookups[0]!;
}

/** The postcondition that a lookup finds at least a number of things. */
const atLeast = (fewest: number, message: string) => ({
  postcondition: [{ condition: `\${(length(self.ids) >= ${fewest})}`, error_message: message }],
});

test("a list of IDs and an absent setting need no lookup", () => {
  const stack = testStack();
  expect(subnetIdsOf(stack, ["subnet-1"], 2)).toStrictEqual(["subnet-1"]);
  expect(subnetIdsOf(stack, undefined, 2)).toBeUndefined();
  expect(securityGroupIdsOf(stack, ["sg-1"])).toStrictEqual(["sg-1"]);
  expect(securityGroupIdsOf(stack, undefined)).toBeUndefined();
  expect(synthesize(stack).data).toStrictEqual({});
});

test.each([
  [{ tags: TAGS, vpcId: VPC }, 3, { filter: [{ name: "vpc-id", values: [VPC] }], tags: TAGS }, "3 subnets are"],
  [{ vpcId: VPC }, 1, { filter: [{ name: "vpc-id", values: [VPC] }] }, "1 subnet is"],
  [{ tags: TAGS }, 2, { tags: TAGS }, "2 subnets are"],
])("subnets by %j, of which there must be %i, are looked up", (setting, fewest, criteria, missing) => {
  expect(lookupOf("aws_subnets", (stack) => subnetIdsOf(stack, setting, fewest))).toStrictEqual({
    ...criteria,
    lifecycle: atLeast(fewest, `Fewer than ${missing} found by ${JSON.stringify(setting)}.`),
  });
});

test.each([
  [{ tags: TAGS }, 1, { tags: TAGS }, "1 security group is"],
  [
    { names: ["a", "b"], vpcId: VPC },
    2,
    {
      filter: [
        { name: "group-name", values: ["a", "b"] },
        { name: "vpc-id", values: [VPC] },
      ],
    },
    "2 security groups are",
  ],
  [{ names: ["a"] }, 1, { filter: [{ name: "group-name", values: ["a"] }] }, "1 security group is"],
])("security groups by %j are looked up, at least %i", (setting, fewest, criteria, missing) => {
  expect(lookupOf("aws_security_groups", (stack) => securityGroupIdsOf(stack, setting))).toStrictEqual({
    ...criteria,
    lifecycle: atLeast(fewest, `Fewer than ${missing} found by ${JSON.stringify(setting)}.`),
  });
});
