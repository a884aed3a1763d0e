import { groupBy } from "../../../modules/private/group-by";
import { stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import type { PlannedResources } from "../planned-resources";
import type { AttachedPolicies } from "./attached-policies";
import { type Holder, holderName, type Holders } from "./holders";
import type { Memberships } from "./memberships";
import type { RolePolicies } from "./role-policies";

/** A holder of a policy or of credentials. */
interface Possession {
  readonly holder: Holder;
  /**
   * The names of all that get the policy or the credentials: the holder, the group that gives the policy to the holder and, for a
   * permission set, the assignees and the members of assigned groups.
   */
  readonly recipients: readonly string[];
}

/** The holders of each policy, and of the credentials, of a plan. */
export class Possessions {
  /** The holders of policies and credentials, by address: of the policy, the attachment, the credentials or the holder itself. */
  private possessions: ReadonlyMap<string, readonly Possession[]> | undefined;

  public constructor(
    private readonly resources: PlannedResources,
    private readonly holders: Holders,
    private readonly memberships: Memberships,
    private readonly attached: AttachedPolicies,
    private readonly roles: RolePolicies,
  ) {}

  /**
   * Returns the roles, users and permission sets that have the policy or the credentials at an address. For the address of a role
   * or user, returns that role or user.
   */
  public holdersAt(address: string): readonly Holder[] {
    return [...new Set(this.possessionsAt(address).map(({ holder }) => holder))];
  }

  /**
   * Returns the names of all that get the policy or the credentials at an address: the holders, the groups that give the policy to
   * these holders, and the assignees of permission sets.
   */
  public recipientsAt(address: string): readonly string[] {
    return this.possessionsAt(address).flatMap(({ recipients }) => recipients);
  }

  /**
   * Whether the plan gives the policy at an address to one more role, user, group or permission set. It also counts if the plan
   * assigns a permission set with the policy to one more user or group, or adds a member to a group with the policy.
   */
  public hasNewRecipient(address: string, former: Possessions): boolean {
    const known = new Set(former.recipientsAt(address));
    return this.recipientsAt(address).some((recipient) => !known.has(recipient));
  }

  private possessionsAt(address: string): readonly Possession[] {
    this.possessions ??= this.readPossessions();
    return this.possessions.get(address) ?? [];
  }

  private readPossessions(): ReadonlyMap<string, readonly Possession[]> {
    const inGroups = this.memberships.all().flatMap(({ groups, member }) => groups.map((group) => ({ group, member })));
    const members = groupBy(inGroups, ({ group }) => group);
    const assignees = this.assignees();
    const recipientsOf = (...holders: readonly Holder[]): readonly string[] =>
      holders.flatMap((holder) => [
        holderName(holder),
        ...(assignees.get(holder)?.map(({ assignee }) => assignee) ?? []),
      ]);
    const granted = [...this.attached.byHolder().values()].flat().filter(({ isBoundary }) => !isBoundary);
    const policyChanges = granted.flatMap(({ attachment, identity, policy }) => {
      const holders = members.get(identity)?.map(({ member }) => member) ?? [identity];
      return holders.flatMap((holder) =>
        [attachment, policy.name].map((address) => ({ address, holder, recipients: recipientsOf(identity, holder) })),
      );
    });
    const inRoles = this.roles.ofAllRoles().map(({ policy, role }) => ({
      address: policy.name,
      holder: role,
      recipients: recipientsOf(role),
    }));
    const themselves = this.resources
      .withType("aws_iam_role", "aws_iam_user")
      .map((holder) => ({ address: holder.address, holder, recipients: recipientsOf(holder) }));
    const credentialChanges = this.resources
      .withType("aws_iam_access_key", "aws_iam_user_login_profile")
      .flatMap((one) =>
        this.holders.identitiesIn(one, "aws_iam_user", "user").map((holder) => ({
          address: one.address,
          holder,
          recipients: recipientsOf(holder),
        })),
      );
    return groupBy([...themselves, ...policyChanges, ...inRoles, ...credentialChanges], ({ address }) => address);
  }

  /**
   * Returns the assignees of each permission set. Each is a string with the account, and with the type and the ID of the user or
   * group. The members of an assigned group count, too.
   */
  private assignees(): ReadonlyMap<Holder, readonly { readonly assignee: string }[]> {
    const assignments = this.resources.withType("aws_ssoadmin_account_assignment").flatMap((assignment) => {
      const names = ["target_id", "principal_type", "principal_id"].map((name) => stringOf(assignment, "after", name));
      const assignees = [[assignment.type, ...names].join(" "), ...this.membersOfAssigned(assignment)];
      return this.holders
        .identitiesIn(assignment, "aws_ssoadmin_permission_set", "permission_set_arn")
        .flatMap((set) => assignees.map((assignee) => ({ assignee, set })));
    });
    return groupBy(assignments, ({ set }) => set);
  }

  /** Returns the members of the group that an assignment names. Each is a string with the ID of the group and the ID of the user. */
  private membersOfAssigned(assignment: PlannedResource): readonly string[] {
    const type = "aws_identitystore_group_membership";
    const group = stringOf(assignment, "after", "principal_id");
    return group === undefined
      ? []
      : this.resources
          .withValue(type, "group_id", group)
          .map((one) => [type, group, stringOf(one, "after", "member_id")].join(" "));
  }
}
