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
import { VerifyError } from "./error";

/** The account, through the credentials and the endpoint that the SDK finds by itself. */
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

  /** @throws VerifyError if the credentials are of another account, or of the account root */
  public async requireCallerOf(account: string): Promise<void> {
    const { Account: actual, Arn } = await this.sts.send(new GetCallerIdentityCommand({}));
    if (actual !== account) {
      throw new VerifyError(`--account must be the account of the credentials, ${actual}, got: ${account}`);
    }
    if (Arn!.endsWith(":root")) {
      // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
      throw new VerifyError(
        "the credentials must be of a role or a user, got: the account root, which can assume no role",
      );
    }
  }

  /** The things of a name that a run makes, as far as they exist. */
  public async thingsNamed(name: string): Promise<string[]> {
    const [namespaceName, workgroupName] = [name, name];
    const things: readonly (readonly [thing: string, exists: Promise<boolean>])[] = [
      [`workgroup ${name}`, isFound(this.serverless.send(new GetWorkgroupCommand({ workgroupName })))],
      [`namespace ${name}`, isFound(this.serverless.send(new GetNamespaceCommand({ namespaceName })))],
      [`role ${name}`, isFound(this.iam.send(new GetRoleCommand({ RoleName: name })))],
      [`key alias/${name}`, this.hasAlias(`alias/${name}`)],
    ];
    const found = await Promise.all(things.map(async ([thing, exists]) => ((await exists) ? [thing] : [])));
    return found.flat();
  }

  /** The Data API as a role. */
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

/** Whether AWS finds what a call asks for. */
async function isFound(call: Promise<unknown>): Promise<boolean> {
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
