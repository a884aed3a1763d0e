import { groupBy } from "../../../modules/private/group-by";
import type { AccessSource } from "../../model/effective-access";
import { KEY_ACTIONS } from "../../policy/abilities";
import { type Caller, isEverybody } from "../../policy/callers";
import { accountOf } from "../../policy/principals";
import type { NotJudged, SubjectFault, Verdict } from "../rule";

/** An access of a caller to a key that breaks a promise. */
export interface Breach {
  readonly action: string;
  readonly caller: Caller;
  /** Whether IAM policies decide about the access. */
  readonly isLeftToIam: boolean;
  readonly source: AccessSource;
  /** The promise, as the end of a sentence. */
  readonly why: string;
}

/** The results of comparisons: breaches, and accesses that cannot be compared. */
export interface Comparison {
  readonly breaches: readonly Breach[];
  readonly notJudged: readonly NotJudged[];
}

/** The most actions, callers and reasons that a sentence has. */
const MOST_LISTED = 10;

/** A verdict with a fault for each statement or grant that breaks promises. */
export function verdictOf(comparisons: readonly Comparison[], remedy: string): Verdict {
  const breaches = groupBy(
    comparisons.flatMap((comparison) => comparison.breaches),
    ({ source }) => JSON.stringify([source.address, source.statement]),
  );
  const faults = [...breaches.values()].map((group) => faultOf(group, remedy));
  const unjudged = comparisons.flatMap(({ notJudged }) => notJudged);
  return { faults, notJudged: [...new Map(unjudged.map((entry) => [JSON.stringify(entry), entry])).values()] };
}

function faultOf(breaches: readonly Breach[], remedy: string): SubjectFault {
  const [{ source }] = breaches as readonly [Breach];
  const parts = groupBy(withoutRepresented(breaches), ({ isLeftToIam, why }) => JSON.stringify([isLeftToIam, why]));
  const sentences = [...parts.values()].map((part) => {
    const [{ isLeftToIam, why }] = part as [Breach];
    const actions = KEY_ACTIONS.filter((action) => part.some((breach) => breach.action === action));
    const names = [...new Set(part.map(({ caller }) => caller.name))];
    const what = actions.length === KEY_ACTIONS.length ? "all actions on the key" : listOf(actions);
    return `${source.title} ${isLeftToIam ? "lets IAM policies give" : "gives"} ${what} to ${listOf(names)}, ${why}.`;
  });
  return {
    address: source.address,
    consequence: sentences.join(" "),
    remedy,
    ...(source.statement && { statement: source.statement }),
  };
}

/** The breaches without callers for whom another one stands, by its account or as everybody. */
function withoutRepresented(breaches: readonly Breach[]): readonly Breach[] {
  const callers = breaches.map(({ caller }) => caller);
  const hasEverybody = callers.some(isEverybody);
  const accounts = new Set(
    callers
      .filter(({ name, standsForOthers }) => standsForOthers && name.startsWith("roles and users"))
      .map(({ principal }) => accountOf(principal)),
  );
  return breaches.filter(
    ({ caller }) =>
      isEverybody(caller) || (!hasEverybody && (caller.standsForOthers || !accounts.has(accountOf(caller.principal)))),
  );
}

function listOf(names: readonly string[]): string {
  const remaining = names.length - MOST_LISTED;
  return remaining > 0 ? `${names.slice(0, MOST_LISTED).join(", ")} and ${remaining} more` : names.join(", ");
}
