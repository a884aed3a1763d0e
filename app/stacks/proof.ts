import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { DataApiProof, type DataApiProofProps } from "../../modules";
import { PROOF_SESSION } from "../../modules/data-api/data-api-proof";
import { fail } from "../../modules/private/checks";
import { defined } from "../../modules/private/defined";
import type { UserConfiguration } from "../config/schema";
import type { Deployer } from "./environment";
import { isRoleToCreate } from "./roles";
import type { UserAccess } from "./warehouse-access";
import type { WarehouseContext } from "./warehouse-context";

/**
 * Adds the proof of an entry with `dataApiProof`. The role of the proof must be a user. An administrator may create every grant, so
 * an administrator's SQL statement would not prove that users may create grants.
 */
export function addProof(
  { entry, stack, warehouse }: WarehouseContext,
  accesses: readonly UserAccess[],
  deployer: Deployer,
): void {
  const { account, dataApiProof: roleArn, region } = entry;
  // Version 0.1.0 created the proof's resource with this provider. While a state has this resource, Terraform needs the provider to
  // remove the resource.
  new AwsProvider(
    stack,
    "ProofAws",
    defined({
      alias: "proof",
      allowedAccountIds: [account],
      assumeRole: deployer && [defined(deployer)],
      region,
    }),
  );
  if (roleArn === undefined) {
    return;
  }
  const index = accesses.findIndex(({ role }) => role.identity.arn === roleArn);
  const user = entry.users[index];
  checkUser(stack, user, roleArn);
  const { databases, databaseUser, secretArn } = typeof user === "string" ? {} : user;
  const props = {
    access: accesses[index]!.access,
    assumedRoles: [...(deployer ? [deployer] : []), { roleArn }],
    database: databases?.[0],
    databaseUser,
    secretArn,
    warehouse,
  };
  // The cast is safe: DataApiAccess has refused the options of a cluster for a serverless warehouse.
  new DataApiProof(stack, "Proof", props as DataApiProofProps);
}

function checkUser(
  stack: TerraformStack,
  user: UserConfiguration | undefined,
  roleArn: string,
): asserts user is UserConfiguration {
  if (user === undefined) {
    fail(stack, "dataApiProof", "be the ARN of one of 'users'", roleArn);
  }
  if (isRoleToCreate(user) && !user.trustedPrincipals) {
    fail(stack, "dataApiProof", "be a role with 'trustedPrincipals', so that the deployer may assume it", roleArn);
  }
  if (isRoleToCreate(user) && user.sessionNames && !user.sessionNames.includes(PROOF_SESSION)) {
    fail(stack, "dataApiProof", `be a role that has ${PROOF_SESSION} in its 'sessionNames'`, roleArn);
  }
}
