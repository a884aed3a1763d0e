import { groupBy } from "../../../modules/private/group-by";
import type { ContextReport } from "../../model/encryption-context";
import type { Change } from "../../plan/changes";
import type { Side } from "../../plan/plan";
import { ABILITY_NAMES } from "../../policy/abilities";
import type { Finding, RuleNotJudged } from "../../report/findings";
import type { AbilityChange, KeyReport, PrincipalAccess, Reach } from "../../report/key-report";
import type { Report } from "../../report/report";
import { keyRemarks, notJudgedByReason, othersText, unplacedTitle } from "../text";
import { graph } from "./graph";
import { badge, list, type Markup, markup, type Part, table } from "./markup";
import { reachParts } from "./reach";

/** A section of a plan. */
export interface Section {
  readonly body: Part;
  readonly title: string;
}

/** The most keys whose tables are open. */
const MOST_OPEN = 10;
/** The changes of abilities, each with a sign, so that none is a colour only. */
const SIGNS = { gained: "+", lost: "−", changed: "±", unknown: "?" } as const;

/** The sections of a plan that have something to show. */
export function sectionsOf(report: Report, plan: number): readonly Section[] {
  const { changes, drift, keys, notJudged, warehouses } = report;
  const others = othersText(changes.others);
  const nothing = changes.listed.length === 0 && others === "" ? markup`<p>Nothing changes.</p>` : "";
  const sections = [
    { body: graph(report), title: "Who reaches which warehouse through which key" },
    { body: keyTables(keys, plan), title: "Who can use each key" },
    { body: contextTable(warehouses), title: "Encryption contexts" },
    { body: [nothing, changesTable(changes.listed), others === "" ? "" : markup`<p>${others}</p>`], title: "Changes" },
    { body: changesTable(drift), title: "Changed outside Terraform" },
    { body: notJudgedTable(notJudged), title: "Rules that could not be judged" },
  ];
  return sections.filter(({ body }) => body !== "");
}

/** The ID of a key in the page. */
export function keyId(plan: number, key: number): string {
  return `key-${plan}-${key}`;
}

/** The IDs of the keys that a finding is about: its resource is the key, a warehouse under it, or a grant on it. */
export function keysOf({ address }: Finding, { keys, warehouses }: Report, plan: number): string {
  const uses = warehouses.filter((warehouse) => warehouse.address === address).map(({ key }) => key);
  const isAbout = (key: KeyReport): boolean =>
    key.address === address ||
    uses.some(({ after, before }) => [after, before].includes(key.name)) ||
    key.principals.some(({ principal }) => principal.endsWith(` (${address})`));
  return keys.flatMap((key, index) => (isAbout(key) ? [keyId(plan, index)] : [])).join(" ");
}

/** The tables of keys, those that change first. */
function keyTables(keys: readonly KeyReport[], plan: number): Part {
  const entries = keys.map((key, index) => {
    const changes = changeBadges(key);
    const isChanged = changes.length > 0 || (key.action ?? "none") !== "none" || key.policyChange !== "same";
    return { changes, id: keyId(plan, index), isChanged, key };
  });
  const ordered = [...entries.filter(({ isChanged }) => isChanged), ...entries.filter(({ isChanged }) => !isChanged)];
  const tables = ordered.map(({ changes, id, isChanged, key }, index) => {
    const isOpen = keys.length === 1 || (isChanged && index < MOST_OPEN);
    return markup`<details data-keys="${id}" data-plan="${plan}"${isOpen ? markup` open` : ""}>
<summary><h4><code>${key.name}</code></h4> ${keyBadge(key)} ${changes}</summary>
${keyRemarks(key).map((remark) => markup`<p>${remark}</p>`)}
${key.principals.length === 0 ? "" : accessTable(key)}
${list(
  key.unplaced.map(
    (unplaced) => markup`${unplacedTitle(unplaced)}: <code>${JSON.stringify(unplaced.statement)}</code>`,
  ),
  "statements",
)}
</details>
`;
  });
  return tables.length === 0 ? "" : tables;
}

