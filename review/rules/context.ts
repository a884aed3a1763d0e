import { grantContext } from "../model/encryption-context";
import type { Model } from "../model/model";
import { exists } from "../plan/attributes";
import { type ConditionTest, conditionTests, testOutcome } from "../policy/condition";
import { hasOnlyServices, matchesAction, type Statement } from "../policy/statement";
import { hiddenKeyPolicies, hiddenPolicies } from "./not-shown";
import { type NotJudged, type Rule, rule } from "./rule";

const CONTEXT =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context";

const SERVERLESS = "aws:redshift-serverless:arn";
/**
 * The condition key whose values are the names of all pairs of an encryption context. It can have many values, so a condition
 * compares it with a set operator such as ForAllValues.
 */
const CONTEXT_KEYS = "kms:encryptioncontextkeys";
const WORKGROUP = /:workgroup\//;

/** The rules about encryption contexts in policies and grants. */
export const CONTEXT_RULES: readonly Rule[] = [
  rule({
    id: "context-for-all-values",
    title: "An encryption context is limited by ForAllValues",
    see: CONTEXT,
    notShown: policiesNotShown,
    subjects: policyStatements,
    faultOf: ({ statement }) => {
      const tests = contextTests(statement);
      // If another test requires a context, ForAllValues on the names is right: it limits the names that the context may have.
      const requiresContext = tests.some(refusesNoContext);
      const test = tests.find(
        ({ key, quantifier }) => quantifier === "ForAllValues" && !(key === CONTEXT_KEYS && requiresContext),
      );
      return (
        test && {
          consequence: `ForAllValues on ${test.originalKey} also matches requests without an encryption context, so the condition does not limit the statement to a warehouse.`,
          remedy: "Use StringEquals on kms:EncryptionContext:KEY, which has one value.",
        }
      );
    },
  }),
  rule({
    id: "context-on-describe-key",
    title: "A condition requires an encryption context, which DescribeKey never has",
    see: CONTEXT,
    notShown: policiesNotShown,
    subjects: policyStatements,
    faultOf: ({ statement }) => {
      const test = contextTests(statement).find(refusesNoContext);
      return (
        test &&
        statement.Effect === "Allow" &&
        !hasOnlyServices(statement) &&
        matchesAction(statement, "kms:DescribeKey") && {
          consequence: `DescribeKey has no encryption context, so the condition on ${test.originalKey} never allows DescribeKey.`,
          remedy: "Allow kms:DescribeKey in another statement, without that condition.",
        }
      );
    },
  }),
  rule({
    id: "context-of-workgroup",
    title: "An encryption context has a workgroup's ARN",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html",
    notShown: policiesNotShown,
    subjects: (model) => [
      ...policies(model).map(({ address, statements }) => ({
        address,
        grant: undefined,
        arns: statements
          .flatMap(contextTests)
          .filter(({ key }) => key.endsWith(SERVERLESS))
          .flatMap(({ values }) => values),
      })),
      ...model
        .withType("aws_kms_grant")
        .filter((grant) => exists(grant, "after"))
        .map((grant) => ({ address: grant.address, arns: [grantContext(grant, "after")[SERVERLESS] ?? ""], grant })),
    ],
    unjudged: ({ grant }, model) => grant && model.whyHidden(grant, "constraints"),
    faultOf: ({ arns }) =>
      arns.some((arn) => WORKGROUP.test(arn)) && {
        consequence: `${SERVERLESS} is the namespace's ARN, so a workgroup's ARN never matches.`,
        remedy: "Use the arn of the aws_redshiftserverless_namespace.",
      },
  }),
];

interface PolicySubject {
  readonly address: string;
  readonly statements: readonly Statement[];
}

/** Returns the policies of keys, and of roles, users and groups, after the change. */
function policies({ iamPolicies, keys }: Model): readonly PolicySubject[] {
  return [...keys.map(({ address, policy }) => ({ address, statements: policy.after.statements })), ...iamPolicies];
}

function policiesNotShown(model: Model): readonly NotJudged[] {
  return [...hiddenKeyPolicies(model), ...hiddenPolicies(model.iamPolicies)];
}

function policyStatements(model: Model) {
  return policies(model).flatMap(({ address, statements }) => statements.map((statement) => ({ address, statement })));
}

/** Whether a test refuses a request without an encryption context. */
function refusesNoContext(test: ConditionTest): boolean {
  return testOutcome(test, { [test.key]: null }) === "unmet";
}

function contextTests(statement: Statement): readonly ConditionTest[] {
  return conditionTests(statement).filter(({ key }) => key.startsWith("kms:encryptioncontext"));
}
