import { RedshiftdataStatement } from "@cdktf/provider-aws/lib/redshiftdata-statement";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EncryptedCluster } from "./cluster";
import { DataApiKey } from "./data-api-key";
import { checkObject, fail } from "./private/checks";
import { address } from "./private/expression";
import { EncryptedServerless } from "./serverless";

/** Which warehouse is proved. */
export interface DataApiProofProps {
  /** The warehouse that the statement runs on. */
  readonly warehouse: EncryptedCluster | EncryptedServerless;
  /**
   * The provider whose caller runs the statement, as its own IAM identity: one that assumes the role of a user of the
   * key, under a session name that stays the same. An administrator may make any grant, so that it proves nothing.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

const SQL = "select 1";

/**
 * A proof at deployment: `select 1` through the Data API, so that Redshift makes its grant on the key during apply, and a
 * key policy under which it cannot fails the deployment and not the first user. It runs again when the warehouse is
 * replaced or the key policy changes.
 *
 * Every plan reads the statement for as long as AWS keeps it, a day. Within that day, a plan fails once the grant of the
 * Data API is revoked or the key is out of reach: remove the proof from the state then.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiProof extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftdataStatement;

  /** @throws if the warehouse is none of this library */
  public constructor(scope: Construct, id: string, props: DataApiProofProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { provider, warehouse } = props;
    if (!(warehouse instanceof EncryptedCluster || warehouse instanceof EncryptedServerless)) {
      fail(this, "warehouse", "be an EncryptedCluster or an EncryptedServerless", warehouse);
    }
    const { key } = warehouse;
    const [target, identity] =
      warehouse instanceof EncryptedCluster
        ? [
            { clusterIdentifier: warehouse.resource.clusterIdentifier },
            address(warehouse.resource, "cluster_namespace_arn"),
          ]
        : [{ workgroupName: warehouse.workgroup.workgroupName }, address(warehouse.namespace, "namespace_id")];
    this.resource = new RedshiftdataStatement(this, "Resource", {
      ...target,
      database: warehouse.databaseName,
      lifecycle: {
        // Of a statement that has expired, AWS tells nothing, and the provider would run it again with every deployment.
        ignoreChanges: "all",
        replaceTriggeredBy: [identity, ...(key instanceof DataApiKey ? [address(key.resource, "policy")] : [])],
      },
      provider,
      sql: SQL,
    });
  }
}
