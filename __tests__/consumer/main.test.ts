// The test of a consumer, of its own key policy.
import { TerraformStack, Testing } from "cdktf";
import { DataApiKey, Identity } from "../../modules";

test("the key policy names its administrator", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const administrators = [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")];
  new DataApiKey(stack, "Key", { accountId: "111122223333", administrators, alias: "alias/a", region: "us-east-1" });
  expect(Testing.synth(stack)).toContain("role/ExampleAdminRole");
});
