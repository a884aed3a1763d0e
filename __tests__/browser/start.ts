import { printSkipped } from "../support/skipped";
import { chromiumPath } from "./chromium";

/** Prints why the lane is skipped, if it is. */
export default function start(): void {
  if (chromiumPath() === undefined) {
    printSkipped("the browser lane", "chromium is not installed");
  }
}
