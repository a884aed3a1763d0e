import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ExecuteStatementCommand,
  type Field,
  paginateGetStatementResult,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { MAX_BATCH_STATEMENTS } from "../../modules/private/rules";
import type { Connection } from "./account";
import { UserError } from "../command";

/** A row of a result: the text of each column. */
export type Row = Readonly<Record<string, string>>;

/** The most bytes of all statements in one request: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
const MAX_BYTES = 100_000;
/** The longest time between two requests for the status of a statement, in milliseconds. */
const MAX_INTERVAL = 2_000;

/** The database of a warehouse, in which statements run as the admin through the Data API. */
export class Database {
  public constructor(
    private readonly client: RedshiftDataClient,
    private readonly connection: Connection,
  ) {}

  /** Runs a SELECT statement, and returns the rows of all pages. */
  public async select(Sql: string, values: Readonly<Record<string, string>>): Promise<readonly Row[]> {
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
    const request = { ...this.connection, Sql, ...(parameters.length > 0 && { Parameters: parameters }) };
    const { Id } = await this.client.send(new ExecuteStatementCommand(request));
    const { Error: error, Status } = await this.awaitEnd(Id!);
    if (Status !== "FINISHED") {
      throw new UserError(`the database must answer ${Sql}, got: ${error ?? Status}`);
    }
    const rows: Row[] = [];
    const pages = paginateGetStatementResult({ client: this.client }, { Id });
    for await (const { ColumnMetadata = [], Records = [] } of pages) {
      for (const record of Records) {
        rows.push(Object.fromEntries(record.map((field, index) => [ColumnMetadata[index]!.name!, textOf(field)])));
      }
    }
    return rows;
  }

  /**
   * Runs statements in one transaction.
   *
   * @throws UserError with the statement that fails, and the error of Redshift
   */
  public async run(statements: readonly string[]): Promise<void> {
    const request = { ...this.connection, Sqls: [...statements] };
    const { Id } = await this.client.send(new BatchExecuteStatementCommand(request));
    const { Error: error, Status, SubStatements = [] } = await this.awaitEnd(Id!);
    if (Status !== "FINISHED") {
      const failed = SubStatements.find((statement) => statement.Status === "FAILED");
      const statement = failed?.QueryString ?? `the transaction ${Id!}`;
      throw new UserError(`the database must run ${statement}, got: ${failed?.Error ?? error ?? Status}`);
    }
  }

  private async awaitEnd(Id: string): Promise<DescribeStatementCommandOutput> {
    for (let interval = 100; ; interval = Math.min(2 * interval, MAX_INTERVAL)) {
      const described = await this.client.send(new DescribeStatementCommand({ Id }));
      if (["ABORTED", "FAILED", "FINISHED"].includes(described.Status!)) {
        return described;
      }
      await sleep(interval);
    }
  }
}

function textOf(field: Field): string {
  return field.stringValue ?? "";
}

/** Divides statements into batches that each fit into one request of the Data API. The order stays. */
export function batchesOf(statements: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let bytes = Infinity;
  for (const statement of statements) {
    bytes += Buffer.byteLength(statement);
    if (bytes > MAX_BYTES || batches.at(-1)!.length === MAX_BATCH_STATEMENTS) {
      batches.push([]);
      bytes = Buffer.byteLength(statement);
    }
    batches.at(-1)!.push(statement);
  }
  return batches;
}
