import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as provider from "@cdktf/provider-aws/lib/provider";
import type * as framework from "cdktf";
import type * as configuration from "../../app/config/configuration-file";
import type * as fleets from "../../app/config/fleet";
import type * as fleet from "../../app/stacks/fleet-stacks";
import type * as consumer from "../consumer/maximal";
import { ROOT } from "../support/paths";
import { withoutFramework } from "../support/synthesized";

const SHIPPED = readFileSync(join(ROOT, "warehouses.yaml"), "utf8");

const FRAMEWORKS = { cdktf: join(ROOT, "node_modules", "cdktf"), cdktn: join(__dirname, "node_modules", "cdktn") };

/** The stacks that the library and the app make on a framework, by name. */
function stacksOn(name: keyof typeof FRAMEWORKS): Record<string, object> {
  const stacks: Record<string, object> = {};
  const make = () => {
    /* eslint-disable @typescript-eslint/no-require-imports -- a new copy of each, on the framework */
    const { TerraformStack, Testing, ...others } = require("cdktf") as typeof framework;
    const { AwsProvider } = require("@cdktf/provider-aws/lib/provider") as typeof provider;
    const { ConfigurationFile } = require("../../app/config/configuration-file") as typeof configuration;
    const { Fleet } = require("../../app/config/fleet") as typeof fleets;
    const { fleetStacks } = require("../../app/stacks/fleet-stacks") as typeof fleet;
    const { maximal } = require("../consumer/maximal") as typeof consumer;
    /* eslint-enable @typescript-eslint/no-require-imports */
    // Only the successor has it.
    expect("TerraformEphemeralResource" in others).toBe(name === "cdktn");
    const app = Testing.app();
    const stack = new TerraformStack(app, "maximal");
    new AwsProvider(stack, "Aws", { region: "us-east-1" });
    maximal(stack);
    const shipped = new Fleet([new ConfigurationFile("warehouses.yaml", SHIPPED)]);
    for (const synthesized of [stack, ...fleetStacks(app, shipped, ".")]) {
      synthesized.prepareStack();
      stacks[synthesized.node.id] = synthesized.toTerraform() as object;
    }
  };
  // This lane resolves "cdktf" to CDK Terrain.
  jest.doMock("cdktf", () => jest.requireActual<object>(FRAMEWORKS[name]));
  jest.isolateModules(make);
  return stacks;
}

test("CDKTF and CDK Terrain synthesize the same stacks, except for metadata and provider version", () => {
  const [before, after] = [stacksOn("cdktf"), stacksOn("cdktn")];
  expect(Object.keys(before)).toStrictEqual(["maximal", "analytics-cluster", "analytics-serverless"]);
  for (const [name, stack] of Object.entries(before)) {
    expect(withoutFramework(after[name]!)).toStrictEqual(withoutFramework(stack));
  }
});
