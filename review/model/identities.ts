import { groupBy } from "../../modules/private/group-by";
import { attributeOf, blocksOf, exists, memberOf, shownElements, stringOf, valueOf } from "../plan/attributes";
import { isEqual } from "../plan/changes";
import { memoized } from "../plan/memoized";
import type { PlannedResource, Side, Values } from "../plan/plan";
import { asText, isMap, isString } from "../plan/predicates";
import type { References } from "../plan/references";
import { awsManagedStatements } from "../policy/aws-managed-policies";
import type { Facts } from "../policy/condition";
import {
  type Identity,
  type IdentityPolicy,
  type Permission,
  permissionsOf,
  type ResourceMatch,
} from "../policy/identity-permission";
import { accountOf } from "../policy/principals";
import {
  SAMPLE_MULTI_REGION_KEYS,
  SAMPLE_SINGLE_REGION_KEYS,
  matchesSamples,
  patternOutcome,
} from "../policy/resource-pattern";
import { AS_IDENTITY } from "../policy/service-requests";
import { asArray, isDenial, matchesPattern, type Statement } from "../policy/statement";
import { groupOfMember, hasPlaceholderName, placeholderNameOf, permissionSetOf } from "./identity-arn";
import type { Key } from "./key";
import { documentPolicy, hiddenPolicy, NO_BLOCKS, textPolicy } from "./identity-policy";
import type { PlannedResources } from "./planned-resources";

type IdentityType = "aws_iam_group" | "aws_iam_role" | "aws_iam_user" | "aws_ssoadmin_permission_set";

/** A resource that gives policies to identities. */
export interface Attachment {
  /** The attribute with the policies: a document, an ARN, a list of ARNs, or a block that names a policy. */
  readonly content: readonly [kind: "ARN" | "ARNs" | "block" | "document", attribute: string];
  /** The attribute that names the identities, by their type. */
  readonly identities: Readonly<Partial<Record<IdentityType, string>>>;
  readonly isBoundary?: true;
}

const PERMISSION_SET = { aws_ssoadmin_permission_set: "permission_set_arn" } as const;
/** The resources that give policies to identities, by type. */
export const ATTACHMENTS: Readonly<Record<string, Attachment>> = {
  aws_iam_group_policy: { content: ["document", "policy"], identities: { aws_iam_group: "group" } },
  aws_iam_group_policy_attachment: { content: ["ARN", "policy_arn"], identities: { aws_iam_group: "group" } },
  aws_iam_group_policy_attachments_exclusive: {
    content: ["ARNs", "policy_arns"],
    identities: { aws_iam_group: "group_name" },
  },
  aws_iam_policy_attachment: {
    content: ["ARN", "policy_arn"],
    identities: { aws_iam_group: "groups", aws_iam_role: "roles", aws_iam_user: "users" },
  },
  aws_iam_role_policy: { content: ["document", "policy"], identities: { aws_iam_role: "role" } },
  aws_iam_role_policy_attachment: { content: ["ARN", "policy_arn"], identities: { aws_iam_role: "role" } },
  aws_iam_role_policy_attachments_exclusive: {
    content: ["ARNs", "policy_arns"],
    identities: { aws_iam_role: "role_name" },
  },
  aws_iam_user_policy: { content: ["document", "policy"], identities: { aws_iam_user: "user" } },
  aws_iam_user_policy_attachment: { content: ["ARN", "policy_arn"], identities: { aws_iam_user: "user" } },
  aws_iam_user_policy_attachments_exclusive: {
    content: ["ARNs", "policy_arns"],
    identities: { aws_iam_user: "user_name" },
  },
  aws_ssoadmin_customer_managed_policy_attachment: {
    content: ["block", "customer_managed_policy_reference"],
    identities: PERMISSION_SET,
  },
  aws_ssoadmin_customer_managed_policy_attachments_exclusive: {
    content: ["block", "customer_managed_policy_reference"],
    identities: PERMISSION_SET,
  },
  aws_ssoadmin_managed_policy_attachment: { content: ["ARN", "managed_policy_arn"], identities: PERMISSION_SET },
  aws_ssoadmin_managed_policy_attachments_exclusive: {
    content: ["ARNs", "managed_policy_arns"],
    identities: PERMISSION_SET,
  },
  aws_ssoadmin_permission_set_inline_policy: { content: ["document", "inline_policy"], identities: PERMISSION_SET },
  aws_ssoadmin_permissions_boundary_attachment: {
    content: ["block", "permissions_boundary"],
    identities: PERMISSION_SET,
    isBoundary: true,
  },
};

/** The role, user, group or permission set that has policies: its resource, or its type and name if it is not in the plan. */
export type Holder = PlannedResource | string;

/** A holder of a policy or of credentials. */
interface Possession {
  readonly holder: Holder;
  /**
   * The names of all that get the policy or the credentials: the holder, the group that gives the policy to the holder and, for a
   * permission set, the assignees and the members of assigned groups.
   */
  readonly recipients: readonly string[];
}

/** The statements that limit an identity. */
export interface IdentityLimits {
  readonly boundary: IdentityPolicy | undefined;
  readonly denials: readonly Statement[];
}

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

