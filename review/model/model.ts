import { groupBy } from "../../modules/private/group-by";
import { partitionOf } from "../../modules/private/partition";
import { Accounts } from "../plan/accounts";
import { arnOf, attributeOf, exists, shownElements, stringOf } from "../plan/attributes";
import type { Plan, PlannedResource, Side, Values } from "../plan/plan";
import { References } from "../plan/references";
import { memoizedByObject } from "../plan/memoized";
import { asText } from "../plan/predicates";
import type { Place } from "../policy/resource-pattern";
import type { Statement } from "../policy/statement";
import type { Key, KeyUse } from "./key";
import { type Attachment, ATTACHMENTS } from "./identity/attachments";
import { HeldPolicies } from "./identity/held-policies";
import { Identities } from "./identity/identities";
import { arnOfIdentity, arnOfProvider, IDENTITY_TYPES } from "./identity/identity-arn";
import { documentPolicy, hiddenPolicy, NO_BLOCKS, textPolicy } from "./identity/identity-policy";
import { Keys } from "./keys";
import { partsBeside } from "./network-parts";
import { PlannedResources } from "./planned-resources";

/**
 * The attributes that decide about access, and that AWS sets if the configuration does not. Terraform undoes no change of them that it
 * did not make.
 */
const SET_BY_AWS = [
  "cluster_parameter_group_name",
  "config_parameter",
  "encrypted",
  "kms_key_id",
  "policy",
  "publicly_accessible",
  "security_group_ids",
  "vpc_security_group_ids",
];

const WAREHOUSE_TYPES = { cluster: "aws_redshift_cluster", namespace: "aws_redshiftserverless_namespace" } as const;

/** A cluster or a namespace. */
export interface Warehouse {
  readonly address: string;
  readonly key: Readonly<Record<Side, KeyUse>>;
  readonly kind: keyof typeof WAREHOUSE_TYPES;
  readonly region: string | undefined;
  readonly resource: PlannedResource;
}

/** A policy of a role, user or group after the change. */
export interface IamPolicy {
  /** The address of the resource that has the policy. */
  readonly address: string;
  readonly attribute: string;
  /** The ARN of the policy if AWS manages it, so that nobody else can change it. */
  readonly awsManaged?: string;
  /** Why a part of the policy, or all of it, is not shown; undefined if the plan shows the whole policy. */
  readonly notShown: string | undefined;
  /** Why the content of the policy is not in the plan; undefined if the content is in the plan. */
  readonly outOfPlan?: string | undefined;
  readonly resource: PlannedResource;
  readonly statements: readonly Statement[];
}

/** The keys, warehouses and IAM policies of a plan, and how they refer to each other. */
export class Model extends PlannedResources {
  /** The resources that have changed outside Terraform, with the attributes that the configuration sets or that decide about access. */
  public readonly drift: readonly PlannedResource[];
  public readonly iamPolicies: readonly IamPolicy[];
  public readonly heldPolicies: HeldPolicies;
  public readonly identities: Identities;
  public readonly keys: readonly Key[];
  public readonly keyUses: Keys["usesOf"];
  public readonly references: References;
  public readonly trustPolicies: readonly IamPolicy[];
  public readonly warehouses: readonly Warehouse[];
  private readonly keysByAddress: ReadonlyMap<string, Key>;
  private readonly planned: ReadonlyMap<string, PlannedResource>;
  private readonly warehousesByKey: Readonly<Record<Side, ReadonlyMap<Key | undefined, readonly Warehouse[]>>>;

  /** Returns the place of a resource, as far as the plan shows it. */
  public readonly placeOf = memoizedByObject((resource: PlannedResource): Place => ({
    account: this.accountOf(resource),
    partition: this.partitionOf(resource),
    region: this.references.providers.regionOf(resource),
  }));
  private accounts: Accounts | undefined;

