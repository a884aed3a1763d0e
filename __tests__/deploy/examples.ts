import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeStatementCommand, ListSessionsCommand, ListStatementsCommand } from "@aws-sdk/client-redshift-data";
import { GetNamespaceCommand } from "@aws-sdk/client-redshift-serverless";
import { run } from "../../examples/data-api/data-api";
import { handler } from "../../examples/data-api/lambda";
import { send } from "../emulator/request";
import { REGION } from "../support/arns";
import { ROOT } from "../support/paths";
import { blocks, USE_THE_DATA_API } from "../support/readme";
import { hasAwsCli } from "./aws-cli";
import { answerStatements, Caller, makeRole } from "./endpoint";

const EXAMPLES = join(ROOT, "examples", "data-api");
const COLUMNS = [{ name: "id" }, { name: "product" }];
const SALES = [
  [{ longValue: 1 }, { stringValue: "book" }],
  [{ longValue: 2 }, { isNull: true }],
];
const CLI_SALES = "select * from sales where sold_on >= cast(:day as date) order by id";
const DENIED = "ERROR: permission denied for relation secrets";

/** A deployed serverless warehouse, and those who use it. */
interface Deployed {
  readonly admin: Caller;
  readonly user: Caller;
  readonly workflowRole: string;
  readonly workgroup: string;
}

