import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type GetKeyRotationStatusResponse,
  KMSClient,
  type KeyMetadata,
  paginateListAliases,
} from "@aws-sdk/client-kms";
import {
  type Cluster,
  DescribeClustersCommand,
  DescribeLoggingStatusCommand,
  type LoggingStatus,
  RedshiftClient,
} from "@aws-sdk/client-redshift";
import {
  GetNamespaceCommand,
  GetWorkgroupCommand,
  ListTagsForResourceCommand,
  type Namespace,
  RedshiftServerlessClient,
  type Tag,
  type Workgroup,
} from "@aws-sdk/client-redshift-serverless";
import { UserError } from "../command";

/** A key of KMS, as AWS describes it. */
export interface KeyFacts {
  readonly aliases: readonly string[];
  readonly metadata: KeyMetadata;
  readonly policy: string;
  readonly rotation: Pick<GetKeyRotationStatusResponse, "KeyRotationEnabled" | "RotationPeriodInDays">;
}

/** A cluster, as AWS describes it. */
export interface ClusterFacts {
  readonly cluster: Cluster;
  readonly logging: LoggingStatus;
}

/** A namespace and its workgroup, as AWS describes them. */
export interface ServerlessFacts {
  readonly namespace: Namespace;
  readonly tags: readonly Tag[];
  readonly workgroup: Workgroup;
}

/** The account of the credentials that the SDK finds. This class sends only requests that read. */
export class Account {
  private readonly kms: KMSClient;
  private readonly redshift: RedshiftClient;
  private readonly serverless: RedshiftServerlessClient;

  public constructor(profile: string | undefined, region: string | undefined) {
    const configuration = { ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) };
    this.kms = new KMSClient(configuration);
    this.redshift = new RedshiftClient(configuration);
    this.serverless = new RedshiftServerlessClient(configuration);
  }

  /** @throws UserError if there is no such cluster */
  public async cluster(ClusterIdentifier: string): Promise<ClusterFacts> {
    const { Clusters = [] } = await answerAbout("--cluster", ClusterIdentifier, async () =>
      this.redshift.send(new DescribeClustersCommand({ ClusterIdentifier })),
    );
    const logging = await this.redshift.send(new DescribeLoggingStatusCommand({ ClusterIdentifier }));
    return { cluster: Clusters[0]!, logging };
  }

  /** @throws UserError if there is no such workgroup */
  public async workgroup(workgroupName: string): Promise<ServerlessFacts> {
    const { workgroup } = await answerAbout("--workgroup", workgroupName, async () =>
      this.serverless.send(new GetWorkgroupCommand({ workgroupName })),
    );
    const { namespaceName } = workgroup!;
    const { namespace } = await this.serverless.send(new GetNamespaceCommand({ namespaceName }));
    const resourceArn = namespace!.namespaceArn;
    const { tags = [] } = await this.serverless.send(new ListTagsForResourceCommand({ resourceArn }));
    return { namespace: namespace!, tags, workgroup: workgroup! };
  }

  /** Describes a key of the account; undefined if the key is of another account. */
  public async key(keyArn: string, account: string): Promise<KeyFacts | undefined> {
    if (keyArn.split(":")[4] !== account) {
      return undefined;
    }
    const KeyId = keyArn;
    const { KeyMetadata: metadata } = await this.kms.send(new DescribeKeyCommand({ KeyId }));
    if (metadata!.KeyManager !== "CUSTOMER") {
      return { aliases: [], metadata: metadata!, policy: "{}", rotation: {} };
    }
    const { Policy: policy } = await this.kms.send(new GetKeyPolicyCommand({ KeyId }));
    // KMS rotates only key material that it has generated.
    const rotation =
      metadata!.Origin === "AWS_KMS" ? await this.kms.send(new GetKeyRotationStatusCommand({ KeyId })) : {};
    const aliases: string[] = [];
    for await (const { Aliases = [] } of paginateListAliases({ client: this.kms }, { KeyId })) {
      aliases.push(...Aliases.map(({ AliasName }) => AliasName!));
    }
    return { aliases: aliases.sort(), metadata: metadata!, policy: policy!, rotation };
  }
}

/** Calls AWS about a named warehouse, and returns the answer. An error of AWS becomes a UserError that names the option. */
async function answerAbout<T>(option: string, name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (["ClusterNotFoundFault", "ResourceNotFoundException"].includes((error as Error).name)) {
      throw new UserError(`${option} must name a warehouse of the account and Region of the credentials, got: ${name}`);
    }
    // The SDK has no error class for a missing Region, so the message of the error is compared.
    if ((error as Error).message === "Region is missing") {
      throw new UserError(
        "--region must be given if neither the environment nor the profile has a Region, got: nothing",
      );
    }
    throw error;
  }
}
