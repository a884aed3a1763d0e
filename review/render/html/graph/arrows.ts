import { groupBy } from "../../../../modules/private/group-by";
import type { ContextReport } from "../../../model/encryption-context";
import { type Ability, ABILITY_NAMES } from "../../../policy/abilities";
import type { AbilityChange, Part, Reach } from "../../../report/key-report";
import { reachParts } from "../reach";
import { type State, STATES } from "./arrow-states";
import { labelLines } from "./text-lines";

/** An arrow between a key and a principal or a warehouse. */
export interface Arrow {
  readonly details: readonly string[];
  readonly label: readonly string[];
  readonly neighbour: string;
  readonly state: State;
}

/** Returns the arrows from a principal to a key: one for each state that its abilities have. */
export function principalArrows(
  principal: string,
  abilities: Readonly<Record<Ability, AbilityChange>>,
  isDestroyed: boolean,
): readonly Arrow[] {
  const changes = ABILITY_NAMES.map((name) => ({ name, ...abilities[name] }));
  const granted = changes.filter(({ after, before }) => after.extent !== "none" || before.extent !== "none");
  const decidedByIam = changes.filter(({ after, before }) =>
    [after, before].some(({ leftToIam }) => leftToIam.actions.length > 0),
  );
  const byState = groupBy(
    [
      ...granted.map((ability) => ({ ability, state: stateOf(ability, isDestroyed) })),
      ...decidedByIam.map((ability) => ({ ability, state: "iam" as const })),
    ],
    ({ state }) => state,
  );
  return [...byState].map(([state, group]) => {
    const parts = group.map(({ ability: { after, before, name } }) => {
      const [partBefore, partAfter] = state === "iam" ? [before.leftToIam, after.leftToIam] : [before, after];
      return { name, part: partAfter.actions.length > 0 ? partAfter : partBefore };
    });
    return {
      details: group.map(({ ability: { after, before, name } }) => {
        const [wordsBefore, wordsAfter] = [reachWords(before), reachWords(after)];
        return `${name}: ${wordsBefore === wordsAfter ? wordsAfter : `${wordsBefore} → ${wordsAfter}`}`;
      }),
      label: arrowLabel(state === "iam" ? iamSign(group.map(({ ability }) => ability)) : STATES[state].sign, parts),
      neighbour: principal,
      state,
    };
  });
}

/**
 * Returns the state of an arrow. If the plan creates or destroys the policy, `change` is `same`, so the sides and `isDestroyed`
 * decide first.
 */
function stateOf({ after, before, change }: AbilityChange, isDestroyed: boolean): State {
  const isUnknown = [after, before].some(({ extent }) => extent === "unknown");
  return isUnknown && change === "same" ? "unknown" : isDestroyed ? "lost" : change;
}

/** Returns the sign of a label. If the policy leaves nothing to IAM after the change, the sign has "before". */
function iamSign(abilities: readonly AbilityChange[]): string {
  return abilities.every(({ after }) => after.leftToIam.actions.length === 0) ? "IAM before: " : "IAM: ";
}

/** Returns the lines beside an arrow: its abilities, and then their conditions. */
function arrowLabel(
  sign: string,
  parts: readonly { readonly name: Ability; readonly part: Part }[],
): readonly string[] {
  const isAll = parts.length === ABILITY_NAMES.length && parts.every(({ part }) => part.extent === "all");
  const names = parts.map(({ name, part }) => (part.extent === "part" ? `part of ${name}` : name));
  const conditions = new Set(
    parts.flatMap(({ part }) => part.limits).filter((limit) => !/^(only|all but) /.test(limit)),
  );
  return [
    ...labelLines(`${sign}${isAll ? "everything" : names.join(", ")}`),
    ...(conditions.size === 0 ? [] : labelLines([...conditions].join("; "))),
  ];
}

export function warehouseArrow({ action, address, key: { after, before } }: ContextReport, key: string): Arrow {
  const isMoved = before !== undefined && after !== undefined && before !== after;
  const isLost = action === "destroy" || (isMoved && before === key);
  const state = isLost ? "lost" : isMoved ? "gained" : "same";
  return { details: [`encrypted by ${key}`], label: [`${STATES[state].sign}encrypts`], neighbour: address, state };
}

function reachWords(reach: Reach): string {
  return reachParts(reach)
    .map(({ limits, word }) => [word, ...limits].join("; "))
    .join(", or ");
}