  public constructor(private readonly plan: Plan) {
    super(plan.resources);
    this.planned = new Map(plan.resources.map((resource) => [resource.address, resource]));
    this.references = new References(plan);
    const keys = new Keys(this, this.references);
    this.keys = keys.all;
    this.keysByAddress = new Map(keys.all.map((key) => [key.address, key]));
    this.keyUses = keys.usesOf.bind(keys);
    this.identities = new Identities(this, this.references);
    this.heldPolicies = new HeldPolicies(this, this.references, this.identities);
    this.drift = plan.drift.map((resource) => this.configuredPart(resource));
    this.iamPolicies = [
      ...this.withType("aws_iam_policy").map((resource) => this.policyOf(resource, "policy")),
      ...Object.entries(ATTACHMENTS).flatMap(([type, attachment]) =>
        this.withType(type).flatMap((resource) => this.policiesBy(resource, attachment)),
      ),
      ...this.withType("aws_iam_role").flatMap((role) => [
        ...this.attachedPolicies(role, "managed_policy_arns", true),
        ...this.inlinePolicies(role),
      ]),
    ];
    this.trustPolicies = this.withType("aws_iam_role").map((role) => this.policyOf(role, "assume_role_policy"));
    this.warehouses = (["cluster", "namespace"] as const).flatMap((kind) =>
      this.withType(WAREHOUSE_TYPES[kind]).map((resource) => ({
        address: resource.address,
        key: keys.usesOf(resource, "kms_key_id"),
        kind,
        region: this.references.providers.regionOf(resource),
        resource,
      })),
    );
    this.warehousesByKey = { after: byKey(this.warehouses, "after"), before: byKey(this.warehouses, "before") };
  }

  /** Returns the account of a resource; undefined if it is unknown. */
  public accountOf(resource: PlannedResource): string | undefined {
    this.accounts ??= new Accounts(this.plan, this.references);
    return this.accounts.accountOf(resource);
  }

  /** Returns the partition of a resource, from its ARN, its Region or its provider's caller; undefined if none of these is known. */
  public partitionOf(resource: PlannedResource): string | undefined {
    const region = this.references.providers.regionOf(resource);
    const regionPartition = region === undefined ? undefined : partitionOf(region);
    return (
      arnOf(resource)?.split(":")[1] ?? regionPartition ?? this.references.providers.callerOf(resource)?.split(":")[1]
    );
  }

  /** Returns the warehouses that use a key before or after the change. */
  public warehousesOf(key: Key, side: Side): readonly Warehouse[] {
    return this.warehousesByKey[side].get(key) ?? [];
  }

  /** Returns the key at an address; undefined if there is none. */
  public keyAt(address: string): Key | undefined {
    return this.keysByAddress.get(address);
  }

  /** Returns the resource at an address, as the plan has it; undefined if there is none. */
  public atAddress(address: string): PlannedResource | undefined {
    return this.planned.get(address);
  }

  /**
   * Returns the principal in an attribute after the change. If the attribute is unknown and refers to a role or user of the plan,
   * composes its ARN from the account, the path and the name. Undefined if the plan does not show the principal, or one of these
   * parts.
   */
  public principalIn(resource: PlannedResource, attribute: string): string | undefined {
    const isUnknown = attributeOf(resource, "after", attribute).kind === "unknown until apply";
    const link = isUnknown ? this.references.linkOf(resource, attribute, IDENTITY_TYPES) : undefined;
    const composed = link && (link.attribute ?? "arn") === "arn" ? this.arnOfIdentity(link.resource) : undefined;
    return stringOf(resource, "after", attribute) ?? composed;
  }

  /** Composes the ARN of a role or user of the plan; undefined for another resource, or if the plan does not show a part of it. */
  public arnOfIdentity(identity: PlannedResource): string | undefined {
    return IDENTITY_TYPES.includes(identity.type) && this.whyHidden(identity, "name", "path") === undefined
      ? arnOfIdentity(identity, this.partitionOf(identity), this.accountOf(identity))
      : undefined;
  }

  /** Does the same for an identity provider, too. */
  private arnOfPrincipal(principal: PlannedResource): string | undefined {
    return (
      this.arnOfIdentity(principal) ?? arnOfProvider(principal, this.partitionOf(principal), this.accountOf(principal))
    );
  }

