import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AnnotationMetadataEntryType, App, Manifest, type TerraformStack } from "cdktf";
import type { ValidEntries } from "../config/fleet";
import type { SharedProps } from "../stacks/environment";
import { createStacks, type StackFindings } from "../stacks/fleet-stacks";

/** The path from a stack's folder to the project's, as `synth` writes it by default. */
export const PROJECT_DIRECTORY = join("..", "..", "..");

/** The steps of the synthesis of a stack, as the display of the progress names them. */
const STEPS = ["Making", "Writing"] as const;
export type Step = (typeof STEPS)[number];

/** The numbers of stacks for which each step is taken. All threads count into the same memory. */
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

/** The input of a part: plain data, which can be copied to another thread. */
export interface PartProps {
  readonly entries: ValidEntries;
  /** The names of the stacks of the part. */
  readonly names: ReadonlySet<string>;
  readonly sharedProps: SharedProps;
}

/** A warning of a construct. */
export interface Warning {
  readonly path: string;
  readonly text: string;
}

/** The result of a part: plain data. */
export interface SynthesizedPart {
  /** The members of the manifest. */
  readonly stacks: Manifest["stacks"];
  readonly warnings: readonly Warning[];
}

/** Creates the app. Its constructor creates an output directory, which is removed: the stacks go to a staging directory. */
export function makeApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf.out-"));
  try {
    return new App({ outdir, stackTraces: false });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Some stacks of a fleet, in an app of their own. */
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
            onStep("Making");
          }
        },
        selected: names,
      }),
    );
    this.findings = findings;
    // Other parts have the other shared stacks.
    this.stacks = stacks.filter(({ node }) => names.has(node.id));
  }

  /** The version of the framework. */
  public get version(): string {
    return this.app.manifest.version;
  }

  /**
   * Writes the stacks, as `App.synth` does, without the manifest. Stacks are not prepared for references to other stacks: they have
   * none. Between two stacks, the process can handle a signal.
   */
  public async write(outdir: string): Promise<SynthesizedPart> {
    const manifest = new Manifest(this.version, outdir, false);
    for (const stack of this.stacks) {
      withoutStackTraces(() => {
        stack.synthesizer.synthesize({ manifest, outdir, skipValidation: false });
      });
      this.onStep("Writing");
      await setImmediate();
    }
    return { stacks: manifest.stacks, warnings: this.stacks.flatMap(warningsOf) };
  }
}

/** The warnings of a stack's constructs, with their places. Like logical IDs, places do not have the ID Default. */
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
 * Calls a function without the stack traces that the framework keeps with each token, because no output has them. An error still has
 * its own: V8 makes that without `Error.captureStackTrace`.
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
