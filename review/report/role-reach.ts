import { groupBy } from "../../modules/private/group-by";
import { EffectiveAccess, grantsByKey } from "../model/effective-access";
import type { Holder } from "../model/identity/holders";
import { IDENTITY_TYPES, principalOfIdentity } from "../model/identity/identity-arn";
import { type Key, keyName } from "../model/key";
import type { Model, Warehouse } from "../model/model";
import { WarehouseReach } from "../model/warehouse-reach";
import { memoized, memoizedByName, memoizedByObject } from "../plan/memoized";
import { isString } from "../plan/predicates";
import { partitionOf } from "../policy/callers";
import { beyondHiddenBoundary } from "../policy/identity-permission";
import { isClass, isIdentity } from "../policy/principals";
import { callersByIam } from "./iam-access";
import type { KeyReport, PrincipalAccess } from "./key-report";

/** The keys that a role, user or permission set may decrypt with after the change, and the warehouses that it may enter. */
export interface RoleReach {
  /** The names of the keys that it may decrypt with. */
  readonly keys: readonly string[];
  /** The addresses of the warehouses whose databases it may enter by its IAM policies. */
  readonly warehouses: readonly string[];
}

const DECRYPT = "kms:Decrypt";

/** A key that a principal may be allowed to decrypt with. EffectiveAccess decides by all policies. */
interface Candidate {
  readonly key: Key;
  readonly principal: string;
}

/** Computes the keys and warehouses that the roles, users and permission sets of a plan reach. */
export class RoleReaches {
  private readonly addresses = new WeakMap<readonly Warehouse[], readonly string[]>();
  private readonly byHolder = new Map<Holder, RoleReach>();
  private readonly candidates: ReadonlyMap<Holder | undefined, readonly Candidate[]>;
  private readonly grants: ReturnType<typeof grantsByKey>;
  /** Returns a function that returns whether a principal may decrypt with a key. */
  private readonly mayDecryptWith = memoizedByObject((key: Key) => {
    const { identities } = this.model;
    const access = new EffectiveAccess(key, this.model, this.grants.get(key) ?? []);
    const likeness = (principal: string) => identities.likenessUnder(access.statements, principal);
    return memoizedByName(likeness, (principal) => {
      const ways = access.waysOf({ name: principal, principal, standsForOthers: false }, DECRYPT);
      const permission = beyondHiddenBoundary(identities.permission(principal, DECRYPT, key));
      return ways.some(({ leftToIam }) => leftToIam === undefined || permission.kind === "allowed");
    });
  });
  /** The keys that a pattern, an organization or everybody may decrypt with. */
  private readonly openKeys: readonly Key[];
  private readonly warehouses: WarehouseReach;

  /** @param reports - the reports of `model.keys`, in their order, with the rows by the key policies alone */
  public constructor(
    private readonly model: Model,
    reports: readonly KeyReport[],
  ) {
    this.grants = grantsByKey(model);
    this.warehouses = WarehouseReach.inModel(model);
    const rows = model.keys.flatMap((key, index) =>
      reports[index]!.principals.filter(decrypts).map(({ principal }) => ({ key, principal })),
    );
    const grantees = [...this.grants].flatMap(([key, grants]) =>
      grants.map((grant) => ({ key, principal: model.principalIn(grant, "grantee_principal") ?? "" })),
    );
    const byIam = model.keys.flatMap((key) => callersByIam(key, model).map(({ principal }) => ({ key, principal })));
    const holderOf = memoized((principal): Holder | undefined =>
      isIdentity(principal) && !isClass(principal) ? model.identities.holders.holderOf(principal) : undefined,
    );
    this.candidates = groupBy([...rows, ...byIam, ...grantees], ({ principal }) => holderOf(principal));
    this.openKeys = [...new Set(rows.filter(({ principal }) => isClass(principal)).map(({ key }) => key))];
  }

  /**
   * Returns the reach of the role or user at an address. If a policy is at the address, returns the reach of all roles and users
   * that have it. Undefined if they reach nothing.
   */
  public at(address: string): RoleReach | undefined {
    const reaches = this.model.identities.possessions.holdersAt(address).map((holder) => this.reachOf(holder));
    const union = (kind: keyof RoleReach) =>
      reaches.length === 1 ? reaches[0]![kind] : [...new Set(reaches.flatMap((reach) => reach[kind]))];
    const [keys, warehouses] = [union("keys"), union("warehouses")];
    return keys.length + warehouses.length === 0 ? undefined : { keys, warehouses };
  }

  private reachOf(holder: Holder): RoleReach {
    const reach = this.byHolder.get(holder) ?? { keys: this.keysOf(holder), warehouses: this.warehousesOf(holder) };
    this.byHolder.set(holder, reach);
    return reach;
  }

  private keysOf(holder: Holder): readonly string[] {
    const open = this.openKeys.flatMap((key) => {
      const principal = this.arnIn(key, holder);
      return principal === undefined ? [] : [{ key, principal }];
    });
    const reached = [...(this.candidates.get(holder) ?? []), ...open].filter((candidate) =>
      this.mayDecryptWith(candidate.key)(candidate.principal),
    );
    return [...new Set(reached.map(({ key }) => keyName(key)))];
  }

  private warehousesOf(holder: Holder): readonly string[] {
    const identity = this.model.identities.identityOf(holder);
    return identity === undefined ? [] : this.addressesOf(this.warehouses.reachedBy(identity));
  }

  private addressesOf(warehouses: readonly Warehouse[]): readonly string[] {
    const addresses = this.addresses.get(warehouses) ?? warehouses.map(({ address }) => address);
    this.addresses.set(warehouses, addresses);
    return addresses;
  }

  /**
   * Returns the ARN of a role or user in the partition of a key policy; undefined for another holder. If the plan does not show the
   * account of the role or user, its ARN gets the account of the key.
   */
  private arnIn({ account, policy }: Key, holder: Holder): string | undefined {
    return isString(holder) || !IDENTITY_TYPES.includes(holder.type)
      ? undefined
      : principalOfIdentity(holder, partitionOf(policy.after.statements), this.model.accountOf(holder) ?? account);
  }
}

/** Whether the principal of a row may decrypt after the change, by the key policy or by IAM policies. */
function decrypts({ abilities }: PrincipalAccess): boolean {
  const { after } = abilities["encrypt and decrypt"];
  return [after, after.leftToIam].some(({ actions }) => actions.includes(DECRYPT));
}
