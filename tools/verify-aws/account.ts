import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { KMSClient, paginateListAliases } from "@aws-sdk/client-kms";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import {
  GetNamespaceCommand,
  GetWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { UserError } from "../command";

/** The account of the credentials that the SDK finds. */
export class Account {
  public readonly cloudTrail: CloudTrailClient;
  public readonly kms: KMSClient;
  public readonly serverless: RedshiftServerlessClient;
  private readonly iam: IAMClient;
  private readonly sts: STSClient;

  public constructor(private readonly region: string) {
    this.cloudTrail = new CloudTrailClient({ region });
    this.iam = new IAMClient({ region });
    this.kms = new KMSClient({ region });
    this.serverless = new RedshiftServerlessClient({ region });
    this.sts = new STSClient({ region });
  }

  /** @throws UserError if the credentials are of another account, or of the account root */
  public async requireCallerOf(account: string): Promise<void> {
    const { Account: actual, Arn } = await this.sts.send(new GetCallerIdentityCommand({}));
    if (actual !== account) {
      throw new UserError(`--account must be the account of the credentials, ${actual}, got: ${account}`);
    }
    if (Arn!.endsWith(":root")) {
      // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
      throw new UserError(
        "the credentials must be of a role or an IAM user, got: the account root, which can assume no role",
      );
    }
  }

  /** Returns the existing resources whose names the run would use. */
  public async resourcesNamed(name: string): Promise<string[]> {
    const [namespaceName, workgroupName] = [name, name];
    const names: readonly (readonly [resource: string, exists: Promise<boolean>])[] = [
      [`workgroup ${name}`, isExisting(this.serverless.send(new GetWorkgroupCommand({ workgroupName })))],
      [`namespace ${name}`, isExisting(this.serverless.send(new GetNamespaceCommand({ namespaceName })))],
      [`role ${name}`, isExisting(this.iam.send(new GetRoleCommand({ RoleName: name })))],
      [`key alias/${name}`, this.hasAlias(`alias/${name}`)],
    ];
    const existing = await Promise.all(names.map(async ([resource, exists]) => ((await exists) ? [resource] : [])));
    return existing.flat();
  }

  /** Assumes a role, and returns a client of the Data API with its credentials. */
  public async dataApiAs(roleArn: string, abortSignal: AbortSignal): Promise<RedshiftDataClient> {
    const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "verify-aws" });
    const { Credentials } = await this.sts.send(command, { abortSignal });
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
    return new RedshiftDataClient({ credentials, region: this.region });
  }

  private async hasAlias(name: string): Promise<boolean> {
    for await (const { Aliases = [] } of paginateListAliases({ client: this.kms }, {})) {
      if (Aliases.some(({ AliasName }) => AliasName === name)) {
        return true;
      }
    }
    return false;
  }
}

/** Returns whether the resource that a call reads exists. */
async function isExisting(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (["NoSuchEntityException", "ResourceNotFoundException"].includes((error as Error).name)) {
      return false;
    }
    throw error;
  }
}
