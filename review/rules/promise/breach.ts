import { groupBy } from "../../../modules/private/group-by";
import type { AccessSource } from "../../model/effective-access";
import { KEY_ACTIONS } from "../../policy/abilities";
import { type Caller, isEverybody } from "../../policy/callers";
import { accountOf } from "../../policy/principals";
import { inSentence } from "../../policy/statement";
import { listOf } from "../list-of";
import type { NotJudged, SubjectFault, Verdict } from "../rule";

/** An action that a caller may do with a key although --forbid or --reference does not allow it. */
export interface Breach {
  readonly action: string;
  readonly caller: Caller;
  /** Whether the key policy leaves the action to IAM policies. */
  readonly isLeftToIam: boolean;
  readonly source: AccessSource;
  /** The broken --forbid or --reference, as the end of a sentence. */
  readonly why: string;
}

/** The results of comparisons: breaches, and accesses that cannot be compared. */
export interface Comparison {
  readonly breaches: readonly Breach[];
  readonly notJudged: readonly NotJudged[];
}

/** The most actions, and the most callers, that a sentence lists. */
const MOST_LISTED = 10;

/** Returns a verdict with one fault for each statement or grant that has breaches. */
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
    const actionsText = actions.length === KEY_ACTIONS.length ? "all actions on the key" : listOf(actions, MOST_LISTED);
    return `${sourcesText(part.map((breach) => breach.source))} ${isLeftToIam ? "lets IAM policies give" : "gives"} ${actionsText} to ${listOf(names, MOST_LISTED)}, ${why}.`;
  });
  return {
    address: source.address,
    consequence: sentences.join(" "),
    remedy,
    ...(source.statement && { statement: source.statement }),
  };
}

/** Returns the names of sources with the same statement, as the beginning of a sentence. */
export function sourcesText(sources: readonly AccessSource[]): string {
  const [{ title }] = sources as readonly [AccessSource];
  const inIam = sources.flatMap((source) => source.inIam ?? []);
  const policies = [...new Set(inIam.map(({ policy }) => policy))];
  const keyTitles = [...new Set(inIam.map(({ keyTitle }) => inSentence(keyTitle)))];
  return inIam.length === 0
    ? title
    : `${title} of ${listOf(policies, MOST_LISTED)}, with ${listOf(keyTitles, MOST_LISTED)} of the key,`;
}

/** Removes the breaches of callers that another caller represents: everybody, or all roles and users of the account. */
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
