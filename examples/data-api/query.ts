import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { run } from "./data-api";

/** Prints the sales since a day, as JSON. Both statements share a session, so that the second one sees the temporary table. */
async function main([day]: readonly string[]): Promise<void> {
  const { CLUSTER, DATABASE = "dev", WORKGROUP } = process.env;
  const warehouse = CLUSTER === undefined ? { WorkgroupName: WORKGROUP } : { ClusterIdentifier: CLUSTER };
  const client = new RedshiftDataClient();

  const { sessionId } = await run(client, {
    ...warehouse,
    Database: DATABASE,
    Parameters: [{ name: "day", value: day }],
    SessionKeepAliveSeconds: 60,
    Sql: "create temp table recent as select * from sales where sold_on >= cast(:day as date)",
  });
  const { rows } = await run(client, { SessionId: sessionId, Sql: "select * from recent order by id" });
  console.log(JSON.stringify(rows));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
