import type { IConstruct } from "constructs";
import type { IDataApiKey } from "../kms/key";
import type { EncryptionContext } from "../kms/encryption-context";
import { checkObject, fail, type Where } from "../private/checks";

/**
 * The databases, groups and users that IAM limits the temporary credentials of a cluster to.
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

/** A warehouse that the Data API serves: all that its parts need of it. */
export interface IWarehouse extends IConstruct {
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
  /**
   * The identifier of a cluster.
   *
   * @default - none: the warehouse is serverless
   */
  readonly clusterIdentifier?: string | undefined;
  /**
   * The limits of a cluster's temporary credentials.
   *
   * @default - none: a serverless warehouse's credentials are limited to its workgroup
   */
  readonly credentialScope?: CredentialScope | undefined;
  /** The name of the first database. */
  readonly databaseName: string;
  /** The encryption context that the Data API binds to the key's use. */
  readonly encryptionContext: EncryptionContext;
  /** The key that encrypts the warehouse, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /** The namespace's ARN: datashares and integrations are the namespace's. A cluster has one, too. */
  readonly namespaceArn: string;
  /**
   * The name of a serverless warehouse's workgroup.
   *
   * @default - none: the warehouse is a cluster
   */
  readonly workgroupName?: string | undefined;
}

/** Checks a warehouse that a construct takes. */
export function checkWarehouse(where: Where, warehouse: IWarehouse): void {
  const must = "be a warehouse, such as an EncryptedCluster or an EncryptedServerless";
  checkObject(where, "warehouse", warehouse, must, "warehouseArn", "encryptionContext", "key");
}

/** Checks a warehouse that must be a cluster. */
export function checkCluster(where: Where, warehouse: IWarehouse, because: string): void {
  checkWarehouse(where, warehouse);
  if (warehouse.clusterIdentifier === undefined) {
    fail(where, "warehouse", `be a cluster: ${because}`, warehouse);
  }
}
