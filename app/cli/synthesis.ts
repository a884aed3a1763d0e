import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AnnotationMetadataEntryType, App, Manifest, type TerraformStack } from "cdktf";
import type { ValidEntries } from "../config/fleet";
import type { SharedProps } from "../stacks/environment";
import { createStacks, type StackFindings } from "../stacks/fleet-stacks";

/** The relative path from a stack's directory to the project's directory, if `synth` writes to its default output directory. */
export const PROJECT_DIRECTORY = join("..", "..", "..");

/** The two steps of each stack, as the progress shows them. */
const STEPS = ["Creating", "Writing"] as const;
export type Step = (typeof STEPS)[number];

/** Counts the stacks that have reached each step, in memory that all threads share. */
export class StepCounts {
  public constructor(
    public readonly shared = new Int32Array(new SharedArrayBuffer(STEPS.length * Int32Array.BYTES_PER_ELEMENT)),
  ) {}

  public add(step: Step): void {
    Atomics.add(this.shared, STEPS.indexOf(step), 1);
  }

  public countOf(step: Step): number {
    return Atomics.load(this.shared, STEPS.indexOf(step));
  }
}

/** The input of a `Part`. It is plain data, so that it can be sent to another thread. */
export interface PartProps {
  readonly entries: ValidEntries;
  /** The names of the stacks of the part. */
  readonly names: ReadonlySet<string>;
  readonly sharedProps: SharedProps;
}

/** A warning of a construct, with the construct's path. */
export interface Warning {
  readonly path: string;
  readonly text: string;
}

/** The output of a `Part`. It is plain data, so that it can be sent to another thread. */
export interface SynthesizedPart {
  /** The entries of the manifest for these stacks. */
  readonly stacks: Manifest["stacks"];
  readonly warnings: readonly Warning[];
}

/**
 * Creates a CDKTF App. Its constructor creates an output directory, which this function removes, because the stacks are written
 * to a staging directory.
 */
export function makeApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf.out-"));
  try {
    return new App({ outdir, stackTraces: false });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Some stacks of a fleet, in a CDKTF App of their own, so that several threads can create the stacks of one fleet. */
export class Part {
  public readonly findings: StackFindings;
  private readonly app = makeApp();
  private readonly stacks: readonly TerraformStack[];

  /** @param onStep - is called at each step of each stack of the part */
  public constructor(
    { entries, names, sharedProps }: PartProps,
    private readonly onStep: (step: Step) => void,
  ) {
    const { findings, stacks } = withoutStackTraces(() =>
      createStacks(this.app, entries, sharedProps, {
        onStack: (name) => {
          if (names.has(name)) {
            onStep("Creating");
          }
        },
        selected: names,
      }),
    );
    this.findings = findings;
    // Drops the shared stacks of other parts. This part created copies of them for its warehouses.
    this.stacks = stacks.filter(({ node }) => names.has(node.id));
  }

  /** The version of the framework, for the manifest. */
  public get version(): string {
    return this.app.manifest.version;
  }

  /**
   * Writes the stacks as `App.synth` does, but no manifest. This method skips the preparation for references between stacks,
   * because no stack refers to another. It yields between two stacks, so that the process can handle a signal.
   */
  public async write(outdir: string): Promise<SynthesizedPart> {
    const manifest = new Manifest(this.version, outdir, false);
    for (const stack of this.stacks) {
      withoutStackTraces(() => {
        stack.synthesizer.synthesize({ manifest, outdir });
      });
      this.onStep("Writing");
      await setImmediate();
    }
    return { stacks: manifest.stacks, warnings: this.stacks.flatMap(warningsOf) };
  }
}

/** Returns the warnings of a stack's constructs, with their paths. As in logical IDs, the path leaves out the ID `Default`. */
function warningsOf(stack: TerraformStack): readonly Warning[] {
  const shown = (text: string): string => text.replaceAll(`${stack.node.path}/Default/`, `${stack.node.path}/`);
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === (AnnotationMetadataEntryType.WARN as string))
        .map(({ data }) => ({ path: shown(node.path), text: shown(String(data)) })),
    );
}

/**
 * Runs a function. Meanwhile the framework records no stack traces of tokens, because no output shows these stack traces. An Error
 * still has its stack trace, which V8 creates without `Error.captureStackTrace`.
 */
export function withoutStackTraces<T>(work: () => T): T {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- the property gets its function back
  const { captureStackTrace } = Error;
  Error.captureStackTrace = () => undefined;
  try {
    return work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}