/** A policy that a resource of the plan gives to an identity. */
interface AttachedPolicy {
  /** The account of the attachment; undefined if it is unknown. */
  readonly account: string | undefined;
  /** The address of the resource that attaches the policy, or contains it. */
  readonly attachment: string;
  readonly identity: Holder;
  readonly isBoundary: boolean;
  /** Whether the plan changes the attachment. */
  readonly isChanged: boolean;
  /** Whether the attachment contains the policy, and does not name it. */
  readonly isContained: boolean;
  readonly policy: IdentityPolicy;
}

/** The policies that the attributes of a role list. */
interface PoliciesOfRole {
  readonly inline_policy: readonly Values[];
  readonly managed_policy_arns: readonly unknown[];
}

const EVERYTHING: IdentityPolicy = {
  name: "everything",
  notShown: undefined,
  statements: [{ Action: "*", Effect: "Allow", Resource: "*" }],
};

const SIDES: readonly Side[] = ["before", "after"];

/** The attributes that name the groups and the users, by the type of the membership resource. */
const MEMBERSHIPS: Readonly<Record<string, Readonly<Record<"groups" | "users", string>>>> = {
  aws_iam_group_membership: { groups: "group", users: "users" },
  aws_iam_user_group_membership: { groups: "groups", users: "user" },
};
/** The attributes that list names of identities, by resource type. */
const LISTS_OF_NAMES: Readonly<Record<string, readonly string[]>> = {
  aws_iam_group_membership: ["users"],
  aws_iam_policy_attachment: ["groups", "roles", "users"],
  aws_iam_user_group_membership: ["groups"],
};

interface Membership {
  readonly groups: readonly Holder[];
  readonly member: Holder;
  readonly resource: PlannedResource;
}

/** A list of names that the plan does not show as a whole. */
interface HiddenList {
  readonly reason: string;
  readonly resource: PlannedResource;
}

/**
 * The roles, users and permission sets of a plan after the change, with their IAM policies and the permissions that these policies
 * give.
 */
export class Identities {
  /** Cache: for each array of resources, those that exist after the change. */
  private readonly existingOf = new WeakMap<readonly PlannedResource[], readonly PlannedResource[]>();
  /** The identities with a type and a name, such as `aws_iam_role reader`: in one list, and by account, with and without their path. */
  private readonly namesakes = memoized((typeAndName) => {
    const [type = "", ...words] = typeAndName.split(" ");
    const name = words.join(" ");
    const all = hasPlaceholderName(name) ? (this.unnamed(type).get(name) ?? []) : this.existing(type, "name", name);
    const owned = all.flatMap((one) => {
      const [account, path] = [this.resources.accountOf(one), stringOf(one, "after", "path") ?? "/"];
      return [ownerName(account, undefined), ownerName(account, path)].map((owner) => ({ one, owner }));
    });
    return { all, byOwner: groupBy(owned, ({ owner }) => owner) };
  });
  /** The identities of a type whose names are unknown after the change, by their placeholder names. */
  private readonly unnamed = memoized((type) =>
    groupBy(
      this.resources
        .withType(type)
        .filter((one) => exists(one, "after") && stringOf(one, "after", "name") === undefined),
      placeholderNameOf,
    ),
  );
  /** The policies that resources of the plan attach to a role, or remove from it, by the name of the role. */
  private readonly policyResources = memoized((role) => {
    const valuesOf = (type: string, attribute: string): readonly unknown[] =>
      SIDES.flatMap((side) =>
        this.resources.withValue(type, "role", role, side).map((one) => valueOf(one, side, attribute)),
      );
    const attachments = this.attachmentsByRole("aws_iam_policy_attachment").get(role) ?? [];
    return {
      attachedArns: new Set([
        ...valuesOf("aws_iam_role_policy_attachment", "policy_arn"),
        ...attachments.map(({ arn }) => arn),
      ]),
      inlineNames: new Set(valuesOf("aws_iam_role_policy", "name")),
    };
  });
  /** The policies that resources of a type attach to several roles before or after the change, by the name of each role. */
  private readonly attachmentsByRole = memoized((type) => {
    const attachments = this.resources.withType(type).flatMap((one) => {
      const arns = SIDES.map((side) => valueOf(one, side, "policy_arn"));
      const roles = SIDES.flatMap((side) => [valueOf(one, side, "roles")].flat());
      return [...new Set(roles)].flatMap((role) => arns.map((arn) => ({ arn, role })));
    });
    return groupBy(attachments, ({ role }) => role);
  });
  /** The policies of each identity. Undefined until they are needed. */
  private attached: ReadonlyMap<Holder, readonly AttachedPolicy[]> | undefined;
  /** The identities of principals, each computed once. */
  private readonly byPrincipal = memoized((principal) => this.identityFor(principal));
  /** The identities of principals, each with a policy that allows everything, so that only denials and boundaries limit them. */
  private readonly withEverything = memoized((principal) => {
    const identity = this.named(principal);
    return identity && { ...identity, policies: [...identity.policies, EVERYTHING] };
  });
  /** The identities of `withEverything` without their boundaries. The Deny statements of a boundary stay, as those of a policy. */
  private readonly withoutBoundary = memoized((principal) => {
    const identity = this.withEverything(principal);
    const denials = identity?.boundary?.statements.filter(({ Effect }) => Effect === "Deny") ?? [];
    const policies = [...(identity?.policies ?? []), { ...EVERYTHING, statements: denials }];
    return identity && { ...identity, boundary: undefined, policies };
  });
  /** The groups of each user. */
  private groups: ReadonlyMap<Holder, readonly Membership[]> | undefined;
  /** The holders of policies and credentials, by address: of the policy, the attachment, the credentials or the holder itself. */
  private possessions: ReadonlyMap<string, readonly Possession[]> | undefined;

