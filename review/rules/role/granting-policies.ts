import type { IamPolicy, Model } from "../../model/model";
import { memoizedByObject } from "../../plan/memoized";

/**
 * Returns the policies of roles, users and groups that give permissions. A policy that is only a permissions boundary gives none.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const grantingPolicies = memoizedByObject(({ heldPolicies, iamPolicies }: Model): readonly IamPolicy[] => {
  const boundaries = heldPolicies.policiesOnlyOfBoundaries();
  return iamPolicies.filter(({ address }) => !boundaries.has(address));
});
