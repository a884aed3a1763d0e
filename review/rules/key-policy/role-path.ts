import type { Model } from "../../model/model";
import { exists, stringOf } from "../../plan/attributes";
import { memoized } from "../../plan/memoized";
import { accountOf } from "../../policy/principals";
import { hiddenIdentities, hiddenKeyPolicies } from "../not-shown";
import { type NotJudged, type Rule, rule } from "../rule";
import { allowedPrincipals, partlyShownKeys } from "./statements";

/** The rule about the paths and names of roles and users. */
export const ROLE_PATH_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-role-path",
    title: "The key policy names a role or user by another ARN than the plan gives it",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    notShown: hiddenNames,
    subjects: principalsUnderOtherPaths,
    faultOf: ({ actual, isRenamed, principal, role }) => ({
      consequence: isRenamed
        ? `The policy names ${principal}, which this plan renames to ${actual} (${role}). KMS then has the new name in the policy, so later plans put the old name back, which KMS refuses.`
        : `The policy names ${principal}, and ${role} of this plan is ${actual}. KMS refuses the policy if ${principal} does not exist as well.`,
      remedy: `Name ${actual} in the policy.`,
    }),
  }),
];

function hiddenNames(model: Model): readonly NotJudged[] {
  return [...hiddenKeyPolicies(model), ...(model.keys.length === 0 ? [] : hiddenIdentities(model))];
}

/**
 * Returns the principals in key policies that have another ARN after the plan. The plan renames a user, or it has a role or user
 * with the same name but another path.
 */
function principalsUnderOtherPaths(model: Model) {
  const renamed = renamedUsers(model);
  const otherPath = memoized((principal) => renamed.get(principal) ?? underOtherPath(model, principal));
  return partlyShownKeys(model).flatMap((key) =>
    allowedPrincipals(key).flatMap((principal) => {
      const other = otherPath(principal);
      return other === undefined ? [] : [{ ...other, address: key.address, principal }];
    }),
  );
}

interface OtherName {
  readonly actual: string;
  readonly isRenamed: boolean;
  /** The address of the role or user. */
  readonly role: string;
}

/**
 * Maps the former ARN of each IAM user that gets another name or path to its new ARN. The user keeps its ID, so AWS writes the new
 * ARN into policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_rename.html
 */
function renamedUsers(model: Model): ReadonlyMap<string, OtherName> {
  const users = model.withType("aws_iam_user").flatMap((user) => {
    const former = user.action === "update" ? stringOf(user, "before", "arn") : undefined;
    const [, head] = /^(arn:[^:]+:iam::\d{12}:user)\//.exec(former ?? "") ?? [];
    const [name, path] = [stringOf(user, "after", "name"), stringOf(user, "after", "path") ?? "/"];
    const actual = `${head}${path}${name}`;
    const isRenamed = former !== undefined && head !== undefined && name !== undefined && actual !== former;
    return isRenamed ? [[former, { actual, isRenamed, role: user.address }] as const] : [];
  });
  return new Map(users);
}

/**
 * Returns the ARN and the address of the role or user of the plan that has the name of a principal, but another path. Undefined if
 * there is none, or if a role or user has both the name and the path.
 */
function underOtherPath(model: Model, principal: string): OtherName | undefined {
  const [, head, type, path, name] = /^(arn:[^:]+:iam::\d{12}:(role|user))(\/(?:.*\/)?)([^/]+)$/.exec(principal) ?? [];
  const namesakes = name === undefined ? [] : model.withValue(`aws_iam_${type}`, "name", name);
  const others = namesakes.filter(
    (one) =>
      exists(one, "after") &&
      stringOf(one, "before", "arn") !== principal &&
      [undefined, accountOf(principal)].includes(model.accountOf(one)),
  );
  const paths = others.map((one) => stringOf(one, "after", "path") ?? "/");
  return paths.length === 0 || paths.includes(path!)
    ? undefined
    : { actual: `${head}${paths[0]}${name}`, isRenamed: false, role: others[0]!.address };
}
