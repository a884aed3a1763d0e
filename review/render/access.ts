import { groupBy } from "../../modules/private/group-by";
import { ABILITY_NAMES } from "../policy/abilities";
import { accountOf, isUniqueId } from "../policy/principals";
import {
  type AbilityChange,
  type KeyReport,
  type Part,
  type PrincipalAccess,
  type Reach,
  splitLimits,
} from "../report/key-report";

/** The changes of abilities, in the order of a report; `new` and `gone` belong to a key that the plan creates or destroys. */
const LABELS = ["gained", "lost", "changed", "unknown", "unchanged", "new", "gone"] as const;
type Label = (typeof LABELS)[number];

/** Principals with the same abilities. */
export interface Subject {
  readonly abilities: readonly string[];
  readonly principals: readonly string[];
}

/** The abilities that change in the same way and have the same limits. */
export interface AccessEntry {
  readonly label: Label;
  /** The limits, or those before and after; empty if there are none. */
  readonly limits: readonly string[];
  readonly subjects: readonly Subject[];
}

/** The access to a key, in the form that the text and Markdown reports print. */
export interface KeyAccess {
  /** The account whose principals are printed without the beginning of their ARNs; undefined if there is none. */
  readonly account: string | undefined;
  readonly entries: readonly AccessEntry[];
  /** Whether the key has the same policy, abilities and limits before and after the plan. */
  readonly isUnchanged: boolean;
  /** The principals that stand for others, such as an account root, each with a text about these. */
  readonly standIns: readonly string[];
}

export function accessOf(key: KeyReport): KeyAccess {
  const account = shownAccount(key);
  const nameOf = (principal: string): string => principalName(principal, account);
  // Thousands of principals share their abilities.
  const distinct = new Set(key.principals.map(({ abilities }) => abilities));
  const cellsBy = new Map([...distinct].map((abilities) => [abilities, cellsOf(key, abilities)]));
  const cells = key.principals.flatMap(({ abilities, principal }) => {
    const name = nameOf(principal);
    return cellsBy.get(abilities)!.map((cell) => ({ cell, principal: name }));
  });
  const entries = [...groupBy(cells, ({ cell }) => cell.text).values()]
    .map((group) => ({ label: group[0]!.cell.label, limits: group[0]!.cell.limits, subjects: subjectsOf(group) }))
    .sort((one, other) => LABELS.indexOf(one.label) - LABELS.indexOf(other.label));
  return {
    account,
    entries,
    isUnchanged: key.policyChange === "same" && entries.every(({ label }) => label === "unchanged"),
    standIns: key.principals.flatMap(({ principal, standsFor }) =>
      standsFor === undefined ? [] : [`${nameOf(principal)}: ${standsFor}`],
    ),
  };
}

/** Returns the account of the key. If it is unknown, returns the account of the principals, if all of them have the same account. */
function shownAccount({ account, principals }: KeyReport): string | undefined {
  const arns = principals.map(({ principal }) => principal).filter((principal) => principal.startsWith("arn:"));
  const accounts = new Set(arns.map(accountOf));
  const candidate = account ?? (accounts.size === 1 ? [...accounts][0] : undefined);
  return accounts.has(candidate) ? candidate : undefined;
}

/**
 * Returns the printed name of a principal. A principal of the account is printed by the end of its ARN. Any other text that looks
 * like such an end is quoted.
 */
function principalName(principal: string, account: string | undefined): string {
  if (principal === "*") {
    return "everybody";
  }
  if (isUniqueId(principal)) {
    return `${principal} (deleted)`;
  }
  if (principal.startsWith("arn:") && account !== undefined && accountOf(principal) === account) {
    return principal.split(":").slice(5).join(":");
  }
  return /^(?:assumed-role|everybody|federated-user|group|role|root|user)\b/.test(principal)
    ? JSON.stringify(principal)
    : principal;
}

/** Returns the cells of a row. */
function cellsOf(key: KeyReport, abilities: PrincipalAccess["abilities"]) {
  return ABILITY_NAMES.flatMap((ability) => cellOf(key, ability, abilities[ability]) ?? []);
}

/**
 * Returns an ability of a principal with the label of its change, its limits, and the text that cells of one entry share. Undefined if
 * the principal has the ability on no side.
 */
function cellOf({ policy }: KeyReport, ability: string, { after, before, change }: AbilityChange) {
  const label: Label =
    policy.before === "none" ? "new" : policy.after === "none" ? "gone" : change === "same" ? "unchanged" : change;
  const sides = label === "new" || label === "unchanged" ? [after] : label === "gone" ? [before] : [before, after];
  if (!sides.some(isAble)) {
    return undefined;
  }
  // If the part of the actions is the same before and after, it is printed once, behind the ability.
  const parts = new Set(sides.filter(({ extent }) => extent !== "none").map((side) => splitLimits(side).actions));
  const [part] = parts.size === 1 ? parts : [];
  const texts = sides.map((side) => limitsText(side, part !== undefined));
  const limits = limitsOf(label, sides, texts);
  return {
    ability: part === undefined ? ability : `${ability} (${part})`,
    label,
    limits,
    text: JSON.stringify([label, limits]),
  };
}

function isAble({ extent, leftToIam }: Reach): boolean {
  return extent !== "none" || leftToIam.actions.length > 0;
}

function limitsOf(label: Label, sides: readonly Reach[], texts: readonly string[]): readonly string[] {
  const [before = "", after] = texts;
  if (after === undefined) {
    return before === "yes" ? [] : [before];
  }
  if (label === "gained" && !isAble(sides[0]!)) {
    return after === "yes" ? [] : [after];
  }
  if (label === "lost" && !isAble(sides[1]!)) {
    return before === "yes" ? [] : [`before: ${before}`];
  }
  return [`before: ${before}`, `after: ${after}`];
}

/**
 * Returns the text of an ability before or after the change: "yes", "not shown" or the limits of the part that the key policy grants,
 * and then the part that it leaves to IAM. If there is neither, the text is "no".
 */
function limitsText(reach: Reach, hasPart: boolean): string {
  const { actions, conditions } = splitLimits(reach);
  const limits = [...(hasPart || actions === undefined ? [] : [actions]), ...conditions];
  const granted = reach.extent === "unknown" ? "not shown" : limits.length === 0 ? "yes" : limits.join("; ");
  if (reach.leftToIam.actions.length === 0) {
    return reach.extent === "none" ? "no" : granted;
  }
  const byIam = iamText(reach.leftToIam);
  return reach.extent === "none" ? byIam : `${granted}; or ${byIam}`;
}

function iamText({ limits }: Part): string {
  return limits.length === 0 ? "IAM" : `IAM (${limits.join("; ")})`;
}

/** Groups the principals that have the same abilities. */
function subjectsOf(
  cells: readonly { readonly cell: { readonly ability: string }; readonly principal: string }[],
): readonly Subject[] {
  const subjects = [...groupBy(cells, ({ principal }) => principal)].map(([principal, group]) => ({
    abilities: group.map(({ cell }) => cell.ability),
    principal,
  }));
  return [...groupBy(subjects, ({ abilities }) => JSON.stringify(abilities)).values()].map((group) => ({
    abilities: group[0]!.abilities,
    principals: group.map(({ principal }) => principal),
  }));
}
