import { attributeOf, shownElements, stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import type { References } from "../../plan/references";
import { awsManagedStatements } from "../../policy/aws-managed-policies";
import type { IdentityPolicy } from "../../policy/identity-permission";
import { isDenial } from "../../policy/statement";
import type { ResourcesWithAccounts } from "../planned-resources";
import { type Holders, mayBeEqual } from "./holders";
import { documentPolicy, hiddenPolicy, textPolicy } from "./identity-policy";

/** Reads the managed policies that attributes name by ARN. */
export class ManagedPolicies {
  public constructor(
    private readonly resources: ResourcesWithAccounts,
    private readonly references: References,
    private readonly holders: Holders,
  ) {}

  public boundaryOf(resource: PlannedResource): IdentityPolicy | undefined {
    const { kind } = attributeOf(resource, "after", "permissions_boundary");
    const isSet = kind !== "absent" && stringOf(resource, "after", "permissions_boundary") !== "";
    return isSet ? this.policyBehind(resource, "permissions_boundary") : undefined;
  }

  /** Returns the policies whose ARNs an attribute lists. One hidden policy stands for all ARNs that the plan does not show. */
  public policiesBehind(resource: PlannedResource, attribute: string): readonly IdentityPolicy[] {
    const { kind } = attributeOf(resource, "after", attribute);
    const shown = shownElements(resource, attribute)
      .filter(isString)
      .map((arn) => this.policyOfArn(arn, resource));
    if (kind === "absent" || kind === "known") {
      return shown;
    }
    const [policy, ...others] = this.holders.behind(resource, attribute, "aws_iam_policy");
    const origins = this.references.resourcesBehind(resource, attribute);
    const isSure = origins.length > 0 || others.length === 0;
    const isOfPlan = policy !== undefined && isSure && origins.every(({ type }) => type === "aws_iam_policy");
    const whyHidden = kind === "sensitive" ? kind : this.references.whyListHidden(resource, attribute);
    const why = whyHidden ?? (isOfPlan ? undefined : kind);
    return [
      ...shown,
      ...(policy && isSure ? [policy, ...others] : []).map((one) => documentPolicy(one, "policy", this.references)),
      ...(why === undefined ? [] : [hiddenPolicy(resource.address, why)]),
    ];
  }

  /** Returns the policy whose ARN is the value of an attribute. */
  public policyBehind(resource: PlannedResource, attribute: string): IdentityPolicy {
    const arn = stringOf(resource, "after", attribute);
    if (arn !== undefined) {
      return this.policyOfArn(arn, resource);
    }
    const policies = this.holders
      .behind(resource, attribute, "aws_iam_policy")
      .map((policy) => documentPolicy(policy, "policy", this.references));
    const [policy, ...others] = policies;
    return policy && others.length === 0
      ? policy
      : possiblePolicy(resource.address, attributeOf(resource, "after", attribute).kind, policies);
  }

  /**
   * Returns the policy that has an ARN. The ARN has no account if a permission set names the policy. The policy is then in each
   * account to which the permission set is assigned.
   */
  public policyOfArn(arn: string, attachment: PlannedResource): IdentityPolicy {
    const statements = awsManagedStatements(arn);
    if (statements) {
      return { name: arn, notShown: undefined, statements };
    }
    const [, , , , account, resource = ""] = arn.split(":");
    const planned = this.holders
      .existing("aws_iam_policy", "name", resource.split("/").at(-1) ?? "")
      .filter((policy) => {
        const current = stringOf(policy, "after", "arn");
        const path = stringOf(policy, "after", "path") ?? "/";
        const isOfPath = resource === `policy${path}${stringOf(policy, "after", "name")}`;
        const isOfAccount = account === "" || mayBeEqual(account, this.resources.accountOf(policy));
        return current === arn || (isOfPath && isOfAccount && (current === undefined || account === ""));
      });
    const policy = this.holders.fromSameProvider(planned, attachment);
    if (policy) {
      return documentPolicy(policy, "policy", this.references);
    }
    const text = this.references.policyTextOf(arn);
    return text === undefined ? hiddenPolicy(arn, "its content is not in the plan") : textPolicy(arn, text);
  }
}

/** Creates a policy that the plan does not show. The identity may have one of the given policies, or none of them. */
export function possiblePolicy(name: string, why: string, policies: readonly IdentityPolicy[]): IdentityPolicy {
  const possible = policies.flatMap(({ statements }) => statements.filter((statement) => !isDenial(statement)));
  return { ...hiddenPolicy(name, why), ...(possible.length > 0 && { possible }) };
}
