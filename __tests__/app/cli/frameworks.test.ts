import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FRAMEWORKS } from "../../../app/cli/frameworks";
import { ROOT } from "../../support/paths";

// The registry lane installs the bindings of CDK Terrain in the version of the framework's list.
test.each([
  ["cdktf", ".", ["@cdktf/provider-aws", "cdktf", "cdktf-cli", "constructs"]],
  ["cdktn", "__tests__/cdktn", ["cdktn"]],
])("init for %s writes the versions that the lock file in %s has for %j", (key, directory, names) => {
  const { packages } = FRAMEWORKS[key]!;
  const { packages: locked } = JSON.parse(readFileSync(join(ROOT, directory, "package-lock.json"), "utf8")) as LockFile;
  expect(names.map((name) => [name, packages[name]])).toStrictEqual(
    names.map((name) => [name, locked[`node_modules/${name}`]!.version]),
  );
});

test("init writes the same version of the package constructs for cdktf and cdktn", () => {
  expect(FRAMEWORKS.cdktn!.packages.constructs).toBe(FRAMEWORKS.cdktf!.packages.constructs);
});

test("init writes the same version for cdktn and cdktn-cli", () => {
  const { packages } = FRAMEWORKS.cdktn!;
  expect(packages["cdktn-cli"]).toBe(packages.cdktn);
});

test.each([
  ["cdktf", ["@cdktf/provider-aws", "cdktf", "cdktf-cli", "constructs"]],
  ["cdktn", ["@cdktn/provider-aws", "cdktn", "cdktn-cli", "constructs"]],
])("init for %s writes one version of each of %j", (key, names) => {
  const { packages } = FRAMEWORKS[key]!;
  expect(Object.keys(packages)).toStrictEqual(names);
  expect(Object.values(packages).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toStrictEqual([]);
});

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}
