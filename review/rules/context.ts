import { grantContext } from "../model/encryption-context";
import type { Model } from "../model/model";
import { isThere } from "../plan/plan";
import { keysOf } from "../policy/condition";
import { matchesAction, type Statement } from "../policy/statement";
import type { Fault, Rule } from "./rule";

const CONTEXT =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context";
const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";

const SERVERLESS = "aws:redshift-serverless:arn";
const WORKGROUP = /:workgroup\//;

/** The rules of encryption contexts, for each policy or grant that is limited to one. */
export const CONTEXT_RULES: readonly Rule[] = [
  {
    check: (model) =>
      ofStatements(model, (statement) => {
        const found = contextKeys(statement).find(({ quantifier }) => quantifier === "ForAllValues");
        return found
          ? {
              consequence: `ForAllValues on ${found.written} also holds where there is no encryption context at all, so it binds to no warehouse, and KMS may refuse the policy for it.`,
              remedy: "Use StringEquals on kms:EncryptionContext:KEY, which has one value.",
            }
          : undefined;
      }),
    id: "context-for-all-values",
    see: CONTEXT,
    severity: "error",
    title: "An encryption context is pinned with ForAllValues",
  },
  {
    check: (model) =>
      ofStatements(model, (statement) => {
        const [found] = contextKeys(statement);
        return found && statement.Effect === "Allow" && matchesAction(statement, "kms:DescribeKey")
          ? {
              consequence: `DescribeKey has no encryption context, so under the condition on ${found.written} the statement never allows it.`,
              remedy: "Allow kms:DescribeKey in a statement of its own, without that condition.",
            }
          : undefined;
      }),
    id: "context-on-describe-key",
    see: CONTEXT,
    severity: "error",
    title: "An encryption context is asked of DescribeKey, which has none",
  },
  {
    check: (model) => [
      ...ofStatements(model, (statement) => {
        const pinned = contextKeys(statement).filter(({ key }) => key.endsWith(SERVERLESS));
        return pinned.some(({ values }) => values.some((value) => WORKGROUP.test(value))) ? ofWorkgroup() : undefined;
      }),
      ...model
        .ofType("aws_kms_grant")
        .filter((grant) => isThere(grant, "after") && WORKGROUP.test(grantContext(grant, "after")[SERVERLESS] ?? ""))
        .map(({ address }) => ({ address, ...ofWorkgroup() })),
    ],
    id: "context-of-workgroup",
    see: DATA_API,
    severity: "error",
    title: "An encryption context has a workgroup's ARN",
  },
];

function ofWorkgroup(): Omit<Fault, "address"> {
  return {
    consequence: `${SERVERLESS} is the namespace's ARN, so a workgroup's never matches.`,
    remedy: "Use the arn of the aws_redshiftserverless_namespace.",
  };
}

/** A fault for the first statement that has one, of key policies and of those of roles, users and groups. */
function ofStatements(
  { iamPolicies, keys }: Model,
  check: (statement: Statement) => Omit<Fault, "address"> | undefined,
): readonly Fault[] {
  const policies = [
    ...keys.map(({ address, policy }) => [address, policy.after.statements] as const),
    ...iamPolicies.map(({ resource, statements }) => [resource.address, statements] as const),
  ];
  return policies.flatMap(([address, statements]) => {
    const fault = statements.map(check).find((found) => found !== undefined);
    return fault ? [{ address, ...fault }] : [];
  });
}

function contextKeys(statement: Statement): ReturnType<typeof keysOf> {
  return keysOf(statement).filter(({ key }) => key.startsWith("kms:encryptioncontext"));
}
