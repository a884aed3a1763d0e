import { UNSHOWN } from "../plan/document";
import { memoized, memoizedByObject } from "../plan/memoized";
import { KEY_ACTIONS } from "./abilities";
import { type Facts, type Outcome, outcomeOf } from "./condition";
import { variableResources, withFacts } from "./resource-pattern";
import { asArray, filteredByAction, matchesAction, resourcesOf, type Statement } from "./statement";

/** A policy of an identity, as far as the plan shows it. */
export interface IdentityPolicy {
  /** The ARN of the policy, or the address of the resource that contains or attaches it. */
  readonly name: string;
  /** Why a part of the policy is not shown; undefined if the plan shows the whole policy. */
  readonly notShown: string | undefined;
  /** The Allow statements that the policy may have, if the plan does not show which policy an attachment names, or for which identity. */
  readonly possible?: readonly Statement[];
  /** The statements that are shown. A word of UNSHOWN stands for a part of a statement that is not shown. */
  readonly statements: readonly Statement[];
}

/** A role, a user or a permission set with its IAM policies. */
export interface Identity {
  /** Its address, or its name if the plan has only policies for it. */
  readonly address: string;
  readonly boundary: IdentityPolicy | undefined;
  readonly policies: readonly IdentityPolicy[];
  /** Why it may have policies that the plan does not list; undefined if all are listed. */
  readonly unlisted: string | undefined;
}

/** Whether the IAM policies of an identity allow an action. */
export type Permission =
  | {
      readonly kind: "allowed";
      /** Why other policies, or parts of policies, may still deny the action. */
      readonly notShown: readonly string[];
      /** The statements that deny the action under conditions. */
      readonly unless: readonly Statement[];
      /** The statements that allow the action; each is enough, under its conditions. */
      readonly ways: readonly Statement[];
      /** The statements of the permissions boundary that allow the action; each is enough. Empty without a boundary. */
      readonly within: readonly Statement[];
    }
  | { readonly kind: "not allowed"; readonly reason: string }
  | {
      readonly kind: "unknown";
      /** The permission under the assumption that a hidden boundary allows the action; undefined if no boundary is the reason. */
      readonly ifBounded?: Permission;
      /** The statements that allow the action if the identity has them. The plan does not show whether it has them. */
      readonly possible: readonly Statement[];
      readonly reason: string;
    };

/**
 * Whether a resource pattern of a statement matches the resource of a request; `depends` if a policy variable decides. A hidden
 * resource stands for several resources. The quantifier decides whether the pattern has to match one of them, or every one.
 */
export type ResourceMatch = (pattern: string, quantifier?: "every" | "some") => Outcome;

/**
 * Whether the IAM policies of an identity allow an action. Policies of the organization and of the session are not counted.
 *
 * @param identity - its policies and its permissions boundary
 * @param action - an action without wildcards, such as kms:Decrypt
 * @param isResource - whether a resource pattern matches the resource
 * @param facts - the known part of the request
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function permissionOf(identity: Identity, action: string, isResource: ResourceMatch, facts: Facts): Permission {
  return permissionsOf(identity, isResource, facts)(action);
}

/**
 * Returns the permission under the assumption that a hidden boundary allows the action. Without such a boundary, returns the
 * permission unchanged.
 */
export function beyondHiddenBoundary(permission: Permission): Permission {
  return (permission.kind === "unknown" && permission.ifBounded) || permission;
}

/** Returns a function that returns `permissionOf` for an action. Actions to which the same statements apply share one permission. */
export function permissionsOf(
  identity: Identity,
  isResource: ResourceMatch,
  facts: Facts,
): (action: string) => Permission {
  const permission = memoizedByObject((held: readonly HeldStatement[]) =>
    permissionBy(identity, held, isResource, facts),
  );
  return (action) => permission(statementsOn(identity)(action));
}

function permissionBy(
  identity: Identity,
  held: readonly HeldStatement[],
  isResource: ResourceMatch,
  facts: Facts,
): Permission {
  const { address, boundary } = identity;
  const applicable = held.flatMap((one) => {
    const result = outcomeFor(one.statement, isResource, facts);
    return result.outcome === "unmet" ? [] : [{ ...one, ...result }];
  });
  const statements = applicable.filter(({ isPossible }) => !isPossible);
  const denials = statements.filter(({ statement }) => statement.Effect === "Deny");
  const denied = denials.find(({ outcome }) => outcome === "met");
  if (denied) {
    return { kind: "not allowed", reason: `${denied.policy.name} denies it` };
  }
  const allows = statements.filter(({ statement }) => statement.Effect === "Allow");
  if (boundary && !allows.some(({ isBoundary }) => isBoundary)) {
    if (boundary.notShown === undefined) {
      return { kind: "not allowed", reason: `the permissions boundary ${boundary.name} does not allow it` };
    }
    const ifBounded = permissionBy({ ...identity, boundary: undefined }, held, isResource, facts);
    const reason = `the permissions boundary ${boundary.name} is not shown: ${boundary.notShown}`;
    return ifBounded.kind === "not allowed" ? ifBounded : { ifBounded, kind: "unknown", possible: [], reason };
  }
  const ways = allows.filter(({ isBoundary }) => !isBoundary);
  const shownWays = ways.filter(({ isOnResource, statement }) => isOnResource === "met" && !hasUnshownPart(statement));
  const notShown = notShownOf(identity);
  if (shownWays.length > 0) {
    return {
      kind: "allowed",
      notShown: [...notShown, ...(boundary ? whyNotShown(boundary) : [])],
      unless: denials.map(({ statement }) => statement).filter((statement) => !hasUnshownPart(statement)),
      ways: shownWays.map(({ statement }) => statement),
      within: allows.filter(({ isBoundary }) => isBoundary).map(({ statement }) => statement),
    };
  }
  return ways.length === 0 && notShown.length === 0
    ? { kind: "not allowed", reason: `no IAM policy of ${address} in this plan allows it` }
    : {
        kind: "unknown",
        possible: applicable.filter(({ isPossible }) => isPossible).map(({ statement }) => statement),
        reason: [...notShown, ...ways.flatMap(variableIn)].join(", "),
      };
}

