import type { IConstruct } from "constructs";
import type { IDataApiKey } from "./data-api-key";
import type { EncryptionContext } from "./encryption-context";

/**
 * What the IAM permissions for temporary database credentials are limited to.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
 */
export interface CredentialScope {
  /**
   * What precedes a database's name in the ARN of a cluster's database: `arn:…:dbname:CLUSTER/`.
   *
   * @default - none: the warehouse is serverless
   */
  readonly databaseArnPrefix?: string;
  /**
   * What precedes a user's name in the ARN of a cluster's database user: `arn:…:dbuser:CLUSTER/`.
   *
   * @default - none: the warehouse is serverless
   */
  readonly databaseUserArnPrefix?: string;
}

/** A warehouse that the Data API serves: all that a role's access and a grant need to know of it. */
export interface IWarehouse extends IConstruct {
  /** The ARN that the Data API's IAM actions name: the cluster's, or the workgroup's. */
  readonly warehouseArn: string;
  /** What credentials are limited to. */
  readonly credentialScope: CredentialScope;
  /** The name of the first database. */
  readonly databaseName: string;
  /** The encryption context that the Data API binds to the key's use. */
  readonly encryptionContext: EncryptionContext;
  /** The key that encrypts the warehouse, and the Data API's statements and results. */
  readonly key: IDataApiKey;
}
