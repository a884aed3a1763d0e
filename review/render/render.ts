import type { Report } from "../report/report";
import { escapedReport, json, plain } from "./escape";
import { markdownOf } from "./markdown";
import { sarifOf } from "./sarif";
import { textOf } from "./text";

export const FORMATS = ["text", "markdown", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

/** The reports in a format. */
export function render(reports: readonly Report[], format: Format): string {
  switch (format) {
    case "json":
      return json({ plans: reports, version: 1 });
    case "sarif":
      return json(sarifOf(reports));
    case "markdown":
      return markdownOf(reports);
    case "text":
      return reports.map((report) => textOf(escapedReport(report, plain), reports.length > 1)).join("\n");
  }
}
