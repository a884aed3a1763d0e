import { groupBy } from "../../modules/private/group-by";
import { knownStatements, type PartialStatement } from "../plan/document";
import { attributeOf, blocksOf, isThere, type Plan, type PlannedResource, type Side, textOf } from "../plan/plan";
import { References } from "../plan/references";
import { many, type Statement, statementsOf } from "../policy/statement";

const DOCUMENT = "aws_iam_policy_document";
const KEYS = ["aws_kms_external_key", "aws_kms_key", "aws_kms_replica_external_key", "aws_kms_replica_key"];
/** The types of resources whose `policy` gives permissions to a role, user or group. */
const IAM_POLICIES = ["aws_iam_group_policy", "aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy"];

/** A key policy as far as it is shown. */
export type Policy =
  | { readonly kind: "shown"; readonly statements: readonly Statement[] }
  /** The one that KMS gives to a key without: IAM policies decide, for the account's root may do everything. */
  | { readonly kind: "default"; readonly statements: readonly Statement[] }
  | {
      readonly kind: "hidden";
      /** The known part of its statements. */
      readonly known: readonly PartialStatement[];
      readonly statements: readonly [];
      readonly why: string;
    }
  /** There is no key. */
  | { readonly kind: "none"; readonly statements: readonly [] };

/** A key of the plan, or one elsewhere whose policy is in the plan. */
export interface Key {
  /** The account that it is in, if that is known. */
  readonly account: string | undefined;
  /** Of the key or, if that is elsewhere, of its policy. */
  readonly address: string;
  /** The aws_kms_key_policy resources that are there for it. */
  readonly policies: Readonly<Record<Side, readonly PlannedResource[]>>;
  readonly policy: Readonly<Record<Side, Policy>>;
  /** The key itself; undefined if it is not in the plan. */
  readonly resource: PlannedResource | undefined;
}

/** The key that a resource uses. */
export type KeyUse =
  | { readonly key: Key; readonly kind: "planned" }
  /** One that is not in the plan, by its ARN, its ID, or an alias. */
  | { readonly kind: "elsewhere"; readonly name: string }
  /** One that AWS owns. */
  | { readonly kind: "none" }
  | { readonly kind: "hidden"; readonly why: string };

/** A cluster or a namespace. */
export interface Warehouse {
  readonly key: Readonly<Record<Side, KeyUse>>;
  readonly kind: "cluster" | "namespace";
  readonly region: string | undefined;
  readonly resource: PlannedResource;
}

/** A policy of a role, user or group, as it is after the change. */
export interface IamPolicy {
  readonly resource: PlannedResource;
  readonly statements: readonly Statement[];
}

/** The subject of a plan: keys, warehouses and who may use them, and how they hang together. */
export class Model {
  /** The caller of the plan, if a data source has it. */
  public readonly callerArn: string | undefined;
  public readonly iamPolicies: readonly IamPolicy[];
  public readonly keys: readonly Key[];
  public readonly references: References;
  public readonly warehouses: readonly Warehouse[];
  private readonly byType: ReadonlyMap<string, readonly PlannedResource[]>;
  private readonly users: Readonly<Record<Side, ReadonlyMap<Key | undefined, readonly Warehouse[]>>>;
  private readonly byValue = new Map<string, ReadonlyMap<string | undefined, readonly PlannedResource[]>>();
  /** Keys by whatever names them: ARN and ID before and after, and the address of the resource. */
  private readonly keysByName = new Map<string, Key>();

  public constructor(private readonly plan: Plan) {
    this.references = new References(plan);
    this.byType = groupBy(plan.resources, ({ type }) => type);
    const callers = plan.dataSources.filter(({ type }) => type === "aws_caller_identity");
    const arns = new Set(callers.map(({ values }) => values.arn));
    this.callerArn = arns.size === 1 ? String([...arns][0]) : undefined;
    this.keys = this.readKeys();
    this.iamPolicies = [
      ...IAM_POLICIES.flatMap((type) => this.ofType(type)).map((resource) => ({
        resource,
        statements: statementsOf(textOf(resource, "after", "policy")) ?? [],
      })),
      // A role also lists policies that are resources of their own, which count there.
      ...this.ofType("aws_iam_role").flatMap((resource) =>
        (this.references.isConfigured(resource, "inline_policy")
          ? (blocksOf(resource, "after", "inline_policy") ?? [])
          : []
        ).map(({ policy }) => ({
          resource,
          statements: statementsOf(policy) ?? [],
        })),
      ),
    ];
    this.warehouses = (["cluster", "namespace"] as const).flatMap((kind) =>
      this.ofType(kind === "cluster" ? "aws_redshift_cluster" : "aws_redshiftserverless_namespace").map((resource) => ({
        key: this.keyUses(resource, "kms_key_id"),
        kind,
        region: this.references.regionOf(resource),
        resource,
      })),
    );
    const users = (side: Side): ReadonlyMap<Key | undefined, readonly Warehouse[]> => {
      const there = this.warehouses.filter(({ resource }) => isThere(resource, side));
      return groupBy(there, ({ key: { [side]: use } }) => (use.kind === "planned" ? use.key : undefined));
    };
    this.users = { after: users("after"), before: users("before") };
  }

