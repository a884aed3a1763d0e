import { createHash } from "node:crypto";
import type { Finding, Threshold } from "../../report/findings";
import type { Report } from "../../report/report";
import { tally } from "../text";
import { contents } from "./contents";
import { filterForm } from "./filter-form";
import { findingsList } from "./findings-list";
import { Markup, markup } from "./markup";
import { planSection } from "./plan-section";
import { SCRIPT } from "./script";
import { sectionsOf } from "./sections";
import { STYLE } from "./style";
import { counts, verdict } from "./summary";

/** Renders the reports as one HTML file, which needs no network and runs no script but its own. */
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
 * Returns a policy with which a browser loads nothing, and uses only the style and the script of the page.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
function contentSecurityPolicy(): string {
  const [script, style] = [SCRIPT, STYLE].map((text) => createHash("sha256").update(text).digest("base64"));
  return `default-src 'none'; script-src 'sha256-${script}'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
}
