import type { Report } from "../../report/report";
import { type Markup, markup } from "./markup";
import type { Section } from "./sections";

/** The part of the page for one plan. */
export interface PlanPart {
  readonly id: number;
  readonly report: Report;
  readonly sections: readonly Section[];
}

export function planSection({ id, report, sections }: PlanPart): Markup {
  return markup`<section aria-labelledby="plan-${id}">
<h2 id="plan-${id}">Plan: ${report.source}</h2>
${report.shortfall === undefined ? "" : markup`<p><strong>${report.shortfall}</strong></p>`}
${sections.map(
  ({ body, title }, index) => markup`<h3 id="plan-${id}-${index}">${title}</h3>
${body}
`,
)}</section>
`;
}
