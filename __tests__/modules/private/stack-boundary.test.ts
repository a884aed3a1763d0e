import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { TerraformStack, Testing } from "cdktf";
import {
  checkDeployedBefore,
  cycleOf,
  dependables,
  deployAfter,
  referable,
  replaceTriggers,
} from "../../../modules/private/stack-boundary";

describe("in two stacks", () => {
  let [one, other]: TerraformStack[] = [];
  const stacks = () => [one!, other!] as const;
  const keyIn = (stack: TerraformStack, id = "Key") => new KmsKey(stack, id, {});

  beforeEach(() => {
    const app = Testing.app();
    [one, other] = ["one", "other"].map((name) => new TerraformStack(app, name));
  });

  test("referable returns a resource of the same stack, and any value that is no construct", () => {
    const [stack] = stacks();
    const key = keyIn(stack);
    const address = { fqn: "aws_iam_role.Reader" };
    expect(referable(stack, key)).toBe(key);
    expect(referable(stack, address)).toBe(address);
    expect(referable(stack, undefined)).toBeUndefined();
    expect(stack.dependencies).toStrictEqual([]);
  });

  test("referable returns no resource of the other stack, which is deployed first", () => {
    const [stack, second] = stacks();
    expect(referable(stack, keyIn(second))).toBeUndefined();
    expect(stack.dependencies).toStrictEqual([second]);
  });

  test("replaceTriggers and dependables return the addresses of one stack; undefined if there is none", () => {
    const [stack, second] = stacks();
    const [key, later] = [keyIn(stack), keyIn(second)];
    const address = { fqn: "aws_iam_role.Reader" };
    expect(replaceTriggers(stack, [key, "arn"], [later, "arn"], [undefined, "arn"])).toStrictEqual([
      "aws_kms_key.Key.arn",
    ]);
    expect(replaceTriggers(stack, [later, "arn"])).toBeUndefined();
    expect(replaceTriggers(stack)).toBeUndefined();
    const identities = [{ dependable: key }, {}, { dependable: later }, { dependable: address }, { dependable: key }];
    expect(dependables(stack, identities)).toStrictEqual([key, address]);
    expect(dependables(stack, [{ dependable: later }])).toBeUndefined();
    expect(dependables(stack)).toBeUndefined();
  });

  test("deployAfter adds the stack of a token and of a resource as dependencies", () => {
    const [stack, second] = stacks();
    expect(deployAfter(stack, "a text")).toBeUndefined();
    expect(deployAfter(stack, keyIn(stack).arn)).toBeUndefined();
    expect(stack.dependencies).toStrictEqual([]);
    expect(deployAfter(stack, `${keyIn(second).arn}/a`)).toBeUndefined();
    expect(stack.dependencies).toStrictEqual([second]);
    const third = new TerraformStack(stack.node.root, "third");
    expect(deployAfter(third, undefined, second)).toBeUndefined();
    expect(third.dependencies).toStrictEqual([second]);
  });

  test("checkDeployedBefore refuses a value of a later stack, unless no construct has the prop", () => {
    const [stack, second] = stacks();
    second.addDependency(stack);
    const { arn } = keyIn(second);
    expect(deployAfter(stack, arn)).toStrictEqual({ later: "other", stack: "one" });
    expect(() => checkDeployedBefore(stack, "keyArn", arn)).toThrow(
      new Error(
        "[one] 'keyArn' must be in the stack one, or in a stack that is deployed before one: create both in one stack, got: a value of " +
          "the stack other, which is deployed after one",
      ),
    );
    expect(() => checkDeployedBefore("DatabaseRoles", "keyArn", arn)).not.toThrow();
    expect(stack.dependencies).toStrictEqual([]);
  });
});

test("cycleOf returns the first address by which a value needs the resource, directly or through others", () => {
  const stack = new TerraformStack(Testing.app(), "one");
  const [key, other] = ["Key", "Other"].map((id) => new KmsKey(stack, id, {})) as [KmsKey, KmsKey];
  const alias = new KmsAlias(stack, "Alias", { targetKeyId: key.keyId });
  const last = new KmsKey(stack, "Last", { description: alias.arn });
  expect(cycleOf(key, { arns: [other.arn, last.arn] })).toBe("aws_kms_key.Last");
  expect(cycleOf(key, key.arn)).toBe("aws_kms_key.Key");
  expect(cycleOf(key, [other.arn, "${data.aws_kms_key.Key.arn}", "${aws_kms_key.Absent.arn}"])).toBeUndefined();
  expect(cycleOf(last, other.arn)).toBeUndefined();
});
