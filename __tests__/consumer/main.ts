// The app of a consumer. The registry lane runs it where nothing but the published package is.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { maximal } from "./maximal";

const app = new App();
const stack = new TerraformStack(app, "maximal");
new AwsProvider(stack, "Aws", { region: "us-east-1" });
maximal(stack);
app.synth();
