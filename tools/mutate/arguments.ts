import { availableParallelism } from "node:os";
import { commandLine } from "../../app/cli/command-line";
import { parseArguments, UserError } from "../command";

export const USAGE = `Usage: ${commandLine("mutate")} PATH [PATH ...] [option ...]

Changes TypeScript sources, one change at a time, and runs the tests that can notice the change. It prints the changes that no test
notices, and the score: the share of the changes that a test notices. It works on copies of the checkout.

  --sample N           the number of changes, chosen by the seed; the default is all
  --seed SEED          the default is 1
  --workers N          the number of copies that run at once; the default is the number of cores
  --threshold PERCENT  end with status 1 if the score is lower; the default is no limit
  --help`;

/** The arguments of a run. */
export interface Options {
  readonly paths: readonly string[];
  /** The number of mutants to try; undefined for all. */
  readonly sample: number | undefined;
  readonly seed: string;
  /** The lowest score, in percent, with which the exit status is 0; undefined for no limit. */
  readonly threshold: number | undefined;
  readonly workers: number;
}

/**
 * Reads the arguments; returns undefined if they ask for help.
 *
 * @throws UserError if an argument breaks its rule
 */
export function readArguments(args: readonly string[]): Options | undefined {
  const { positionals: paths, values } = parsed(args);
  if (values.help) {
    return undefined;
  }
  if (paths.length === 0) {
    throw new UserError(`PATH must be given; ${commandLine("mutate")} --help lists the options`);
  }
  return {
    paths,
    sample: values.sample === undefined ? undefined : count("--sample", values.sample),
    seed: values.seed,
    threshold: values.threshold === undefined ? undefined : percentage("--threshold", values.threshold),
    workers: values.workers === undefined ? availableParallelism() : count("--workers", values.workers),
  };
}

function parsed(args: readonly string[]) {
  return parseArguments("mutate", {
    allowPositionals: true,
    args: [...args],
    options: {
      help: { default: false, type: "boolean" },
      sample: { type: "string" },
      seed: { default: "1", type: "string" },
      threshold: { type: "string" },
      workers: { type: "string" },
    },
  });
}

function count(option: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) {
    throw new UserError(`${option} must be a whole number from 1 to 999999, got: ${value}`);
  }
  return Number(value);
}

function percentage(option: string, value: string): number {
  if (!/^(100|\d{1,2}(\.\d+)?)$/.test(value)) {
    throw new UserError(`${option} must be a number from 0 to 100, got: ${value}`);
  }
  return Number(value);
}
