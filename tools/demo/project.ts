import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { Fleet } from "../../app/config/fleet";
import { UserError } from "../command";
import { GO_ENV } from "../provider";

const ROOT = dirname(dirname(__dirname));
const CONFIGURATION = "warehouses.yaml";
/** The parts of the checkout that the commands of the demo need, as links in its folder. */
const LINKS = [
  "app",
  "cdktf.json",
  "examples",
  "main.ts",
  "modules",
  "node_modules",
  "package.json",
  "register.cjs",
  "review",
  "tools",
];
const STACKS = ["analytics-cluster", "analytics-serverless"];
/** The only environment variables of the user that the commands get: none of AWS, Terraform or npm. */
const KEPT = ["LANG", "LC_ALL"];
/** The address of a proxy that does not exist, so that requests which leave the emulator fail. */
const NO_PROXY = "http://127.0.0.1:9";

/** The version of the provider that the demo installs. */
export const { awsProviderVersion: PROVIDER_VERSION } = load(
  readFileSync(join(__dirname, "provider.yaml"), "utf8"),
) as { readonly awsProviderVersion: string };

/** Creates a temporary folder with links to this checkout, so that commands run there as in the checkout. */
export function createProject(): string {
  // The path is short: on macOS, the path of a provider's socket in this folder has at most 103 bytes.
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "kms-demo-"));
  for (const name of LINKS) {
    symlinkSync(join(ROOT, name), join(directory, name));
  }
  copyFileSync(join(ROOT, CONFIGURATION), join(directory, CONFIGURATION));
  for (const name of ["home", "provider", "tmp"]) {
    mkdirSync(join(directory, name));
  }
  return directory;
}

/** @throws UserError if warehouses.yaml has other stacks than the shipped ones, which the steps name */
export function requireShippedStacks(file = join(ROOT, CONFIGURATION)): void {
  const { names } = Fleet.load(file);
  if (names.join() !== STACKS.join()) {
    throw new UserError(
      `${CONFIGURATION} must have the shipped stacks, ${STACKS.join(" and ")}, got: ${names.join(", ")}; the demo runs in an unchanged checkout`,
    );
  }
}

/** Configures terraform to install the provider from the folder of the project, and from no registry. */
export function configureTerraform(directory: string): void {
  const mirror = join(directory, "provider", ".terraform", "providers");
  const lines = ["provider_installation {", `  filesystem_mirror { path = ${JSON.stringify(mirror)} }`, "}", ""];
  writeFileSync(join(directory, "terraformrc"), lines.join("\n"));
}

/**
 * Returns the environment of the commands. Its credentials exist in the emulator only, and each AWS endpoint is the emulator. A
 * request of terraform to another address fails at the proxy.
 */
export function environmentOf(directory: string, endpoint: string): NodeJS.ProcessEnv {
  const keptVariables = KEPT.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  return {
    ...(Object.fromEntries(keptVariables) as NodeJS.ProcessEnv),
    AWS_CONFIG_FILE: join(directory, "tools", "demo", "aws-config"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: endpoint,
    AWS_PROFILE: "administrator",
    AWS_REGION: "us-east-1",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_SHARED_CREDENTIALS_FILE: join(directory, "home", "credentials"),
    CHECKPOINT_DISABLE: "1",
    CI: "true",
    ...GO_ENV,
    HOME: join(directory, "home"),
    HTTPS_PROXY: NO_PROXY,
    HTTP_PROXY: NO_PROXY,
    NO_PROXY: "127.0.0.1",
    PATH: [process.env.PATH, dirname(process.execPath)].join(":"),
    TF_CLI_CONFIG_FILE: join(directory, "terraformrc"),
    // Provider processes that are killed leave their sockets in this folder, which the demo removes.
    TMPDIR: join(directory, "tmp"),
    WAREHOUSES: `${CONFIGURATION} tools/demo/provider.yaml`,
    npm_config_update_notifier: "false",
  };
}
