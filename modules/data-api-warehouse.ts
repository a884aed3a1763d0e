import { Construct } from "constructs";
import { DataApiAccess, type DataApiAccessOptions, type DataApiAccessProps } from "./data-api/data-api-access";
import { ROLE } from "./iam/data-api-role";
import { checkIdentities, type Identity } from "./iam/identity";
import { DataApiKey } from "./kms/data-api-key";
import type { DataApiKeyProps } from "./kms/data-api-key-props";
import type { IDataApiKey } from "./kms/key";
import { checkAs, checkKnownList, checkNotBoth, checkObject, checkRequired, fail } from "./private/checks";
import { checkProps, code, type PropRules, propRules } from "./private/prop-rules";
import {
  ENVIRONMENT_PROPS,
  type EnvironmentProps,
  TAGGED_RESOURCE_PROPS,
  type TaggedResourceProps,
} from "./private/resource-props";
import { EncryptedCluster } from "./redshift/cluster";
import type { EncryptedClusterProps } from "./redshift/cluster-props";
import { EncryptedServerless } from "./redshift/serverless";
import type { EncryptedServerlessProps } from "./redshift/serverless-props";
import { type IWarehouse, WAREHOUSE } from "./redshift/warehouse";

/** The props that give the warehouse. Exactly one of them must be given. */
const KINDS = ["cluster", "serverless", "warehouse"] as const;
/** The props that are refused beside `warehouse`, because they only affect a warehouse that is created here. */
const PROPS_OF_CREATED = ["accountId", "key", "keyProps", "partition", "region", "tags"] as const;
/** The props with the settings of a part: a cluster, a key or a serverless warehouse. */
const PARTS = ["cluster", "keyProps", "serverless"] as const;
/** The settings that are refused in a part, because props of the DataApiWarehouse decide them. */
const DECIDED = ["accountId", "administrators", "key", "partition", "provider", "region", "tags", "warehouse"] as const;

/** A role that uses the warehouse, and its access: the options of DataApiAccess. */
export type DataApiWarehouseUser = Omit<DataApiAccessOptions, "provider" | "warehouse">;

/** A key, a warehouse under it, and the roles that use the warehouse. */
export interface DataApiWarehouseOptions extends EnvironmentProps, TaggedResourceProps {
  /**
   * The IAM principals that administer the key. A key that is created here requires one at least. They are added to the
   * administrators of `key`, or of the key of `warehouse`. The policy of an existing key does not change: the key's
   * `requiredStatements` name them.
   *
   * @default - none
   */
  readonly administrators?: readonly Identity[] | undefined;
  /**
   * The settings of a cluster to create: the props of EncryptedCluster. One of `cluster`, `serverless` and `warehouse` is given.
   *
   * @default - no cluster is created
   */
  readonly cluster?:
    Omit<EncryptedClusterProps, keyof EnvironmentProps | keyof TaggedResourceProps | "key"> | undefined;
  /**
   * The key of the created warehouse: an existing key, or a key that other warehouses share.
   *
   * @default - a key is created, or the key is that of `warehouse`
   */
  readonly key?: IDataApiKey | undefined;
  /**
   * The settings of the created key: the props of DataApiKey. Without `alias`, the alias is `alias/` and the cluster's identifier
   * or the namespace's name.
   *
   * @default - the defaults of DataApiKey
   */
  readonly keyProps?:
    Partial<Omit<DataApiKeyProps, keyof EnvironmentProps | keyof TaggedResourceProps | "administrators">> | undefined;
  /**
   * The settings of a namespace and its workgroup to create: the props of EncryptedServerless. One of `cluster`, `serverless` and
   * `warehouse` is given.
   *
   * @default - no serverless warehouse is created
   */
  readonly serverless?:
    Omit<EncryptedServerlessProps, keyof EnvironmentProps | keyof TaggedResourceProps | "key"> | undefined;
  /**
   * The roles that use the warehouse through the Data API. Each gets a DataApiAccess, and becomes a user of the key.
   *
   * @default - none
   */
  readonly users?: readonly DataApiWarehouseUser[] | undefined;
  /**
   * An existing warehouse, such as EncryptedCluster.fromClusterIdentifier returns, or a warehouse of another construct. `key`,
   * `keyProps`, `tags` and the account, partition and Region are refused beside `warehouse`. One of `cluster`, `serverless` and
   * `warehouse` is given.
   *
   * @default - a warehouse is created
   */
  readonly warehouse?: IWarehouse | undefined;
}

