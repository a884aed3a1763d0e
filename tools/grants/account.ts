import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  paginateListGrants,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import { paginateDescribeClusters, RedshiftClient } from "@aws-sdk/client-redshift";
import {
  GetWorkgroupCommand,
  paginateListNamespaces,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { partitionOf } from "../../modules/private/partition";
import { createTimeText } from "../../modules/kms/context-pairs";
import { UserError } from "../command";
import { type Answer, type Grant, isOfItsAccount, type KeyAnswers } from "./facts";
import type { KeyMetadata, KeyTarget, Warehouse, Warehouses } from "./facts";

/** The most grants that ListGrants returns in a page: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html */
const PAGE_SIZE = 100;
/** The most attempts of one call. The SDK waits between them, and slows down if AWS throttles. */
const MAX_ATTEMPTS = 10;
/** The error codes by which AWS services deny a call. */
const DENIED = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

interface Clients {
  readonly kms: KMSClient;
  readonly redshift: RedshiftClient;
  readonly serverless: RedshiftServerlessClient;
}

/** The settings of the SDK's clients. The SDK finds the absent ones in the environment. */
export interface Connection {
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  readonly profile?: string;
}

/** An account, with clients for each Region. */
export class Account {
  /**
   * Connects to the account of the credentials or of a role.
   *
   * @param region - a Region of the partition, to which the requests to STS are sent
   */
  public static async connect(
    { profile, roleArn }: { readonly profile: string | undefined; readonly roleArn: string | undefined },
    region: string,
  ): Promise<Account> {
    const connection = profile === undefined ? {} : { profile };
    if (roleArn === undefined) {
      return new Account(connection, region);
    }
    const sts = new STSClient({ ...connection, region });
    const request = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "redshift-kms-grants" });
    const { Credentials } = await sts.send(request);
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    const credentials = {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    };
    return new Account({ credentials }, region);
  }

  private readonly clients = new Map<string, Clients>();

  private constructor(
    private readonly connection: Connection,
    private readonly region: string,
  ) {}

  /** @throws UserError if the warehouses of a key are in another account than the credentials */
  public async requireAccountOf(targets: readonly KeyTarget[]): Promise<void> {
    const sts = new STSClient({ ...this.connection, region: this.region });
    const { Account: actual } = await sts.send(new GetCallerIdentityCommand({}));
    const other = targets.find(({ account }) => account !== actual);
    if (other !== undefined) {
      throw new UserError(
        `the credentials must be of account ${other.account}, which has ${other.stack ?? other.keyId}: set AWS_PROFILE, or give --profile ` +
          `or --role-arn, and run the command once for each account, got: ${actual}`,
      );
    }
  }

  /** Reads a key and its grants, and calls `onGrants` with the number of grants so far. */
  public async answersAbout(target: KeyTarget, onGrants: (count: number) => void): Promise<KeyAnswers> {
    const metadata = await this.metadataOf(target);
    if (metadata.kind === "shown" && metadata.value === undefined) {
      const reason = "there is no such key";
      return { grants: notShown(reason), metadata, policy: notShown(reason), target };
    }
    // DescribeKey accepts an alias, but the calls below do not.
    const KeyId = metadata.kind === "shown" ? metadata.value!.arn : target.keyId;
    if (!KeyId.startsWith("arn:")) {
      const reason = `kms:DescribeKey is denied, which finds the key of ${KeyId}`;
      return { grants: notShown(reason), metadata, policy: notShown(reason), target };
    }
    const { kms } = this.clientsOf(target.region);
    const policy = isOfItsAccount(target)
      ? await answerOf("kms:GetKeyPolicy", async () => {
          const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
          return Policy!;
        })
      : notShown("KMS returns the key policy to the account of the key only");
    const grants = await answerOf("kms:ListGrants", async () => grantsOf(kms, KeyId, onGrants));
    return { grants, metadata, policy, target };
  }

  /** Revokes a grant. Does nothing if the grant does not exist any more. */
  public async revoke(keyArn: string, GrantId: string): Promise<void> {
    const { kms } = this.clientsOf(keyArn.split(":")[3]!);
    try {
      await kms.send(new RevokeGrantCommand({ GrantId, KeyId: keyArn }));
    } catch (error) {
      if ((error as Error).name !== "NotFoundException") {
        throw error;
      }
    }
  }

  private async metadataOf({ keyId, region }: KeyTarget): Promise<Answer<KeyMetadata | undefined>> {
    const { kms } = this.clientsOf(region);
    return answerOf("kms:DescribeKey", async () => {
      try {
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
        const { Arn, DeletionDate, KeyState } = KeyMetadata!;
        return { arn: Arn!, deletionDate: DeletionDate?.toISOString(), state: KeyState! };
      } catch (error) {
        if ((error as Error).name === "NotFoundException") {
          return undefined;
        }
        throw error;
      }
    });
  }

  /** Reads the warehouses of a Region. */
  public async warehousesOf(region: string, targets: readonly KeyTarget[]): Promise<Warehouses> {
    const { redshift, serverless } = this.clientsOf(region);
    const workgroups = targets
      .filter((target) => target.region === region)
      .flatMap((target) => target.warehouses)
      .filter(({ nameOf }) => nameOf === "workgroup")
      .map(({ name }) => name);
    return {
      cluster: await answerOf("redshift:DescribeClusters", async () =>
        clustersOf(redshift, `arn:${partitionOf(region)}:redshift:${region}:${targets[0]!.account}:cluster:`),
      ),
      namespace: await namespaces(serverless, [...new Set(workgroups)]),
    };
  }

  private clientsOf(region: string): Clients {
    const configuration = {
      ...this.connection,
      maxAttempts: MAX_ATTEMPTS,
      region,
      retryMode: "adaptive",
    };
    const clients = this.clients.get(region) ?? {
      kms: new KMSClient(configuration),
      redshift: new RedshiftClient(configuration),
      serverless: new RedshiftServerlessClient(configuration),
    };
    this.clients.set(region, clients);
    return clients;
  }
}

