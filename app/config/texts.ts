import { shortened } from "../../modules/private/printable";
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
  // Other strings are quoted: those that look like a number, a boolean or null, are blank, or have several lines.
  const plain = typeof value === "string" && !/^(\s*|true|false|null|[\d.]+)$|[\r\n]/.test(value);
  // JSON has no NaN and no infinity.
  return shortened(plain || typeof value === "number" ? String(value) : JSON.stringify(value));
}