/** @internal */
export const DATA_API_WAREHOUSE_PROPS = propRules("DataApiWarehouseOptions", {
  administrators: code(),
  cluster: code(),
  key: code(),
  keyProps: code(),
  serverless: code(),
  users: code(),
  warehouse: code(WAREHOUSE),
  ...ENVIRONMENT_PROPS,
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<DataApiWarehouseOptions>);

/** The warehouse is a cluster to create, a serverless warehouse to create, or a warehouse of another construct. */
export type DataApiWarehouseProps = DataApiWarehouseOptions &
  (
    | ({ readonly [K in "cluster"]: NonNullable<DataApiWarehouseOptions[K]> } & {
        readonly [K in "serverless" | "warehouse"]?: undefined;
      })
    | ({ readonly [K in "serverless"]: NonNullable<DataApiWarehouseOptions[K]> } & {
        readonly [K in "cluster" | "warehouse"]?: undefined;
      })
    | ({ readonly [K in "warehouse"]: NonNullable<DataApiWarehouseOptions[K]> } & {
        readonly [K in "cluster" | "key" | "keyProps" | "serverless" | "tags" | keyof EnvironmentProps]?: undefined;
      })
  );

/**
 * A warehouse with all that its Data API requires: a customer managed key, a cluster or a serverless namespace and workgroup under it,
 * and the access of each role. The warehouse and the key are created, or exist.
 *
 * @example
 * const role = new DataApiRole(stack, "Reader", {
 *   roleName: "AnalyticsReader",
 *   trustedPrincipals: [Identity.forAccountRoot("111122223333")],
 * });
 * new DataApiWarehouse(stack, "Analytics", {
 *   administrators: [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")],
 *   serverless: { namespaceName: "analytics" },
 *   users: [{ role }],
 * });
 *
 * @example
 * const sales = new DataApiWarehouse(stack, "Sales", { warehouse: cluster });
 * sales.addUser("ReaderAccess", { databases: ["orders"], role });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiWarehouse extends Construct {
  /** The key: the created key, `key`, or the key of `warehouse`. */
  public readonly key: IDataApiKey;
  /** The cluster, or the namespace and workgroup: created here, or `warehouse`. */
  public readonly warehouse: IWarehouse;
  private readonly addedAccesses: DataApiAccess[] = [];
  private readonly provider: DataApiWarehouseProps["provider"];

  /** @throws if a prop breaks its rule, two props contradict each other, or the construct of a part refuses its settings */
  public constructor(scope: Construct, id: string, props: DataApiWarehouseProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      DATA_API_WAREHOUSE_PROPS,
      (props) => checkNotBoth(this, props, "key", "keyProps", "'keyProps' are the settings of a new key"),
      ...PROPS_OF_CREATED.map((prop) => (props: DataApiWarehouseOptions) => {
        checkNotBoth(this, props, "warehouse", prop, "that warehouse has its own");
      }),
      (props) => this.checkKind(props),
      (props) => PARTS.forEach((part) => this.checkPart(part, props[part])),
      (props) => checkIdentities(this, "administrators", props.administrators),
      (props) => this.checkUsers(props),
    );
    this.provider = props.provider;
    this.key = this.keyOf(props);
    this.warehouse = this.warehouseOf(props);
    props.users?.forEach((user) => this.addUser(`Access-${user.role.node.id}`, user));
  }

  /** The accesses: one for each of `users`, in order, then one for each call of `addUser`. */
  public get accesses(): readonly DataApiAccess[] {
    return this.addedAccesses;
  }

  /**
   * Gives a role a DataApiAccess to the warehouse. The role becomes a user of the key.
   *
   * @param id - the construct ID of the access, within this construct
   * @throws if DataApiAccess refuses an option
   */
  public addUser(id: string, options: DataApiWarehouseUser): DataApiAccess {
    this.checkPart("options", options);
    const props = { ...options, provider: this.provider, warehouse: this.warehouse };
    // The cast is safe: DataApiAccess refuses the props of a cluster for a serverless warehouse.
    const access = new DataApiAccess(this, id, props as DataApiAccessProps);
    this.addedAccesses.push(access);
    return access;
  }

  private checkKind(props: DataApiWarehouseOptions): void {
    const given = KINDS.filter((kind) => props[kind]);
    if (given.length !== 1) {
      fail(
        this,
        "cluster",
        "be given, or 'serverless', or 'warehouse': exactly one of the three",
        given.join(" and ") || undefined,
      );
    }
  }

  /** Refuses settings of a part that have no effect. */
  private checkPart(place: string, part: object | undefined): void {
    for (const prop of DECIDED) {
      const value = (part as Partial<Record<string, unknown>> | undefined)?.[prop];
      if (value !== undefined) {
        fail(this, `${place}.${prop}`, "be left out: the props of the DataApiWarehouse set it", value);
      }
    }
  }

  private checkUsers({ users }: DataApiWarehouseOptions): void {
    checkKnownList(this, "users", users);
    users?.forEach((user, index) => {
      checkObject(this, `users[${index}]`, user, "be an object with a 'role'");
      const { role } = user;
      checkRequired(this, `users[${index}].role`, role, ROLE);
      this.checkPart(`users[${index}]`, user);
      if (users.findIndex((user) => user.role.node.id === role.node.id) !== index) {
        fail(
          this,
          `users[${index}].role`,
          "have a different construct ID from the roles of earlier users",
          role.node.id,
        );
      }
    });
  }

  private keyOf(props: DataApiWarehouseProps): IDataApiKey {
    const { accountId, administrators = [], cluster, keyProps, partition, provider, region, serverless, tags } = props;
    const key = props.warehouse?.key ?? props.key;
    if (key) {
      administrators.forEach((administrator, index) =>
        checkAs(this, `administrators[${index}]`, () => key.addAdministrator(administrator)),
      );
      return key;
    }
    const alias = keyProps?.alias ?? `alias/${cluster?.clusterIdentifier ?? serverless?.namespaceName}`;
    const environment = { accountId, partition, provider, region, tags };
    return new DataApiKey(this, "Key", { ...keyProps, ...environment, administrators, alias });
  }

  private warehouseOf({ accountId, partition, region, ...props }: DataApiWarehouseProps): IWarehouse {
    const { cluster, provider, serverless, tags, warehouse } = props;
    if (warehouse) {
      return warehouse;
    }
    const settings = { key: this.key, provider, tags };
    return cluster
      ? new EncryptedCluster(this, "Cluster", { ...cluster, ...settings, accountId, partition, region })
      : new EncryptedServerless(this, "Serverless", { ...serverless, ...settings });
  }
}