  public get resources(): readonly PlannedResource[] {
    return this.plan.resources;
  }

  public ofType(type: string): readonly PlannedResource[] {
    return this.byType.get(type) ?? [];
  }

  /** The resources of a type whose attribute has a value after the change. */
  public having(type: string, attribute: string, value: string): readonly PlannedResource[] {
    const index = `${type}.${attribute}`;
    const found = this.byValue.get(index) ?? groupBy(this.ofType(type), (one) => textOf(one, "after", attribute));
    this.byValue.set(index, found);
    return found.get(value) ?? [];
  }

  /** The warehouses that use a key before or after the change. */
  public usersOf(key: Key, side: Side): readonly Warehouse[] {
    return this.users[side].get(key) ?? [];
  }

  /** The key that an attribute of a resource means. */
  public keyUses(resource: PlannedResource, attribute: string): Readonly<Record<Side, KeyUse>> {
    return { after: this.keyUse(resource, attribute, "after"), before: this.keyUse(resource, attribute, "before") };
  }

  private keyUse(resource: PlannedResource, attribute: string, side: Side): KeyUse {
    const found = attributeOf(resource, side, attribute);
    if (found.kind === "known") {
      const key = this.keyNamed(String(found.value));
      const isOwnedByAws = found.value === "AWS_OWNED_KMS_KEY" || found.value === "";
      return key
        ? { key, kind: "planned" }
        : isOwnedByAws
          ? { kind: "none" }
          : { kind: "elsewhere", name: String(found.value) };
    }
    // A value that is computed, and absent from the configuration, is AWS's choice.
    const isChosenByAws = found.kind === "absent" || this.references.isConfigured(resource, attribute) === false;
    if (isChosenByAws) {
      return { kind: "none" };
    }
    const keys = this.keysBehind(resource, attribute);
    return keys.length === 1 ? { key: keys[0]!, kind: "planned" } : { kind: "hidden", why: found.kind };
  }

  /** The key of a name; the ID that an ARN ends with will do, but for a multi-Region key, of which there are several. */
  private keyNamed(name: string): Key | undefined {
    return this.keysByName.get(name) ?? this.keysByName.get(/:key\/(?!mrk-)(.+)$/.exec(name)?.[1] ?? "");
  }

  /** The keys that an attribute refers to, by an alias also. */
  private keysBehind(resource: PlannedResource, attribute: string): readonly Key[] {
    const found = this.references.behind(resource, attribute).flatMap((behind): readonly (Key | undefined)[] => {
      return behind.type === "aws_kms_alias"
        ? this.keysBehind(behind, "target_key_id")
        : [this.keysByName.get(behind.address)];
    });
    return [...new Set(found)].filter((key) => key !== undefined);
  }

  private readKeys(): readonly Key[] {
    const resources = KEYS.flatMap((type) => this.ofType(type));
    // Replicas of a multi-Region key share its ID.
    const names = groupBy(
      resources.flatMap((resource) => namesOf(resource).map((name) => [name, resource] as const)),
      ([name]) => name,
    );
    const byName = new Map(
      [...names].flatMap(([name, named]) => {
        const [one, ...others] = new Set(named.map(([, resource]) => resource));
        return one && others.length === 0 ? [[name, one] as const] : [];
      }),
    );
    const keyOf = (policy: PlannedResource, side: Side): PlannedResource | undefined => {
      const behind = this.references.behind(policy, "key_id").filter(({ type }) => KEYS.includes(type));
      return byName.get(textOf(policy, side, "key_id") ?? "") ?? (behind.length === 1 ? behind[0] : undefined);
    };
    const on = (side: Side): ReadonlyMap<PlannedResource | undefined, readonly PlannedResource[]> => {
      const there = this.ofType("aws_kms_key_policy").filter((policy) => isThere(policy, side));
      return groupBy(there, (policy) => keyOf(policy, side));
    };
    const policies = { after: on("after"), before: on("before") };
    const of = (key: PlannedResource | undefined, side: Side) => policies[side].get(key) ?? [];
    const alone = new Set([...of(undefined, "before"), ...of(undefined, "after")]);
    const only = (policy: PlannedResource, side: Side) => of(undefined, side).filter((one) => one === policy);
    const keys = [
      ...resources.map((key) => this.readKey(key, { after: of(key, "after"), before: of(key, "before") })),
      ...[...alone].map((policy) =>
        this.readKey(undefined, { after: only(policy, "after"), before: only(policy, "before") }),
      ),
    ];
    const byResource = new Map(keys.map((key) => [key.resource, key]));
    for (const [name, resource] of byName) {
      this.keysByName.set(name, byResource.get(resource)!);
    }
    for (const key of keys.filter(({ resource }) => resource === undefined)) {
      for (const policy of [...key.policies.before, ...key.policies.after]) {
        this.keysByName.set(textOf(policy, "after", "key_id") ?? textOf(policy, "before", "key_id") ?? "", key);
      }
    }
    for (const alias of this.ofType("aws_kms_alias")) {
      const target = this.keyUses(alias, "target_key_id");
      const use = [target.after, target.before].find(({ kind }) => kind === "planned");
      const arn = textOf(alias, "before", "arn");
      if (arn !== undefined && use?.kind === "planned") {
        this.keysByName.set(arn, use.key);
      }
    }
    return keys;
  }

