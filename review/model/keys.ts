import { groupBy } from "../../modules/private/group-by";
import { attributeOf, exists, isCreated, stringOf } from "../plan/attributes";
import type { PlannedResource, Side } from "../plan/plan";
import type { References } from "../plan/references";
import { asText } from "../plan/predicates";
import { accountOf } from "../policy/principals";
import { awsPrincipals, matchesAction } from "../policy/statement";
import { type Key, KEY_TYPES, type KeyPolicy, type KeyUse } from "./key";
import { keyPolicies, setsPolicy } from "./key-policy";
import type { PlannedResources } from "./planned-resources";

const KEYS_AND_ALIASES = [...KEY_TYPES, "aws_kms_alias"];
/** The most policies with a hidden key that are read for each key. Hundreds of both would give each key hundreds of policies. */
const MOST_POSSIBLE = 64;

/** Finds the account and the partition of a resource, and the ARN of a role or user. */
interface Owners {
  accountOf(resource: PlannedResource): string | undefined;
  arnOfIdentity(identity: PlannedResource): string | undefined;
  partitionOf(resource: PlannedResource): string | undefined;
}

/** The keys of a plan, and the keys that its resources use. */
export class Keys {
  public readonly all: readonly Key[];
  /** Keys by their addresses, ARNs and IDs, and by the names and ARNs of their aliases. */
  private readonly byName = new Map<string, Key>();

  public constructor(
    private readonly resources: Owners & PlannedResources,
    private readonly references: References,
  ) {
    const keyResources = resources.withType(...KEY_TYPES);
    const resourcesByName = uniqueNames(keyResources, references);
    const policies = {
      after: this.policiesByKey("after", resourcesByName),
      before: this.policiesByKey("before", resourcesByName),
    };
    const policiesOf = (
      key: PlannedResource | undefined,
      include: (policy: PlannedResource) => boolean = () => true,
    ) => ({
      after: (policies.after.get(key) ?? []).filter(include),
      before: (policies.before.get(key) ?? []).filter(include),
    });
    const { after, before } = policiesOf(undefined);
    const possible = this.possibleKeys(after, keyResources);
    const possibleOf = groupBy(
      [...possible].flatMap(([policy, keys]) => keys.map((key) => ({ key, policy }))),
      ({ key }) => key,
    );
    this.all = [
      ...keyResources.map((key) =>
        this.readKey(
          key,
          policiesOf(key),
          (possibleOf.get(key) ?? []).slice(0, MOST_POSSIBLE).map(({ policy }) => policy),
        ),
      ),
      ...[...new Set([...before, ...after])]
        .filter((policy) => !possible.has(policy))
        .map((policy) =>
          this.readKey(
            undefined,
            policiesOf(undefined, (other) => other === policy),
            [],
          ),
        ),
    ];
    this.indexNames(resourcesByName);
    this.indexAliases();
  }

  /** Returns the key that an attribute of a resource names, before and after the change. */
  public usesOf(resource: PlannedResource, attribute: string): Readonly<Record<Side, KeyUse>> {
    return { after: this.useOf(resource, attribute, "after"), before: this.useOf(resource, attribute, "before") };
  }

  private useOf(resource: PlannedResource, attribute: string, side: Side): KeyUse {
    const value = attributeOf(resource, side, attribute);
    if (value.kind === "known") {
      const name = asText(value.value);
      const key = this.keyNamed(nameIn(this.references.providers.regionOf(resource), name));
      const isOwnedByAws = name === "AWS_OWNED_KMS_KEY" || name === "";
      return key ? { key, kind: "planned" } : isOwnedByAws ? { kind: "none" } : { kind: "elsewhere", name };
    }
    // If the configuration does not set the attribute, AWS chooses the key.
    if (value.kind === "absent" || this.references.configuration.isConfigured(resource, attribute) === false) {
      return { kind: "none" };
    }
    const keys = this.keysBehind(resource, attribute);
    return keys.length === 1 ? { key: keys[0]!, kind: "planned" } : { kind: "hidden", why: value.kind };
  }

  /**
   * Finds a key by its address, ARN or ID, or by the name or ARN of an alias. The ID at the end of an ARN is enough, except for a
   * multi-Region key: its replicas share the ID.
   */
  private keyNamed(name: string): Key | undefined {
    return (
      this.byName.get(name) ?? this.byName.get(/:key\/(?!mrk-)(.+)$/.exec(name)?.[1] ?? "") ?? this.keyOfAliasArn(name)
    );
  }

