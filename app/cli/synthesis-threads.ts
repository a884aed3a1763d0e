import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { extname, join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { Manifest } from "cdktf";
import { ConfigurationError } from "../config/configuration-file";
import type { Fleet } from "../config/fleet";
import { checkFleet, sharedProps, type StackFindings } from "../stacks/fleet-stacks";
import { Part, type PartProps, type Step, StepCounts, type Warning, type SynthesizedPart } from "./synthesis";

/**
 * The fewest stacks for which a second thread saves time: the start of a thread lasts as long as the synthesis of about half this
 * number of stacks.
 */
const MIN_STACKS_OF_THREAD = 200;
/**
 * The most threads. Each thread loads the framework into its memory, and a container may have fewer cores than Node.js reports.
 */
const MAX_THREADS = 4;
/** The time between two updates of the progress of other threads, in milliseconds. */
const INTERVAL = 100;

/** The stacks to create, and the threads that create them. */
export interface SynthesisOptions {
  /** Is called at each step of a stack, with the number of the stack and the number of all stacks. */
  readonly onStep: (step: Step, stack: number, stacks: number) => void;
  /** The relative path from a stack's directory to the project's directory. */
  readonly projectDirectory: string;
  /**
   * The names of the stacks to create.
   *
   * @default - all
   */
  readonly selected?: ReadonlySet<string>;
  /** @default - one for each core, if there are enough stacks */
  readonly threads?: number | undefined;
}

/** The created stacks of a fleet without a problem. */
export interface CreatedStacks {
  readonly names: readonly string[];
  /** Writes the stacks and CDKTF's manifest, and returns the warnings in the order of the stacks. */
  write(outdir: string): Promise<readonly Warning[]>;
}

/**
 * Creates the stacks of a fleet, and calls a function that can write them. The stacks of a large fleet are divided among threads:
 * this thread synthesizes the first part.
 *
 * @throws ConfigurationError if the configuration has a problem
 */
export async function withStacks(
  fleet: Fleet,
  { onStep, projectDirectory, selected, threads }: SynthesisOptions,
  work: (stacks: CreatedStacks) => Promise<void>,
): Promise<void> {
  const names = [...new Set(fleet.names)].filter((name) => !selected || selected.has(name));
  const shared = { entries: fleet.validEntries, sharedProps: sharedProps(fleet, projectDirectory) };
  const [first, ...others] = divided(names, threads ?? threadsFor(names.length)).map((part): PartProps => ({
    ...shared,
    names: new Set(part),
  }));
  const counts = new StepCounts();
  const partThreads = others.map((props) => new PartThread(props, counts));
  const show = (step: Step) => {
    onStep(step, counts.countOf(step), names.length);
  };
  const allOf = async <T>(step: Step, parts: readonly Promise<T>[]) => {
    if (partThreads.length === 0) {
      return Promise.all(parts);
    }
    const timer = setInterval(show, INTERVAL, step);
    try {
      const results = await Promise.all(parts);
      show(step);
      return results;
    } finally {
      clearInterval(timer);
    }
  };
  try {
    const firstPart = new Part(first!, (step) => {
      counts.add(step);
      show(step);
    });
    const findings = partThreads.map((thread) => thread.findings());
    checkFleet(fleet, [firstPart.findings, ...(await allOf("Creating", findings))]);
    await work({
      names,
      write: async (outdir) => {
        // Otherwise two threads would create this folder at the same time.
        mkdirSync(join(outdir, Manifest.stacksFolder), { recursive: true });
        const writing = partThreads.map((thread) => thread.write(outdir));
        const parts = await allOf("Writing", [firstPart.write(outdir), ...writing]);
        const manifest = new Manifest(firstPart.version, outdir, false);
        Object.assign(manifest.stacks, ...parts.map(({ stacks }) => stacks));
        manifest.writeToFile();
        return parts.flatMap(({ warnings }) => warnings);
      },
    });
  } finally {
    await Promise.all(partThreads.map((thread) => thread.end()));
  }
}

/** Returns the number of threads for a number of stacks: one for each core, if each thread has enough stacks. */
export function threadsFor(stacks: number): number {
  return Math.max(1, Math.min(availableParallelism(), MAX_THREADS, Math.floor(stacks / MIN_STACKS_OF_THREAD)));
}

/** Divides a list into parts of about the same size, in the order of the list. */
function divided<T>(list: readonly T[], parts: number): readonly (readonly T[])[] {
  const start = (part: number) => Math.floor((list.length * part) / parts);
  return Array.from({ length: parts }, (_, part) => list.slice(start(part), start(part + 1)));
}

/** The extension of this file: `.ts` in a checkout, `.js` in the package. The program of a thread has the same extension. */
const EXTENSION = extname(__filename);
const PROGRAM = join(__dirname, `synthesis-worker${EXTENSION}`);
// cdktf 0.21 calls util.isArray, for which newer versions of Node.js print a warning.
const OPTIONS = ["--no-deprecation"];
const OPTIONS_OF_SOURCE = ["--require", resolve(__dirname, "..", "..", "register.cjs"), ...OPTIONS];

/** A part of the stacks on another thread, which runs `synthesis-worker.ts`. */
class PartThread {
  private readonly worker: Worker;
  /** A promise that is rejected when the thread ends. */
  private readonly ended: Promise<never>;

  public constructor(props: PartProps, counts: StepCounts) {
    this.worker = new Worker(PROGRAM, {
      execArgv: EXTENSION === ".ts" ? OPTIONS_OF_SOURCE : OPTIONS,
      workerData: { counts: counts.shared, props },
    });
    this.ended = new Promise((_, reject) => {
      this.worker.once("error", (error) => {
        reject(errorOf(error));
      });
      this.worker.once("exit", (status) => {
        reject(new ConfigurationError([`one of the threads ended with status ${status}: run the command again`]));
      });
    });
    // The thread may end while nothing waits for the promise. Without a handler, Node.js would end the process.
    this.ended.catch(() => undefined);
  }

  public async findings(): Promise<StackFindings> {
    return this.result();
  }

  public async write(outdir: string): Promise<SynthesizedPart> {
    this.worker.postMessage(outdir);
    return this.result();
  }

  public async end(): Promise<void> {
    await this.worker.terminate();
  }

  private async result<T>(): Promise<T> {
    const message = new Promise<T>((resolve) => this.worker.once("message", resolve));
    return Promise.race([message, this.ended]);
  }
}

/** Returns a ConfigurationError if a thread needed more memory than V8 allows. Returns any other error of a thread unchanged. */
function errorOf(error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_WORKER_OUT_OF_MEMORY"
    ? new ConfigurationError([
        "NODE_OPTIONS must allow more memory for these stacks, such as --max-old-space-size=8192",
      ])
    : error;
}
