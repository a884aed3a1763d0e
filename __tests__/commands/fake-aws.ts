import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION } from "../support/arns";

/** A request that the stand-in has got. */
export interface FakeRequest {
  readonly accessKeyId: string;
  readonly body: string;
  readonly operation: string;
}

const ROLE_KEY_ID = "ASIAEXAMPLE";
const result = (operation: string, content: string): string =>
  `<${operation}Response><${operation}Result>${content}</${operation}Result></${operation}Response>`;

/** A stand-in of AWS: a key with grants of the Data API for clusters that are gone. */
export class FakeAws {
  public readonly requests: FakeRequest[] = [];
  /** The milliseconds before the answer to RevokeGrant. */
  public revocationTime = 0;
  private readonly server: Server;

  public constructor(private readonly grantIds: readonly string[]) {
    this.server = createServer((request, response) => {
      void this.answer(request).then((body) => response.end(body));
    });
  }

  public get operations(): readonly string[] {
    return this.requests.map(({ operation }) => operation);
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<string> {
    let body = "";
    for await (const chunk of request) {
      body += (chunk as Buffer).toString();
    }
    const target = request.headers["x-amz-target"] as string | undefined;
    const operation = target?.split(".")[1] ?? new URLSearchParams(body).get("Action")!;
    const accessKeyId = /Credential=([^/]+)/.exec(request.headers.authorization!)![1]!;
    this.requests.push({ accessKeyId, body, operation });
    if (operation === "RevokeGrant") {
      await sleep(this.revocationTime);
    }
    return this.answers()[operation]!;
  }

  private answers(): Readonly<Record<string, string>> {
    const Constraints = {
      EncryptionContextSubset: {
        "aws:redshift:arn": CLUSTER_ARN.replace("analytics", "gone"),
        serviceName: "RedshiftDataAPI",
      },
    };
    const credentials = {
      AccessKeyId: ROLE_KEY_ID,
      Expiration: "2100-01-01T00:00:00Z",
      SecretAccessKey: "any",
      SessionToken: "any",
    };
    const elements = Object.entries(credentials).map(([name, value]) => `<${name}>${value}</${name}>`);
    return {
      AssumeRole: result("AssumeRole", `<Credentials>${elements.join("")}</Credentials>`),
      DescribeClusters: result("DescribeClusters", "<Clusters></Clusters>"),
      DescribeKey: JSON.stringify({ KeyMetadata: { Arn: KEY_ARN, KeyId: KEY_ARN.split("/")[1], KeyState: "Enabled" } }),
      GetCallerIdentity: result("GetCallerIdentity", `<Account>${ACCOUNT}</Account>`),
      GetKeyPolicy: JSON.stringify({ Policy: JSON.stringify({ Statement: [], Version: "2012-10-17" }) }),
      ListGrants: JSON.stringify({
        Grants: this.grantIds.map((GrantId) => ({
          Constraints,
          GrantId,
          GranteePrincipal: `redshift-data.${REGION}.amazonaws.com`,
          Operations: ["Decrypt"],
        })),
      }),
      ListNamespaces: JSON.stringify({ namespaces: [] }),
      RevokeGrant: "{}",
    };
  }
}