  /** Returns the key of an alias whose own ARN is unknown. The Region, the account and the name in the given ARN find it. */
  private keyOfAliasArn(arn: string): Key | undefined {
    const [, , , region, account, alias = ""] = arn.split(":");
    const key = this.byName.get(nameIn(region, alias));
    return alias.startsWith("alias/") && key?.account === account ? key : undefined;
  }

  /**
   * Returns the keys that an attribute may lead to, directly or by an alias. The target of an alias is a key, and no other alias.
   *
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
   */
  private keysBehind(
    resource: PlannedResource,
    attribute: string,
    types: readonly string[] = KEYS_AND_ALIASES,
  ): readonly Key[] {
    const keys = this.references
      .linksOf(resource, attribute, types)
      .flatMap(({ resource: behind }) =>
        behind.type === "aws_kms_alias"
          ? this.keysBehind(behind, "target_key_id", KEY_TYPES)
          : (this.byName.get(behind.address) ?? []),
      );
    return [...new Set(keys)];
  }

  /** Groups the aws_kms_key_policy resources by their key. The policies of keys outside the plan are under undefined. */
  private policiesByKey(
    side: Side,
    resourcesByName: ReadonlyMap<string, PlannedResource>,
  ): ReadonlyMap<PlannedResource | undefined, readonly PlannedResource[]> {
    const policies = this.resources.withType("aws_kms_key_policy").filter((policy) => exists(policy, side));
    const withKeys = policies.map((policy) => {
      const keyOfName = resourcesByName.get(
        nameIn(this.references.providers.regionOf(policy), keyIdOf(policy, side) ?? ""),
      );
      return { key: keyOfName ?? this.references.linkOf(policy, "key_id", KEY_TYPES)?.resource, policy };
    });
    // A key that replaces another one has no policy of the former key.
    const applied = withKeys.filter(
      ({ key, policy }) => side === "before" || key?.action !== "replace" || isCreated(policy),
    );
    return new Map(
      [...groupBy(applied, ({ key }) => key)].map(([key, group]) => [key, group.map(({ policy }) => policy)]),
    );
  }

  /**
   * Returns the policies whose key the plan does not show, each with the keys that may get the policy. These are the keys to which
   * key_id may refer or, without such keys, all keys of the same account and Region.
   *
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
   */
  private possibleKeys(
    policies: readonly PlannedResource[],
    keys: readonly PlannedResource[],
  ): ReadonlyMap<PlannedResource, readonly PlannedResource[]> {
    return new Map(
      policies
        .filter((policy) => setsPolicy(policy) && hidesKey(policy))
        .flatMap((policy) => {
          const linked = this.references.linksOf(policy, "key_id", KEY_TYPES).map((link) => link.resource);
          const others = keys.filter((key) => exists(key, "after") && this.mayShareOwner(policy, key));
          const candidates = [...new Set(linked.length > 0 ? linked : others)];
          return candidates.length === 0 ? [] : [[policy, candidates] as const];
        }),
    );
  }

  /** Whether two resources may be in the same account and Region. An unknown account or Region may be the same. */
  private mayShareOwner(one: PlannedResource, other: PlannedResource): boolean {
    const { references, resources } = this;
    const isOther = (first: string | undefined, second: string | undefined): boolean =>
      first !== undefined && second !== undefined && first !== second;
    return !(
      isOther(references.providers.regionOf(one), references.providers.regionOf(other)) ||
      isOther(resources.accountOf(one), resources.accountOf(other))
    );
  }

  private readKey(
    resource: PlannedResource | undefined,
    policies: Key["policies"],
    possible: readonly PlannedResource[],
  ): Key {
    const source = (resource ?? policies.after[0] ?? policies.before[0])!;
    const account = this.resources.accountOf(source);
    const partition = this.resources.partitionOf(source);
    const region = this.references.providers.regionOf(source);
    const place = { account, partition, region };
    const isHidden = resource === undefined && hidesKey(source);
    const policy = keyPolicies({ isHidden, policies, resource }, possible, place, this.references, (identity) =>
      this.resources.arnOfIdentity(identity),
    );
    const isCheckBypassed = [source, ...policies.after].some(
      (one) => one.change.after?.bypass_policy_lockout_safety_check === true,
    );
    return {
      account: account ?? (isCheckBypassed ? undefined : accountOfAdministrators(policy.after)),
      address: source.address,
      isHidden,
      partition,
      policies,
      policy,
      region,
      resource,
    };
  }

