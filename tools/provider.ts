import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TESTED_VERSIONS } from "../app/config/provider-version";

/** The environment in which terraform and its provider use the least CPU time: Go collects garbage less often. */
export const GO_ENV = { GOGC: "200" };

/** Returns the reason why terraform cannot run here, with the fix; undefined if it can. */
export function terraformUnavailable(): string | undefined {
  return spawnSync("terraform", ["version"]).error
    ? "there is no terraform on the PATH; install it: https://developer.hashicorp.com/terraform/install"
    : undefined;
}

/** Installs the AWS provider in a directory. Returns the reason if the installation fails; undefined otherwise. */
export function installProvider(directory: string, requiredVersion = TESTED_VERSIONS): string | undefined {
  const reason = terraformUnavailable();
  if (reason !== undefined) {
    return reason;
  }
  const requirement = { aws: { source: "hashicorp/aws", version: requiredVersion } };
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requirement } }));
  const init = spawnSync("terraform", ["init", "-no-color", "-input=false"], {
    cwd: directory,
    encoding: "utf8",
    timeout: 120_000,
  });
  return init.status === 0
    ? undefined
    : `terraform init does not get the AWS provider: ${init.error?.message ?? init.stderr.trim()}`;
}
