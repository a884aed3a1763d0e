import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, deleteCluster, text } from "./call";
import { send } from "./request";

const CONSUMER = "444455556666";
const OTHERS_SHARE = `arn:aws:redshift:${REGION}:${CONSUMER}:datashare:0123abcd-0000-4000-8000-0123456789ab/orders`;

/** How the Data API names a warehouse, and the ARN of its namespace. */
interface Producer {
  readonly namespaceArn: string;
  readonly target: { readonly ClusterIdentifier: string } | { readonly WorkgroupName: string };
}

async function clusterOf(name: string): Promise<Producer> {
  const namespaceArn = text(await createCluster(name), "ClusterNamespaceArn")!;
  return { namespaceArn, target: { ClusterIdentifier: name } };
}

async function serverlessOf(name: string): Promise<Producer> {
  const create = async (kind: string, json: object) => {
    const { body } = await send("redshift-serverless", { json, target: `RedshiftServerless.Create${kind}` }, "root");
    return JSON.parse(body) as { readonly namespace: { readonly namespaceArn: string } };
  };
  const { namespace } = await create("Namespace", { namespaceName: name });
  await create("Workgroup", { namespaceName: name, workgroupName: name });
  return { ...namespace, target: { WorkgroupName: name } };
}

async function run({ target }: Producer, ...Sqls: readonly string[]): Promise<void> {
  const json = { ...target, Database: "dev", Sqls };
  await send("redshift-data", { json, target: "RedshiftData.BatchExecuteStatement" }, "root");
}

/** The ARN of a producer's datashare. */
const arnOf = ({ namespaceArn }: Producer, name = "sales"): string =>
  `arn:aws:redshift:${REGION}:${ACCOUNT}:datashare:${namespaceArn.split(/[:/]/).at(-1)}/${name}`;

deployLane("in the emulator, a datashare", () => {
  const SQL = ["CREATE DATASHARE sales", `GRANT USAGE ON DATASHARE sales TO ACCOUNT '${CONSUMER}'`];
  const authorize = async (DataShareArn: string, ConsumerIdentifier = CONSUMER) =>
    call("redshift", "AuthorizeDataShare", { ConsumerIdentifier, DataShareArn });
  const deauthorize = async (DataShareArn: string) =>
    call("redshift", "DeauthorizeDataShare", { ConsumerIdentifier: CONSUMER, DataShareArn });
  const associate = async (DataShareArn: string, { namespaceArn }: Producer) =>
    call("redshift", "AssociateDataShareConsumer", { ConsumerArn: namespaceArn, DataShareArn });
  const disassociate = async (DataShareArn: string, { namespaceArn }: Producer) =>
    call("redshift", "DisassociateDataShareConsumer", { ConsumerArn: namespaceArn, DataShareArn });
  const describe = async (DataShareArn: string) => call("redshift", "DescribeDataShares", { DataShareArn });

  test.each([
    ["a cluster", clusterOf],
    ["a serverless warehouse", serverlessOf],
  ])("of %s is created by SQL, authorized and deauthorized", async (kind, producerOf) => {
    const producer = await producerOf(`producer-${kind.length}`);
    const arn = arnOf(producer);
    expect(await authorize(arn)).toBe("InvalidDataShareFault");
    await run(producer, SQL[0]!);
    expect(await authorize(arn)).toBe("InvalidDataShareFault");
    await run(producer, SQL[1]!);
    expect(text(await describe(arn), "Status")).toBe("PENDING_AUTHORIZATION");
    const authorized = await authorize(arn);
    expect(text(authorized, "Status")).toBe("AUTHORIZED");
    expect(text(authorized, "ProducerArn")).toBe(producer.namespaceArn);
    expect(text(await deauthorize(arn), "Status")).toBe("DEAUTHORIZED");
    expect(await deauthorize(arn)).toBe("InvalidDataShareFault");
  });

  test("can be authorized for Lake Formation if SQL grants it through the Data Catalog", async () => {
    const producer = await clusterOf("producer-of-lake");
    await run(producer, SQL[0]!, `${SQL[1]} VIA DATA CATALOG`);
    expect(await authorize(arnOf(producer))).toBe("InvalidDataShareFault");
    const authorized = await authorize(arnOf(producer), `DataCatalog/${CONSUMER}`);
    expect(text(authorized, "Status")).toBe("AUTHORIZED");
  });

  test("is deleted with its cluster", async () => {
    const producer = await clusterOf("producer-for-a-while");
    await run(producer, ...SQL);
    await deleteCluster("producer-for-a-while");
    expect(await describe(arnOf(producer))).toBe("InvalidDataShareFault");
  });

  test("of another account can be associated with a namespace, repeatedly, and disassociated", async () => {
    const consumer = await serverlessOf("consumer");
    expect(text(await describe(OTHERS_SHARE), "Status")).toBe("AVAILABLE");
    const associated = await associate(OTHERS_SHARE, consumer);
    expect(associated).toContain(`<ConsumerIdentifier>${consumer.namespaceArn}</ConsumerIdentifier>`);
    await associate(OTHERS_SHARE, consumer);
    expect(await disassociate(OTHERS_SHARE, consumer)).not.toContain(consumer.namespaceArn);
    expect(await disassociate(OTHERS_SHARE, consumer)).toBe("InvalidDataShareFault");
  });

  test("cannot be associated with a namespace that does not exist", async () => {
    const nobody = {
      namespaceArn: `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:nothing`,
      target: { WorkgroupName: "" },
    };
    expect(await associate(OTHERS_SHARE, nobody)).toBe("InvalidNamespaceFault");
    expect(await disassociate(OTHERS_SHARE, nobody)).toBe("InvalidNamespaceFault");
  });

  test("of the account cannot be associated before it is authorized for the account", async () => {
    const producer = await clusterOf("producer-for-own-account");
    await run(producer, SQL[0]!, `GRANT USAGE ON DATASHARE sales TO ACCOUNT '${ACCOUNT}'`);
    const consumer = await clusterOf("consumer-of-own-account");
    expect(await associate(arnOf(producer), consumer)).toBe("InvalidDataShareFault");
    await authorize(arnOf(producer), ACCOUNT);
    expect(await associate(arnOf(producer), consumer)).toContain("<Status>ACTIVE</Status>");
  });
});
