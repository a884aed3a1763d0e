import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { maximal } from "../consumer/maximal";
import { ACCOUNT, KEY_ARN, REGION } from "../support/arns";
import { ROOT } from "../support/paths";
import { type Arguments, type Synthesized } from "../support/support";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { ProviderProcess } from "./provider";
import { CallerEndpoint, type Plan, plan, type PlannedResource, terraform, terraformLane } from "./terraform";

/** The arguments that replace a resource, by type. This test writes the file if the provider has others. */
const REPLACING = join(ROOT, "__tests__", "golden", "replacing.json");
/** The members that Terraform itself reads, and no provider. */
const META_ARGUMENTS = ["depends_on", "lifecycle", "provider"];

/** Another value of the same type, as a state may have it. */
function another(value: unknown): unknown {
  if (value === "s3") {
    // The provider reads no other destination of a log from a state.
    return "cloudwatch";
  }
  if (typeof value === "boolean") {
    return !value;
  }
  if (typeof value === "number") {
    return value + 1;
  }
  return typeof value === "string" ? `${value}-x` : Array.isArray(value) ? [] : {};
}

terraformLane("the recorded arguments that replace a resource", () => {
  const endpoint = new CallerEndpoint(`arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`);
  const directory = mkdtempSync(join(tmpdir(), "replacing-"));
  let providerProcess: ProviderProcess;
  beforeAll(async () => {
    await endpoint.listen();
    providerProcess = await ProviderProcess.start(endpoint.env);
  });
  afterAll(async () => {
    await providerProcess.stop();
    await endpoint.close();
    rmSync(directory, { recursive: true });
  });

  // A resource for every argument, which has another value in the state: one plan then shows what each of them does.
  test("equal those of the provider", async () => {
    const app = new App({ outdir: directory, stackTraces: false });
    const stack = new TerraformStack(app, "maximal");
    new AwsProvider(stack, "Aws", { region: REGION });
    stack.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: TESTED_VERSIONS });
    maximal(stack);
    app.synth();
    const stackDirectory = join(directory, "stacks", "maximal");
    const file = join(stackDirectory, "cdk.tf.json");
    const { provider, resource, terraform: terraformSettings } = JSON.parse(readFileSync(file, "utf8")) as Synthesized;
    const env = { ...endpoint.env, ...providerProcess.env, TF_VAR_password: "Write-0nly-secret" };
    const planned = (await plan(stackDirectory, env)) as Plan & {
      planned_values: { root_module: { resources: { address: string; schema_version: number }[] } };
    };

    const copies: Record<string, Record<string, Arguments>> = {};
    const state: object[] = [];
    const ours = planned.resource_changes.filter(({ type }) => type.startsWith("aws_"));
    /** The value of an argument that is known at plan, of this resource or another one of its type; any if there is none. */
    const valueOf = (planning: PlannedResource, name: string, value: unknown): unknown => {
      const isKnown = ({ change: { after, after_unknown } }: PlannedResource) =>
        (after[name] ?? null) !== null && !JSON.stringify(after_unknown[name] ?? "").includes("true");
      const knowing = [planning, ...ours.filter(({ type }) => type === planning.type)].find(isKnown);
      if (knowing) {
        return knowing.change.after[name];
      }
      const any = name === "policy" ? '{"Statement":[]}' : Array.isArray(value) ? [KEY_ARN] : KEY_ARN;
      return planning.change.after_unknown[name] ? any : undefined;
    };
    for (const planning of ours) {
      const { address, provider_name, type } = planning;
      const { schema_version } = planned.planned_values.root_module.resources.find((one) => one.address === address)!;
      const entries = Object.entries(resource[type]![address.split(".")[1]!] as object);
      const values = Object.fromEntries(
        entries
          .filter(([name]) => !META_ARGUMENTS.includes(name) && !/_wo(_version)?$/.test(name))
          .map(([name, value]) => [name, valueOf(planning, name, value)])
          .filter(([, value]) => value !== undefined),
      ) as Arguments;
      copies[type] ??= {};
      for (const name of Object.keys(values).filter((one) => !copies[type]![one])) {
        copies[type][name] = values;
        const attributes = { id: "any", ...values, [name]: another(values[name]) };
        const instances = [{ attributes, schema_version }];
        state.push({ instances, mode: "managed", name, provider: `provider["${provider_name}"]`, type });
      }
    }
    // An expression of Terraform is a text here.
    const literal = JSON.parse(JSON.stringify(copies).replaceAll("${", () => "$${")) as object;
    const settings = { ...terraformSettings, backend: { local: { path: "copies.tfstate" } } };
    writeFileSync(file, JSON.stringify({ provider, resource: literal, terraform: settings }));
    const lineage = "00000000-0000-0000-0000-000000000000";
    const head = { lineage, outputs: {}, serial: 1, terraform_version: "1.7.0", version: 4 };
    writeFileSync(join(stackDirectory, "copies.tfstate"), JSON.stringify({ ...head, resources: state }));
    for (const args of [
      ["init", "-no-color", "-input=false", "-reconfigure"],
      ["plan", "-no-color", "-input=false", "-refresh=false", "-out=copies.out"],
    ]) {
      const { code, stderr } = await terraform(stackDirectory, env, ...args);
      const errors = stderr.split("\n").filter((line) => line.length < 200);
      expect({ code, errors: code === 0 ? [] : errors }).toStrictEqual({ code: 0, errors: [] });
    }
    const { resource_changes: changes } = JSON.parse(
      (await terraform(stackDirectory, env, "show", "-json", "copies.out")).stdout,
    ) as {
      resource_changes: { address: string; change: { actions: string[]; replace_paths?: [string][] }; type: string }[];
    };
    const replacing: Record<string, string[]> = { terraform_data: [] };
    for (const { address, change, type } of changes) {
      replacing[type] ??= [];
      const name = address.split(".")[1]!;
      if (change.replace_paths?.some(([argument]) => argument === name)) {
        replacing[type].push(name);
      }
    }
    const sorted = Object.fromEntries(
      Object.entries(replacing)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([type, names]) => [type, names.sort()]),
    );
    const text = `${JSON.stringify(sorted, undefined, 2)}\n`;
    const before = readFileSync(REPLACING, "utf8");
    if (before !== text) {
      writeFileSync(REPLACING, text);
    }
    expect(before).toBe(text);
  });
});
