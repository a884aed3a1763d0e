// Changes recorded plans at random, reviews them, and prints each fault: an exception, a hang, or text that no report may have.
//
//     npm run fuzz:review -- --count 5000 --seed 1
import { fork } from "node:child_process";
import { commandLine } from "../../app/cli/command-line";
import { errorText, parseArguments, UserError } from "../command";
import { resultOf, type Result } from "./fuzz";

const USAGE = `Usage: ${commandLine("fuzz:review")} [option ...]

Changes recorded plans at random, reviews them, and prints each fault. The same seed gives the same plan.

  --count N   the number of plans; 5000 is the default
  --seed N    the seed of the first plan; 1 is the default
  --help

The exit status is 0 if no plan has a fault, 1 if one has, and 2 after an error.`;

/** The time limit of one review, in seconds. It is long, because the machine may have other work. */
const MOST_SECONDS = 30;

/** Reviews the plans of a range of seeds in a child process, which is ended if it hangs. Returns the number of faults. */
async function faultsOf(first: number, end: number): Promise<number> {
  const child = fork(__filename, ["--seed", String(first), "--count", String(end - first)], {
    execArgv: ["--require", "./register.cjs"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), MOST_SECONDS * 1000);
  let [next, faults] = [first, 0];
  child.on("message", (result: Result) => {
    timer.refresh();
    next = result.seed + 1;
    faults += print(result);
  });
  await new Promise((resolve) => child.on("exit", resolve));
  clearTimeout(timer);
  if (next === end) {
    return faults;
  }
  console.log(`seed ${next}: the review ended the process, or took more than ${MOST_SECONDS} s`);
  return faults + 1 + (await faultsOf(next + 1, end));
}

function print({ changes, fault, file, format, seed }: Result): number {
  if (fault === undefined) {
    return 0;
  }
  console.log(`seed ${seed}: ${file} as ${format}: ${fault}\n  ${changes.join("\n  ")}`);
  return 1;
}

async function sendResults(first: number, end: number): Promise<void> {
  for (let seed = first; seed < end; seed += 1) {
    await new Promise((resolve) => process.send!(resultOf(seed), resolve));
  }
  process.disconnect();
}

function wholeNumber(option: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) {
    throw new UserError(`${option} must be a whole number from 0 to 999999999, got: ${value}`);
  }
  return Number(value);
}

async function main(): Promise<void> {
  const { values } = parseArguments("fuzz:review", {
    options: {
      count: { default: "5000", type: "string" },
      help: { default: false, type: "boolean" },
      seed: { default: "1", type: "string" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const first = wholeNumber("--seed", values.seed);
  const end = first + wholeNumber("--count", values.count);
  if (process.send) {
    await sendResults(first, end);
    return;
  }
  const faults = await faultsOf(first, end);
  console.log(`${end - first} plans, ${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(errorText("fuzz:review", error));
  process.exitCode = 2;
});