  private indexNames(resourcesByName: ReadonlyMap<string, PlannedResource>): void {
    const byResource = new Map(this.all.map((key) => [key.resource, key]));
    for (const [name, resource] of resourcesByName) {
      this.byName.set(name, byResource.get(resource)!);
    }
    for (const key of this.all.filter(({ resource }) => resource === undefined)) {
      for (const policy of [...key.policies.before, ...key.policies.after]) {
        const name = keyIdOf(policy, "after") ?? keyIdOf(policy, "before");
        if (name !== undefined) {
          this.byName.set(nameIn(this.references.providers.regionOf(policy), name), key);
        }
      }
    }
  }

  private indexAliases(): void {
    const aliases = this.resources.withType("aws_kms_alias").flatMap((alias) => {
      const { after, before } = this.usesOf(alias, "target_key_id");
      const use = [after, before].find(({ kind }) => kind === "planned");
      return use?.kind === "planned" ? [{ alias, key: use.key }] : [];
    });
    for (const { alias, key } of aliases) {
      const arn = stringOf(alias, "before", "arn");
      if (arn !== undefined) {
        this.byName.set(arn, key);
      }
    }
    const named = aliases.flatMap(({ alias, key }) => {
      const name = stringOf(alias, exists(alias, "after") ? "after" : "before", "name");
      // An alias is in the Region of its key.
      const region =
        this.references.providers.regionOf(alias) ?? (key.resource && this.references.providers.regionOf(key.resource));
      return name === undefined ? [] : [...new Set([name, nameIn(region, name)])].map((one) => ({ key, name: one }));
    });
    for (const [name, group] of groupBy(named, (one) => one.name)) {
      const [key, ...others] = new Set(group.map((one) => one.key));
      // Each account can have an alias of the name.
      if (key && others.length === 0) {
        this.byName.set(name, key);
      }
    }
  }
}

/**
 * Returns the key_id of a policy. Only a replacement moves the policy to another key: an update with another key_id changes the
 * policy of the former key.
 */
function keyIdOf(policy: PlannedResource, side: Side): string | undefined {
  const sides: readonly Side[] = policy.action === "replace" ? [side] : ["before", "after"];
  return sides.map((one) => stringOf(policy, one, "key_id")).find((name) => name !== undefined);
}

/** Whether the plan does not show the key_id of a policy. */
function hidesKey(policy: PlannedResource): boolean {
  return keyIdOf(policy, exists(policy, "after") ? "after" : "before") === undefined;
}

/**
 * Returns the account of the principals that a policy allows kms:PutKeyPolicy; undefined if they are of several accounts, or if the
 * policy is not shown. It is the key's account: KMS ignores this permission for other accounts, and refuses a policy that the
 * caller cannot change again.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
function accountOfAdministrators({ kind, statements }: KeyPolicy): string | undefined {
  const principals = statements
    .filter((statement) => statement.Effect === "Allow" && matchesAction(statement, "kms:PutKeyPolicy"))
    .flatMap(({ Principal }) => awsPrincipals(Principal));
  const [account, ...others] = new Set(principals.map(accountOf));
  return kind === "shown" && others.length === 0 ? account : undefined;
}

/**
 * Maps a name to its key, if only one key has the name. Replicas share the ID of their multi-Region key, so such an ID counts
 * together with the Region.
 */
function uniqueNames(keys: readonly PlannedResource[], references: References): ReadonlyMap<string, PlannedResource> {
  const keyNames = keys.flatMap((key) => {
    const region = references.providers.regionOf(key);
    return namesOf(key).flatMap((name) =>
      [...new Set([name, nameIn(region, name)])].map((one) => ({ key, name: one })),
    );
  });
  const unique = [...groupBy(keyNames, ({ name }) => name)].flatMap(([name, group]) => {
    const [key, ...others] = new Set(group.map((entry) => entry.key));
    return key && others.length === 0 ? [[name, key] as const] : [];
  });
  return new Map(unique);
}

/**
 * Adds the Region to the ID of a multi-Region key, because its replicas share the ID, and to the name of an alias, because other
 * Regions can have the same name. Returns any other name unchanged.
 */
function nameIn(region: string | undefined, name: string): string {
  return region !== undefined && /^(?:mrk-|alias\/)/.test(name) ? `${name} in ${region}` : name;
}

/** Returns the names of a key: its address, and its ARN and ID before and after the change. */
function namesOf(key: PlannedResource): readonly string[] {
  const values = (["before", "after"] as const).flatMap((side) =>
    ["arn", "key_id", "id"].map((name) => stringOf(key, side, name)),
  );
  return [key.address, ...values.filter((value) => value !== undefined)];
}