function notShown(reason: string): { readonly kind: "notShown"; readonly reason: string } {
  return { kind: "notShown", reason };
}

/** Runs a call. Returns a `shown` answer with the result, or a `notShown` answer if AWS denies the call. */
async function answerOf<T>(action: string, call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "shown", value: await call() };
  } catch (error) {
    if (DENIED.includes((error as Error).name)) {
      return notShown(`${action} is denied`);
    }
    throw error;
  }
}

async function grantsOf(
  client: KMSClient,
  KeyId: string,
  onGrants: (count: number) => void,
): Promise<readonly Grant[]> {
  const grants: Grant[] = [];
  for await (const { Grants = [] } of paginateListGrants({ client, pageSize: PAGE_SIZE }, { KeyId })) {
    grants.push(
      ...Grants.map((grant) => ({
        context: { ...grant.Constraints?.EncryptionContextSubset, ...grant.Constraints?.EncryptionContextEquals },
        created: grant.CreationDate,
        grantee: grant.GranteePrincipal ?? grant.GranteeServicePrincipal ?? "",
        id: grant.GrantId!,
        isExact: grant.Constraints?.EncryptionContextEquals !== undefined,
        name: grant.Name || undefined,
        operations: [...(grant.Operations ?? [])].sort(),
        retiringPrincipal: grant.RetiringPrincipal ?? grant.RetiringServicePrincipal,
      })),
    );
    onGrants(grants.length);
  }
  return grants;
}

/** @param arnPrefix - the beginning of the ARNs of clusters */
async function clustersOf(client: RedshiftClient, arnPrefix: string): Promise<readonly Warehouse[]> {
  const warehouses: Warehouse[] = [];
  for await (const { Clusters = [] } of paginateDescribeClusters({ client }, {})) {
    warehouses.push(
      ...Clusters.map(({ ClusterCreateTime: created, ClusterIdentifier, KmsKeyId: key }) => {
        const arn = `${arnPrefix}${ClusterIdentifier}`;
        const createTime = created && createTimeText(created);
        return { arn, created, createTime, key, kind: "cluster", name: ClusterIdentifier!, workgroups: [] } as const;
      }),
    );
  }
  return warehouses;
}

async function namespaces(
  client: RedshiftServerlessClient,
  workgroupNames: readonly string[],
): Promise<Answer<readonly Warehouse[]>> {
  const listed = await answerOf("redshift-serverless:ListNamespaces", async () => {
    const warehouses: Warehouse[] = [];
    for await (const page of paginateListNamespaces({ client }, {})) {
      for (const { kmsKeyId, namespaceArn, namespaceName } of page.namespaces!) {
        const key = kmsKeyId === "AWS_OWNED_KMS_KEY" ? undefined : kmsKeyId;
        const [arn, name] = [namespaceArn!, namespaceName!];
        warehouses.push({
          arn,
          created: undefined,
          createTime: undefined,
          key,
          kind: "namespace",
          name,
          workgroups: [],
        });
      }
    }
    return warehouses;
  });
  if (listed.kind === "notShown" || workgroupNames.length === 0) {
    return listed;
  }
  return answerOf("redshift-serverless:GetWorkgroup", async () => {
    const pairs = await Promise.all(
      workgroupNames.map(async (name) => [name, await namespaceOf(client, name)] as const),
    );
    return listed.value.map((warehouse) => ({
      ...warehouse,
      workgroups: pairs.filter(([, namespace]) => namespace === warehouse.name).map(([name]) => name),
    }));
  });
}

/** Returns the name of the namespace of a workgroup; undefined if the workgroup does not exist. */
async function namespaceOf(client: RedshiftServerlessClient, workgroupName: string): Promise<string | undefined> {
  try {
    const { workgroup } = await client.send(new GetWorkgroupCommand({ workgroupName }));
    return workgroup!.namespaceName;
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") {
      return undefined;
    }
    throw error;
  }
}
