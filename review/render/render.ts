import type { Report } from "../report/report";
import { markdownOf } from "./markdown";
import { sarifOf } from "./sarif";
import { textOf } from "./text";

export const FORMATS = ["text", "markdown", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

/** The reports in a format. */
export function render(reports: readonly Report[], format: Format): string {
  switch (format) {
    case "json":
      return `${JSON.stringify({ plans: reports, version: 1 }, undefined, 2)}\n`;
    case "sarif":
      return `${JSON.stringify(sarifOf(reports), undefined, 2)}\n`;
    case "markdown":
      return markdownOf(reports);
    case "text":
      return reports.map((report) => textOf(report, reports.length > 1)).join("\n");
  }
}
