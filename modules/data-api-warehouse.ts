import { Construct } from "constructs";
import { DataApiAccess, type DataApiAccessOptions, type DataApiAccessProps } from "./data-api/data-api-access";
import { ROLE } from "./iam/data-api-role";
import type { Identity } from "./iam/identity";
import { DataApiKey } from "./kms/data-api-key";
import type { DataApiKeyProps } from "./kms/data-api-key-props";
import type { IDataApiKey } from "./kms/key";
import { checkKnownList, checkNotBoth, checkRequired, fail } from "./private/checks";
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

/** A role that uses the warehouse, and its access: the options of DataApiAccess. */
export type DataApiWarehouseUser = Omit<DataApiAccessOptions, "provider" | "warehouse">;

/** A key, a warehouse under it, and the roles that use the warehouse. */
export interface DataApiWarehouseOptions extends EnvironmentProps, TaggedResourceProps {
  /**
   * The IAM principals that administer the key. A key that is created requires one at least. The policy of an existing `key` does
   * not change: its `requiredStatements` get the administrators.
   *
   * @default - none
   */
  readonly administrators?: readonly Identity[] | undefined;
  /**
   * The settings of a cluster, as EncryptedCluster takes them. Either `cluster` or `serverless`.
   *
   * @default - the warehouse is serverless
   */
  readonly cluster?:
    Omit<EncryptedClusterProps, keyof EnvironmentProps | keyof TaggedResourceProps | "key"> | undefined;
  /**
   * The key of the warehouse: one that exists, or one that other warehouses share.
   *
   * @default - a key is created
   */
  readonly key?: IDataApiKey | undefined;
  /**
   * The settings of the key that is created, as DataApiKey takes them. Its alias is `alias/` and the cluster's identifier or the
   * namespace's name, if the settings have none.
   *
   * @default - the defaults of DataApiKey
   */
  readonly keyProps?:
    Partial<Omit<DataApiKeyProps, keyof EnvironmentProps | keyof TaggedResourceProps | "administrators">> | undefined;
  /**
   * The settings of a namespace and its workgroup, as EncryptedServerless takes them. Either `cluster` or `serverless`.
   *
   * @default - the warehouse is a cluster
   */
  readonly serverless?:
    Omit<EncryptedServerlessProps, keyof EnvironmentProps | keyof TaggedResourceProps | "key"> | undefined;
  /**
   * The roles that use the warehouse through the Data API. Each gets a DataApiAccess, and becomes a user of the key.
   *
   * @default - none
   */
  readonly users?: readonly DataApiWarehouseUser[] | undefined;
}

export const DATA_API_WAREHOUSE_PROPS = propRules("DataApiWarehouseOptions", {
  administrators: code(),
  cluster: code(),
  key: code(),
  keyProps: code(),
  serverless: code(),
  users: code(),
  ...ENVIRONMENT_PROPS,
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<DataApiWarehouseOptions>);

/** A warehouse is a cluster, or it is serverless. */
export type DataApiWarehouseProps = DataApiWarehouseOptions &
  (
    | ({ readonly [K in "cluster"]: NonNullable<DataApiWarehouseOptions[K]> } & {
        readonly [K in "serverless"]?: undefined;
      })
    | ({ readonly [K in "serverless"]: NonNullable<DataApiWarehouseOptions[K]> } & {
        readonly [K in "cluster"]?: undefined;
      })
  );

/**
 * A warehouse with all that its Data API takes: a customer managed key, a cluster or a serverless namespace and workgroup under it,
 * and the access of each role.
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
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiWarehouse extends Construct {
  /** The access of each of `users`, in their order. */
  public readonly accesses: readonly DataApiAccess[];
  /** The key: the one that is created, or `key`. */
  public readonly key: IDataApiKey;
  /** The cluster, or the namespace and workgroup. */
  public readonly warehouse: EncryptedCluster | EncryptedServerless;

  /** @throws if a prop breaks its rule, two props contradict each other, or the construct of a part refuses its settings */
  public constructor(scope: Construct, id: string, props: DataApiWarehouseProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      DATA_API_WAREHOUSE_PROPS,
      (props) => checkNotBoth(this, props, "key", "keyProps", "that key has its settings"),
      (props) => this.checkKind(props),
      (props) => this.checkUsers(props),
    );
    this.key = this.keyOf(props);
    this.warehouse = this.createWarehouse(props);
    this.accesses = (props.users ?? []).map((user) => {
      const access = { ...user, provider: props.provider, warehouse: this.warehouse };
      // DataApiAccess refuses the props of a cluster for a serverless warehouse.
      return new DataApiAccess(this, `Access-${user.role.node.id}`, access as DataApiAccessProps);
    });
  }

  private checkKind({ cluster, serverless }: DataApiWarehouseOptions): void {
    if (!cluster === !serverless) {
      fail(this, "cluster", "be given, or 'serverless', and not both", cluster);
    }
  }

  private checkUsers({ users }: DataApiWarehouseOptions): void {
    checkKnownList(this, "users", users);
    users?.forEach(({ role }, index) => {
      checkRequired(this, `users[${index}].role`, role, ROLE);
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
    const {
      accountId,
      administrators = [],
      cluster,
      key,
      keyProps,
      partition,
      provider,
      region,
      serverless,
      tags,
    } = props;
    if (key) {
      administrators.forEach((administrator) => key.addAdministrator(administrator));
      return key;
    }
    const alias = keyProps?.alias ?? `alias/${cluster?.clusterIdentifier ?? serverless?.namespaceName}`;
    const environment = { accountId, partition, provider, region, tags };
    return new DataApiKey(this, "Key", { ...keyProps, ...environment, administrators, alias });
  }

  private createWarehouse({
    accountId,
    partition,
    region,
    ...props
  }: DataApiWarehouseProps): DataApiWarehouse["warehouse"] {
    const { cluster, provider, serverless, tags } = props;
    const settings = { key: this.key, provider, tags };
    return cluster
      ? new EncryptedCluster(this, "Cluster", { ...cluster, ...settings, accountId, partition, region })
      : new EncryptedServerless(this, "Serverless", { ...serverless, ...settings });
  }
}
