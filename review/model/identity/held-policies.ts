import { exists, stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import type { References } from "../../plan/references";
import type { IdentityPolicy } from "../../policy/identity-permission";
import { isDenial, type Statement } from "../../policy/statement";
import type { ResourcesWithAccounts } from "../planned-resources";
import { ATTACHMENTS } from "./attachments";
import { type Holder, mayBeEqual, nameOfAbsent } from "./holders";
import type { Identities } from "./identities";
import { documentPolicy } from "./identity-policy";

/** A Deny statement of a holder, and the address of the resource that gives the statement to the holder. */
export interface HeldDenial {
  readonly address: string;
  readonly holder: Holder;
  readonly statement: Statement;
}

/** A holder's policy or boundary that may contain a denial which the plan does not show. */
export interface HiddenLimit {
  /** The address of the resource that gives the policy or the boundary to the holder. */
  readonly address: string;
  readonly holder: Holder;
  readonly isBoundary: boolean;
  /** The name of the policy: its ARN, or the address of the resource that contains it. */
  readonly name: string;
}

/** Searches the policies of all holders of a plan, for the rules. */
export class HeldPolicies {
  public constructor(
    private readonly resources: ResourcesWithAccounts,
    private readonly references: References,
    private readonly identities: Identities,
  ) {}

  /**
   * Returns the Deny statements of holders, each with the address of its attachment. Roles in the plan are left out, because AWS
   * lists all their policies. The plan may not list all policies of the other holders.
   */
  public denialsOfUnlisted(): readonly HeldDenial[] {
    return [...this.identities.attached.byHolder()]
      .filter(([holder]) => isString(holder) || holder.type !== "aws_iam_role")
      .flatMap(([holder, attached]) =>
        attached
          .filter(({ isBoundary }) => !isBoundary)
          .flatMap(({ attachment, policy }) =>
            policy.statements.filter(isDenial).map((statement) => ({ address: attachment, holder, statement })),
          ),
      );
  }

  /**
   * Returns the policies and boundaries of all holders that may contain a denial which the plan does not show. Each has the address
   * of the resource that gives the policy or the boundary to the holder.
   */
  public hiddenLimits(): readonly HiddenLimit[] {
    const attached = [...this.identities.attached.byHolder()].flatMap(([holder, policies]) =>
      policies.map(({ attachment, isBoundary, policy }) => ({ address: attachment, holder, isBoundary, policy })),
    );
    const listed = this.resources
      .withType("aws_iam_role", "aws_iam_user")
      .filter((holder) => exists(holder, "after"))
      .flatMap((holder) =>
        [
          ...[this.identities.managed.boundaryOf(holder) ?? []].flat().map((policy) => ({ isBoundary: true, policy })),
          ...(holder.type === "aws_iam_role" ? this.identities.roles.policiesOf(holder) : []).map((policy) => ({
            isBoundary: false,
            policy,
          })),
        ].map((one) => ({ ...one, address: holder.address, holder })),
      );
    return [...attached, ...listed]
      .filter(({ policy: { name, notShown } }) => notShown !== undefined && mayDeny(name))
      .map(({ policy: { name }, ...rest }) => ({ ...rest, name }));
  }

  /**
   * Returns the names of the roles, users or groups that are not in the plan, but get a policy or a group from the plan.
   *
   * @param account - the account of the names; a name counts if its account or this one is unknown
   */
  public absentNames(type: string, account?: string): readonly string[] {
    const holders = [
      ...[...this.identities.attached.byHolder().values()]
        .flat()
        .map(({ account, identity }) => ({ account, holder: identity })),
      ...this.identities.memberships.all().map(({ member, resource }) => ({
        account: this.resources.accountOf(resource),
        holder: member,
      })),
    ].filter((one) => mayBeEqual(one.account, account));
    return [...new Set(holders.map(({ holder }) => holder).filter(isString))]
      .filter((one) => one.startsWith(`${type} `))
      .map(nameOfAbsent);
  }

  /**
   * Returns the names of the groups that get policies from the plan, and whose members the plan does not list.
   *
   * @param account - the account of the groups; a group counts if its account or this one is unknown
   */
  public groupsWithoutMembers(account?: string): readonly string[] {
    const hidden = new Set(
      this.identities.holders.hiddenLists("aws_iam_group_membership").map(({ resource }) => resource),
    );
    const shown = this.identities.memberships.all().filter(({ resource }) => !hidden.has(resource));
    const listed = new Set(shown.flatMap(({ groups }) => groups));
    return [...this.identities.attached.byHolder()]
      .filter(([, policies]) => policies.some((policy) => mayBeEqual(policy.account, account)))
      .map(([holder]) => holder)
      .filter((holder) => (isString(holder) ? holder.startsWith("aws_iam_group ") : holder.type === "aws_iam_group"))
      .filter((group) => !listed.has(group))
      .flatMap((group) => (isString(group) ? nameOfAbsent(group) : (stringOf(group, "after", "name") ?? [])));
  }

  /**
   * Returns the policies that the plan changes, and whose holders the plan does not show. Each has the address of the change. There
   * are three kinds: managed policies that the plan neither attaches nor makes a boundary, policies of permission sets that are not
   * in the plan, and policies of attachments that do not show the identity.
   */
  public changedPoliciesOfUnknownHolders(): readonly (IdentityPolicy & { readonly address: string })[] {
    const boundaries = new Set(this.boundaryNames());
    const unattached = this.resources
      .withType("aws_iam_policy")
      .filter(
        ({ action, address }) => action === "update" && this.identities.possessions.holdersAt(address).length === 0,
      )
      .filter(({ address }) => !boundaries.has(address))
      .map((policy) => ({ ...documentPolicy(policy, "policy", this.references), address: policy.address }));
    const setPolicies = [...this.identities.attached.byHolder()]
      .filter(([holder]) => isString(holder) && holder.startsWith("aws_ssoadmin_permission_set "))
      .flatMap(([, attached]) => attached)
      .filter(({ isBoundary, isChanged }) => isChanged && !isBoundary)
      .map(({ attachment, policy }) => ({ ...policy, address: attachment }));
    const hiddenPolicies = this.changedWithoutHolder().flatMap((one) =>
      this.identities.attached
        .contentOf(one, ATTACHMENTS[one.type]!.content)
        .map((policy) => ({ ...policy, address: one.address })),
    );
    return [...unattached, ...setPolicies, ...hiddenPolicies];
  }

  /** Returns the changed resources that give a policy to a holder which the plan does not show. */
  public changedWithoutHolder(): readonly PlannedResource[] {
    const hiddenLists = new Set(
      this.identities.holders.hiddenLists("aws_iam_policy_attachment").map(({ resource }) => resource),
    );
    return Object.entries(ATTACHMENTS)
      .filter(([, { isBoundary }]) => !isBoundary)
      .flatMap(([type, { identities }]) =>
        this.resources
          .withType(type)
          .filter((one) => one.action !== "none" && exists(one, "after"))
          .filter(
            (one) =>
              hiddenLists.has(one) ||
              Object.entries(identities).some(([holder, name]) => this.identities.holders.areHidden(one, holder, name)),
          ),
      );
  }

  /**
   * Returns the addresses of the managed policies that are a permissions boundary, and that nothing attaches. Returns none if the
   * plan attaches a policy that it does not show: this policy may be any of them.
   */
  public policiesOnlyOfBoundaries(): ReadonlySet<string> {
    const attached = [...this.identities.attached.byHolder().values()].flat();
    const hasHidden = attached.some(
      ({ attachment, isBoundary, isContained, policy }) =>
        !isBoundary &&
        !isContained &&
        policy.name === attachment &&
        policy.notShown !== undefined &&
        policy.statements.length === 0,
    );
    const granted = attached.filter(({ isBoundary }) => !isBoundary);
    const boundaries = new Set(this.boundaryNames());
    const granting = new Set([...granted, ...this.identities.roles.ofAllRoles()].map(({ policy }) => policy.name));
    const policies = hasHidden ? [] : this.resources.withType("aws_iam_policy").map(({ address }) => address);
    return new Set(policies.filter((address) => boundaries.has(address) && !granting.has(address)));
  }

  /** Returns the names of the permissions boundaries of the roles, users and permission sets after the change. */
  private boundaryNames(): readonly string[] {
    const setPolicies = [...this.identities.attached.byHolder().values()].flat().filter(({ isBoundary }) => isBoundary);
    const otherBoundaries = this.resources
      .withType("aws_iam_role", "aws_iam_user")
      .filter((holder) => exists(holder, "after"))
      .flatMap((holder) => this.identities.managed.boundaryOf(holder)?.name ?? []);
    return [...setPolicies.map(({ policy }) => policy.name), ...otherBoundaries];
  }
}

/** Whether a policy can have a denial. An AWS managed policy with denials has a name with `Deny` or `Quarantine`. */
function mayDeny(name: string): boolean {
  return !name.includes(":iam::aws:policy/") || /Deny|Quarantine/.test(name);
}
