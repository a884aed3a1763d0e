import { failsReview, type Judgement, type Threshold } from "../../report/findings";
import type { Report } from "../../report/report";
import { WORST_FIRST } from "../../rules/rule";
import { type Markup, markup } from "./markup";

export function verdict(reports: readonly Report[], threshold: Threshold): Markup {
  const { failOn, onlyNew, strict } = threshold;
  const failing = reports.filter((report) => failsReview(report, threshold)).length;
  const severities = WORST_FIRST.slice(0, WORST_FIRST.indexOf(failOn) + 1).join(" or ");
  const reasons = [
    `${onlyNew ? "a new finding" : "a finding"} of severity ${severities}`,
    ...(strict ? ["a rule that could not be judged or a plan that is not complete"] : []),
  ];
  const [kind, word] = failing === 0 ? ["passes", "Passes"] : ["fails", "Fails"];
  const plans = failing === 0 || reports.length === 1 ? "" : `: ${failing} of ${reports.length} plans`;
  return markup`<p><strong class="verdict ${kind}">${word}${plans}</strong> The review fails on ${reasons.join(", and on ")}.</p>`;
}

export function counts({ findings, notJudged }: Judgement): Markup {
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
