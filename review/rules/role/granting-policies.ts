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

/** Returns the Allow statements of the policies that grant, each with the address of its policy. */
export const grantingStatements = memoizedByObject((model: Model) =>
  grantingPolicies(model).flatMap(({ address, awsManaged, statements }) =>
    statements.filter(({ Effect }) => Effect === "Allow").map((statement) => ({ address, awsManaged, statement })),
  ),
);
