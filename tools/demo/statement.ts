// Runs a SQL statement and prints its rows, or reads the rows of an earlier statement again:
//
//     WORKGROUP=analytics-serverless node --require ./register.cjs tools/demo/statement.ts execute 'select 1'
//     node --require ./register.cjs tools/demo/statement.ts result ID
import { DescribeStatementCommand, ExecuteStatementCommand, RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { explained, readRows } from "../../examples/data-api/data-api";

const client = new RedshiftDataClient();

async function execute(Sql: string): Promise<string> {
  const { CLUSTER: ClusterIdentifier, WORKGROUP: WorkgroupName } = process.env;
  const statement = { ClusterIdentifier, Database: "dev", Sql, WorkgroupName };
  const { Id } = await client.send(new ExecuteStatementCommand(statement));
  const { Status } = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
  console.log(`The statement ${Id} has the status ${Status}`);
  return Id!;
}

async function main([operation, argument]: readonly string[]): Promise<void> {
  const id = operation === "execute" ? await execute(argument!) : argument!;
  console.log(JSON.stringify(await readRows(client, id)));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(explained(error as Error).message);
  process.exitCode = 1;
});