  private readKey(resource: PlannedResource | undefined, policies: Key["policies"]): Key {
    const of = (resource ?? policies.after[0] ?? policies.before[0])!;
    const arn = textOf(of, "before", "arn") ?? textOf(of, "after", "arn") ?? this.callerOf(of);
    const [, partition, , , account] = arn?.split(":") ?? [];
    const root = account === undefined ? "the root of the key's account" : `arn:${partition}:iam::${account}:root`;
    const [before, after] = (["before", "after"] as const).map((side) =>
      this.readPolicy(resource, policies, side, root),
    );
    // One object if nothing changes, so that its results are computed once.
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    const policy = { after: after!, before: isSame ? after! : before! };
    return { account, address: of.address, policies, policy, resource };
  }

  /** The caller of AWS by the provider of a resource, if a data source has it. */
  private callerOf(resource: PlannedResource): string | undefined {
    const provider = this.references.providerOf(resource);
    const found = this.plan.dataSources.find(
      (data) => data.type === "aws_caller_identity" && this.references.providerOf(data) === provider,
    );
    return found && String(found.values.arn);
  }

  private readPolicy(
    resource: PlannedResource | undefined,
    policies: Key["policies"],
    side: Side,
    root: string,
  ): Policy {
    if (resource && !isThere(resource, side)) {
      return { kind: "none", statements: [] };
    }
    const byDefault: Policy = {
      kind: "default",
      statements: [{ Action: "kms:*", Effect: "Allow", Principal: { AWS: root }, Resource: "*" }],
    };
    const [standing] = policies[side];
    if (standing) {
      return this.policyOf(standing, side, resource);
    }
    const isConfigured = resource && this.references.isConfigured(resource, "policy");
    const [gone] = side === "after" ? policies.before : [];
    if (gone && !isConfigured) {
      // The provider puts the default back, unless the lockout check is bypassed, or the resource moves to another key.
      const isReset = !isThere(gone, "after") && gone.change.before?.bypass_policy_lockout_safety_check !== true;
      return isReset ? byDefault : this.policyOf(gone, "before", resource);
    }
    if (!resource) {
      return { kind: "hidden", known: [], statements: [], why: "the key is not in the plan" };
    }
    const own = this.policyOf(resource, side, resource);
    return own.kind === "none" || (own.kind === "hidden" && isConfigured === false) ? byDefault : own;
  }

  private policyOf(resource: PlannedResource, side: Side, key: PlannedResource | undefined): Policy {
    const attribute = attributeOf(resource, side, "policy");
    if (attribute.kind === "absent" || (attribute.kind === "known" && attribute.value === "")) {
      return { kind: "none", statements: [] };
    }
    if (attribute.kind !== "known") {
      const documents = this.references.behind(resource, "policy").filter(({ type }) => type === DOCUMENT);
      const known = attribute.kind === "sensitive" ? [] : documents.flatMap(knownStatements);
      return { kind: "hidden", known, statements: [], why: attribute.kind };
    }
    const statements = statementsOf(attribute.value);
    const arn = key && textOf(key, "before", "arn");
    return statements
      ? { kind: "shown", statements: statements.map((statement) => ofKey(statement, arn)) }
      : { kind: "hidden", known: [], statements: [], why: "it is no policy in JSON" };
  }
}

/** A statement of a key's policy that names the key by its ARN is of the key, as one of `*` is. */
function ofKey(statement: Statement, arn: string | undefined): Statement {
  return arn !== undefined && many(statement.Resource).includes(arn) ? { ...statement, Resource: "*" } : statement;
}

/** The name of a key in a report. */
export function keyName({ address, resource }: Pick<Key, "address" | "resource">): string {
  return resource ? address : `the key of ${address}`;
}

/** The names of a key: its address, and its ARN and ID before and after. */
function namesOf(resource: PlannedResource): readonly string[] {
  const values = (["before", "after"] as const).flatMap((side) =>
    ["arn", "key_id", "id"].map((name) => textOf(resource, side, name)),
  );
  return [resource.address, ...values.filter((value) => value !== undefined)];
}
