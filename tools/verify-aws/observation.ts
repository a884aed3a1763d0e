import { setTimeout as sleep } from "node:timers/promises";
import {
  GetKeyPolicyCommand,
  type GrantListEntry,
  paginateListGrants,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { GetNamespaceCommand, GetWorkgroupCommand, type Namespace } from "@aws-sdk/client-redshift-serverless";
import { DataApiKeyPolicy } from "../../modules/kms/key-policy";
import { partitionOf } from "../../modules/private/partition";
import type { Account } from "./account";
import { answerOf, settled } from "./answers";
import type { Options } from "./arguments";
import { UserError } from "../command";
import type { Identifiers, RecordedGrant, VerifiedRecord } from "./record";

const FINISHED = "FINISHED";
/** The statuses of a statement that has not ended. */
const PENDING = ["PICKED", "STARTED", "SUBMITTED"];
const VIA_SERVICE = "kms:ViaService";

/** A grant that exists since the user's first statement. */
export interface ObservedGrant {
  readonly grantId: string;
  readonly recorded: RecordedGrant;
}

/** The facts that a run observes while the warehouse exists. */
export interface Observed {
  readonly facts: Omit<VerifiedRecord, "date" | "grants" | "partition" | "region">;
  readonly grants: readonly ObservedGrant[];
  readonly identifiers: Identifiers;
}

/** Runs statements as the user of the deployed warehouse, and observes grants and answers. */
export async function observe(account: Account, options: Options, signal: AbortSignal): Promise<Observed> {
  const { namespace } = await account.serverless.send(new GetNamespaceCommand({ namespaceName: options.name }));
  const roleArn = `arn:${partitionOf(options.region)}:iam::${options.account}:role/${options.name}`;
  const user = await settled(
    async () => account.dataApiAs(roleArn, signal).catch(ifRefused),
    (client) => client !== undefined,
    options.waitForKms,
    signal,
  );
  if (user === undefined) {
    throw new UserError(`${roleArn} must be assumable: allow sts:AssumeRole on it to the caller`);
  }
  return new Observation(account, options, signal, namespace!, user).observe();
}

/** Accepts an error of AssumeRole for a new role, so that the call is repeated. Throws any other error. */
function ifRefused(error: Error): undefined {
  if (!error.name.startsWith("AccessDenied")) {
    throw error;
  }
}

class Observation {
  private readonly keyArn: string;
  /** The IDs of the grants before the first SQL statement: the grants of the namespace itself. */
  private earlierGrants: ReadonlySet<string> = new Set();

  public constructor(
    private readonly account: Account,
    private readonly options: Options,
    private readonly signal: AbortSignal,
    private readonly namespace: Namespace,
    private readonly user: RedshiftDataClient,
  ) {
    this.keyArn = namespace.kmsKeyId!;
  }

  public async observe(): Promise<Observed> {
    this.earlierGrants = new Set((await this.newGrants()).map(({ GrantId }) => GrantId!));
    const id = await this.firstStatement();
    const grants = await this.settled(
      async () => this.newGrants(),
      ({ length }) => length > 0,
    );
    const workgroup = await this.workgroup();
    await this.revokeGrants();
    const revoked = {
      DescribeStatement: await this.refusalOf(async () => this.status(id)),
      GetStatementResult: await this.refusalOf(async () => this.result(id)),
    };
    return {
      facts: { revoked, ...(await this.viaServices()), workgroup },
      grants: grants.map((grant) => ({ grantId: grant.GrantId!, recorded: recordedOf(grant) })),
      identifiers: {
        account: this.options.account,
        keyId: this.keyArn.split("/").at(-1)!,
        namespaceId: this.namespace.namespaceId!,
        region: this.options.region,
      },
    };
  }

  /** Runs the first statement, reads its result, and returns its ID. */
  private async firstStatement(): Promise<string> {
    let id = "";
    const answer = await this.settled(
      async () =>
        answerOf(
          this.execute().then(async (executed) => {
            id = executed;
            const status = await this.lastStatus(id);
            return status === FINISHED ? this.result(id) : status;
          }),
        ),
      (last) => last === FINISHED,
    );
    if (answer !== FINISHED) {
      throw new UserError(`the statement of the role ${this.options.name} must finish, got: ${answer}`);
    }
    return id;
  }

  private async workgroup(): Promise<VerifiedRecord["workgroup"]> {
    const command = new GetWorkgroupCommand({ workgroupName: this.options.name });
    const { workgroup } = await this.account.serverless.send(command, { abortSignal: this.signal });
    const { baseCapacity, configParameters = [], pricePerformanceTarget } = workgroup!;
    return {
      baseCapacity: baseCapacity ?? null,
      configParameters: Object.fromEntries(
        configParameters.map(({ parameterKey, parameterValue }) => [parameterKey!, parameterValue!]),
      ),
      pricePerformanceTarget: pricePerformanceTarget ? { ...pricePerformanceTarget } : null,
    };
  }

  /**
   * Tries one kms:ViaService after another, because CloudTrail shows the calling service, whose name is not the value of the
   * condition: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html has
   * dynamodb.us-west-2.amazonaws.com in the condition and dynamodb.amazonaws.com in the event.
   */
  private async viaServices(): Promise<Pick<VerifiedRecord, "viaServices" | "withoutViaService">> {
    const policy = await this.keyPolicy();
    const viaServices: Record<string, string> = {};
    let withoutViaService = "";
    try {
      for (const name of DataApiKeyPolicy.viaServicesFor(this.options.region)) {
        // As soon as an SQL statement is refused under the name of another service, earlier key policies have no effect any more.
        await this.putKeyPolicy(policyWith(policy, `s3.${this.options.region}.amazonaws.com`));
        withoutViaService = await this.refusalOf(async () => this.newStatement());
        if (withoutViaService === FINISHED) {
          return { viaServices: {}, withoutViaService };
        }
        await this.putKeyPolicy(policyWith(policy, name));
        viaServices[name] = await this.settled(
          async () => answerOf(this.newStatement()),
          (answer) => answer === FINISHED,
        );
      }
      return { viaServices, withoutViaService };
    } finally {
      await this.account.kms.send(new PutKeyPolicyCommand({ ...this.policyName, Policy: policy }));
    }
  }

  private get policyName() {
    return { KeyId: this.keyArn, PolicyName: "default" };
  }

  private async keyPolicy(): Promise<string> {
    const command = new GetKeyPolicyCommand(this.policyName);
    return (await this.account.kms.send(command, { abortSignal: this.signal })).Policy!;
  }

  private async putKeyPolicy(Policy: string): Promise<void> {
    const command = new PutKeyPolicyCommand({ ...this.policyName, Policy });
    await this.account.kms.send(command, { abortSignal: this.signal });
  }

  /** Revokes earlier grants, runs a statement, and returns its last status. */
  private async newStatement(): Promise<string> {
    await this.revokeGrants();
    return this.lastStatus(await this.execute());
  }

  private async execute(): Promise<string> {
    const command = new ExecuteStatementCommand({ Database: "dev", Sql: "select 1", WorkgroupName: this.options.name });
    return (await this.user.send(command, { abortSignal: this.signal })).Id!;
  }

  /** Waits for a statement, and returns its last status. */
  private async lastStatus(id: string): Promise<string> {
    for (;;) {
      const status = await this.status(id);
      if (!PENDING.includes(status)) {
        return status;
      }
      await sleep(1_000, undefined, { signal: this.signal });
    }
  }

  private async status(Id: string): Promise<string> {
    return (await this.user.send(new DescribeStatementCommand({ Id }), { abortSignal: this.signal })).Status!;
  }

  private async result(Id: string): Promise<string> {
    await this.user.send(new GetStatementResultCommand({ Id }), { abortSignal: this.signal });
    return FINISHED;
  }

  private async newGrants(): Promise<GrantListEntry[]> {
    const grants: GrantListEntry[] = [];
    const [client, abortSignal] = [this.account.kms, this.signal];
    for await (const { Grants = [] } of paginateListGrants({ client }, { KeyId: this.keyArn }, { abortSignal })) {
      grants.push(...Grants.filter(({ GrantId }) => !this.earlierGrants.has(GrantId!)));
    }
    return grants;
  }

  private async revokeGrants(): Promise<void> {
    for (const { GrantId } of await this.newGrants()) {
      const command = new RevokeGrantCommand({ GrantId, KeyId: this.keyArn });
      await this.account.kms.send(command, { abortSignal: this.signal });
    }
  }

  /** Repeats a call until AWS refuses it. Returns the name of the error, or the last answer. */
  private async refusalOf(call: () => Promise<string>): Promise<string> {
    return this.settled(
      async () => answerOf(call()),
      (answer) => answer !== FINISHED,
    );
  }

  private async settled<T>(call: () => Promise<T>, isWanted: (result: T) => boolean): Promise<T> {
    return settled(call, isWanted, this.options.waitForKms, this.signal);
  }
}

function recordedOf(grant: GrantListEntry): RecordedGrant {
  return {
    constraints: { ...grant.Constraints },
    event: null,
    grantee: grant.GranteePrincipal || grant.GranteeServicePrincipal || null,
    operations: [...(grant.Operations ?? [])].sort(),
    retiring: grant.RetiringPrincipal || grant.RetiringServicePrincipal || null,
  };
}

/** Returns a key policy in which kms:ViaService has one value, in the statements that have this condition. */
function policyWith(policy: string, viaService: string): string {
  return JSON.stringify(JSON.parse(policy), (key, value: unknown) => (key === VIA_SERVICE ? viaService : value));
}
