import { ExecuteStatementCommand, RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { explained, readRows, type Row } from "./data-api";

const client = new RedshiftDataClient();
/** The rule of EventBridge has it, so that the function gets the events of these statements only. */
const StatementName = "report";

/** A request to run a statement. */
interface StatementRequest {
  readonly sql: string;
}

/** The event of the Data API at the end of a statement that was run with `WithEvent`. */
interface StatementEvent {
  readonly detail: {
    readonly rows: number;
    readonly state: "ABORTED" | "FAILED" | "FINISHED";
    readonly statementId: string;
  };
}

/**
 * Runs a statement without waiting for it. EventBridge invokes the function again when the statement has ended. So a
 * statement may take longer than the function, and waiting costs nothing.
 */
export async function handler(event: StatementEvent | StatementRequest): Promise<string | readonly Row[]> {
  try {
    return "detail" in event ? await read(event.detail) : await start(event.sql);
  } catch (error) {
    throw explained(error as Error);
  }
}

async function start(Sql: string): Promise<string> {
  const { DATABASE: Database = "dev", WORKGROUP: WorkgroupName } = process.env;
  const statement = { Database, Sql, StatementName, WithEvent: true, WorkgroupName };
  const { Id } = await client.send(new ExecuteStatementCommand(statement));
  return Id!;
}

async function read({ rows, state, statementId }: StatementEvent["detail"]): Promise<readonly Row[]> {
  if (state !== "FINISHED") {
    throw new Error(`The statement ${statementId} has ended as ${state}`);
  }
  return rows > 0 ? readRows(client, statementId) : [];
}