  public constructor(
    private readonly resources: PlannedResources & { accountOf(resource: PlannedResource): string | undefined },
    private readonly references: References,
  ) {}

  /**
   * Whether the IAM policies of a role or user allow an action on a key.
   *
   * @param principal - the ARN of a role or user, or of a session of a role
   * @param facts - the known part of the request, beyond its caller
   */
  public permission(principal: string, action: string, key: Key, facts: Facts = {}): Permission {
    return permissionsBy(this.named(principal), principal, key, facts)(action);
  }

  /** Returns a function that returns `permission` for an action. Actions to which the same statements apply share one permission. */
  public permissionsOn(key: Key, principal: string): (action: string) => Permission {
    return permissionsBy(this.named(principal), principal, key, {});
  }

  /**
   * Returns the decision of a principal's IAM policies on an action that a statement of the key policy allows. A Deny statement can
   * refuse the action. A permissions boundary must allow the action only if the statement of the key policy names the principal's
   * role.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
   */
  public permissionIfGranted(principal: string, action: string, key: Key, statement: Statement): Permission {
    const isBounded = this.named(principal)?.boundary === undefined || namesRoleOf(statement, principal);
    return isBounded
      ? this.permissionIfAllowed(principal, action, key)
      : permissionsBy(this.withoutBoundary(principal), principal, key, {})(action);
  }

  /** Returns `permission` as if one of the principal's IAM policies allowed the action. */
  public permissionIfAllowed(principal: string, action: string, key: Key): Permission {
    return permissionsBy(this.withEverything(principal), principal, key, {})(action);
  }

  /** Whether a principal may have IAM policies that the plan does not show, or shows only in part. */
  public mayHaveOthers(principal: string): boolean {
    const identity = this.named(principal);
    return (
      identity?.unlisted !== undefined || identity?.policies.every(({ notShown }) => notShown === undefined) !== true
    );
  }

  /** Returns the permissions boundary and the Deny statements of a principal, which limit it on any key. */
  public limitsOf(principal: string): IdentityLimits {
    const { boundary, policies = [] } = this.named(principal) ?? {};
    return { boundary, denials: policies.flatMap(({ statements }) => statements.filter(isDenial)) };
  }

  /**
   * Returns the Deny statements of holders, each with the address of its attachment. Roles in the plan are left out, because AWS
   * lists all their policies. The plan may not list all policies of the other holders.
   */
  public denialsOfUnlisted(): readonly HeldDenial[] {
    return [...this.allAttached()]
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
    const attached = [...this.allAttached()].flatMap(([holder, policies]) =>
      policies.map(({ attachment, isBoundary, policy }) => ({ address: attachment, holder, isBoundary, policy })),
    );
    const listed = this.resources
      .withType("aws_iam_role", "aws_iam_user")
      .filter((holder) => exists(holder, "after"))
      .flatMap((holder) =>
        [
          ...[this.boundaryOf(holder) ?? []].flat().map((policy) => ({ isBoundary: true, policy })),
          ...(holder.type === "aws_iam_role" ? this.policiesInRole(holder) : []).map((policy) => ({
            isBoundary: false,
            policy,
          })),
        ].map((one) => ({ ...one, address: holder.address, holder })),
      );
    return [...attached, ...listed]
      .filter(({ policy: { name, notShown } }) => notShown !== undefined && mayDeny(name))
      .map(({ policy: { name }, ...rest }) => ({ ...rest, name }));
  }

  /** Returns the identity of a principal with its policies; undefined if the plan has neither the identity nor a policy for it. */
  public named(principal: string): Identity | undefined {
    return this.byPrincipal(principal);
  }

  /** Returns the resource of a principal. Returns the principal's type and name if no resource has the same name, path and account. */
  public holderOf(principal: string): Holder {
    const { account, name, path, type } = partsOfPrincipal(principal);
    const { all, byOwner } = this.namesakes(`${type} ${name}`);
    // The account of a planned identity can be unknown.
    const [planned] =
      account === undefined
        ? all
        : [account, undefined].flatMap((one) => byOwner.get(ownerName(one, path))?.[0]?.one ?? []);
    return planned ?? `${type} ${name}`;
  }

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

  private possessionsAt(address: string): readonly Possession[] {
    this.possessions ??= this.readPossessions();
    return this.possessions.get(address) ?? [];
  }

