import { plain } from "../../review/render/escape";

/** Prints a line of progress to standard error. */
export function progress(text: string): void {
  console.error(plain(`grants: ${text}`));
}
