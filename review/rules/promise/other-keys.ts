import { groupBy } from "../../../modules/private/group-by";
import { namesOfKey, resourceMatchOf } from "../../model/key-match";
import type { Model } from "../../model/model";
import { memoized } from "../../plan/memoized";
import { isString } from "../../plan/predicates";
import { isNarrower } from "../../policy/narrower";
import { asArray, type Statement } from "../../policy/statement";
import { grantingPolicies } from "../role/granting-policies";
import type { NotJudged } from "../rule";

const KEY_PATTERN = /^(?:\*|arn:.*:kms:.*key\/.+)$/;

/**
 * Returns the policies of roles, users and groups that allow more than before the plan on keys which are not in the plan. They are not
 * judged, because the policies of these keys decide, too.
 *
 * @param allowsTo - returns a function that returns whether a statement allows one of the principals a forbidden action; unknown
 * principals are undefined
 */
export function gainsOnOtherKeys(
  model: Model,
  former: Model,
  allowsTo: (principals: readonly (string | undefined)[]) => (statement: Statement) => boolean,
): readonly NotJudged[] {
  const names = new Set(model.keys.flatMap(namesOfKey));
  const [outside, all] = [model.keys.filter(({ resource }) => !resource), model.keys].map((keys) =>
    keys.map(resourceMatchOf),
  );
  const isOther = memoized((pattern) => {
    // An ARN can only be that of a key outside the plan: `names` has the ARNs of the others.
    const matches = /[*?$]/.test(pattern) ? all! : outside!;
    return KEY_PATTERN.test(pattern) && !names.has(pattern) && matches.every((match) => match(pattern) === "unmet");
  });
  const formerAt = groupBy(grantingPolicies(former), ({ address }) => address);
  return grantingPolicies(model).flatMap(({ address, statements }) => {
    const { possessions } = model.identities;
    const principals = possessions
      .holdersAt(address)
      .map((holder) => (isString(holder) ? undefined : model.arnOfIdentity(holder)));
    const formerStatements = formerAt.get(address)?.flatMap((policy) => policy.statements) ?? [];
    const texts = new Set(formerStatements.map((one) => JSON.stringify(one)));
    const isGiven = possessions.hasNewRecipient(address, former.identities.possessions);
    return statements
      .filter(({ Resource }) => asArray(Resource).some(isOther))
      .filter(allowsTo(principals))
      .filter((one) => isGiven || !(texts.has(JSON.stringify(one)) || isNarrower(one, formerStatements)))
      .flatMap(({ Resource }) => asArray(Resource).filter(isOther))
      .map((pattern) => ({ address, reason: `its key ${pattern} is not in the plan` }));
  });
}
