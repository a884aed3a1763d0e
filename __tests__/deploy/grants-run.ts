import { grants } from "../../tools/grants/grants";
import type { KeyReport } from "../../tools/grants/report";
import { ROOT } from "../support/paths";
import type { Ended } from "../terraform/terraform";
import { runAsCaller } from "./aws-command";

/** Runs `grants` as a caller. */
export async function runGrants(caller: string, args: readonly string[], cwd = ROOT): Promise<Ended> {
  return runAsCaller({ errorStatus: 2, name: "grants", run: grants }, caller, args, cwd);
}

/** The JSON of a run, with its status. */
export interface Reported {
  readonly code: number;
  readonly keys: readonly KeyReport[];
  readonly revoked: readonly string[];
}

/** Runs `grants --json`, and returns its JSON. */
export async function reportedGrants(caller: string, args: readonly string[], cwd = ROOT): Promise<Reported> {
  const { code, stderr, stdout } = await runGrants(caller, [...args, "--json"], cwd);
  if (stdout === "") {
    throw new Error(stderr);
  }
  return { code, ...(JSON.parse(stdout) as Omit<Reported, "code">) };
}
