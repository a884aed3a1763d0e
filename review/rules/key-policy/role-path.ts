import type { Model } from "../../model/model";
import { exists, stringOf } from "../../plan/attributes";
import { memoized } from "../../plan/memoized";
import { accountOf } from "../../policy/principals";
import { hiddenIdentities, hiddenKeyPolicies } from "../not-shown";
import { type NotJudged, type Rule, rule } from "../rule";
import { allowedPrincipals, partlyShownKeys } from "./statements";

/** The rules of the paths of roles and users. */
export const ROLE_PATH_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-role-path",
    title: "The key policy names a role or user of the plan under another path",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    notShown: hiddenNames,
    subjects: principalsUnderOtherPaths,
    faultOf: ({ actual, principal, role }) => ({
      consequence: `The policy names ${principal}, and ${role} of this plan is ${actual}. KMS refuses the policy if the first one does not exist as well.`,
      remedy: `Name ${actual} in the policy.`,
    }),
  }),
];

function hiddenNames(model: Model): readonly NotJudged[] {
  return [...hiddenKeyPolicies(model), ...(model.keys.length === 0 ? [] : hiddenIdentities(model))];
}

/** The principals of policies that have the name of a role or user of the plan, and not its path. */
function principalsUnderOtherPaths(model: Model) {
  const otherPath = memoized((principal) => underOtherPath(model, principal));
  return partlyShownKeys(model).flatMap((key) =>
    allowedPrincipals(key).flatMap((principal) => {
      const other = otherPath(principal);
      return other === undefined ? [] : [{ ...other, address: key.address, principal }];
    }),
  );
}

/** The ARN and the address of the role or user of the plan that has the name of a principal, if none has its path, too. */
function underOtherPath(model: Model, principal: string) {
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
    : { actual: `${head}${paths[0]}${name}`, role: others[0]!.address };
}
