import { DEFAULT_THRESHOLD, type Threshold } from "../report/findings";
import type { Report } from "../report/report";
import { escapedReport, json, plain } from "./escape";
import { htmlOf } from "./html/page";
import { markdownOf } from "./markdown";
import { sarifOf } from "./sarif";
import { textOf } from "./text";

export const FORMATS = ["text", "markdown", "json", "sarif", "html"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Renders the reports in a format.
 *
 * @param threshold - the results that fail the review, which HTML shows
 * @param width - the width of a terminal that shows text
 */
export function render(
  reports: readonly Report[],
  format: Format,
  threshold: Threshold = DEFAULT_THRESHOLD,
  width?: number,
): string {
  switch (format) {
    case "html":
      return htmlOf(reports, threshold);
    case "json":
      return json({ plans: reports, version: 1 });
    case "sarif":
      return json(sarifOf(reports));
    case "markdown":
      return markdownOf(reports);
    case "text":
      return reports.map((report) => textOf(escapedReport(report, plain), reports.length > 1, width)).join("\n");
  }
}
