import { createHash } from "node:crypto";
import { failsReview, type Finding, type Judgement, type Threshold } from "../../report/findings";
import { subjectText } from "../../report/ignore";
import type { Report } from "../../report/report";
import { SEVERITIES } from "../../rules/rule";
import { STANDING, tally } from "../text";
import { badge, Markup, markup, type Part } from "./markup";
import { SCRIPT } from "./script";
import { keyId, keysOf, type Section, sectionsOf } from "./sections";
import { STYLE } from "./style";

const WORST_FIRST = [...SEVERITIES].reverse();

/** A plan of the page. */
interface PlanPart {
  readonly id: number;
  readonly report: Report;
  readonly sections: readonly Section[];
}

/** The reports as one file, which needs no network and runs no script but its own. */
export function htmlOf(reports: readonly Report[], threshold: Threshold): string {
  const plans = reports.map((report, id) => ({ id, report, sections: sectionsOf(report, id) }));
  const judgement = {
    findings: reports.flatMap(({ findings }) => findings),
    notJudged: reports.flatMap(({ notJudged }) => notJudged),
  };
  const title = reports.length === 1 ? "Review of the plan" : `Review of ${reports.length} plans`;
  const isIgnored = ({ ignored }: Finding): boolean => ignored !== undefined;
  const hasIgnored = judgement.findings.some(isIgnored);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: ${tally(judgement)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>${title}</h1>
${verdict(reports, threshold)}
${counts(judgement)}
${contents(plans, hasIgnored)}
</header>
<main>
<h2 id="findings">Findings</h2>
${filterForm(plans, judgement)}
${findingsList(plans, (finding) => !isIgnored(finding))}
${hasIgnored ? [markup`<h2 id="ignored">Ignored findings</h2>`, findingsList(plans, isIgnored)] : ""}
${plans.map(planSection)}</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.source;
}

/**
 * Nothing is loaded, and no style or script is used but those of the page.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
function contentSecurityPolicy(): string {
  const [script, style] = [SCRIPT, STYLE].map((text) => createHash("sha256").update(text).digest("base64"));
  return `default-src 'none'; script-src 'sha256-${script}'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
}

function verdict(reports: readonly Report[], threshold: Threshold): Markup {
  const { failOn, onlyNew, strict } = threshold;
  const failing = reports.filter((report) => failsReview(report, threshold)).length;
  const severities = WORST_FIRST.slice(0, WORST_FIRST.indexOf(failOn) + 1).join(" or ");
  const reasons = [
    `${onlyNew ? "a new finding" : "a finding"} of severity ${severities}`,
    ...(strict ? ["a rule that could not be judged"] : []),
  ];
  const [kind, word] = failing === 0 ? ["passes", "Passes"] : ["fails", "Fails"];
  const plans = failing === 0 || reports.length === 1 ? "" : `: ${failing} of ${reports.length} plans`;
  return markup`<p><strong class="verdict ${kind}">${word}${plans}</strong> The review fails on ${reasons.join(", and on ")}.</p>`;
}

function counts({ findings, notJudged }: Judgement): Markup {
  const open = findings.filter(({ ignored }) => ignored === undefined);
  const entries: readonly (readonly [count: number, word: string, kind?: string])[] = [
    ...WORST_FIRST.map((severity) => {
      const count = open.filter((finding) => finding.severity === severity).length;
      return [count, `${severity}${count === 1 ? "" : "s"}`, severity] as const;
    }),
    [open.filter(({ isNew }) => isNew).length, "new with the plan"],
    [findings.length - open.length, "ignored"],
    [new Set(notJudged.map(({ rule }) => rule)).size, "rules not judged"],
  ];
  return markup`<dl class="counts">${entries.map(
    ([count, word, kind = ""]) =>
      markup`<div class="${count === 0 ? "zero" : kind}"><dt>${word}</dt><dd>${count}</dd></div>`,
  )}</dl>`;
}

function contents(plans: readonly PlanPart[], hasIgnored: boolean): Markup {
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

/** The filters, which the script shows. */
function filterForm(plans: readonly PlanPart[], { findings }: Judgement): Markup {
  const select = (label: string, name: string, options: readonly (readonly [value: string, text: string])[]): Markup =>
    markup`<label>${label}<select name="${name}"><option value="">all</option>${options.map(
      ([value, text]) => markup`<option value="${value}">${text}</option>`,
    )}</select></label>
`;
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const keys = plans.flatMap(({ id, report }) => report.keys.map(({ name }, key) => [keyId(id, key), name] as const));
  return markup`<form id="filter" role="search" aria-label="Findings and keys" hidden>
<label class="wide">Text<input name="text" type="search" autocomplete="off"></label>
${select(
  "Severity",
  "severity",
  WORST_FIRST.map((severity) => [severity, severity]),
)}
${select(
  "Rule",
  "rule",
  rules.map((rule) => [rule, rule]),
)}
${select("New or standing", "age", [
  ["new", "new"],
  ["standing", "stands before the plan"],
])}
${
  plans.length === 1
    ? ""
    : select(
        "Plan",
        "plan",
        plans.map(({ id, report }) => [String(id), report.source]),
      )
}
${select("Key", "key", keys)}
<button type="reset">Reset</button>
<output id="result" aria-live="polite"></output>
</form>`;
}

function findingsList(plans: readonly PlanPart[], isListed: (finding: Finding) => boolean): Markup {
  const all = plans.flatMap(({ id, report }) =>
    report.findings.filter(isListed).map((finding) => ({ finding, id, report })),
  );
  const rank = ({ finding }: (typeof all)[number]): number => WORST_FIRST.indexOf(finding.severity);
  const items = all
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
<p>${remedy}</p>
<p class="meta">${isNew ? "New with this plan." : STANDING} Rule <code>${rule}</code>, <a href="${see}">page of AWS</a>${plan}</p>
</li>
`;
    });
  return items.length === 0 ? markup`<p>There are no findings.</p>` : markup`<ul class="findings">${items}</ul>`;
}

function planSection({ id, report, sections }: PlanPart): Markup {
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
