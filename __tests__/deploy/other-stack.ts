import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { DataApiAccess, DataApiKey, DataApiRole, EncryptedCluster, EncryptedServerless, Identity } from "../../modules";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { TESTED_VERSIONS } from "../../app/config/provider-version";

/** A program with a stack for the role, one for the key, and one for each warehouse. */
const app = new App();
const stackOf = (name: string): TerraformStack => {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, "Aws", { region: REGION });
  stack.addOverride("terraform.required_providers.aws.version", TESTED_VERSIONS);
  return stack;
};
const [roles, keys, cluster, serverless] = ["roles", "keys", "cluster", "serverless"].map((name) =>
  stackOf(`other-stack-${name}`),
) as [TerraformStack, TerraformStack, TerraformStack, TerraformStack];
const role = new DataApiRole(roles, "Reader", {
  roleName: "OtherStackReader",
  trustedPrincipals: [Identity.forAccountRoot(ACCOUNT)],
});
const key = new DataApiKey(keys, "Key", {
  administrators: [Identity.fromArn(ADMIN_ARN)],
  alias: "alias/other-stack",
  deletionProtection: false,
  users: [role.identity],
});
new DataApiAccess(cluster, "Access", {
  role,
  warehouse: new EncryptedCluster(cluster, "Warehouse", {
    clusterIdentifier: "other-stack",
    deletionProtection: false,
    key,
    nodeType: "ra3.large",
    numberOfNodes: 2,
    skipFinalSnapshot: true,
  }),
});
new DataApiAccess(serverless, "Access", {
  role,
  warehouse: new EncryptedServerless(serverless, "Warehouse", {
    baseCapacity: 8,
    deletionProtection: false,
    key,
    namespaceName: "other-stack",
  }),
});
app.synth();
