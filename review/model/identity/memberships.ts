import { groupBy } from "../../../modules/private/group-by";
import { exists } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import type { ResourcesWithAccounts } from "../planned-resources";
import type { Holder, Holders } from "./holders";

/** The attributes that name the groups and the users, by the type of the membership resource. */
export const MEMBERSHIPS: Readonly<Record<string, Readonly<Record<"groups" | "users", string>>>> = {
  aws_iam_group_membership: { groups: "group", users: "users" },
  aws_iam_user_group_membership: { groups: "groups", users: "user" },
};

export interface Membership {
  readonly groups: readonly Holder[];
  readonly member: Holder;
  readonly resource: PlannedResource;
}

/** The groups of the users of a plan. */
export class Memberships {
  /** The groups of each user. */
  private groups: ReadonlyMap<Holder, readonly Membership[]> | undefined;

  public constructor(
    private readonly resources: ResourcesWithAccounts,
    private readonly holders: Holders,
  ) {}

  public groupsOf(user: Holder): Membership["groups"] {
    this.groups ??= groupBy(this.all(), ({ member }) => member);
    return this.groups.get(user)?.flatMap(({ groups }) => groups) ?? [];
  }

  public all(): readonly Membership[] {
    return Object.entries(MEMBERSHIPS).flatMap(([type, names]) =>
      this.resources.withType(type).flatMap((membership): readonly Membership[] => {
        const groups = this.holders.identitiesIn(membership, "aws_iam_group", names.groups);
        return this.holders.identitiesIn(membership, "aws_iam_user", names.users).map((member) => ({
          groups,
          member,
          resource: membership,
        }));
      }),
    );
  }

  /** Returns the changed memberships whose user or group the plan does not show. */
  public changedWithoutName(): readonly PlannedResource[] {
    return Object.entries(MEMBERSHIPS).flatMap(([type, { groups, users }]) =>
      this.resources
        .withType(type)
        .filter((one) => one.action !== "none" && exists(one, "after"))
        .filter(
          (one) =>
            this.holders.areHidden(one, "aws_iam_group", groups) || this.holders.areHidden(one, "aws_iam_user", users),
        ),
    );
  }

  /** Returns why a user may be in groups that the plan does not show; undefined if the plan shows all memberships of the user. */
  public unlistedGroup(user: PlannedResource): string | undefined {
    const hidden = this.holders
      .hiddenLists("aws_iam_user_group_membership")
      .find(({ resource }) => this.holders.identitiesIn(resource, "aws_iam_user", "user").includes(user));
    return hidden && `the plan does not show all groups of ${user.address}`;
  }
}
