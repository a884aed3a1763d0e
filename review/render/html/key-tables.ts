import { groupBy } from "../../../modules/private/group-by";
import type { Side } from "../../plan/plan";
import { ABILITY_NAMES } from "../../policy/abilities";
import type { AbilityChange, KeyReport, PrincipalAccess, Reach } from "../../report/key-report";
import { absenceText, keyRemarks, NOBODY_SHOWN, POLICY_CHANGES, unplacedTitle } from "../text";
import { keyId } from "./key-ids";
import { actionBadge, badge, groupRow, list, type Markup, markup, type Part, table } from "./markup";
import { reachParts } from "./reach";

/** The most keys whose tables are open. */
const MOST_OPEN = 10;
/** A sign for each change of an ability, so that no change differs by colour only. */
const SIGNS = { gained: "+", lost: "−", changed: "±", unknown: "?" } as const;

/** Returns a table for each key. Keys that change come first. */
export function keyTables(keys: readonly KeyReport[], plan: number): Part {
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
${key.principals.length + key.unplaced.length === 0 ? markup`<p>${NOBODY_SHOWN}</p>` : ""}
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

function keyBadge(key: KeyReport): Markup {
  const { action, policyChange } = key;
  if (action === "none" && policyChange !== "same") {
    return badge("update", POLICY_CHANGES[policyChange]);
  }
  return action === undefined ? badge("none", absenceText(key)) : actionBadge(action);
}

/** Returns a badge for each kind of change, with the number of abilities that change in this way. */
function changeBadges({ principals }: KeyReport): readonly Markup[] {
  const changes = principals.flatMap(({ abilities }) => Object.values(abilities).map(({ change }) => change));
  return Object.entries(SIGNS).flatMap(([kind, sign]) => {
    const count = changes.filter((change) => change === kind).length;
    return count === 0 ? [] : [badge(kind, `${sign} ${count} ${kind}`), " "];
  }) as Markup[];
}

/** Returns a table with the abilities of each principal with a key. If nothing differs, one column shows both sides. */
function accessTable(key: KeyReport): Markup {
  const { name, policy, principals } = key;
  const changedSides: readonly Side[] =
    policy.before === "none" || changeBadges(key).length === 0 ? ["after"] : ["before", "after"];
  const sides: readonly Side[] = policy.after === "none" ? ["before"] : changedSides;
  const titles = {
    after: policy.before === "none" || sides.length > 1 ? "After" : "Before and after",
    before: "Before",
  };
  const columns = ["Ability", ...sides.map((side) => titles[side])];
  const bodies = principals.map((access) => [
    groupRow(columns.length, [
      markup`<code>${access.principal}</code>`,
      ...(access.standsFor === undefined ? [] : [access.standsFor]),
    ]),
    abilityRows(access).map(
      ({ ability, names }) => markup`<tr><th scope="row">${names.join(", ")} ${changeBadge(ability)}</th>${sides.map(
        (side) => markup`<td>${reachCell(ability[side])}</td>`,
      )}</tr>
`,
    ),
  ]);
  return table(`Who can use ${name}`, columns, bodies);
}

function changeBadge({ change }: AbilityChange): Part {
  return change === "same" ? "" : badge(change, `${SIGNS[change]} ${change}`);
}

/** Groups the abilities of a principal into rows: those with the same change and limits are one row. */
function abilityRows({ abilities }: PrincipalAccess) {
  const changes = ABILITY_NAMES.map((name) => ({ ability: abilities[name], name }));
  const rows = groupBy(changes, ({ ability: { after, before, change } }) =>
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
