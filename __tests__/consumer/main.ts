// The app of a consumer. The registry lane runs it in a folder with nothing but the published package.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { maximal } from "./maximal";

// CDK Terrain asks which versions a write-only password is for.
const app = new App({ context: { targetVersions: { terraform: ">=1.11.0" } } });
const stack = new TerraformStack(app, "maximal");
new AwsProvider(stack, "Aws", { region: "us-east-1" });
new LocalBackend(stack, { path: "terraform.tfstate" });
maximal(stack);
app.synth();
