import { tally } from "../text";
import { type Markup, markup } from "./markup";
import type { PlanPart } from "./plan-section";

export function contents(plans: readonly PlanPart[], hasIgnored: boolean): Markup {
  const link = (id: string, text: string): Markup => markup`<a href="#${id}">${text}</a>`;
  return markup`<nav aria-label="Contents"><ul>
<li>${link("findings", "Findings")}</li>
${hasIgnored ? markup`<li>${link("ignored", "Ignored findings")}</li>` : ""}
${plans.map(
  ({
    id,
    report,
    sections,
  }) => markup`<li>${link(`plan-${id}`, report.source)}${plans.length === 1 ? "" : `: ${tally(report)}`}
<ul>${sections.map(({ title }, index) => markup`<li>${link(`plan-${id}-${index}`, title)}</li>`)}</ul></li>
`,
)}</ul></nav>`;
}
