import { groupBy } from "../../modules/private/group-by";
import { UNCONSTRAINED } from "../model/grant-statements";
import { type Key, KEY_NOT_SHOWN, keyName, type KeyPolicy, type KeyUse } from "../model/key";
import type { Model } from "../model/model";
import { attributeOf, blocksOf, exists, stringOf } from "../plan/attributes";
import { memoizedByObject } from "../plan/memoized";
import { asText, isString } from "../plan/predicates";
import type { PlannedResource, Side } from "../plan/plan";
import { ABILITIES, type Ability, ABILITY_NAMES } from "../policy/abilities";
import { accessTo } from "../policy/key-access";
import { isIdentity } from "../policy/principals";
import { isDenial, type Statement } from "../policy/statement";
import {
  asPart,
  changeOf,
  type KeyReport,
  NONE,
  type Part,
  type PrincipalAccess,
  type Reach,
  UNKNOWN,
} from "./key-report";
import { limitBy, worded } from "./limit";

/** The key of a grant: a key of the plan, or the name of one that is not in the plan or not shown. */
type Target = Key | string;
/** A grant in the table of one of its keys: a changed grant can move from one key to another. */
interface GrantOnKey {
  readonly grant: PlannedResource;
  /** The grantee on each side, as a row names it; undefined on a side without the grant. */
  readonly grantee: Readonly<Record<Side, string | undefined>>;
  readonly isHidden: Readonly<Record<Side, boolean>>;
  readonly isOnKey: Readonly<Record<Side, boolean>>;
  readonly target: Target;
}

/**
 * Returns, for each key of the plan, a row for each grantee of a grant on the key. A row has the abilities that the grant gives
 * before and after the change, within the denials of the key policy.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function granteesByKey(model: Model): ReadonlyMap<Key, readonly PrincipalAccess[]> {
  const tables = [...grantsByTarget(model)].flatMap(([target, grants]) =>
    isString(target) ? [] : [[target, grants.flatMap(granteesOf)] as const],
  );
  return new Map(tables);
}

/** Reports the keys that are not in the plan, or not shown, if the plan has a grant on them. The rows of such a report are the grantees. */
export function reportsOfAbsentKeys(model: Model): readonly KeyReport[] {
  return [...grantsByTarget(model)].flatMap(([name, grants]) =>
    isString(name) ? [reportOfAbsentKey(name, grants)] : [],
  );
}

function reportOfAbsentKey(name: string, grants: readonly GrantOnKey[]): KeyReport {
  const { address } = grants[0]!.grant;
  const isHidden = name === keyName({ address, resource: undefined });
  const notShown = isHidden ? KEY_NOT_SHOWN : "it is not in the plan";
  return {
    account: name.startsWith("arn:") ? name.split(":")[4] : undefined,
    action: undefined,
    address,
    ...(isHidden && { isHidden }),
    name,
    notShown: { after: notShown, before: notShown },
    policy: { after: "hidden", before: "hidden" },
    policyChange: "same",
    principals: grants.flatMap(granteesOf),
    unplaced: [],
  };
}

function grantsByTarget(model: Model): ReadonlyMap<Target, readonly GrantOnKey[]> {
  const grants = model.withType("aws_kms_grant").flatMap((grant) => {
    const uses = model.keyUses(grant, "key_id");
    const targets = { after: targetOf(grant, uses.after), before: targetOf(grant, uses.before) };
    const grantee = { after: granteeOf(grant, "after", model), before: granteeOf(grant, "before", model) };
    return [...new Set(Object.values(targets))].flatMap((target) =>
      target === undefined
        ? []
        : [
            {
              grant,
              grantee,
              isHidden: { after: uses.after.kind === "hidden", before: uses.before.kind === "hidden" },
              isOnKey: { after: targets.after === target, before: targets.before === target },
              target,
            },
          ],
    );
  });
  return groupBy(grants, ({ target }) => target);
}

function targetOf({ address }: PlannedResource, use: KeyUse): Target | undefined {
  switch (use.kind) {
    case "elsewhere":
      return use.name;
    case "hidden":
      return keyName({ address, resource: undefined });
    case "none":
      return undefined;
    case "planned":
      return use.key;
  }
}

function granteesOf(placed: GrantOnKey): readonly PrincipalAccess[] {
  const { after, before } = placed.grantee;
  const grantees = new Set([before, after].filter(isString));
  return [...grantees].map((grantee) => accessOf(placed, grantee));
}

