import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readJson, SYNTHESIZED } from "./output";
import { DEFAULT_FILE } from "./program";

/** The most stacks that one warning names. */
const MAX_NAMES = 3;

/** The state of a stack: its local file, or the type of its backend. */
type State = { readonly file: string } | { readonly backend: string };

// Parts of the JSON files of Terraform and of synthesized stacks that this module reads.

interface InitializedState {
  readonly backend?: { readonly type?: unknown };
}
interface LocalState {
  readonly resources?: readonly { readonly mode?: unknown }[];
}
interface SynthesizedStack {
  readonly terraform?: { readonly backend?: object; readonly cloud?: object };
}

/**
 * Returns a warning for dropped stacks: the configuration no longer has them, and their state may still have resources. A local
 * state is read. A state in another backend is not read: a stack with such a backend gets a warning if its directory still
 * exists. Call this function before `publish` removes the files of dropped stacks.
 *
 * @param configured - the names of all stacks of the configuration
 */
export function droppedStacks(outdir: string, configured: ReadonlySet<string>): readonly string[] {
  const stacks = join(outdir, "stacks");
  const states = new Map<string, State>();
  const isDropped = (stack: string | undefined): stack is string => stack !== undefined && !configured.has(stack);
  for (const stack of (existsSync(stacks) ? readdirSync(stacks) : []).filter(isDropped)) {
    const backend = backendOf(join(stacks, stack));
    if (backend !== undefined && backend !== "local") {
      states.set(stack, { backend });
    }
  }
  for (const file of readdirSync(".")) {
    const [, stack] = /^terraform\.([a-z][a-z0-9-]*)\.tfstate$/.exec(file) ?? [];
    if (isDropped(stack) && !isEmpty(file)) {
      states.set(stack, { file });
    }
  }
  const names = [...states.keys()].sort();
  if (names.length > 0 && !process.env.WAREHOUSES && ![...configured].some((stack) => isUsed(outdir, stack))) {
    const listed = [
      ...names.slice(0, MAX_NAMES),
      ...(names.length > MAX_NAMES ? [`${names.length - MAX_NAMES} more`] : []),
    ].join(", ");
    return [
      `WAREHOUSES may be missing: the stacks that were deployed from here (${listed}) are not in ${DEFAULT_FILE}. ` +
        "Name their file in WAREHOUSES. Or, to destroy these stacks, restore their entries and run cdktf destroy",
    ];
  }
  return [...states]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([stack, state]) => {
      const fix = `restore its entry and run cdktf destroy ${stack}`;
      return "file" in state
        ? `${stack} is no longer in the configuration, but its resources still exist, as ${state.file} shows: ${fix}`
        : `${stack} is no longer in the configuration, but its state in ${state.backend} may still have resources: ` +
            `${fix}, or, if its resources are destroyed, delete ${join(stacks, stack)}`;
    });
}

/** Returns whether Terraform has run for a stack on this machine. */
function isUsed(outdir: string, stack: string): boolean {
  return existsSync(`terraform.${stack}.tfstate`) || existsSync(join(outdir, "stacks", stack, ".terraform"));
}

/**
 * Returns the type of the backend in a stack's directory: the type that `terraform init` has written there, or else the type in the
 * synthesized file. Undefined if the directory has neither type.
 */
function backendOf(directory: string): string | undefined {
  const state = readJson<InitializedState | null>(join(directory, ".terraform", "terraform.tfstate"));
  const initialized = state?.backend?.type;
  const settings = readJson<SynthesizedStack | null>(join(directory, SYNTHESIZED))?.terraform;
  const [synthesized] = Object.keys(settings?.backend ?? {});
  const cloud = settings?.cloud === undefined ? undefined : "cloud";
  return typeof initialized === "string" ? initialized : (synthesized ?? cloud);
}

/**
 * Returns whether a local state has no managed resources. An interrupted run may leave an empty file, or a state with data
 * sources only.
 */
function isEmpty(file: string): boolean {
  const state = readJson<LocalState | null>(file);
  return state?.resources?.every(({ mode }) => mode === "data") || statSync(file).size === 0;
}
