import type { Judgement } from "../../report/findings";
import { WORST_FIRST } from "../../rules/rule";
import { keyId } from "./key-ids";
import { type Markup, markup } from "./markup";
import type { PlanPart } from "./plan-section";

/** Returns the form of the filters. It is hidden until the script runs. */
export function filterForm(plans: readonly PlanPart[], { findings }: Judgement): Markup {
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
${select("New or existing", "age", [
  ["new", "new"],
  ["standing", "exists before the plan"],
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
