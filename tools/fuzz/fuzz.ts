import { globSync } from "tinyglobby";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FORMATS } from "../../review/render/render";
import { faultOf } from "./fault";
import { mutationOf } from "./mutation";

const ROOT = join(__dirname, "..", "..");
const FILES = globSync("__tests__/plans/*/*.plan.json", { cwd: ROOT }).sort();

/** Options with which one of three plans is reviewed. */
const PROMISES = ["--forbid", "*", "--only-new", "--strict"];

/** The result of the review of one changed plan. */
export interface Result {
  readonly changes: readonly string[];
  readonly fault: string | undefined;
  readonly file: string;
  readonly format: string;
  readonly seed: number;
}

/** Changes a recorded plan at random, and reviews it in one of the formats. The same seed and files give the same result. */
export function resultOf(seed: number): Result {
  const file = FILES[seed % FILES.length]!;
  const format = FORMATS[seed % FORMATS.length]!;
  const { changes, text } = mutationOf(readFileSync(join(ROOT, file), "utf8"), seed);
  return { changes, fault: faultOf(text, format, seed % 3 === 0 ? PROMISES : []), file, format, seed };
}
