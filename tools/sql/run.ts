import type { Fleet } from "../../app/config/fleet";
import { sqlOf } from "../../modules/data-api/database-grants";
import { grantsOf } from "../../modules/data-api/database-roles";
import { printable } from "../../modules/private/printable";
import { Account, type Clients } from "./account";
import type { Options } from "./arguments";
import { configuredRoles } from "./configured";
import { batchesOf, Database } from "./database";
import { differenceOf } from "./difference";
import { UserError } from "../command";
import { readDatabaseState } from "./system-views";

/** The functions that receive the output. */
export interface Output {
  /** Is called with each line of progress. */
  readonly onProgress: (text: string) => void;
  /** Is called with each statement that the database lacks. */
  readonly onStatement: (statement: string) => void;
}

/** The statements that a database lacks, or lacked before they ran. */
export interface Result {
  readonly exitStatus: 0 | 2;
  readonly statements: readonly string[];
}

/**
 * Compares a database with the configuration, and runs the statements that the database lacks, if the options require this.
 *
 * @param clients - the configuration of the SDK's clients, besides the Region and the profile
 * @throws UserError if the database cannot be reached or compared, or a statement fails
 */
export async function runSql(
  fleet: Fleet,
  { isApplied, profile, revokes, stackName }: Options,
  { onProgress, onStatement }: Output,
  clients: Omit<Clients, "profile" | "region"> = {},
): Promise<Result> {
  const configured = configuredRoles(fleet, stackName);
  const { databaseRoles, region } = configured;
  const account = new Account({ ...clients, region, ...(profile !== undefined && { profile }) });
  const database = new Database(account.data, await account.connectionTo(configured));
  onProgress(`reads the database ${databaseRoles.database}`);
  const desired = grantsOf(databaseRoles);
  const existing = await readDatabaseState(
    async (...query) => database.select(...query),
    desired,
    databaseRoles.database,
  );
  const { extra, missing, unknownUsers } = differenceOf(desired, existing);
  if (unknownUsers.length > 0) {
    throw new UserError(
      `each of 'databaseUsers' and each 'owner' must be a user of the database: create it, or remove it, got: ${unknownUsers.join(", ")}`,
    );
  }
  const revoking = sqlOf(extra, "REVOKE");
  const statements = [...sqlOf(missing), ...(revokes ? revoking : [])];
  statements.forEach((statement) => {
    onStatement(printable(statement));
  });
  if (!revokes) {
    revoking.forEach((statement) => {
      onProgress(printable(`kept, because --revoke is not given: ${statement}`));
    });
  }
  if (statements.length === 0) {
    onProgress("the database has everything");
  } else if (isApplied) {
    await apply(database, statements, onProgress);
  }
  return { exitStatus: statements.length > 0 && !isApplied ? 2 : 0, statements };
}

async function apply(
  database: Database,
  statements: readonly string[],
  onProgress: Output["onProgress"],
): Promise<void> {
  const batches = batchesOf(statements);
  if (batches.length > 1) {
    onProgress(
      `${statements.length} statements are ${batches.length} transactions, because the Data API takes at most 40 statements and 100 KB ` +
        "in one: if one fails, those before it stay, and the next run goes on",
    );
  }
  for (const [index, batch] of batches.entries()) {
    await database.run(batch);
    onProgress(`transaction ${index + 1} of ${batches.length} has run ${batch.length} statements`);
  }
}
