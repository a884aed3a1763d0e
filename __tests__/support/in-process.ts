import { statusOf } from "../../app/cli/program";

/** The result of a program. */
export interface Result {
  readonly status: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a program of the app in the process of the test, which is faster than a child process. */
export async function inProcess(
  program: () => Promise<void> | void,
  cwd: string,
  env: Record<string, string>,
  args: readonly string[],
): Promise<Result> {
  const before = { argv: process.argv, cwd: process.cwd(), env: process.env };
  const printed = { stderr: "", stdout: "" };
  const spies = [
    jest.spyOn(console, "log").mockImplementation((text) => (printed.stdout += `${text}\n`)),
    jest.spyOn(console, "warn").mockImplementation((text) => (printed.stderr += `${text}\n`)),
    jest.spyOn(console, "error").mockImplementation((text) => (printed.stderr += `${text}\n`)),
  ];
  process.chdir(cwd);
  process.env = env;
  process.argv = [process.execPath, "program.ts", ...args];
  try {
    return { status: await statusOf(program), ...printed };
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    process.argv = before.argv;
    spies.forEach((spy) => {
      spy.mockRestore();
    });
  }
}
