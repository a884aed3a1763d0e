import type { Model } from "../../model/model";
import { allowsToAssume } from "../../policy/statement";
import { policyStatements } from "../refused-principals";

/** Returns the statements of trust policies that allow to assume a role, each with the address of its policy. */
export function assumeStatements({ trustPolicies }: Model) {
  return policyStatements(trustPolicies).filter(({ statement }) => allowsToAssume(statement));
}
