import { ROOT } from "../support/paths";
import { inProcess } from "../support/in-process";
import { errorText } from "../../tools/command";
import { grants } from "../../tools/grants/grants";
import type { KeyReport } from "../../tools/grants/report";
import type { Ended } from "../terraform/terraform";

/** Runs `grants` in the process of the test as a caller, which is faster than a child process. */
export async function runGrants(caller: string, args: readonly string[], cwd = ROOT): Promise<Ended> {
  const { AWS_ENDPOINT_URL, HOME } = process.env;
  const env = {
    AWS_ACCESS_KEY_ID: caller,
    AWS_ENDPOINT_URL: AWS_ENDPOINT_URL!,
    AWS_SECRET_ACCESS_KEY: "any",
    HOME: HOME!,
  };
  let code = 2;
  const program = async (): Promise<void> => {
    try {
      code = await grants(args);
    } catch (error) {
      console.error(errorText("grants", error));
    }
  };
  const { stderr, stdout } = await inProcess(program, cwd, env, args);
  return { code, stderr, stdout };
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
