import type { ContextReport } from "../../model/encryption-context";
import type { Change } from "../../plan/changes";
import type { Side } from "../../plan/plan";
import type { RuleNotJudged } from "../../report/findings";
import { notJudgedByReason } from "../text";
import { actionBadge, badge, groupRow, list, markup, type Part, table } from "./markup";

export function contextTable(warehouses: readonly ContextReport[]): Part {
  const bodies = warehouses.map(({ action, address, context, key, orphanedGrants, orphansOwnGrants }) => {
    const pairsOf = (side: Side): ReadonlyMap<string, string | undefined> =>
      new Map([
        ["key", key[side]],
        ...(context[side] ?? []).map(({ key: name, notShown, value }) => [name, value ?? notShown] as const),
      ]);
    const [before, after] = [pairsOf("before"), pairsOf("after")];
    const orphans = [
      ...orphanedGrants,
      ...(orphansOwnGrants ? ["every grant that Redshift has created for the Data API, which no plan shows"] : []),
    ];
    return [
      groupRow(3, [
        markup`<code>${address}</code> ${actionBadge(action)}`,
        ...orphans.map((grant) => `orphans ${grant}`),
      ]),
      [...new Set([...before.keys(), ...after.keys()])].map(
        (
          name,
        ) => markup`<tr><th scope="row">${name}</th><td>${before.get(name) ?? "none"}</td><td>${after.get(name) ?? "none"}</td></tr>
`,
      ),
    ];
  });
  return bodies.length === 0 ? "" : table("Encryption contexts", ["Key and context", "Before", "After"], bodies);
}

export function changesTable(changes: readonly Change[]): Part {
  const rows = changes.map(
    ({ action, address, details, kind }) => markup`<tr><th scope="row">${kind} <code>${address}</code></th><td>${
      action === "none" ? badge(action, "keep") : badge(action)
    }</td><td>${list(details, "plain")}</td></tr>
`,
  );
  return rows.length === 0 ? "" : table("Changes of resources", ["Resource", "Action", "Details"], [rows]);
}

export function notJudgedTable(notJudged: readonly RuleNotJudged[]): Part {
  const rows = notJudgedByReason(notJudged).map(
    ({
      reason,
      rules,
      subject,
    }) => markup`<tr><th scope="row"><code>${subject}</code></th><td>${reason}</td><td>${rules.join(", ")}</td></tr>
`,
  );
  return rows.length === 0 ? "" : table("Rules that could not be judged", ["Resource", "Reason", "Rules"], [rows]);
}
