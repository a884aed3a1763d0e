import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { name as ownName, version } from "../../package.json";
import { closest } from "../../modules/private/nearest";
import { CI_SYSTEMS, ciFiles, fleetPage } from "./ci-files";
import { parseCommandArguments } from "./command-line";
import { makeFolder } from "./folder";
import { type Framework, FRAMEWORKS } from "./frameworks";
import { projectFiles } from "./project-files";

const DEFAULT_FRAMEWORK = ownName.endsWith("-cdktn") ? "cdktn" : "cdktf";
const USAGE = `Usage: redshift-kms init [option ...] [DIR]

Writes the files of a new project to DIR, or to this folder: package.json, .npmrc, cdktf.json, warehouses.yaml with its
schema, and .gitignore. It overwrites no file: if one exists, it writes nothing. In a project that has cdktf.json, init --ci
writes the files of the pipeline only.

  --registry URL           the registry of the scope @redshift-kms; the default is that of the npm configuration
  --framework cdktf|cdktn  CDKTF, or CDK Terrain on Node.js 22.19 or newer; ${DEFAULT_FRAMEWORK} is the default
  --ci github|gitlab|none  a pipeline that plans, reviews, approves and applies the changed stacks; none is the default
  --help`;

/** The error for an argument or a target folder that `init` refuses. */
class InitError extends Error {}

/** Writes the files of a new project, and prints their names and the next steps. */
function init(args: readonly string[]): void {
  const { positionals, values } = readArguments(args);
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  if (positionals.length > 1) {
    throw new InitError(`the arguments must be at most one folder, got: ${positionals.join(" ")}`);
  }
  const [directory = "."] = positionals;
  const ci = values.ci ?? "none";
  checkValue("--ci", ci, CI_SYSTEMS);
  const framework = frameworkOf(values.framework ?? DEFAULT_FRAMEWORK);
  const isProject = ci !== "none" && existsSync(join(directory, "cdktf.json"));
  if (isProject && values.registry !== undefined) {
    throw new InitError("--registry must be left out: the project in this folder keeps its registry");
  }
  const files = {
    ...(isProject ? {} : newProject(directory, framework, values.registry)),
    ...ciFiles(ci, framework.cli),
  };
  const existing = Object.keys(files).filter((file) => existsSync(join(directory, file)));
  if (existing.length > 0) {
    throw new InitError(
      `${resolve(directory)} must have none of these files: ${existing.join(", ")}; nothing is written`,
    );
  }
  for (const [file, text] of Object.entries(files)) {
    makeFolder(dirname(join(directory, file)));
    // `wx` fails if another process has created the file since the check.
    writeFileSync(join(directory, file), text, { flag: "wx" });
    console.log(join(directory, file));
  }
  const steps = [...(isProject ? [] : synthesisSteps(directory, framework)), pipelineStep(ci, framework)];
  console.log(["", "Next:", ...steps.map((step) => `  ${step}`)].join("\n"));
}

function synthesisSteps(directory: string, framework: Framework): readonly string[] {
  return [
    ...(directory === "." ? [] : [`cd ${directory}`]),
    "edit warehouses.yaml: the accounts, Regions and roles are examples",
    "npm install",
    `npx ${framework.command} synth`,
  ];
}

function pipelineStep(ci: string, framework: Framework): string {
  return ci === "none"
    ? `npx --no redshift-kms init --ci ${CI_SYSTEMS.filter((system) => system !== ci).join("|")}, if you want a pipeline`
    : `set up the pipeline: ${fleetPage(framework.cli)} has its roles, settings and lock file`;
}

function newProject(
  directory: string,
  framework: Framework,
  registry: string | undefined,
): Readonly<Record<string, string>> {
  return projectFiles({
    framework,
    name: nameOf(resolve(directory)),
    registry: registryOf(registry ?? configuredRegistry()),
    version,
  });
}

function readArguments(args: readonly string[]) {
  const config = {
    allowPositionals: true,
    args: [...args],
    options: {
      ci: { type: "string" },
      framework: { type: "string" },
      help: { type: "boolean" },
      registry: { type: "string" },
    },
  } as const;
  return parseCommandArguments("redshift-kms init", config, (message) => new InitError(message));
}

/** @throws InitError if the value of an option is not one of the allowed values */
function checkValue(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new InitError(
      `${option} must be one of ${allowed.join(", ")}, got: ${JSON.stringify(value)}, did you mean ${closest(value, allowed)}?`,
    );
  }
}

function frameworkOf(key: string): Framework {
  checkValue("--framework", key, Object.keys(FRAMEWORKS));
  const framework = FRAMEWORKS[key]!;
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const [oldestMajor, oldestMinor] = framework.node;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new InitError(
      `--framework ${key} requires Node.js ${framework.node.join(".")} or newer, got: ${process.version}`,
    );
  }
  if (major > (framework.newestNode ?? major)) {
    console.error(
      `warning: ${framework.command}-cli has no binaries for Node.js ${major}: use Node.js ${oldestMajor} to ${framework.newestNode}, or --framework cdktn`,
    );
  }
  return framework;
}

/** Returns the registry that npm is configured to use for the scope of the package; undefined if there is none. */
function configuredRegistry(): string | undefined {
  const { stdout } = spawnSync("npm", ["config", "get", "@redshift-kms:registry"], { encoding: "utf8" });
  const text = (stdout ?? "").trim();
  return text === "undefined" || text === "" ? undefined : text;
}

/**
 * Returns the URL of a registry in npm's form. The public registry is never a default, because a stranger could publish a package
 * of this name there.
 */
function registryOf(text: string | undefined): string {
  if (text === undefined) {
    throw new InitError(
      "--registry must be the URL of the registry that has @redshift-kms, because the npm configuration has no registry for this scope",
    );
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url === undefined || !(url.protocol === "https:" || (url.protocol === "http:" && isLoopback))) {
    throw new InitError("--registry must be a URL that starts with https://");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new InitError("--registry must be a URL without user, password, query and fragment");
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

/** Returns the name of a folder, changed so that npm accepts it as the name of a package. */
function nameOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "warehouses" : name;
}

/** Runs `init`, and returns its exit status. Prints a refusal or an error of the file system in one line. */
export function initStatus(args: readonly string[]): 0 | 1 | 2 {
  try {
    init(args);
    return 0;
  } catch (error) {
    const isRefused = error instanceof InitError;
    const { message } = error as Error;
    if (!isRefused && !("syscall" in (error as Error))) {
      throw error;
    }
    console.error(`init: ${isRefused ? "" : "the folder must be writable, got: "}${message}`);
    return isRefused ? 2 : 1;
  }
}

if (require.main === module) {
  process.exitCode = initStatus(process.argv.slice(2));
}
