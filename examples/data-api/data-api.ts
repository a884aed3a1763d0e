import { setTimeout as sleep } from "node:timers/promises";
import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type Field,
  paginateGetStatementResult,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";

export type Row = Readonly<Record<string, boolean | number | string | Uint8Array | null>>;

/** The longest time that the Data API keeps a request open, in seconds. */
const LONGEST_WAIT = 30;

/** Messages of AWS, each with its cause in a warehouse of this project. The first one that matches counts. */
const CAUSES: readonly (readonly [message: RegExp, cause: string])[] = [
  [/permission denied for/, "the database user of this role lacks a GRANT in the database"],
  [/perform: kms:/, "the key policy does not let this role use the key: add the role to the users of the warehouse"],
  [
    /perform: (redshift|secretsmanager)/,
    "the IAM policy of this role does not allow this on this warehouse: add the role to the users of the warehouse",
  ],
  [/is (disabled|pending deletion)/, "an administrator of the key must enable it"],
  [/^AccessDeniedException/, "the grant of the Data API on the key is revoked: the next statement creates it again"],
  [/Query does not exist|expired/, "another role or another session ran the statement, or it ended over 24 hours ago"],
];

/** An error with the message of AWS, and the cause that it has in a warehouse of this project. */
export function explained(error: Error): Error {
  const message = `${error.name}: ${error.message}`;
  const [, cause] = CAUSES.find(([pattern]) => pattern.test(message)) ?? [];
  return cause === undefined ? error : new Error(`${message}\nCause: ${cause}.`, { cause: error });
}

/** The result of a statement: its rows, and its session if it has one. */
export interface Result {
  readonly rows: readonly Row[];
  readonly sessionId: string | undefined;
}

/**
 * Runs a statement, waits for its end and reads its rows.
 *
 * @throws if the statement fails, or does not end in time; then it is canceled
 */
export async function run(
  client: RedshiftDataClient,
  statement: ExecuteStatementCommandInput,
  seconds = 60,
): Promise<Result> {
  try {
    const { Id, SessionId } = await client.send(new ExecuteStatementCommand(statement));
    const hasRows = await waitForEnd(client, Id!, Date.now() + seconds * 1_000);
    return { rows: hasRows ? await readRows(client, Id!) : [], sessionId: SessionId };
  } catch (error) {
    throw explained(error as Error);
  }
}

/** Waits for the end of a statement. Returns whether it has rows. */
async function waitForEnd(client: RedshiftDataClient, Id: string, deadline: number): Promise<boolean> {
  for (let pause = 100; ; pause = Math.min(2 * pause, 5_000)) {
    const seconds = Math.ceil((deadline - Date.now()) / 1_000);
    const WaitTimeSeconds = Math.max(1, Math.min(seconds, LONGEST_WAIT));
    const {
      Error: message,
      HasResultSet,
      Status,
    } = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds }));
    if (Status === "FINISHED") {
      return HasResultSet === true;
    }
    if (Status === "ABORTED" || Status === "FAILED") {
      throw new Error(`The statement ${Id} has ended as ${Status}: ${message ?? "AWS gives no reason"}`);
    }
    if (Date.now() + pause > deadline) {
      await client.send(new CancelStatementCommand({ Id }));
      throw new Error(`The statement ${Id} did not end in time, and is canceled`);
    }
    await sleep(pause);
  }
}

/** Reads all pages of a result. */
export async function readRows(client: RedshiftDataClient, Id: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { ColumnMetadata = [], Records = [] } of paginateGetStatementResult({ client }, { Id })) {
    const names = ColumnMetadata.map(({ name }) => name!);
    rows.push(
      ...Records.map((record) => Object.fromEntries(record.map((field, column) => [names[column]!, valueOf(field)]))),
    );
  }
  return rows;
}

/** A field has one member, which is named by the type of its value. */
function valueOf(field: Field): Row[string] {
  return field.isNull ? null : (Object.values(field)[0] as Row[string]);
}