/** Runs each program of examples/ on a warehouse that is deployed. The emulator has no database, so it gets the answers. */
export function testExamples({ admin, user, workflowRole, workgroup }: Deployed): void {
  const byCli = hasAwsCli("the examples with the AWS CLI") ? test : test.skip;
  const statement = { Database: "dev", WorkgroupName: workgroup };

  beforeAll(async () => {
    Object.assign(process.env, environmentOf(user));
    await answerStatements(
      {
        pages: [],
        seconds: 1.2,
        sql: "create temp table recent as select * from sales where sold_on >= cast(:day as date)",
      },
      ...["select * from recent order by id", CLI_SALES].map((sql) => ({
        columns: COLUMNS,
        pages: SALES.map((row) => [row]),
        sql,
      })),
      { seconds: 60, sql: "select slowly" },
      { error: DENIED, sql: "select * from secrets" },
      { error: 'ERROR: user "IAMR:Grantee" already exists', sql: 'create user "IAMR:Grantee" password disable' },
    );
  });

  const environmentOf = (caller: Caller): Record<string, string> => ({
    AWS_ACCESS_KEY_ID: caller.name,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: REGION,
    AWS_SECRET_ACCESS_KEY: "any",
    WORKGROUP: workgroup,
  });

  /** Runs a program to its end. */
  async function end(caller: Caller, more: Record<string, string>, command: string, ...args: readonly string[]) {
    const env = { ...process.env, ...environmentOf(caller), ...more };
    return new Promise<{ code: number; stderr: string; stdout: string }>((resolve) => {
      execFile(command, args, { cwd: ROOT, env, timeout: 240_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? 1 : 0, stderr, stdout });
      });
    });
  }

  /** The error of a call, as its whole message. */
  const messageOf = async (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => "no error",
      (error: unknown) => (error as Error).message,
    );

  test("query.ts waits, reads all pages, and runs both statements in one session, as the user", async () => {
    const program = ["--require", "./register.cjs", join(EXAMPLES, "query.ts"), "2026-01-01"];
    expect(await end(user, {}, process.execPath, ...program)).toStrictEqual({
      code: 0,
      stderr: "",
      stdout: `${JSON.stringify([
        { id: 1, product: "book" },
        { id: 2, product: null },
      ])}\n`,
    });
    const { Sessions = [] } = await user.data.send(new ListSessionsCommand({}));
    const { Statements = [] } = await user.data.send(new ListStatementsCommand({}));
    const described = await Promise.all(
      Statements.map(async ({ Id }) => user.data.send(new DescribeStatementCommand({ Id }))),
    );
    expect(described.map(({ SessionId }) => SessionId)).toStrictEqual(Array(2).fill(Sessions[0]!.SessionId));
  });

  test("data-api.ts cancels a statement that does not end in time", async () => {
    expect(await messageOf(run(user.data, { ...statement, Sql: "select slowly" }, 1))).toMatch(
      /^The statement [\da-f-]{36} did not end in time, and is canceled$/,
    );
    const { Statements = [] } = await user.data.send(new ListStatementsCommand({ Status: "ALL" }));
    expect(Statements.map(({ Status }) => Status)).toContain("ABORTED");
  });

  test("data-api.ts adds the cause to the errors of a missing GRANT and of a missing permission", async () => {
    expect(await messageOf(run(user.data, { ...statement, Sql: "select * from secrets" }))).toMatch(
      new RegExp(`${DENIED}\nCause: the database user of this role lacks a GRANT in the database.$`),
    );
    const stranger = new Caller("LibraryStranger");
    await makeRole(stranger.name, [{ Action: "sts:*", Effect: "Allow", Resource: "*" }]);
    expect(await messageOf(run(stranger.data, { ...statement, Sql: "select 1" }))).toMatch(
      /^AccessDeniedException: .* redshift-data:ExecuteStatement .*\nCause: the IAM policy of this role does not allow/,
    );
  });

  test("lambda.ts runs a statement, and reads its rows when the event of its end invokes the function again", async () => {
    const id = await handler({ sql: "select * from recent order by id" });
    const event = JSON.parse(readFileSync(join(EXAMPLES, "statement-event.json"), "utf8")) as {
      detail: { rows: number; state: "FAILED" | "FINISHED"; statementId: string };
    };
    const ended = { ...event, detail: { ...event.detail, statementId: id as string, statementName: "report" } };
    expect(await Promise.all([event, ended].map(matchesPattern))).toStrictEqual([false, true]);
    expect(await handler(ended)).toStrictEqual([
      { id: 1, product: "book" },
      { id: 2, product: null },
    ]);
    expect(await handler({ ...ended, detail: { ...ended.detail, rows: 0 } })).toStrictEqual([]);
    await expect(handler({ ...ended, detail: { ...ended.detail, state: "FAILED" } })).rejects.toThrow(
      `The statement ${id as string} has ended as FAILED`,
    );
  });

  /** Whether EventBridge's pattern selects an event. */
  async function matchesPattern(event: object): Promise<boolean> {
    const EventPattern = readFileSync(join(EXAMPLES, "event-pattern.json"), "utf8");
    const json = { Event: JSON.stringify(event), EventPattern };
    const { body } = await send("events", { json, target: "AWSEvents.TestEventPattern" }, admin.name);
    return (JSON.parse(body) as { Result: boolean }).Result;
  }

  byCli(
    "the state machine of the page's commands reads the rows of a statement, and fails with the error of another",
    async () => {
      const call = async (operation: string, json: object): Promise<Record<string, string>> => {
        const { body } = await send("states", { json, target: `AWSStepFunctions.${operation}` }, admin.name);
        return JSON.parse(body) as Record<string, string>;
      };
      const commands = blocks("sh", USE_THE_DATA_API)
        .find((block) => block.includes("stepfunctions"))!
        .replace("ReportWorkflow", workflowRole)
        .replace("analytics-serverless", workgroup)
        .replace("select 1", "select * from recent order by id");
      const script = `${commands}echo "$STATE_MACHINE $EXECUTION"`;
      const { stderr, stdout } = await end(admin, {}, "bash", "--norc", "-euo", "pipefail", "-c", script);
      expect(stderr).toBe("");
      const [stateMachineArn, first] = stdout.trim().split("\n").at(-1)!.split(" ");
      const input = JSON.stringify({ sql: "select * from secrets", workgroup });
      const { executionArn: second } = await call("StartExecution", { input, stateMachineArn });
      const ended = [first, second].map(async (executionArn) => {
        for (;;) {
          const execution = await call("DescribeExecution", { executionArn });
          if (execution.status !== "RUNNING") {
            return execution;
          }
          await sleep(250);
        }
      });
      const [finished, failed] = await Promise.all(ended);
      expect(finished!.status).toBe("SUCCEEDED");
      expect(JSON.parse(finished!.output!)).toMatchObject({ Records: [SALES[0]], TotalNumRows: 2 });
      expect(failed).toMatchObject({ cause: DENIED, error: "StatementFailed", status: "FAILED" });
    },
  );

  byCli("query.sh waits and reads all pages, as the user", async () => {
    const { code, stderr, stdout } = await end(user, {}, join(EXAMPLES, "query.sh"), "2026-01-01");
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toStrictEqual(SALES);
  });

  byCli("first-grant.sh grants to a database user that exists, as the administrator", async () => {
    const { namespace } = await admin.serverless.send(new GetNamespaceCommand({ namespaceName: workgroup }));
    const secret = { ADMIN_SECRET_ARN: namespace!.adminPasswordSecretArn! };
    expect(await end(admin, secret, join(EXAMPLES, "first-grant.sh"), "Grantee")).toStrictEqual({
      code: 0,
      stderr: "",
      stdout: "FINISHED\tNone\n",
    });
    const { Statements = [] } = await admin.data.send(
      new ListStatementsCommand({ Database: "dev", WorkgroupName: workgroup }),
    );
    const queries = Statements.flatMap(({ QueryStrings = [] }) => QueryStrings);
    expect(queries).toContain('grant select on all tables in schema public to "IAMR:Grantee"');
  });
}
