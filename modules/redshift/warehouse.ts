import type { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import type { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import type { IConstruct } from "constructs";
import { type IDataApiKey, literalRegion } from "../kms/key";
import { literalPartition } from "../private/aws-environment";
import type { EncryptionContext } from "../kms/encryption-context";
import { arnPart, type Place } from "../private/checks";
import type { Rule } from "../private/rule";

/**
 * The databases, groups and users to which IAM limits the temporary credentials of a cluster.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
 */
export interface CredentialScope {
  /** The beginning of a database's ARN, before its name: `arn:PARTITION:redshift:REGION:ACCOUNT:dbname:CLUSTER/`. */
  readonly databaseArnPrefix: string;
  /** The beginning of a database group's ARN, before its name: `arn:PARTITION:redshift:REGION:ACCOUNT:dbgroup:CLUSTER/`. */
  readonly databaseGroupArnPrefix: string;
  /** The beginning of a database user's ARN, before its name: `arn:PARTITION:redshift:REGION:ACCOUNT:dbuser:CLUSTER/`. */
  readonly databaseUserArnPrefix: string;
}

/** The attributes that the warehouses of both kinds have. */
export interface IWarehouseBase extends IConstruct {
  /** The ARN that the Data API's IAM actions name: the cluster's, or the workgroup's. */
  readonly warehouseArn: string;
  /**
   * The ARN of the secret with the admin's name and password, which Redshift keeps.
   *
   * @default - none: the password was given
   */
  readonly adminSecretArn?: string | undefined;
  /**
   * The admin's name.
   *
   * @default - not known
   */
  readonly adminUsername?: string | undefined;
  /** The name of the first database. */
  readonly databaseName: string;
  /** The encryption context that the Data API binds to the key's use. */
  readonly encryptionContext: EncryptionContext;
  /** The host name to connect to. */
  readonly endpointAddress: string;
  /** The port to connect to. */
  readonly endpointPort: number;
  /** The key that encrypts the warehouse, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /** The ARN of the namespace, to which datashares and integrations belong. A cluster has a namespace, too. */
  readonly namespaceArn: string;
  /**
   * The database parameters that are set for this warehouse only.
   *
   * @default - not known: the warehouse exists, or the cluster has an existing or a shared parameter group
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** A provisioned cluster. */
export interface ICluster extends IWarehouseBase {
  /** The kind of warehouse. */
  readonly kind: "cluster";
  /** The cluster's identifier. */
  readonly clusterIdentifier: string;
  /** The limits of the cluster's temporary credentials. */
  readonly credentialScope: CredentialScope;
  /**
   * The resource of the cluster.
   *
   * @default - none: the cluster exists
   */
  readonly resource?: RedshiftCluster | undefined;
}

/** A Redshift Serverless namespace and its workgroup. Its credentials are limited to the workgroup. */
export interface IServerless extends IWarehouseBase {
  /** The kind of warehouse. */
  readonly kind: "serverless";
  /**
   * The resource of the namespace.
   *
   * @default - none: the namespace exists
   */
  readonly namespace?: RedshiftserverlessNamespace | undefined;
  /**
   * The namespace's name.
   *
   * @default - not known; ManualSnapshot requires it
   */
  readonly namespaceName?: string | undefined;
  /** The workgroup's name. */
  readonly workgroupName: string;
}

/** A warehouse that the Data API serves. Its `kind` decides which members it has. */
export type IWarehouse = ICluster | IServerless;

/** A warehouse, or the attributes of one, with the ARN of the secret that has the admin's name and password. */
export type WithAdminSecret<T> = T & { readonly adminSecretArn: string };

/**
 * Props for a warehouse of the type `W`, without the props `Refused`, which only the other kind of warehouse has.
 */
export type PropsFor<W extends IWarehouse, P, Refused extends keyof P = never> = P & {
  readonly [K in Refused]?: undefined;
} & { readonly warehouse: W };

/**
 * Returns the partition, the Region and the account of a warehouse, as far as they are known at synthesis. The partition and the
 * Region are the key's, if the ARN of the warehouse is unknown.
 */
export function placeOf({ key, warehouseArn }: IWarehouse): Place {
  const region = arnPart(warehouseArn, 3) ?? literalRegion(key);
  return {
    accountId: arnPart(warehouseArn, 4),
    partition: arnPart(warehouseArn, 1) ?? literalPartition({ region }),
    region,
  };
}

/** Returns the account in the ARN of a warehouse, or else the `accountId` of its key, because the ARN of a workgroup is unknown at plan. */
export function accountOf({ key, warehouseArn }: IWarehouse): string {
  return arnPart(warehouseArn, 4) ?? key.accountId;
}

/** Returns the name by which requests and metrics name a warehouse: the identifier of a cluster, or the name of a workgroup. */
export function nameOf(warehouse: IWarehouse): string {
  return warehouse.kind === "cluster" ? warehouse.clusterIdentifier : warehouse.workgroupName;
}

/** Returns a text with the tokens that a construct with this warehouse refers to. */
function references(warehouse: IWarehouse): string {
  return nameOf(warehouse) + warehouse.warehouseArn + warehouse.namespaceArn;
}

/** The rule that a prop must be a warehouse of either kind. */
export const WAREHOUSE: Rule = {
  must: "be a warehouse, such as an EncryptedCluster or an EncryptedServerless",
  references,
  test: (value) => isOfKind(value, "cluster") || isOfKind(value, "serverless"),
};

/** Returns the rule that a warehouse must be a cluster, with the reason. */
export function clusterOnly(because: string): Rule {
  return { must: `be a cluster: ${because}`, references, test: (value) => isOfKind(value, "cluster") };
}

/** Returns the rule that a warehouse must be serverless, with the reason. */
export function serverlessOnly(because: string): Rule {
  return { must: `be serverless: ${because}`, references, test: (value) => isOfKind(value, "serverless") };
}

function isOfKind(value: unknown, kind: IWarehouse["kind"]): boolean {
  const warehouse = value as Partial<IWarehouse> | null | undefined;
  return warehouse?.kind === kind && warehouse.key !== undefined;
}
