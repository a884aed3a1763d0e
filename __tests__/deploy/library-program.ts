import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftdataStatement } from "@cdktf/provider-aws/lib/redshiftdata-statement";
import { App, dependable, TerraformStack } from "cdktf";
import {
  DataApiGrant,
  DataApiRole,
  DataApiWarehouse,
  DatashareAssociation,
  DatashareAuthorization,
  Identity,
} from "../../modules";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { TESTED_VERSIONS } from "../../app/config/provider-version";

const CONSUMER = "444455556666";
const SHARED = `arn:aws:redshift:${REGION}:${CONSUMER}:datashare:0123abcd-0000-4000-8000-0123456789ab/orders`;

/** A program that uses the library without the app: a whole warehouse, a grant, which no configuration has, and both sides of datashares. */
const app = new App();
const stack = new TerraformStack(app, "library-program");
new AwsProvider(stack, "Aws", { region: REGION });
stack.addOverride("terraform.required_providers.aws.version", TESTED_VERSIONS);
const role = DataApiRole.fromRoleArn(stack, "Reader", `arn:aws:iam::${ACCOUNT}:role/LibraryUserRole`);
const workflow = new DataApiRole(stack, "Workflow", {
  roleName: "LibraryWorkflowRole",
  trustedServices: ["states.amazonaws.com"],
});
const { warehouse } = new DataApiWarehouse(stack, "Library", {
  administrators: [Identity.fromArn(ADMIN_ARN)],
  keyProps: { deletionProtection: false },
  serverless: { baseCapacity: 8, deletionProtection: false, namespaceName: "library-program" },
  users: [{ role }, { ownStatementsOnly: false, role: workflow }],
});
if (warehouse.kind !== "serverless") {
  throw new Error("the warehouse of this program must be serverless");
}
new DataApiGrant(stack, "Grant", { grantee: role.identity, name: "reader", warehouse });
new DatashareAssociation(stack, "Orders", { dataShareArn: SHARED, warehouse });
const { databaseName: database, workgroupName } = warehouse;
const create = new RedshiftdataStatement(stack, "Create", { database, sql: "CREATE DATASHARE sales", workgroupName });
const grant = new RedshiftdataStatement(stack, "GrantUsage", {
  database,
  dependsOn: [create],
  sql: `GRANT USAGE ON DATASHARE sales TO ACCOUNT '${CONSUMER}'`,
  workgroupName,
});
const { resource } = new DatashareAuthorization(stack, "Sales", {
  allowWrites: true,
  consumerIdentifier: CONSUMER,
  datashareName: "sales",
  warehouse,
});
resource.dependsOn = [dependable(grant)];
app.synth();