/** Returns the grantee of a grant, or words for one that is not shown; undefined on a side without the grant. */
function granteeOf(grant: PlannedResource, side: Side, model: Model): string | undefined {
  const { kind } = attributeOf(grant, side, "grantee_principal");
  const notShown = kind === "absent" ? "a principal that the plan does not show" : `a principal that is ${kind}`;
  const grantee =
    side === "after" ? model.principalIn(grant, "grantee_principal") : stringOf(grant, side, "grantee_principal");
  return exists(grant, side) ? (grantee ?? notShown) : undefined;
}

function accessOf(placed: GrantOnKey, grantee: string): PrincipalAccess {
  const abilities = ABILITY_NAMES.map((ability) => {
    const [before, after] = [reachOf(placed, "before", grantee, ability), reachOf(placed, "after", grantee, ability)];
    return [ability, { after, before, change: changeOf(before, after) }] as const;
  });
  return {
    abilities: Object.fromEntries(abilities) as PrincipalAccess["abilities"],
    principal: `${grantee} (${placed.grant.address})`,
    standsFor: undefined,
  };
}

function reachOf(placed: GrantOnKey, side: Side, grantee: string, ability: Ability): Reach {
  return { ...partOf(placed, side, grantee, ability), leftToIam: NONE };
}

function partOf(placed: GrantOnKey, side: Side, grantee: string, ability: Ability): Part {
  const { grant, isHidden, isOnKey } = placed;
  if (placed.grantee[side] !== grantee) {
    return NONE;
  }
  if (!isOnKey[side]) {
    return isHidden[side] ? UNKNOWN : NONE;
  }
  const operations = attributeOf(grant, side, "operations");
  if (operations.kind !== "known" || !Array.isArray(operations.value)) {
    return UNKNOWN;
  }
  const names = operations.value.map((operation) => `kms:${isString(operation) ? operation : ""}`);
  const limit = limitOf(grant, side);
  return asPart(
    ability,
    ABILITIES[ability]
      .filter((action) => names.includes(action))
      .flatMap((action) => {
        const denials = denialsOf(placed.target, side, grantee, action);
        const limits = [UNCONSTRAINED.includes(action) ? "" : limit, denials];
        return denials === undefined ? [] : [{ action, limit: limits.filter((one) => one !== "").join(", ") }];
      }),
  );
}

/**
 * Returns the denials of a key policy that apply to a grantee under conditions, as a phrase. Undefined if the key policy always denies the
 * action.
 */
function denialsOf(target: Target, side: Side, grantee: string, action: string): string | undefined {
  if (isString(target) || !isIdentity(grantee)) {
    return "";
  }
  const access = accessTo(beyondGrants(target.policy[side]), grantee, action);
  if (access === undefined) {
    return undefined;
  }
  const { granted, isPartlyExcepted, unless } = access;
  const [one] = worded([{ action, limit: [limitBy(granted, unless, grantee, { isPartlyExcepted })] }], []);
  return one!.limit;
}

/** Returns the denials of a key policy beside a statement that allows everything, as a grant can. */
const beyondGrants = memoizedByObject(({ statements }: KeyPolicy): readonly Statement[] => [
  { Action: "*", Effect: "Allow", Principal: "*", Resource: "*" },
  ...statements.filter(isDenial),
]);

/** Returns the constraints of a grant as a phrase; empty if there are none. */
function limitOf(grant: PlannedResource, side: Side): string {
  const [constraints] = blocksOf(grant, side, "constraints") ?? [];
  if (constraints === undefined) {
    const { kind } = attributeOf(grant, side, "constraints");
    return kind === "absent" || kind === "known" ? "" : `within constraints that are ${kind}`;
  }
  const { encryption_context_equals: equal, encryption_context_subset: subset } = constraints;
  const phrases = [
    ...pairsIn(equal).map((pairs) => `the encryption context is ${pairs}`),
    ...pairsIn(subset).map((pairs) => `the encryption context has ${pairs}`),
  ];
  return phrases.length === 0 ? "" : `if ${phrases.join(" and ")}`;
}

/** Returns the pairs of an encryption context as one string; none if it is empty. */
function pairsIn(context: unknown): readonly string[] {
  const pairs = Object.entries(context ?? {}).map(([name, value]) => `${name} = ${asText(value)}`);
  return pairs.length === 0 ? [] : [pairs.join(", ")];
}
