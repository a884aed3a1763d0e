import type { DatabaseRoles, Identity } from "../../modules";
import { arnsOf, outputKey, outputReplicas, type StackKey } from "./key";
import { output, outputMap } from "./outputs";
import type { UserAccess } from "./warehouse-access";
import type { WarehouseContext } from "./warehouse-context";

/** Adds the Terraform outputs of a warehouse's stack. */
export function addOutputs(
  { stack, warehouse }: WarehouseContext,
  key: StackKey,
  administrators: readonly Identity[],
  accesses: readonly UserAccess[],
  databaseRoles: DatabaseRoles | undefined,
): void {
  const users = accesses.map(({ role }) => role.identity);
  outputKey(stack, key, administrators);
  output(stack, "warehouse_arn", "The ARN that the Data API's IAM actions name", warehouse.warehouseArn);
  // A restored cluster has the database of its snapshot. Only the resource shows the name of this database.
  const cluster = warehouse.kind === "cluster" ? warehouse.resource : undefined;
  const databaseName = cluster?.databaseName ?? warehouse.databaseName;
  output(stack, "database_name", "The name of the first database", databaseName);
  if (warehouse.kind === "cluster") {
    output(stack, "cluster_identifier", "The cluster's identifier", warehouse.clusterIdentifier);
  } else {
    output(stack, "namespace_arn", "The namespace's ARN", warehouse.namespaceArn);
    output(stack, "workgroup_arn", "The workgroup's ARN", warehouse.warehouseArn);
    output(stack, "workgroup_name", "The workgroup's name", warehouse.workgroupName);
  }
  output(stack, "encryption_context", "The KMS encryption context of the Data API", warehouse.encryptionContext.pairs);
  output(stack, "user_role_arns", "Who uses the Data API", arnsOf(users));
  const endpoint = cluster?.endpoint ?? `${warehouse.endpointAddress}:${warehouse.endpointPort}`;
  output(stack, "endpoint", "The host name and port of the warehouse", endpoint);
  output(stack, "admin_secret_arn", "The secret with the admin's name and password", warehouse.adminSecretArn);
  outputMap(
    stack,
    "user_policies",
    "The inline policy of each permission set whose roles use the Data API, by ARN of the role",
    accesses
      .filter(({ role }) => role.identity.isUnmodifiable)
      .map(({ access, role }) => [role.identity.arn, access.policyJson] as const),
  );
  output(
    stack,
    "database_roles_sql",
    "The SQL that creates the database roles in a database that has none of them",
    databaseRoles?.statements,
  );
  outputReplicas(stack, key);
}
