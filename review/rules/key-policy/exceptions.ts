import { groupBy } from "../../../modules/private/group-by";
import type { Model } from "../../model/model";
import { outcomeOf, roleOfSession, withoutRolePath } from "../../policy/condition";
import { accountOf, isAccount, isRoot, namedPrincipals } from "../../policy/principals";
import { AS_IDENTITY } from "../../policy/service-requests";
import { isDenial, titleOf } from "../../policy/statement";
import { hiddenIdentities, hiddenKeyPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";
import { partlyShownKeys } from "./statements";

const NOT_PRINCIPAL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";
const CONDITION_INSTEAD = 'deny "*" with ArnNotEquals on aws:PrincipalArn';

/** The rules about principals that a Deny statement excepts by NotPrincipal. */
export const EXCEPTION_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-exception-incomplete",
    severity: "warning",
    title: "A denial may include the principals that it excepts",
    see: NOT_PRINCIPAL,
    notShown: hiddenKeyPolicies,
    subjects: exceptingStatements,
    faultOf: ({ names, statement }) => {
      const missing = missingBeside(names);
      return (
        missing.length > 0 && {
          consequence: `${titleOf(statement)} denies all but ${names.join(", ")}. AWS may also compare the account of a caller, and its role or user, with NotPrincipal. NotPrincipal lacks ${missing.join(", ")}, so the statement may deny its exceptions, too.`,
          remedy: `Add ${missing.join(", ")} to NotPrincipal. Or ${CONDITION_INSTEAD}.`,
        }
      );
    },
  }),
  rule({
    id: "key-policy-exception-with-boundary",
    title: "A denial applies to a principal that it is meant to except",
    see: NOT_PRINCIPAL,
    notShown: (model) => [
      ...hiddenKeyPolicies(model),
      ...(exceptingStatements(model).length === 0 ? [] : hiddenIdentities(model)),
    ],
    subjects: exceptingStatements,
    faultOf: ({ names, statement }, { identities }) => {
      const bounded = names.filter((name) => identities.named(name)?.boundary !== undefined);
      return (
        bounded.length > 0 && {
          consequence: `${titleOf(statement)} excepts ${bounded.join(", ")}, which has a permissions boundary. NotPrincipal always denies such a role or user.`,
          remedy: `In place of NotPrincipal, ${CONDITION_INSTEAD}.`,
        }
      );
    },
  }),
];

/**
 * Returns the Deny statements with NotPrincipal that can apply to IAM principals. Each has the address of its key, and the excepted
 * principals that belong to an account.
 */
function exceptingStatements(model: Model) {
  return partlyShownKeys(model).flatMap(({ address, policy }) =>
    policy.after.statements
      .filter((statement) => isDenial(statement) && statement.NotPrincipal !== undefined)
      .filter((statement) => outcomeOf(statement, AS_IDENTITY) !== "unmet")
      .map((statement) => ({
        address,
        names: [...namedPrincipals(statement)].filter((name) => accountOf(name) !== undefined),
        statement,
      })),
  );
}

/**
 * AWS may compare more principals with NotPrincipal than the named ones. Returns the principals that NotPrincipal lacks: the
 * account root, the roles and users of an account, or the role of a session.
 */
function missingBeside(names: readonly string[]): readonly string[] {
  const byAccount = [...groupBy(names, accountOf)].flatMap(([account, group]) => {
    const isOfAccount = (name: string): boolean => isAccount(name) || isRoot(name);
    const [partition] = group.flatMap((name) => name.split(":").slice(1, 2));
    if (!group.some(isOfAccount)) {
      return [`arn:${partition}:iam::${account}:root`];
    }
    return group.every(isOfAccount) ? [`each role and user of account ${account}`] : [];
  });
  const roles = names.map(withoutRolePath);
  const sessionRoles = names.flatMap((name) => roleOfSession(name) ?? []).filter((role) => !roles.includes(role));
  return [...new Set([...byAccount, ...sessionRoles])];
}
