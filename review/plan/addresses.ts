import { memoized } from "./memoized";

/** One module of an address: its name, and its index in brackets, which is undefined without `count` or `for_each`. */
export interface ModuleStep {
  readonly index: string | undefined;
  readonly name: string;
}
/** The steps from the root module to a module. */
export type ModulePath = readonly ModuleStep[];

const PART = /[^.[\]]+|\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;

/** Splits an address into its names and its indexes, which keep their brackets. */
export function partsOf(address: string): readonly string[] {
  return address.match(PART) ?? [];
}

export function isIndex(part: string | undefined): part is `[${string}` {
  return part?.startsWith("[") === true;
}

/** Formats the index of an instance as an address has it: `[0]` or `["a"]`. */
export function indexPart(index: number | string | undefined): string | undefined {
  return index === undefined ? undefined : `[${JSON.stringify(index)}]`;
}

export const withoutIndexes = memoized((address) =>
  partsOf(address)
    .filter((part) => !isIndex(part))
    .join("."),
);

const MODULE_STEP = /\.?\bmodule\.([^.[\]]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/gy;

/** Splits the modules at the beginning of an address; the path of the root module is empty. */
export function modulePathOf(module = ""): ModulePath {
  return readModulePath(module);
}

const readModulePath = memoized((module): ModulePath =>
  [...module.matchAll(MODULE_STEP)].map(([, name, index]) => ({ index, name: name! })),
);

/** Returns the prefix of addresses in the configuration, which has no indexes. */
export function configurationPrefix(path: ModulePath): string {
  return path.map(({ name }) => `module.${name}.`).join("");
}

/** Returns the address of an instance of a module. */
export function moduleAddress(path: ModulePath): string {
  return path.map(({ index = "", name }) => `module.${name}${index}`).join(".");
}
