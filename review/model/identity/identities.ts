import { memoized } from "../../plan/memoized";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import type { References } from "../../plan/references";
import type { Facts } from "../../policy/condition";
import {
  type Identity,
  type IdentityPolicy,
  type Permission,
  permissionsOf,
  permissionsText,
} from "../../policy/identity-permission";
import { PolicyIndex } from "../../policy/policy-index";
import { accountOf } from "../../policy/principals";
import { AS_IDENTITY } from "../../policy/service-requests";
import { isDenial, type Statement } from "../../policy/statement";
import type { Key } from "../key";
import { resourceMatchOf } from "../key-match";
import type { ResourcesWithAccounts } from "../planned-resources";
import { AttachedPolicies, type AttachedPolicy } from "./attached-policies";
import { type Holder, Holders, nameOfAbsent } from "./holders";
import { ManagedPolicies } from "./managed-policies";
import { type Membership, Memberships } from "./memberships";
import { Possessions } from "./possessions";
import { namesRoleOf } from "./principal-parts";
import { RolePolicies } from "./role-policies";

/** The statements that limit an identity. */
export interface IdentityLimits {
  readonly boundary: IdentityPolicy | undefined;
  readonly denials: readonly Statement[];
}

const EVERYTHING: IdentityPolicy = {
  name: "everything",
  notShown: undefined,
  statements: [{ Action: "*", Effect: "Allow", Resource: "*" }],
};

/**
 * The roles, users and permission sets of a plan after the change, with their IAM policies and the permissions that these policies
 * give.
 */
export class Identities {
  public readonly attached: AttachedPolicies;
  public readonly holders: Holders;
  public readonly managed: ManagedPolicies;
  public readonly memberships: Memberships;
  public readonly possessions: Possessions;
  public readonly roles: RolePolicies;
  /** The identities of principals, each computed once. */
  private readonly byPrincipal = memoized((principal) => this.identityFor(principal));
  /** The first principal of a partition and account with a text of permissions. */
  private readonly firstWith = new Map<string, string>();
  /** Returns one name for all principals that get the same permissions on each key; undefined if permissions may depend on the caller. */
  private readonly likeness = memoized((principal): string | undefined => {
    const text = permissionsText(this.named(principal));
    const key = `${/^(?:[^:]*:){5}/.exec(principal)?.[0]} ${text}`;
    const first = this.firstWith.get(key) ?? principal;
    this.firstWith.set(key, first);
    return text && first;
  });
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

  public constructor(resources: ResourcesWithAccounts, references: References) {
    this.holders = new Holders(resources, references);
    this.memberships = new Memberships(resources, this.holders);
    this.managed = new ManagedPolicies(resources, references, this.holders);
    this.attached = new AttachedPolicies(resources, references, this.holders, this.managed);
    this.roles = new RolePolicies(resources, references, this.managed);
    this.possessions = new Possessions(resources, this.holders, this.memberships, this.attached, this.roles);
  }

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

  /**
   * Returns one name for all roles and users to which their IAM policies and the statements of a key policy give the same access to
   * a key; undefined for each other principal.
   */
  public likenessUnder(statements: readonly Statement[], principal: string): string | undefined {
    return PolicyIndex.forStatements(statements).isLikeOthers(principal) ? this.likeness(principal) : undefined;
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

  /** Returns the identity of a principal with its policies; undefined if the plan has neither the identity nor a policy for it. */
  public named(principal: string): Identity | undefined {
    return this.byPrincipal(principal);
  }

  /** Returns the identity of a holder with its policies; undefined if the plan has neither the holder nor a policy for it. */
  public identityOf(holder: Holder): Identity | undefined {
    if (!isString(holder)) {
      return this.plannedIdentity(holder);
    }
    const policies = [holder, ...this.memberships.groupsOf(holder)].flatMap((one) => this.attached.heldBy(one));
    const name = nameOfAbsent(holder);
    return policies.length === 0
      ? undefined
      : { ...identityWith(name, policies), unlisted: `${name} is not in this plan` };
  }

  private identityFor(principal: string): Identity | undefined {
    return this.identityOf(this.holders.holderOf(principal));
  }

  private plannedIdentity(resource: PlannedResource): Identity {
    const groups = this.memberships.groupsOf(resource);
    const identity = identityWith(resource.address, [
      ...this.attached.heldBy(resource),
      ...groups.flatMap((group) => this.attached.heldBy(group)),
    ]);
    const isRole = resource.type === "aws_iam_role";
    return {
      ...identity,
      boundary: identity.boundary ?? this.managed.boundaryOf(resource),
      policies: [...identity.policies, ...(isRole ? this.roles.policiesOf(resource) : [])],
      unlisted: this.memberships.unlistedGroup(resource) ?? unlistedOf(resource, groups),
    };
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