  /**
   * Returns the ARN of a warehouse on one side of the change. The ARN of a new cluster is composed from its Region, account and
   * identifier. Undefined if the plan does not show one of these parts, or for a new namespace, because AWS assigns its ID.
   */
  public arnOfWarehouse({ kind, region, resource }: Warehouse, side: Side): string | undefined {
    if (kind === "namespace" || attributeOf(resource, side, "arn").kind !== "unknown until apply") {
      return stringOf(resource, side, "arn");
    }
    const identifier = stringOf(resource, side, "cluster_identifier");
    const parts = [
      "arn",
      this.partitionOf(resource),
      "redshift",
      region,
      this.accountOf(resource),
      "cluster",
      identifier,
    ];
    return parts.includes(undefined) ? undefined : parts.join(":");
  }

  /**
   * Returns the ARN of the credentials that a key's provider uses. The ARN comes from aws_caller_identity; undefined if the plan
   * has no such data source.
   */
  public callerOf({ policies, resource }: Key): string | undefined {
    const source = resource ?? policies.after[0];
    return source && this.references.providers.callerOf(source);
  }

  /**
   * Returns why one of these attributes is not shown after the change, for the first such attribute. Undefined if each attribute is
   * shown, or gets its value from AWS.
   */
  public whyHidden(resource: PlannedResource, ...attributes: readonly string[]): string | undefined {
    for (const name of attributes) {
      const { kind } = attributeOf(resource, "after", name);
      const isUnknown =
        kind === "unknown until apply" && this.references.configuration.isConfigured(resource, name) !== false;
      if (kind === "sensitive" || isUnknown) {
        return `${name} is ${kind}`;
      }
    }
    return undefined;
  }

  /** Whether another resource sets the policy of a secret before the change. The provider also reads that policy into the secret. */
  public hasSecretPolicy(secret: PlannedResource): boolean {
    const arn = stringOf(secret, "before", "arn");
    const policies = "aws_secretsmanager_secret_policy";
    return arn !== undefined && this.withValue(policies, "secret_arn", arn, "before").length > 0;
  }

  /**
   * Returns a drifted resource without the attributes that other resources set, such as the policy of a key. Also leaves out the
   * policies of a role, the rules of a security group and the entries of a prefix list that other resources of the plan manage.
   */
  private configuredPart(resource: PlannedResource): PlannedResource {
    const { after, before } = resource.change;
    if (resource.action !== "update" || !after || !before) {
      return resource;
    }
    const key = this.keyAt(resource.address);
    const hasPolicyResource =
      (key?.resource !== undefined && key.policies.before.length > 0) || this.hasSecretPolicy(resource);
    const isKept = (name: string): boolean =>
      SET_BY_AWS.includes(name)
        ? !(name === "policy" && hasPolicyResource)
        : this.references.configuration.isConfigured(resource, name) !== false;
    const part = (values: Values): Values => ({
      ...(resource.type === "aws_iam_role" && this.identities.roles.policiesBeside(resource, values)),
      ...partsBeside(resource, values, this),
      ...Object.fromEntries(Object.entries(values).filter(([name]) => isKept(name))),
    });
    return { ...resource, change: { ...resource.change, after: part(after), before: part(before) } };
  }

  private policiesBy(resource: PlannedResource, { content, isBoundary }: Attachment): readonly IamPolicy[] {
    const [kind, attribute] = content;
    switch (kind) {
      case "document":
        return [this.policyOf(resource, attribute)];
      case "block":
        return isBoundary ? [] : this.hiddenPoliciesIn(resource, content);
      default:
        return this.attachedPolicies(resource, attribute, kind === "ARNs");
    }
  }

