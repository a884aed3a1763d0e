import { attributeOf, blocksOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { isMap, isString } from "../plan/predicates";
import type { Condition, Statement } from "../policy/statement";
import type { Model } from "./model";

/** The operations to which the constraints of a grant do not apply. */
export const UNCONSTRAINED: readonly string[] = ["kms:DescribeKey", "kms:RetireGrant"];

/** A grant in the form of a key policy: the permissions of its principals. */
export interface GrantStatements {
  /** Why a part of the grant is not shown; undefined if the plan shows the whole grant. */
  readonly notShown: string | undefined;
  readonly statements: readonly Statement[];
}

/**
 * Returns the permissions that a grant gives after the change. The grant must exist then.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function grantStatements(grant: PlannedResource, model: Model): GrantStatements {
  const [grantee, retiring] = ["grantee_principal", "retiring_principal"].map((name) => model.principalIn(grant, name));
  const hidden = [...(grantee === undefined ? ["grantee_principal"] : []), "operations", "constraints"].find(
    (name) => !["absent", "known"].includes(attributeOf(grant, "after", name).kind),
  );
  const retirement = retiring === undefined ? [] : [allow(retiring, ["kms:RetireGrant"])];
  if (hidden !== undefined) {
    return { notShown: `${hidden} is ${attributeOf(grant, "after", hidden).kind}`, statements: retirement };
  }
  const operations = attributeOf(grant, "after", "operations");
  const names = operations.kind === "known" ? [operations.value].flat().filter(isString) : [];
  const actions = names.map((name) => `kms:${name}`);
  const constrained = actions.filter((action) => !UNCONSTRAINED.includes(action));
  const [constraints] = blocksOf(grant, "after", "constraints") ?? [];
  return {
    notShown: undefined,
    statements: [
      allow(grantee ?? "", constrained, constraints && contextCondition(constraints)),
      allow(
        grantee ?? "",
        actions.filter((action) => UNCONSTRAINED.includes(action)),
      ),
      ...retirement,
    ],
  };
}

function allow(principal: string, actions: readonly string[], condition: Condition = {}): Statement {
  return { Action: actions, Condition: condition, Effect: "Allow", Principal: { AWS: principal }, Resource: "*" };
}

/** Converts the constraints of a grant to a condition. `encryption_context_equals` also refuses a request with any other pair. */
function contextCondition({
  encryption_context_equals: equal,
  encryption_context_subset: subset,
}: Readonly<Record<string, unknown>>): Condition {
  const pairs = { ...(isMap(subset) ? subset : {}), ...(isMap(equal) ? equal : {}) };
  const names = Object.keys(isMap(equal) ? equal : {});
  return {
    StringEquals: Object.fromEntries(
      Object.entries(pairs).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
    ),
    ...(names.length > 0 && { "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": names } }),
  };
}
