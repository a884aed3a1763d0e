import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataApiAccess, DataApiKey, DataApiRole, EncryptedServerless, Identity } from "../../modules";

const app = new App();
const stack = new TerraformStack(app, "analytics");
new AwsProvider(stack, "Aws", { region: "us-east-1" });

const role = new DataApiRole(stack, "Reader", {
  roleName: "AnalyticsReader",
  trustedPrincipals: [Identity.forAccountRoot("111122223333")],
});
const key = new DataApiKey(stack, "Key", {
  administrators: [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")],
  alias: "alias/analytics",
});
const warehouse = new EncryptedServerless(stack, "Warehouse", { key, namespaceName: "analytics" });
new DataApiAccess(stack, "Access", { role, warehouse });
new TerraformOutput(stack, "encryption_context", { value: warehouse.encryptionContext.pairs });
app.synth();
