import { DescribeClustersCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import { type BatchExecuteStatementCommandInput, RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import {
  GetNamespaceCommand,
  GetWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Configured, Target } from "./configured";
import { UserError } from "../command";

/** The members of a Data API request that name the warehouse, the database and the admin. */
export type Connection = Pick<
  BatchExecuteStatementCommandInput,
  "ClusterIdentifier" | "Database" | "SecretArn" | "WorkgroupName"
>;

/** The settings of the SDK's clients. The SDK finds the absent ones in the environment. */
export interface Clients {
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region: string;
}

/** The account of the credentials that the SDK finds. */
export class Account {
  public readonly data: RedshiftDataClient;
  private readonly redshift: RedshiftClient;
  private readonly serverless: RedshiftServerlessClient;
  private readonly sts: STSClient;

  public constructor(clients: Clients) {
    this.data = new RedshiftDataClient(clients);
    this.redshift = new RedshiftClient(clients);
    this.serverless = new RedshiftServerlessClient(clients);
    this.sts = new STSClient(clients);
  }

  /**
   * Finds the database and the secret of its admin.
   *
   * @throws UserError if the credentials are of another account, or the admin has no secret
   */
  public async connectionTo({ account, adminSecretArn, databaseRoles, target }: Configured): Promise<Connection> {
    const { Account: actual } = await this.sts.send(new GetCallerIdentityCommand({}));
    if (actual !== account) {
      throw new UserError(
        `the credentials must be of the stack's account, ${account}: set AWS_PROFILE or give --profile, got: ${actual}`,
      );
    }
    const SecretArn = adminSecretArn ?? (await this.adminSecretArn(target));
    if (SecretArn === undefined) {
      throw new UserError(
        "the admin's password must be in a secret that Redshift manages: in AWS, turn on manageMasterPassword of the " +
          "cluster or manageAdminPassword of the namespace, got: no secret",
      );
    }
    return { ...target, Database: databaseRoles.database, SecretArn };
  }

  private async adminSecretArn(target: Target): Promise<string | undefined> {
    if ("ClusterIdentifier" in target) {
      const { Clusters } = await this.redshift.send(new DescribeClustersCommand(target));
      return Clusters![0]!.MasterPasswordSecretArn;
    }
    const { workgroup } = await this.serverless.send(new GetWorkgroupCommand({ workgroupName: target.WorkgroupName }));
    const { namespaceName } = workgroup!;
    const { namespace } = await this.serverless.send(new GetNamespaceCommand({ namespaceName }));
    return namespace!.adminPasswordSecretArn;
  }
}