/** A statement of a policy of an identity. */
interface HeldStatement {
  readonly isBoundary: boolean;
  /** Whether the identity may lack the statement: the plan does not show that the identity has it. */
  readonly isPossible: boolean;
  readonly policy: IdentityPolicy;
  readonly statement: Statement;
}

/**
 * Returns a function that filters the statements of an identity by action. Results are cached, because thousands of keys need the
 * same results.
 */
const statementsOn = memoizedByObject(
  ({ boundary, policies }: Identity): ((action: string) => readonly HeldStatement[]) => {
    const statements = [...policies, ...(boundary ? [boundary] : [])].flatMap((policy) =>
      policy.statements.map((statement) => ({ isBoundary: policy === boundary, isPossible: false, policy, statement })),
    );
    const possible = policies.flatMap((policy) =>
      (policy.possible ?? []).map((statement) => ({ isBoundary: false, isPossible: true, policy, statement })),
    );
    return filteredByAction([...statements, ...possible], ({ statement }, action) => mayBeOn(statement, action));
  },
);

function mayBeOn(statement: Statement, action: string): boolean {
  return hasUnshown(statement.Action ?? statement.NotAction) || matchesAction(statement, action);
}

/** Matches a policy variable, or a condition key on the caller. */
const ON_CALLER = /\$\{|aws:(?:principal|user)/i;

let texts = 0;
/** Returns a number for a text: thousands of identities can share a long policy. */
const numberOf = memoized(() => ++texts);

/** Returns a number for the statements on keys; undefined if their effect may depend on the caller. Returns none without statements. */
const keyStatements = memoizedByObject((statements: readonly Statement[]): readonly (number | undefined)[] => {
  const onKeys = statements.filter((statement) => KEY_ACTIONS.some((action) => mayBeOn(statement, action)));
  const text = JSON.stringify(onKeys);
  return onKeys.length === 0 ? [] : [ON_CALLER.test(text) ? undefined : numberOf(text)];
});

/**
 * Returns a text that identities share if they get the same permissions on each key, apart from names in reasons. Undefined if a
 * permission may depend on the caller.
 */
export function permissionsText(identity: Identity | undefined): string | undefined {
  const { boundary, policies = [] } = identity ?? {};
  const numbers = [
    policies.flatMap(({ statements }) => keyStatements(statements)),
    policies.flatMap(({ possible }) => (possible ? keyStatements(possible) : [])),
    boundary ? keyStatements(boundary.statements) : [],
  ];
  const isShown = [identity && notShownOf(identity).length === 0, boundary && boundary.notShown === undefined];
  return numbers.flat().includes(undefined) ? undefined : JSON.stringify([isShown, numbers]);
}

/** Returns the reasons for which policies of an identity are not shown. */
const notShownOf = memoizedByObject(({ policies, unlisted }: Identity): readonly string[] => [
  ...policies.flatMap(whyNotShown),
  ...(unlisted === undefined ? [] : [unlisted]),
]);

function whyNotShown({ name, notShown: why }: IdentityPolicy): readonly string[] {
  return why === undefined ? [] : [`${name} is not shown: ${why}`];
}

/** Returns why a statement on a resource with a policy variable may not allow an action. */
function variableIn({ policy, statement }: { readonly policy: IdentityPolicy; readonly statement: Statement }) {
  return variableResources(statement).length > 0 ? [`a resource of ${policy.name} has a policy variable`] : [];
}

/** Whether a statement on an action applies to a request, and whether it applies to the resource of the request. */
function outcomeFor(statement: Statement, isResource: ResourceMatch, facts: Facts) {
  const isOnResource = resourceOutcome(statement, isResource, facts);
  const outcome = isOnResource === "unmet" ? "unmet" : outcomeOf(statement, facts);
  const isUnsure = isOnResource === "depends" || hasUnshownPart(statement);
  return { isOnResource, outcome: outcome === "met" && isUnsure ? ("depends" as const) : outcome };
}

const OPPOSITES = { depends: "depends", met: "unmet", unmet: "met" } as const;

/**
 * Whether a statement applies to a resource. A hidden resource may be one of several: a Deny statement has to apply to every one of
 * them, and an Allow statement to one.
 */
function resourceOutcome(statement: Statement, isResource: ResourceMatch, facts: Facts): Outcome {
  const { Effect, NotResource } = statement;
  const patterns = resourcesOf(statement).map((pattern) => withFacts(pattern, facts));
  if (hasUnshown(patterns)) {
    return "met";
  }
  const isExcepted = NotResource !== undefined;
  const quantifier = (Effect === "Allow") === isExcepted ? "every" : "some";
  const outcomes = patterns.map((pattern) => isResource(pattern, quantifier));
  const matched = (["met", "depends"] as const).find((outcome) => outcomes.includes(outcome)) ?? "unmet";
  return isExcepted ? OPPOSITES[matched] : matched;
}

/** Whether an action or a resource of a statement is not shown. */
function hasUnshownPart({ Action, NotAction, NotResource, Resource }: Statement): boolean {
  return [Action, NotAction, NotResource, Resource].some(hasUnshown);
}

function hasUnshown(values: string | readonly string[] | undefined): boolean {
  return asArray(values).some((value) => UNSHOWN.includes(value));
}
