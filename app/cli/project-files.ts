import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Framework } from "./frameworks";
import { PACKAGE } from "./package-folder";

const SCHEMA = "warehouses.schema.json";

/** The choices for a new project. */
export interface Project {
  readonly framework: Framework;
  readonly name: string;
  readonly registry: string;
  readonly version: string;
}

/** Returns the files of a new project: their texts by their paths. */
export function projectFiles({ framework, name, registry, version }: Project): Readonly<Record<string, string>> {
  const dependencies = Object.entries({ [framework.cli]: version, ...framework.packages });
  return {
    ".gitignore": ["node_modules/", "cdktf.out/", "*.tfstate", "*.tfstate.*", "plan.json", "plan.out", ""].join("\n"),
    ".npmrc": `@redshift-kms:registry=${registry}\n`,
    "cdktf.json": json({
      app: "npx --no-install redshift-kms synth",
      language: "typescript",
      projectId: projectId(name),
      sendCrashReports: "false",
    }),
    "package.json": json({
      name,
      private: true,
      dependencies: Object.fromEntries(dependencies.sort()),
    }),
    [SCHEMA]: shipped(SCHEMA),
    // The new project lacks docs/configuration.md, and its JSON Schema describes the same keys.
    "warehouses.yaml": shipped("warehouses.yaml").replaceAll("docs/configuration.md", SCHEMA),
  };
}

function shipped(file: string): string {
  return readFileSync(join(PACKAGE, file), "utf8");
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Returns a UUID (version 8 of RFC 9562) that is a hash of the project's name, so that the same name gives the same files. */
function projectId(name: string): string {
  const hash = createHash("sha256").update(`redshift-kms ${name}`).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