function keyBadge({ action, policyChange }: KeyReport): Markup {
  if (action === "none" && policyChange !== "same") {
    return badge("update", policyChange === "changed" ? "its policy changes" : "its policy may change");
  }
  return action === undefined ? badge("none", "not in the plan") : actionBadge(action);
}

function actionBadge(action: Change["action"]): Markup {
  return badge(action, action === "none" ? "no change" : action);
}

/** The number of abilities that principals gain, lose, and so on. */
function changeBadges({ principals }: KeyReport): readonly Markup[] {
  const changes = principals.flatMap(({ abilities }) => Object.values(abilities).map(({ change }) => change));
  return Object.entries(SIGNS).flatMap(([kind, sign]) => {
    const count = changes.filter((change) => change === kind).length;
    return count === 0 ? [] : [badge(kind, `${sign} ${count} ${kind}`), " "];
  }) as Markup[];
}

/** The abilities of each principal with a key. One column shows both sides if nothing differs. */
function accessTable(key: KeyReport): Markup {
  const { name, policy, principals } = key;
  const sides: readonly Side[] =
    policy.before === "none" || changeBadges(key).length === 0 ? ["after"] : ["before", "after"];
  const shown: readonly Side[] = policy.after === "none" ? ["before"] : sides;
  const titles = {
    after: policy.before === "none" || shown.length > 1 ? "After" : "Before and after",
    before: "Before",
  };
  const columns = ["Ability", ...shown.map((side) => titles[side])];
  const bodies = principals.map((access) => [
    groupRow(columns.length, [
      markup`<code>${access.principal}</code>`,
      ...(access.standsFor === undefined ? [] : [access.standsFor]),
    ]),
    abilityRows(access).map(
      ({ ability, names }) => markup`<tr><th scope="row">${names.join(", ")} ${changeBadge(ability)}</th>${shown.map(
        (side) => markup`<td>${reachCell(ability[side])}</td>`,
      )}</tr>
`,
    ),
  ]);
  return table(`Who can use ${name}`, columns, bodies);
}

/** The heading of rows, and remarks. */
function groupRow(columns: number, [heading, ...remarks]: readonly Part[]): Markup {
  return markup`<tr><th scope="rowgroup" class="group" colspan="${columns}">${heading!}${remarks.map((remark) => markup`<div>${remark}</div>`)}</th></tr>
`;
}

function changeBadge({ change }: AbilityChange): Part {
  return change === "same" ? "" : badge(change, `${SIGNS[change]} ${change}`);
}

/** The abilities of a principal. Those that do not differ are one row. */
function abilityRows({ abilities }: PrincipalAccess) {
  const all = ABILITY_NAMES.map((name) => ({ ability: abilities[name], name }));
  const rows = groupBy(all, ({ ability: { after, before, change } }) =>
    JSON.stringify([change, reachParts(before), reachParts(after)]),
  );
  return [...rows.values()].map((row) => ({ ability: row[0]!.ability, names: row.map(({ name }) => name) }));
}

function reachCell(reach: Reach): Part {
  return reachParts(reach).map(({ limits, word }, index) => [
    index === 0 ? "" : markup`<br>or `,
    markup`<span class="${word}">${word}</span>`,
    list(limits, "limits"),
  ]);
}

function contextTable(warehouses: readonly ContextReport[]): Part {
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

function changesTable(changes: readonly Change[]): Part {
  const rows = changes.map(
    ({ action, address, details, kind }) => markup`<tr><th scope="row">${kind} <code>${address}</code></th><td>${
      action === "none" ? badge(action, "keep") : badge(action)
    }</td><td>${list(details, "plain")}</td></tr>
`,
  );
  return rows.length === 0 ? "" : table("Changes of resources", ["Resource", "Action", "Details"], [rows]);
}

function notJudgedTable(notJudged: readonly RuleNotJudged[]): Part {
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
