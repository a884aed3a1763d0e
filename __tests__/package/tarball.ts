import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { ROOT } from "../support/paths";

/** The package for CDK Terrain. */
export const TERRAIN = "@redshift-kms/constructs-cdktn";
/** The package of the command `redshift-kms`, and the one for CDK Terrain. */
export const CLI = "@redshift-kms/cli";
export const CLI_TERRAIN = "@redshift-kms/cli-cdktn";
const DIST = join(ROOT, "dist", "npm");

/** The members of a package.json that these tests read. */
export interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly engines: Record<string, string>;
  readonly files: readonly string[];
  readonly license: string;
  readonly name: string;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, unknown>;
  readonly private?: boolean;
  readonly publishConfig: Record<string, unknown>;
  readonly repository?: unknown;
  readonly sideEffects: boolean;
  readonly version: string;
}

/** A package as it is published. */
export interface Tarball {
  /** The directory in which it is unpacked; the caller removes it. */
  readonly directory: string;
  /** The files in it, with `/` between folders. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
  /** The tarball's own path. */
  readonly path: string;
}

/** Unpacks the tarball of a package that `npm run pack` has made. */
export function unpack(name: string): Tarball {
  const version = manifestOf(ROOT).version;
  const path = join(DIST, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  const directory = mkdtempSync(join(tmpdir(), "tarball-"));
  execFileSync("tar", ["-xzf", path, "-C", directory, "--strip-components=1"]);
  const files = readdirSync(directory, { encoding: "utf8", recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .map((file) => file.split(sep).join("/"));
  return { directory, files: files.sort(), manifest: manifestOf(directory), path };
}

export function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}