  private readPossessions(): ReadonlyMap<string, readonly Possession[]> {
    const inGroups = this.memberships().flatMap(({ groups, member }) => groups.map((group) => ({ group, member })));
    const members = groupBy(inGroups, ({ group }) => group);
    const assignees = this.assignees();
    const recipientsOf = (...holders: readonly Holder[]): readonly string[] =>
      holders.flatMap((holder) => [
        holderName(holder),
        ...(assignees.get(holder)?.map(({ assignee }) => assignee) ?? []),
      ]);
    const granted = [...this.allAttached().values()].flat().filter(({ isBoundary }) => !isBoundary);
    const policyChanges = granted.flatMap(({ attachment, identity, policy }) => {
      const holders = members.get(identity)?.map(({ member }) => member) ?? [identity];
      return holders.flatMap((holder) =>
        [attachment, policy.name].map((address) => ({ address, holder, recipients: recipientsOf(identity, holder) })),
      );
    });
    const inRoles = this.policiesInRoles().map(({ policy, role }) => ({
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
        this.identitiesIn(one, "aws_iam_user", "user").map((holder) => ({
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
      return this.identitiesIn(assignment, "aws_ssoadmin_permission_set", "permission_set_arn").flatMap((set) =>
        assignees.map((assignee) => ({ assignee, set })),
      );
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

  private identityFor(principal: string): Identity | undefined {
    return this.identityOf(this.holderOf(principal));
  }

  /** Returns the identity of a holder with its policies; undefined if the plan has neither the holder nor a policy for it. */
  public identityOf(holder: Holder): Identity | undefined {
    if (!isString(holder)) {
      return this.plannedIdentity(holder);
    }
    const policies = [holder, ...this.groupsOf(holder)].flatMap((one) => this.attachedTo(one));
    const name = nameOfAbsent(holder);
    return policies.length === 0
      ? undefined
      : { ...identityWith(name, policies), unlisted: `${name} is not in this plan` };
  }

  /**
   * Returns the names of the roles, users or groups that are not in the plan, but get a policy or a group from the plan.
   *
   * @param account - the account of the names; a name counts if its account or this one is unknown
   */
  public absentNames(type: string, account?: string): readonly string[] {
    const holders = [
      ...[...this.allAttached().values()].flat().map(({ account, identity }) => ({ account, holder: identity })),
      ...this.memberships().map(({ member, resource }) => ({
        account: this.resources.accountOf(resource),
        holder: member,
      })),
    ].filter((one) => mayBeEqual(one.account, account));
    return [...new Set(holders.map(({ holder }) => holder).filter(isString))]
      .filter((one) => one.startsWith(`${type} `))
      .map(nameOfAbsent);
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
      .filter(({ action, address }) => action === "update" && this.holdersAt(address).length === 0)
      .filter(({ address }) => !boundaries.has(address))
      .map((policy) => ({ ...documentPolicy(policy, "policy", this.references), address: policy.address }));
    const setPolicies = [...this.allAttached()]
      .filter(([holder]) => isString(holder) && holder.startsWith("aws_ssoadmin_permission_set "))
      .flatMap(([, attached]) => attached)
      .filter(({ isBoundary, isChanged }) => isChanged && !isBoundary)
      .map(({ attachment, policy }) => ({ ...policy, address: attachment }));
    const hiddenPolicies = this.changedWithoutHolder().flatMap((one) =>
      this.contentOf(one, ATTACHMENTS[one.type]!.content).map((policy) => ({ ...policy, address: one.address })),
    );
    return [...unattached, ...setPolicies, ...hiddenPolicies];
  }

  /** Returns the changed resources that give a policy to a holder which the plan does not show. */
  public changedWithoutHolder(): readonly PlannedResource[] {
    const hiddenLists = new Set(this.hiddenLists("aws_iam_policy_attachment").map(({ resource }) => resource));
    const isHidden = (resource: PlannedResource, type: string, attribute: string): boolean =>
      ["sensitive", "unknown until apply"].includes(attributeOf(resource, "after", attribute).kind) &&
      (hiddenLists.has(resource) || this.identitiesIn(resource, type, attribute).length === 0);
    return Object.entries(ATTACHMENTS)
      .filter(([, { isBoundary }]) => !isBoundary)
      .flatMap(([type, { identities }]) =>
        this.resources
          .withType(type)
          .filter((one) => one.action !== "none" && exists(one, "after"))
          .filter((one) => Object.entries(identities).some(([holder, name]) => isHidden(one, holder, name))),
      );
  }

  /**
   * Returns the addresses of the managed policies that are a permissions boundary, and that nothing attaches. Returns none if the
   * plan attaches a policy that it does not show: this policy may be any of them.
   */
  public policiesOnlyOfBoundaries(): ReadonlySet<string> {
    const attached = [...this.allAttached().values()].flat();
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
    const granting = new Set([...granted, ...this.policiesInRoles()].map(({ policy }) => policy.name));
    const policies = hasHidden ? [] : this.resources.withType("aws_iam_policy").map(({ address }) => address);
    return new Set(policies.filter((address) => boundaries.has(address) && !granting.has(address)));
  }

  /** Returns the policies that roles list after the change, each with its role. */
  private policiesInRoles(): readonly { readonly policy: IdentityPolicy; readonly role: PlannedResource }[] {
    return this.resources
      .withType("aws_iam_role")
      .filter((role) => exists(role, "after"))
      .flatMap((role) => this.policiesInRole(role).map((policy) => ({ policy, role })));
  }

  /** Returns the names of the permissions boundaries of the roles, users and permission sets after the change. */
  private boundaryNames(): readonly string[] {
    const setPolicies = [...this.allAttached().values()].flat().filter(({ isBoundary }) => isBoundary);
    const otherBoundaries = this.resources
      .withType("aws_iam_role", "aws_iam_user")
      .filter((holder) => exists(holder, "after"))
      .flatMap((holder) => this.boundaryOf(holder)?.name ?? []);
    return [...setPolicies.map(({ policy }) => policy.name), ...otherBoundaries];
  }

  /** Returns the lists of names that may have more names than the plan shows: in resources of the type, or of all types by default. */
  public hiddenLists(type?: string): readonly HiddenList[] {
    return this.resources
      .withType(...(type === undefined ? Object.keys(LISTS_OF_NAMES) : [type]))
      .filter((resource) => exists(resource, "after"))
      .flatMap((resource) =>
        LISTS_OF_NAMES[resource.type]!.flatMap((name) => {
          const reason = this.references.whyListHidden(resource, name);
          return reason === undefined ? [] : [{ reason, resource }];
        }),
      );
  }

  /**
   * Returns the names of the groups that get policies from the plan, and whose members the plan does not list.
   *
   * @param account - the account of the groups; a group counts if its account or this one is unknown
   */
  public groupsWithoutMembers(account?: string): readonly string[] {
    const hidden = new Set(this.hiddenLists("aws_iam_group_membership").map(({ resource }) => resource));
    const shown = this.memberships().filter(({ resource }) => !hidden.has(resource));
    const listed = new Set(shown.flatMap(({ groups }) => groups));
    return [...this.allAttached()]
      .filter(([, policies]) => policies.some((policy) => mayBeEqual(policy.account, account)))
      .map(([holder]) => holder)
      .filter((holder) => (isString(holder) ? holder.startsWith("aws_iam_group ") : holder.type === "aws_iam_group"))
      .filter((group) => !listed.has(group))
      .flatMap((group) => (isString(group) ? nameOfAbsent(group) : (stringOf(group, "after", "name") ?? [])));
  }

  private plannedIdentity(resource: PlannedResource): Identity {
    const groups = this.groupsOf(resource);
    const identity = identityWith(resource.address, [
      ...this.attachedTo(resource),
      ...groups.flatMap((group) => this.attachedTo(group)),
    ]);
    const isRole = resource.type === "aws_iam_role";
    return {
      ...identity,
      boundary: identity.boundary ?? this.boundaryOf(resource),
      policies: [...identity.policies, ...(isRole ? this.policiesInRole(resource) : [])],
      unlisted: this.unlistedGroup(resource) ?? unlistedOf(resource, groups),
    };
  }

  /** Returns why a user may be in groups that the plan does not show; undefined if the plan shows all memberships of the user. */
  private unlistedGroup(user: PlannedResource): string | undefined {
    const hidden = this.hiddenLists("aws_iam_user_group_membership").find(({ resource }) =>
      this.identitiesIn(resource, "aws_iam_user", "user").includes(user),
    );
    return hidden && `the plan does not show all groups of ${user.address}`;
  }

  /** Returns the resources of a type that exist after the change, and whose attribute then has the value. */
  private existing(type: string, attribute: string, value: string): readonly PlannedResource[] {
    const matching = this.resources.withValue(type, attribute, value);
    const existing = this.existingOf.get(matching) ?? matching.filter((resource) => exists(resource, "after"));
    this.existingOf.set(matching, existing);
    return existing;
  }

  private attachedTo(identity: Holder): readonly AttachedPolicy[] {
    return this.allAttached().get(identity) ?? [];
  }

  private allAttached(): ReadonlyMap<Holder, readonly AttachedPolicy[]> {
    this.attached ??= groupBy(
      Object.entries(ATTACHMENTS).flatMap(([type, attachment]) =>
        this.resources
          .withType(type)
          .filter((resource) => exists(resource, "after"))
          .flatMap((resource) => this.attachedBy(resource, attachment)),
      ),
      (attached) => attached.identity,
    );
    return this.attached;
  }

  private attachedBy(resource: PlannedResource, { content, identities, isBoundary }: Attachment): AttachedPolicy[] {
    const policies = this.contentOf(resource, content);
    return Object.entries(identities).flatMap(([type, attribute]) => {
      const attachedIdentities = this.identitiesIn(resource, type, attribute);
      const isSure = attachedIdentities.length < 2 || attributeOf(resource, "after", attribute).kind === "known";
      return attachedIdentities.flatMap((identity) =>
        policies.map((policy) => ({
          account: this.resources.accountOf(resource),
          attachment: resource.address,
          identity,
          isBoundary: isBoundary === true,
          isChanged: resource.action !== "none",
          isContained: content[0] === "document",
          policy: isSure ? policy : possiblePolicy(policy.name, "its identity is unknown until apply", [policy]),
        })),
      );
    });
  }

  /**
   * Returns the identities of a type that an attribute names: the resources, or their type and name if they are not in the plan.
   */
  public identitiesIn(resource: PlannedResource, type: string, attribute: string): readonly Holder[] {
    const value = attributeOf(resource, "after", attribute);
    if (value.kind !== "known") {
      return value.kind === "absent" ? [] : this.behind(resource, attribute, type);
    }
    return [value.value].flat().map((value) => {
      const name = asText(value);
      const [byName, byArn] = [this.existing(type, "name", name), this.existing(type, "arn", name)];
      return this.fromSameProvider(byArn.length === 0 ? byName : [...byName, ...byArn], resource) ?? `${type} ${name}`;
    });
  }

  private behind(resource: PlannedResource, attribute: string, type: string): readonly PlannedResource[] {
    return [...new Set(this.references.linksOf(resource, attribute, [type]).map((link) => link.resource))];
  }

  /**
   * Returns the candidate that has the same provider as the resource, or else the first candidate that may have the same account. Two
   * accounts, each with its own provider, can have identities with the same name.
   */
  private fromSameProvider(
    candidates: readonly PlannedResource[],
    resource: PlannedResource,
  ): PlannedResource | undefined {
    const provider = this.references.providerOf(resource);
    return (
      candidates.find((one) => this.references.providerOf(one) === provider) ??
      candidates.find((one) => mayBeEqual(this.resources.accountOf(one), this.resources.accountOf(resource)))
    );
  }

  private groupsOf(user: Holder): Membership["groups"] {
    this.groups ??= groupBy(this.memberships(), ({ member }) => member);
    return this.groups.get(user)?.flatMap(({ groups }) => groups) ?? [];
  }

  private memberships(): readonly Membership[] {
    return Object.entries(MEMBERSHIPS).flatMap(([type, names]) =>
      this.resources.withType(type).flatMap((membership): readonly Membership[] => {
        const groups = this.identitiesIn(membership, "aws_iam_group", names.groups);
        return this.identitiesIn(membership, "aws_iam_user", names.users).map((member) => ({
          groups,
          member,
          resource: membership,
        }));
      }),
    );
  }

  /** Returns the policies that a resource gives to its identities. */
  public contentOf(resource: PlannedResource, [kind, attribute]: Attachment["content"]): readonly IdentityPolicy[] {
    switch (kind) {
      case "ARN":
        return [this.policyBehind(resource, attribute)];
      case "ARNs":
        return this.policiesBehind(resource, attribute);
      case "document":
        return [documentPolicy(resource, attribute, this.references)];
      case "block": {
        const { kind: shown } = attributeOf(resource, "after", attribute);
        return (
          blocksOf(resource, "after", attribute)?.map((block) => this.policyInBlock(resource, block)) ?? [
            hiddenPolicy(resource.address, shown === "known" ? NO_BLOCKS : shown),
          ]
        );
      }
    }
  }

  /** Returns the policy that a block names: by the policy's ARN, or by its name and path. These are the same in each account. */
  private policyInBlock(resource: PlannedResource, block: Values): IdentityPolicy {
    if (isString(block.managed_policy_arn)) {
      return this.policyOfArn(block.managed_policy_arn, resource);
    }
    const [nested] = [block.customer_managed_policy_reference].flat();
    const { name, path } = isMap(nested) ? nested : block;
    return this.policyOfArn(`arn:aws:iam:::policy${isString(path) ? path : "/"}${asText(name)}`, resource);
  }

  private boundaryOf(resource: PlannedResource): IdentityPolicy | undefined {
    const { kind } = attributeOf(resource, "after", "permissions_boundary");
    const isSet = kind !== "absent" && stringOf(resource, "after", "permissions_boundary") !== "";
    return isSet ? this.policyBehind(resource, "permissions_boundary") : undefined;
  }

  /** Returns the policies whose ARNs an attribute lists. One hidden policy stands for all ARNs that the plan does not show. */
  private policiesBehind(resource: PlannedResource, attribute: string): readonly IdentityPolicy[] {
    const { kind } = attributeOf(resource, "after", attribute);
    const shown = shownElements(resource, attribute)
      .filter(isString)
      .map((arn) => this.policyOfArn(arn, resource));
    if (kind === "absent" || kind === "known") {
      return shown;
    }
    const [policy, ...others] = this.behind(resource, attribute, "aws_iam_policy");
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
  private policyBehind(resource: PlannedResource, attribute: string): IdentityPolicy {
    const arn = stringOf(resource, "after", attribute);
    if (arn !== undefined) {
      return this.policyOfArn(arn, resource);
    }
    const policies = this.behind(resource, attribute, "aws_iam_policy").map((policy) =>
      documentPolicy(policy, "policy", this.references),
    );
    const [policy, ...others] = policies;
    return policy && others.length === 0
      ? policy
      : possiblePolicy(resource.address, attributeOf(resource, "after", attribute).kind, policies);
  }

  /**
   * Returns the policy that has an ARN. The ARN has no account if a permission set names the policy. The policy is then in each
   * account to which the permission set is assigned.
   */
  private policyOfArn(arn: string, attachment: PlannedResource): IdentityPolicy {
    const statements = awsManagedStatements(arn);
    if (statements) {
      return { name: arn, notShown: undefined, statements };
    }
    const [, , , , account, resource = ""] = arn.split(":");
    const planned = this.existing("aws_iam_policy", "name", resource.split("/").at(-1) ?? "").filter((policy) => {
      const current = stringOf(policy, "after", "arn");
      const path = stringOf(policy, "after", "path") ?? "/";
      const isOfPath = resource === `policy${path}${stringOf(policy, "after", "name")}`;
      const isOfAccount = account === "" || mayBeEqual(account, this.resources.accountOf(policy));
      return current === arn || (isOfPath && isOfAccount && (current === undefined || account === ""));
    });
    const policy = this.fromSameProvider(planned, attachment);
    return policy
      ? documentPolicy(policy, "policy", this.references)
      : hiddenPolicy(arn, "its content is not in the plan");
  }

  /**
   * Returns the policies in `inline_policy` and `managed_policy_arns` of a role. If AWS lists the policies, this leaves out those
   * that other resources of the plan manage.
   */
  private policiesInRole(role: PlannedResource): readonly IdentityPolicy[] {
    const { kind } = attributeOf(role, this.sideOf(role, "inline_policy"), "inline_policy");
    return [
      ...(this.inlineBlocks(role)?.map(({ policy }) => textPolicy(role.address, policy)) ?? [
        hiddenPolicy(role.address, kind === "known" ? NO_BLOCKS : kind),
      ]),
      ...this.managedPoliciesInRole(role),
    ];
  }

  private managedPoliciesInRole(role: PlannedResource): readonly IdentityPolicy[] {
    const side = this.sideOf(role, "managed_policy_arns");
    const managed_policy_arns = valueOf(role, side, "managed_policy_arns");
    if (["sensitive", "unknown until apply"].includes(attributeOf(role, side, "managed_policy_arns").kind)) {
      return this.policiesBehind(role, "managed_policy_arns");
    }
    const { managed_policy_arns: arns } = this.isListed(role, "managed_policy_arns")
      ? this.policiesBeside(role, { managed_policy_arns })
      : { managed_policy_arns };
    return [arns]
      .flat()
      .filter(isString)
      .map((arn) => this.policyOfArn(arn, role));
  }

  /**
   * Returns the `inline_policy` blocks of a role; undefined if the plan does not show them. If AWS lists the blocks, this leaves
   * out those that other resources of the plan manage.
   */
  public inlineBlocks(role: PlannedResource): readonly Values[] | undefined {
    const blocks = blocksOf(role, this.sideOf(role, "inline_policy"), "inline_policy");
    return blocks && this.isListed(role, "inline_policy")
      ? this.policiesBeside(role, { inline_policy: blocks }).inline_policy
      : blocks;
  }

  /**
   * Whether the configuration does not set an attribute of a role. The provider then lists there the policies that AWS has.
   * Policies that change are set by a `dynamic` block instead.
   */
  private isListed(role: PlannedResource, attribute: string): boolean {
    const { after, before } = role.change;
    return (
      this.references.isConfigured(role, attribute) !== true &&
      isEqual(memberOf(before, attribute), memberOf(after, attribute))
    );
  }

  /**
   * Returns `inline_policy` and `managed_policy_arns` of a role without the policies that other resources of the plan manage. An
   * attachment manages one policy, and an exclusive list manages all. An exclusive list of inline policies sets only their names.
   */
  public policiesBeside(role: PlannedResource, values: Values): PoliciesOfRole {
    const name = stringOf(role, "after", "name") ?? "";
    const { attachedArns, inlineNames } = this.policyResources(name);
    const valuesIn = (attribute: string): readonly unknown[] => [memberOf(values, attribute) ?? []].flat();
    const hasExclusiveArns =
      this.resources.withValue("aws_iam_role_policy_attachments_exclusive", "role_name", name).length > 0;
    const exclusiveNames = this.resources
      .withValue("aws_iam_role_policies_exclusive", "role_name", name)
      .map((list) => valueOf(list, "after", "policy_names"));
    return {
      inline_policy: valuesIn("inline_policy")
        .filter(isMap)
        .filter((block) => !inlineNames.has(block.name))
        .filter((block) => exclusiveNames.every((names) => !Array.isArray(names) || names.includes(block.name))),
      managed_policy_arns: hasExclusiveArns
        ? []
        : valuesIn("managed_policy_arns").filter((arn) => !attachedArns.has(arn)),
    };
  }

  /**
   * Returns the side that shows the policies of a role. It is `before` if they are unknown after the change and the configuration
   * does not set them: AWS then lists the same ones again.
   */
  private sideOf(role: PlannedResource, attribute: string): Side {
    const isUnknown = attributeOf(role, "after", attribute).kind === "unknown until apply";
    return isUnknown && this.references.isConfigured(role, attribute) !== true ? "before" : "after";
  }
}

function permissionsBy(
  identity: Identity | undefined,
  principal: string,
  key: Key,
  facts: Facts,
): (action: string) => Permission {
  if (identity === undefined) {
    const unknown = { kind: "unknown", possible: [], reason: `the plan has no IAM policies of ${principal}` } as const;
    return () => unknown;
  }
  const account = accountOf(principal);
  return permissionsOf(identity, resourceMatchOf(key), {
    "aws:principalarn": principal,
    ...AS_IDENTITY,
    ...(account !== undefined && { "aws:principalaccount": account, "kms:calleraccount": account }),
    ...facts,
  });
}

/** Creates a policy that the plan does not show. The identity may have one of the given policies, or none of them. */
function possiblePolicy(name: string, why: string, policies: readonly IdentityPolicy[]): IdentityPolicy {
  const possible = policies.flatMap(({ statements }) => statements.filter((statement) => !isDenial(statement)));
  return { ...hiddenPolicy(name, why), ...(possible.length > 0 && { possible }) };
}

/** Whether a policy can have a denial. An AWS managed policy with denials has a name with `Deny` or `Quarantine`. */
function mayDeny(name: string): boolean {
  return !name.includes(":iam::aws:policy/") || /Deny|Quarantine/.test(name);
}

/** Whether two accounts are the same, or one of them is unknown. */
function mayBeEqual(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Returns a text for an account and a path, each of which can be undefined. */
function ownerName(account: string | undefined, path: string | undefined): string {
  return `${account} ${path}`;
}

/** Reads the name of a holder that is not in the plan. */
function nameOfAbsent(holder: string): string {
  return holder.slice(holder.indexOf(" ") + 1);
}

/** Returns the address of a holder; its type and name if it is not in the plan. */
export function holderName(holder: Holder): string {
  return isString(holder) ? holder : holder.address;
}

/** Whether a statement names the role of a principal. The principal is the role itself, or a session of the role. */
function namesRoleOf({ Principal }: Statement, principal: string): boolean {
  const names = asArray(isMap(Principal) ? Principal.AWS : Principal);
  const { name, type } = partsOfPrincipal(principal);
  return (
    type === "aws_iam_role" &&
    !(principal.includes(":assumed-role/") && names.includes(principal)) &&
    names.some((one) => one.includes(":role/") && partsOfPrincipal(one).name === name)
  );
}

/** Returns the values of Resource that mean a key: `ADDRESS.arn` and, if it is known, its ARN. */
export function namesOfKey({ address, resource }: Key): readonly string[] {
  const arn = resource && stringOf(resource, "after", "arn");
  return [`${address}.arn`, ...(arn === undefined ? [] : [arn])];
}

/**
 * Returns a function that checks if a resource pattern matches a key. A new key has no ARN, so the pattern is compared with sample
 * ARNs.
 */
export function resourceMatchOf(key: Key): ResourceMatch {
  const [address, arn] = namesOfKey(key);
  const samples = samplesFor(key);
  return (pattern, quantifier = "some") =>
    patternOutcome(
      pattern,
      (one) =>
        one === address || (arn === undefined ? matchesSamples(one, samples, quantifier) : matchesPattern(one, arn)),
    );
}

/** Returns sample keys for a key without an ARN. They are multi-Region keys for a multi-Region key, and single-Region keys otherwise. */
function samplesFor({ resource }: Key) {
  const isReplica = resource?.type.includes("_kms_replica_");
  return isReplica || (resource && valueOf(resource, "after", "multi_region") === true)
    ? SAMPLE_MULTI_REGION_KEYS
    : SAMPLE_SINGLE_REGION_KEYS;
}

/**
 * Reads the resource type, the name, the account and the path of a role or user from its ARN. The path is undefined for a session,
 * whose ARN has none.
 */
function partsOfPrincipal(principal: string) {
  const [, , , , account, resource = ""] = principal.split(":");
  const [kind, ...rest] = resource.split("/");
  const isSession = kind === "assumed-role";
  const name = (isSession ? rest[0] : rest.at(-1)) ?? "";
  const permissionSet = permissionSetOf(name);
  if (permissionSet !== undefined) {
    // Permission sets are in the account of Identity Center.
    return { name: permissionSet, type: "aws_ssoadmin_permission_set" };
  }
  const group = groupOfMember(name);
  if (group !== undefined) {
    return { account, name: group, type: "aws_iam_group" };
  }
  const type = kind === "user" ? "aws_iam_user" : kind === "role" || isSession ? "aws_iam_role" : "";
  return { account, name, path: isSession ? undefined : ["", ...rest.slice(0, -1), ""].join("/"), type };
}

/**
 * Returns why an identity may have policies that the plan does not list; undefined if the plan lists all of them. AWS lists all
 * policies of a role that exists.
 */
function unlistedOf({ action, address, type }: PlannedResource, groups: Membership["groups"]): string | undefined {
  const [, absentGroup] = groups.find(isString)?.split(" ") ?? [];
  if (absentGroup !== undefined) {
    return `the group ${absentGroup} is not in this plan`;
  }
  const isListed = action === "create" || type === "aws_iam_role";
  return isListed ? undefined : `the plan does not list all policies of ${address}`;
}

function identityWith(address: string, attached: readonly AttachedPolicy[]): Identity {
  return {
    address,
    boundary: attached.find(({ isBoundary }) => isBoundary)?.policy,
    policies: attached.filter(({ isBoundary }) => !isBoundary).map(({ policy }) => policy),
    unlisted: undefined,
  };
}
