import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { own } from "../config/defaults";
import { readJson, SYNTHESIZED } from "./output";
import { DEFAULT_FILE } from "./program";

/** The most stacks that one line names. */
const MOST = 3;

/** The place of a stack's state. */
type State = { readonly file: string } | { readonly backend: string };

/**
 * The warnings of stacks that the configuration no longer has, and whose state may still have something in it. Call it before
 * their files are removed. A local state is looked into; for another one, Terraform's own directory beside the stack's file
 * shows that it was used from here.
 *
 * @param configured - the names of all stacks of the configuration
 */
export function droppedStacks(outdir: string, configured: ReadonlySet<string>): readonly string[] {
  const stacks = join(outdir, "stacks");
  const states = new Map<string, State>();
  const gone = (stack: string | undefined): stack is string => stack !== undefined && !configured.has(stack);
  for (const stack of (existsSync(stacks) ? readdirSync(stacks) : []).filter(gone)) {
    const backend = backendOf(join(stacks, stack));
    if (backend !== undefined && backend !== "local") {
      states.set(stack, { backend });
    }
  }
  for (const file of readdirSync(".")) {
    const [, stack] = /^terraform\.([a-z][a-z0-9-]*)\.tfstate$/.exec(file) ?? [];
    if (gone(stack) && !isEmpty(file)) {
      states.set(stack, { file });
    }
  }
  const names = [...states.keys()].sort();
  if (names.length > 0 && !process.env.WAREHOUSES && ![...configured].some((stack) => isUsed(outdir, stack))) {
    const some = [...names.slice(0, MOST), ...(names.length > MOST ? [`${names.length - MOST} more`] : [])].join(", ");
    return [
      `WAREHOUSES may be missing: no stack of ${DEFAULT_FILE} was deployed from here, but others were (${some}): ` +
        "name their file in WAREHOUSES or, if they are to go, put their entries back and run cdktf destroy",
    ];
  }
  return [...states]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([stack, state]) => {
      const wayOut = `put its entry back and run cdktf destroy ${stack}`;
      return "file" in state
        ? `${stack} is no longer in the configuration, but what it made still exists, as ${state.file} shows: ${wayOut}`
        : `${stack} is no longer in the configuration, but its state in ${state.backend} may still have something in it: ` +
            `${wayOut}, or delete ${join(stacks, stack)} if that is done`;
    });
}

/** Whether Terraform has been used for a stack from here. */
function isUsed(outdir: string, stack: string): boolean {
  return existsSync(`terraform.${stack}.tfstate`) || existsSync(join(outdir, "stacks", stack, ".terraform"));
}

/** The kind of backend that a stack's directory was made for; undefined if it has nothing of a stack. */
function backendOf(directory: string): string | undefined {
  const initialized = own(own(readJson(join(directory, ".terraform", "terraform.tfstate")), "backend"), "type");
  const settings = own(readJson(join(directory, SYNTHESIZED)), "terraform");
  const [synthesized] = Object.keys((own(settings, "backend") as object | undefined) ?? {});
  const cloud = own(settings, "cloud") === undefined ? undefined : "cloud";
  return typeof initialized === "string" ? initialized : (synthesized ?? cloud);
}

/** Whether a state has nothing that Terraform has made; an unfinished run may leave a file of no bytes, or lookups only. */
function isEmpty(file: string): boolean {
  const state = readJson(file);
  const resources = own(state, "resources");
  const made = Array.isArray(resources) ? resources.filter((resource) => own(resource, "mode") !== "data") : undefined;
  return made?.length === 0 || statSync(file).size === 0;
}
