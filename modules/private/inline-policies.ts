import type { IConstruct } from "constructs";

/** For each app: the constructs that write inline policies, by the ARN of the role and the name of the policy. */
const WRITERS = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Records that a construct writes an inline policy of a role. Returns the path of another construct that writes the policy already:
 * IAM has one policy of each name, so that the two would replace each other's.
 */
export function otherWriter({ node }: IConstruct, roleArn: string, policyName: string): string | undefined {
  const writers = WRITERS.get(node.root) ?? new Map<string, string>();
  const policy = `${roleArn} ${policyName}`;
  const first = writers.get(policy);
  WRITERS.set(node.root, writers.set(policy, first ?? node.path));
  return first;
}
