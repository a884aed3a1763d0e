import { shortened, unambiguous } from "../../modules/private/printable";
import type { Path } from "./configuration-file";

/** Returns a path as text: `warehouses[0].cluster`. */
export function pathText(path: Path): string {
  return path
    .map((step) =>
      typeof step === "number"
        ? `[${step}]`
        : /^[\w-]+$/.test(step)
          ? `.${shortened(step)}`
          : `[${shortened(JSON.stringify(step))}]`,
    )
    .join("")
    .replace(/^\./, "");
}

/** Returns a value as the text that an error shows after `got:`. */
export function valueText(value: unknown): string {
  if (typeof value === "string") {
    return shortened(unambiguous(value));
  }
  // JSON has no NaN and no infinity.
  return shortened(typeof value === "number" ? String(value) : JSON.stringify(value));
}
