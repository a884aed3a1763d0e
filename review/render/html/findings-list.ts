import type { Finding } from "../../report/findings";
import { subjectText } from "../../report/ignore";
import { WORST_FIRST } from "../../rules/rule";
import { reachSentence, STANDING } from "../text";
import { keysOf } from "./key-ids";
import { badge, type Markup, markup, type Part } from "./markup";
import type { PlanPart } from "./plan-section";

export function findingsList(plans: readonly PlanPart[], isListed: (finding: Finding) => boolean): Markup {
  const listedFindings = plans.flatMap(({ id, report }) =>
    report.findings.filter(isListed).map((finding) => ({ finding, id, report })),
  );
  const rank = ({ finding }: (typeof listedFindings)[number]): number => WORST_FIRST.indexOf(finding.severity);
  const items = listedFindings
    .sort((one, other) => rank(one) - rank(other))
    .map(({ finding, id, report }) => {
      const { consequence, ignored, isNew, remedy, rule, see, severity, title } = finding;
      const plan: Part = plans.length === 1 ? "" : markup`, <a href="#plan-${id}">${report.source}</a>`;
      return markup`<li class="${severity}" data-age="${isNew ? "new" : "standing"}" data-keys="${keysOf(finding, report, id)}" data-plan="${id}" data-rule="${rule}" data-severity="${severity}">
<h3>${badge(severity)} ${title}</h3>
<p><code>${subjectText(finding)}</code></p>
${
  ignored === undefined
    ? ""
    : markup`<p><strong>Ignored:</strong> ${ignored}</p>
`
}<p>${consequence}</p>
${reachSentence(finding).map(
  (sentence) => markup`<p>${sentence}</p>
`,
)}<p>${remedy}</p>
<p class="meta">${isNew ? "New with this plan." : STANDING} Rule <code>${rule}</code>, <a href="${see}">page of AWS</a>${plan}</p>
</li>
`;
    });
  return items.length === 0 ? markup`<p>There are no findings.</p>` : markup`<ul class="findings">${items}</ul>`;
}
