import { groupBy } from "../../modules/private/group-by";
import { UNCONSTRAINED } from "../model/grant-statements";
import { type Key, keyName, type KeyUse } from "../model/key";
import type { Model } from "../model/model";
import { attributeOf, blocksOf, exists, stringOf } from "../plan/attributes";
import { isString } from "../plan/predicates";
import type { PlannedResource, Side } from "../plan/plan";
import { ABILITIES, type Ability, ABILITY_NAMES } from "../policy/abilities";
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

/**
 * Returns a row for each grantee of a grant on a key, with the abilities that the grant gives before and after the change.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function granteesByKey(model: Model): ReadonlyMap<Key, readonly PrincipalAccess[]> {
  const grants = model.ofType("aws_kms_grant").flatMap((grant) => {
    const { after, before } = model.keyUses(grant, "key_id");
    const keys = new Set([after, before].flatMap((use) => (use.kind === "planned" ? [use.key] : [])));
    return [...keys].map((key) => ({ grant, key }));
  });
  const byKey = groupBy(grants, ({ key }) => key);
  return new Map([...byKey].map(([key, group]) => [key, group.flatMap(({ grant }) => granteesOf(grant))]));
}

/** Reports each key that is not in the plan, or not shown, and on which the plan has a grant: its rows are the grantees. */
export function reportsOfAbsentKeys(model: Model): readonly KeyReport[] {
  const grants = model.ofType("aws_kms_grant").flatMap((grant) => {
    const { after, before } = model.keyUses(grant, "key_id");
    return [...new Set([after, before].flatMap((use) => absentName(grant, use)))].map((name) => ({ grant, name }));
  });
  return [...groupBy(grants, ({ name }) => name)].map(([name, group]) => ({
    account: name.startsWith("arn:") ? name.split(":")[4] : undefined,
    action: undefined,
    address: group[0]!.grant.address,
    name,
    notShown: { after: NOT_IN_PLAN, before: NOT_IN_PLAN },
    policy: { after: "hidden", before: "hidden" },
    policyChange: "same",
    principals: group.flatMap(({ grant }) => granteesOf(grant)),
    unplaced: [],
  }));
}

const NOT_IN_PLAN = "it is not in the plan";

function absentName({ address }: PlannedResource, use: KeyUse): readonly string[] {
  switch (use.kind) {
    case "elsewhere":
      return [use.name];
    case "hidden":
      return [keyName({ address, resource: undefined })];
    default:
      return [];
  }
}

function granteesOf(grant: PlannedResource): readonly PrincipalAccess[] {
  const grantees = new Set([granteeOf(grant, "before"), granteeOf(grant, "after")].filter(isString));
  return [...grantees].map((grantee) => accessOf(grant, grantee));
}

/** Returns the grantee of a grant, or words for one that is not shown; undefined on a side without the grant. */
function granteeOf(grant: PlannedResource, side: Side): string | undefined {
  const { kind } = attributeOf(grant, side, "grantee_principal");
  const notShown = kind === "absent" ? "a principal that the plan does not show" : `a principal that is ${kind}`;
  return exists(grant, side) ? (stringOf(grant, side, "grantee_principal") ?? notShown) : undefined;
}

function accessOf(grant: PlannedResource, grantee: string): PrincipalAccess {
  const abilities = ABILITY_NAMES.map((ability) => {
    const [before, after] = [reachOf(grant, "before", grantee, ability), reachOf(grant, "after", grantee, ability)];
    return [ability, { after, before, change: changeOf(before, after) }] as const;
  });
  return {
    abilities: Object.fromEntries(abilities) as PrincipalAccess["abilities"],
    principal: `${grantee} (${grant.address})`,
    standsFor: undefined,
  };
}

function reachOf(grant: PlannedResource, side: Side, grantee: string, ability: Ability): Reach {
  return { ...partOf(grant, side, grantee, ability), leftToIam: NONE };
}

function partOf(grant: PlannedResource, side: Side, grantee: string, ability: Ability): Part {
  const operations = attributeOf(grant, side, "operations");
  if (granteeOf(grant, side) !== grantee) {
    return NONE;
  }
  if (operations.kind !== "known" || !Array.isArray(operations.value)) {
    return UNKNOWN;
  }
  const names = operations.value.map((operation) => `kms:${isString(operation) ? operation : ""}`);
  const limit = limitOf(grant, side);
  return asPart(
    ability,
    ABILITIES[ability]
      .filter((action) => names.includes(action))
      .map((action) => ({ action, limit: UNCONSTRAINED.includes(action) ? "" : limit })),
  );
}

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
  const pairs = Object.entries(context ?? {}).map(([name, value]) => `${name} = ${String(value)}`);
  return pairs.length === 0 ? [] : [pairs.join(", ")];
}
