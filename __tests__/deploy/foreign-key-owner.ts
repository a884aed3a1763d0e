import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DataApiKey, DataApiKeyPolicy, Identity } from "../../modules";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { TESTED_VERSIONS } from "../../app/config/provider-version";

const OWNER = "444455556666";

/** The program of a key's owner, whose account has no warehouse. */
const app = new App();
const stack = new TerraformStack(app, "foreign-key-owner");
new AwsProvider(stack, "Aws", { allowedAccountIds: [OWNER], region: REGION });
stack.addOverride("terraform.required_providers.aws.version", TESTED_VERSIONS);
const statements = DataApiKeyPolicy.requiredStatements({
  accountId: ACCOUNT,
  deployers: [Identity.fromArn(ADMIN_ARN)],
  users: [Identity.fromArn(`arn:aws:iam::${ACCOUNT}:role/ForeignKeyReader`)],
  viaServices: DataApiKeyPolicy.viaServicesFor(REGION),
});
const key = new DataApiKey(stack, "Key", {
  accountId: OWNER,
  additionalStatements: statements.map((statement) => ({ ...statement, Sid: `${statement.Sid} ${ACCOUNT}` })),
  administrators: [Identity.fromArn(`arn:aws:iam::${OWNER}:role/KeyOwner`)],
  alias: "alias/foreign-key",
  deletionProtection: false,
  region: REGION,
});
new TerraformOutput(stack, "key_arn", { value: key.keyArn }).overrideLogicalId("key_arn");
app.synth();
