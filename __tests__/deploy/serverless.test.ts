import { DATABASE_ROLES, expectDatabaseRoles, STATEMENTS } from "./database-roles";
import { lifecycle } from "./lifecycle";

lifecycle({
  audit: [["update aws_redshiftserverless_namespace"], ["update aws_redshiftserverless_namespace"]],
  databaseRoles: { configuration: DATABASE_ROLES, expectIn: expectDatabaseRoles, statements: STATEMENTS },
  capacity: [{ baseCapacity: 16 }, ["update aws_redshiftserverless_workgroup"]],
  name: "analytics-serverless",
  settings: "serverless",
  tagged: ["aws_iam_role", "aws_kms_key", "aws_redshiftserverless_namespace", "aws_redshiftserverless_workgroup"],
  target: { WorkgroupName: "analytics-serverless" },
  user: "AnalyticsUserRole",
});
