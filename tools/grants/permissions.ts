import { partitionOf } from "../../modules/private/partition";
import { isOfItsAccount, type KeyTarget } from "./facts";

/** A statement of an identity policy. */
interface Statement {
  readonly Action: string | readonly string[];
  readonly Condition?: object;
  readonly Effect: "Allow";
  readonly Resource: string | readonly string[];
}

/** The action that reads a key policy. AWS allows it only for keys of the caller's account. */
const POLICY_READ = "kms:GetKeyPolicy";
const READS = ["kms:DescribeKey", POLICY_READ, "kms:ListGrants"];

/** Returns the IAM policy that the command needs. The key policies must allow the same actions, or leave them to IAM policies. */
export function permissionsOf(targets: readonly KeyTarget[], isRevoking: boolean): object {
  const actions = isRevoking ? [...READS, "kms:RevokeGrant"] : READS;
  const inAccount = targets.filter(isOfItsAccount);
  const arns = inAccount.map(({ keyId }) => keyId).filter((id) => id.startsWith("arn:"));
  const foreignArns = targets.filter((target) => !isOfItsAccount(target)).map(({ keyId }) => keyId);
  const aliased = targets.filter(({ keyId }) => !keyId.startsWith("arn:"));
  const workgroups = targets.filter(({ warehouses }) => warehouses.some(({ nameOf }) => nameOf === "workgroup"));
  const Statement: readonly Statement[] = [
    ...(arns.length > 0 ? [allow(actions, unique(arns))] : []),
    ...(foreignArns.length > 0
      ? [
          allow(
            actions.filter((action) => action !== POLICY_READ),
            unique(foreignArns),
          ),
        ]
      : []),
    // The ARN of a key that the configuration creates is unknown, so its alias is a condition.
    ...(aliased.length > 0
      ? [
          {
            ...allow(actions, unique(aliased.map((target) => `${arnOf("kms", target)}:key/*`))),
            Condition: {
              "ForAnyValue:StringEquals": { "kms:ResourceAliases": unique(aliased.map(({ keyId }) => keyId)) },
            },
          },
        ]
      : []),
    allow(["redshift:DescribeClusters"], unique(targets.map((target) => `${arnOf("redshift", target)}:cluster:*`))),
    allow(["redshift-serverless:ListNamespaces"], ["*"]),
    ...(workgroups.length > 0
      ? [
          allow(
            ["redshift-serverless:GetWorkgroup"],
            unique(workgroups.map((target) => `${arnOf("redshift-serverless", target)}:workgroup/*`)),
          ),
        ]
      : []),
  ];
  return { Version: "2012-10-17", Statement };
}

function allow(actions: readonly string[], resources: readonly string[]): Statement {
  return { Action: oneOrAll(actions), Effect: "Allow", Resource: oneOrAll(resources) };
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values;
}

/** Returns the beginning of an ARN, from `arn` to the account. */
function arnOf(service: string, { account, region }: KeyTarget): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}`;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
