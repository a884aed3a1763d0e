import { errorText } from "../../tools/command";
import { inProcess } from "../support/in-process";
import type { Ended } from "../terraform/terraform";

/** A command that calls AWS. Its exit status is 0 if it returns none. */
export interface AwsCommand {
  readonly name: string;
  /** Variables beside those of the endpoint and the caller. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The exit status of an error. */
  readonly errorStatus: number;
  readonly run: (args: readonly string[]) => Promise<number | void>;
}

/** Runs a command in the process of the test as a caller, which is faster than a child process. */
export async function runAsCaller(
  { environment, errorStatus, name, run }: AwsCommand,
  caller: string,
  args: readonly string[],
  cwd: string,
): Promise<Ended> {
  const { AWS_ENDPOINT_URL, HOME } = process.env;
  const env = {
    AWS_ACCESS_KEY_ID: caller,
    AWS_ENDPOINT_URL: AWS_ENDPOINT_URL!,
    AWS_SECRET_ACCESS_KEY: "any",
    HOME: HOME!,
    ...environment,
  };
  let code = errorStatus;
  const program = async (): Promise<void> => {
    try {
      code = (await run(args)) ?? 0;
    } catch (error) {
      console.error(errorText(name, error));
    }
  };
  const { stderr, stdout } = await inProcess(program, cwd, env, args);
  return { code, stderr, stdout };
}
