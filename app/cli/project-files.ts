import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Framework } from "./frameworks";
import { PACKAGE } from "./package-folder";

const SCHEMA = "warehouses.schema.json";

/** A new project. */
export interface Project {
  readonly framework: Framework;
  readonly name: string;
  readonly registry: string;
  readonly version: string;
}

/** The files of a new project, by their paths. */
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
      dependencies: Object.fromEntries(dependencies.sort(([one], [other]) => (one < other ? -1 : 1))),
    }),
    [SCHEMA]: shipped(SCHEMA),
    // The pages of this project are not in the new one, and the schema has the same keys.
    "warehouses.yaml": shipped("warehouses.yaml").replaceAll("docs/configuration.md", SCHEMA),
  };
}

function shipped(file: string): string {
  return readFileSync(join(PACKAGE, file), "utf8");
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A UUID (version 8 of RFC 9562) of the project's name: the same project has the same bytes. */
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
