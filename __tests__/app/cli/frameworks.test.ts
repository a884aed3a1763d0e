import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FRAMEWORKS } from "../../../app/cli/frameworks";
import { ROOT } from "../../support/paths";

const { packages: locked } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, { readonly version: string }>;
};

// The registry lane installs the bindings of CDK Terrain in the version of the framework's list.
test.each([
  ["cdktf", ["@cdktf/provider-aws", "cdktf", "cdktf-cli", "constructs"]],
  ["cdktn", ["cdktn", "constructs"]],
])("the packages of %s have the versions of the lock file", (key, names) => {
  const { packages } = FRAMEWORKS[key]!;
  expect(names.map((name) => [name, packages[name]])).toStrictEqual(
    names.map((name) => [name, locked[`node_modules/${name}`]!.version]),
  );
});

test("CDK Terrain and its command have one version", () => {
  const { packages } = FRAMEWORKS.cdktn!;
  expect(packages["cdktn-cli"]).toBe(packages.cdktn);
});
