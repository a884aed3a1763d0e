import { RedshiftdataStatement } from "@cdktf/provider-aws/lib/redshiftdata-statement";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EncryptedCluster } from "./cluster";
import type { DataApiAccess } from "./data-api-access";
import { madeResource } from "./data-api-key";
import { check, checkAll, checkNotBoth, checkObject, fail } from "./private/checks";
import { DATABASE_NAME, DATABASE_USER, SECRET_ARN } from "./private/rules";
import { replaceTriggers } from "./private/stack-boundary";
import { EncryptedServerless } from "./serverless";

/** Which warehouse is proved. */
export interface DataApiProofProps {
  /** The warehouse that the statement runs on. */
  readonly warehouse: EncryptedCluster | EncryptedServerless;
  /**
   * The access of the role that runs the statement, which waits for it.
   *
   * @default - none: the role has its access
   */
  readonly access?: DataApiAccess;
  /**
   * The database that the statement runs in.
   *
   * @default - the warehouse's first database
   */
  readonly database?: string;
  /**
   * The database user that the statement runs as, by temporary credentials. Clusters only.
   *
   * @default - the caller's own IAM identity
   */
  readonly databaseUser?: string;
  /**
   * The provider whose caller runs the statement, as its own IAM identity: one that assumes the role of a user of the
   * key, under a session name that stays the same. An administrator may make any grant, so that it proves nothing.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
  /**
   * The secret that holds the database user's name and password, instead of temporary credentials.
   *
   * @default - temporary credentials
   */
  readonly secretArn?: string;
}

const SQL = "select 1";

/**
 * A proof at deployment: `select 1` through the Data API, so that Redshift makes its grant on the key during apply, and a
 * key policy under which it cannot fails the deployment and not the first user. It runs again when the warehouse is
 * replaced or the key policy changes; while there is a grant of the Data API, Redshift needs no other, so that a later
 * policy is proved only once that grant is revoked.
 *
 * Every plan reads the statement for as long as AWS keeps it, a day. Within that day, a plan fails once the grant is
 * revoked or the key is out of reach: remove the statement from the state before (`terraform state rm`).
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiProof extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftdataStatement;

  /** @throws if the warehouse is none of this library, a prop breaks its rule, or two ways to get credentials are given */
  public constructor(scope: Construct, id: string, props: DataApiProofProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { access, databaseUser, provider, secretArn, warehouse } = props;
    if (!(warehouse instanceof EncryptedCluster || warehouse instanceof EncryptedServerless)) {
      fail(this, "warehouse", "be an EncryptedCluster or an EncryptedServerless", warehouse);
    }
    checkAll(
      () => check(this, "database", props.database, DATABASE_NAME),
      () => check(this, "databaseUser", databaseUser, DATABASE_USER),
      () => check(this, "secretArn", secretArn, SECRET_ARN),
      () => checkNotBoth(this, props, "databaseUser", "secretArn", "the secret names the user"),
      () => {
        if (databaseUser !== undefined && warehouse instanceof EncryptedServerless) {
          fail(
            this,
            "databaseUser",
            "be left out for a serverless warehouse, whose credentials are its workgroup's",
            databaseUser,
          );
        }
      },
    );
    const [target, identity] =
      warehouse instanceof EncryptedCluster
        ? ([
            { clusterIdentifier: warehouse.resource.clusterIdentifier },
            [warehouse.resource, "cluster_namespace_arn"],
          ] as const)
        : ([{ workgroupName: warehouse.workgroup.workgroupName }, [warehouse.namespace, "namespace_id"]] as const);
    this.resource = new RedshiftdataStatement(this, "Resource", {
      ...target,
      database: props.database ?? warehouse.databaseName,
      dbUser: databaseUser,
      dependsOn: access?.resource && [access.resource],
      lifecycle: {
        // Of a statement that has expired, the provider reads the ID only, and would replace it with every deployment.
        ignoreChanges: "all",
        replaceTriggeredBy: replaceTriggers(this, identity, [madeResource(this, warehouse.key), "policy"]),
      },
      provider,
      secretArn,
      sql: SQL,
    });
  }
}
