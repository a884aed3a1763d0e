import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListStatementsCommand,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { setTimeout as sleep } from "node:timers/promises";
import { Emulator } from "../../emulator/emulator";
import { Caller, deployLane } from "../deploy/endpoint";
import { messages } from "../support/troubleshooting";
import { failure } from "./request";

deployLane("in the emulator, statements of the Data API", () => {
  let emulator: Emulator | undefined;
  afterEach(async () => emulator?.stop());

  /** A statement on an emulator that keeps it for a time. */
  async function execute(...options: readonly string[]): Promise<{ data: RedshiftDataClient; Id: string }> {
    emulator = await Emulator.start(...options);
    const { data, serverless } = new Caller("ExampleAdminRole", { endpoint: emulator.url });
    const names = { namespaceName: "short", workgroupName: "short" };
    await serverless.send(new CreateNamespaceCommand(names));
    await serverless.send(new CreateWorkgroupCommand(names));
    const input = { Database: "dev", Sql: "select 1", WorkgroupName: "short" };
    return { data, Id: (await data.send(new ExecuteStatementCommand(input))).Id! };
  }

  test.each([
    [[], "ValidationException: Could not retrieve the query result as it has expired after 24 hours."],
    [["--expired-as", "ResourceNotFoundException"], "ResourceNotFoundException: Query does not exist."],
  ])("expire, and then cause the error that the options %j of the emulator give", async (options, message) => {
    const { data, Id } = await execute("--statement-lifetime", "3", ...options);
    expect((await data.send(new DescribeStatementCommand({ Id }))).Status).toBe("FINISHED");
    expect((await data.send(new ListStatementsCommand({}))).Statements).toHaveLength(1);
    await sleep(3_000);
    expect(await failure(data.send(new DescribeStatementCommand({ Id })))).toBe(message);
    expect(await failure(data.send(new GetStatementResultCommand({ Id })))).toBe(message);
    expect(messages().map(({ text }) => text)).toContain(message);
    expect((await data.send(new ListStatementsCommand({}))).Statements).toStrictEqual([]);
  });

  test("are kept for a day by default", async () => {
    const { data, Id } = await execute();
    await sleep(3_000);
    expect((await data.send(new GetStatementResultCommand({ Id }))).Records).toHaveLength(1);
  });
});
