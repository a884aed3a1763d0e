import { shortened } from "../../modules/private/printable";
import type { Path } from "./configuration-file";

/** The text of a path: `warehouses[0].cluster`. */
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

/** The text of a value. */
export function valueText(value: unknown): string {
  // Quotes show that a value is a string, if it looks like another type or has several lines.
  const plain = typeof value === "string" && !/^(\s*|true|false|null|[\d.]+)$|[\r\n]/.test(value);
  // JSON has no NaN and no infinity.
  return shortened(plain || typeof value === "number" ? String(value) : JSON.stringify(value));
}