  /**
   * Returns the managed policies that an attribute attaches. An aws_iam_policy of the plan has no statements here, but an entry of its own
   * in `iamPolicies`.
   */
  private attachedPolicies(resource: PlannedResource, attribute: string, isList: boolean): readonly IamPolicy[] {
    const { address } = resource;
    const policies = attributeOf(resource, "after", attribute);
    // If a role does not set managed_policy_arns, the attribute has the policies that AWS lists. They are no attachments of the
    // plan.
    const isListed =
      resource.type === "aws_iam_role" && this.references.configuration.isConfigured(resource, attribute) !== true;
    if (policies.kind === "absent" || isListed) {
      return [];
    }
    // A list can have known ARNs beside unknown ones.
    const arns = policies.kind === "known" ? [policies.value].flat() : shownElements(resource, attribute);
    const shown = arns.map((arn) => this.attachedPolicy(resource, attribute, asText(arn)));
    if (policies.kind === "known") {
      return shown;
    }
    const isOfPlan =
      !(isList && this.references.whyListHidden(resource, attribute)) && this.refersToPolicies(resource, attribute);
    return [...shown, { address, attribute, notShown: isOfPlan ? undefined : policies.kind, resource, statements: [] }];
  }

  /** Returns the policies that the blocks of an attribute name. Policies of the plan are left out: they have entries of their own. */
  private hiddenPoliciesIn(resource: PlannedResource, content: Attachment["content"]): readonly IamPolicy[] {
    const [, attribute] = content;
    const { address } = resource;
    return this.identities.attached
      .contentOf(resource, content)
      .filter(({ name, notShown }) =>
        name === address
          ? !this.refersToPolicies(resource, attribute)
          : notShown !== undefined && this.atAddress(name) === undefined,
      )
      .map(({ name, notShown }) => ({
        address,
        attribute,
        notShown: name === address ? notShown : undefined,
        outOfPlan: name === address ? undefined : `the content of ${name} is not in the plan`,
        resource,
        statements: [],
      }));
  }

  /** Whether an unknown attribute refers to managed policies of the plan, and to nothing else. */
  private refersToPolicies(resource: PlannedResource, attribute: string): boolean {
    return (
      this.references.linksOf(resource, attribute, ["aws_iam_policy"]).length > 0 &&
      this.references.resourcesBehind(resource, attribute).every(({ type }) => type === "aws_iam_policy")
    );
  }

  private attachedPolicy(resource: PlannedResource, attribute: string, arn: string): IamPolicy {
    const { name, notShown, statements } = this.identities.managed.policyOfArn(arn, resource);
    // The name of a policy of the plan is its address.
    const isElsewhere = name === arn;
    const isShown = isElsewhere && notShown === undefined;
    return {
      address: resource.address,
      attribute,
      ...(isShown && arn.includes(":iam::aws:policy/") && { awsManaged: arn }),
      notShown: undefined,
      outOfPlan: isElsewhere && !isShown ? `the content of ${arn} is not in the plan` : undefined,
      resource,
      statements: isElsewhere ? statements : [],
    };
  }

  private inlinePolicies(role: PlannedResource): readonly IamPolicy[] {
    const blocks = this.identities.roles.inlineBlocks(role);
    const why = this.whyHidden(role, "inline_policy") ?? NO_BLOCKS;
    const policies = blocks?.map(({ policy }) => textPolicy(role.address, policy)) ?? [hiddenPolicy(role.address, why)];
    return policies.map(({ notShown, statements }) => ({
      address: role.address,
      attribute: "inline_policy",
      notShown,
      resource: role,
      statements,
    }));
  }

  /** Returns the policy that an attribute of a resource has after the change. */
  public policyOf(resource: PlannedResource, attribute: string): IamPolicy {
    const { notShown, statements } = documentPolicy(resource, attribute, this.references, (one) =>
      this.arnOfPrincipal(one),
    );
    return { address: resource.address, attribute, notShown, resource, statements };
  }
}

function byKey(warehouses: readonly Warehouse[], side: Side): ReadonlyMap<Key | undefined, readonly Warehouse[]> {
  const existing = warehouses.filter(({ resource }) => exists(resource, side));
  return groupBy(existing, ({ key: { [side]: use } }) => (use.kind === "planned" ? use.key : undefined));
}
