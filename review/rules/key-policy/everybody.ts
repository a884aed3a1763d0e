import type { Key } from "../../model/key";
import type { Model } from "../../model/model";
import { isLimited, limitingValues, outcomeOf } from "../../policy/condition";
import { SAMPLE_IDENTITIES, matchesSamples } from "../../policy/resource-pattern";
import { accountOf, CALLER_LIMITS, foreignCallers } from "../../policy/principals";
import { isForEverybody, type Statement, titleOf } from "../../policy/statement";
import { hiddenKeyPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";
import { allowStatements, partlyShownKeys } from "./statements";

const OTHER_ACCOUNTS =
  "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html";
const PRINCIPALS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const VIA_SERVICE =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

/** Condition keys that exclude other accounts if a statement names everybody. */
const ACCOUNT_KEYS = [...CALLER_LIMITS, "kms:CallerAccount"];
/**
 * Condition keys that require a service, a network or certain callers. A statement with such a key does not let everybody use the
 * key directly.
 */
const CALL_KEYS = ["aws:CalledVia", "aws:PrincipalTag/", "aws:SourceVpce", "aws:userid", "kms:ViaService"];

/** The known part of a request that no AWS service makes. */
const WITHOUT_SERVICE = {
  "aws:calledvia": null,
  "aws:sourceaccount": null,
  "aws:sourcearn": null,
  "aws:viaawsservice": "false",
  "kms:viaservice": null,
};

/** The rules about policies that allow other accounts, or everybody. */
export const EVERYBODY_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-other-account",
    severity: "warning",
    title: "Another account may use the key",
    see: OTHER_ACCOUNTS,
    notShown: hiddenKeyPolicies,
    subjects: partlyShownKeys,
    unjudged: ({ account }) => (account === undefined ? "the account of the key is unknown" : undefined),
    faultOf: (key) => {
      const consequence = otherAccounts(key);
      return (
        consequence !== undefined && {
          causingStatements: foreignStatements(key),
          consequence,
          remedy: "Take the principals of other accounts out of the key policy, unless they are meant to use the key.",
        }
      );
    },
  }),
  rule({
    id: "key-policy-public",
    title: "Every AWS account may use the key",
    see: PRINCIPALS,
    notShown: hiddenKeyPolicies,
    subjects: statementsForEverybody,
    faultOf: ({ statement }) =>
      !isLimited(statement, ACCOUNT_KEYS) && {
        consequence: `${titleOf(statement)} lets principals of every AWS account do ${actionsText(statement)}.`,
        remedy: "Name the principals, or add a condition on kms:CallerAccount.",
      },
  }),
  rule({
    id: "key-policy-everybody-directly",
    title: "Everybody of an account or organization may use the key without an AWS service",
    see: VIA_SERVICE,
    notShown: hiddenKeyPolicies,
    subjects: statementsForEverybody,
    faultOf: ({ statement }) =>
      isLimited(statement, ACCOUNT_KEYS) &&
      !isLimited(statement, CALL_KEYS) &&
      outcomeOf(statement, WITHOUT_SERVICE) !== "unmet" &&
      !namesPrincipals(statement) && {
        consequence: `${titleOf(statement)} lets everybody who meets its conditions do ${actionsText(statement)}, also without an AWS service. No IAM policy of the key's account has to allow it.`,
        remedy: "Name the principals, or add a condition on kms:ViaService.",
      },
  }),
];

/** Returns the statements that allow callers of other accounts. */
function foreignStatements(key: Key): readonly Statement[] {
  return allowStatements(key).filter((statement) => foreignCallers(statement, key.account).length > 0);
}

/**
 * Returns the consequence if principals of another account may use the key; undefined if all principals are of the key's account.
 * If the key's account is unknown, the principals must be of two accounts or more.
 */
function otherAccounts(key: Key): string | undefined {
  const callers = [
    ...new Set(allowStatements(key).flatMap((statement) => foreignCallers(statement, key.account))),
  ].sort();
  if (key.account !== undefined) {
    return callers.length === 0
      ? undefined
      : `Principals outside the key's account may use the key: ${callers.join(", ")}.`;
  }
  const accounts = [...new Set(callers.flatMap((caller) => accountOf(caller) ?? []))].sort();
  return accounts.length < 2 ? undefined : `Principals of several accounts may use the key: ${accounts.join(", ")}.`;
}

/** Returns the statements that allow everybody, each with the address of its key. */
function statementsForEverybody(model: Model) {
  return partlyShownKeys(model).flatMap((key) =>
    allowStatements(key)
      .filter(isForEverybody)
      .map((statement) => ({ address: key.address, statement })),
  );
}

function actionsText({ Action = "almost anything" }: Statement): string {
  return [Action].flat().join(", ");
}

/** Whether a condition limits a statement to certain roles or users, and not only to all of an account. */
function namesPrincipals(statement: Statement): boolean {
  const arns = limitingValues(statement, "aws:PrincipalArn");
  return arns !== undefined && arns.every((arn) => !matchesSamples(arn, SAMPLE_IDENTITIES));
}
