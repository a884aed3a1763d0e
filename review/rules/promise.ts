import { type AccessWay, EffectiveAccess, grantsByKey, maybeDenialsOf } from "../model/effective-access";
import type { Key } from "../model/key";
import type { Model } from "../model/model";
import { PlanCallers } from "../model/plan-callers";
import { KEY_ACTIONS } from "../policy/abilities";
import { type Caller, callersIn, callersUnder, partitionOf, uniqueCallers, withOneKind } from "../policy/callers";
import { type ConditionalWay, type Gain, gainOf, instanceOf } from "../policy/gain";
import { accessTo, requestFacts, waysOf } from "../policy/key-access";
import { roleOfSession, withoutRolePath } from "../policy/condition";
import { accountOf, isAccount, isPattern, isRoot } from "../policy/principals";
import { variableResources } from "../policy/resource-pattern";
import {
  awsPrincipals,
  inSentence,
  isEvaluable,
  matchesAction,
  matchesActionPattern,
  matchesPattern,
  type Statement,
  titleOf,
} from "../policy/statement";
import { type Comparison, sourcesText, verdictOf } from "./promise/breach";
import { isRefusedForSize } from "./key-policy/size";
import { CallerGroups, hasSamePolicies } from "./promise/caller-groups";
import { changedFactOf, newAssignmentOf } from "./promise/changed-facts";
import { gainsOnOtherKeys } from "./promise/other-keys";
import type { Baseline, ForbiddenGain, NotJudged, ReferencePolicy, Rule, Verdict } from "./rule";

/** The rules about the limits that the user gives by --forbid and --reference. */
export const PROMISE_RULES: readonly Rule[] = [
  {
    id: "promise-forbidden-action",
    judge: forbiddenGains,
    severity: "error",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
    title: "The plan gives a principal a forbidden access to a key (--forbid)",
  },
  {
    id: "promise-beyond-reference",
    judge: accessBeyondReference,
    severity: "error",
    see: "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html",
    title: "A key allows more than its --reference",
  },
];

/** The access to a key before and after the plan. */
interface KeyChange {
  readonly after: EffectiveAccess;
  /** The access before the plan; undefined if the key does not exist then. */
  readonly before: EffectiveAccess | undefined;
  readonly former: Model;
  /** The key before the plan; undefined if it does not exist then. */
  readonly formerKey: Key | undefined;
  readonly key: Key;
  readonly model: Model;
}

function forbiddenGains(model: Model, { promises: { forbidden }, standing }: Baseline): Verdict {
  if (forbidden.length === 0) {
    return { faults: [], notJudged: [] };
  }
  const former = standing();
  const [grants, formerGrants] = [grantsByKey(model), grantsByKey(former)];
  const formerKeys = new Map(former.keys.map((key) => [key.address, key]));
  const changes = model.keys.map((key): KeyChange => {
    const formerKey = formerKeys.get(key.address);
    return {
      after: new EffectiveAccess(key, model, grants.get(key) ?? []),
      before: formerKey && new EffectiveAccess(formerKey, former, formerGrants.get(formerKey) ?? []),
      former,
      formerKey,
      key,
      model,
    };
  });
  const comparisons = forbidden.flatMap((forbid) => {
    const groups = new Map<PlanCallers, CallerGroups>();
    return changes.flatMap((change) => gainsOfKey(change, forbid, groups));
  });
  const hidden = [...changes.flatMap(({ after }) => after.hiddenChanges), ...grantsOnHiddenKeys(model)];
  const withoutArn = new Set(changes.flatMap((change) => planCallers(change).withoutArn));
  const unnamed = [...withoutArn].map((address) => ({ address, reason: "its ARN is unknown" }));
  const elsewhere = model.heldPolicies
    .changedPoliciesOfUnknownHolders()
    .filter(({ notShown, statements }) => notShown !== undefined || allowsForbidden(statements, forbidden))
    .map(({ address }) => ({ address, reason: "the plan does not show who has the policy" }));
  const open = changes.flatMap(({ formerKey, key }) =>
    openStatements(key, formerKey)
      .filter(({ statement }) => allowsForbidden([statement], forbidden))
      .map(({ notJudged }) => notJudged),
  );
  const onOtherKeys = gainsOnOtherKeys(model, former, (principals) => {
    const isOfOne = (forbid: ForbiddenGain): boolean =>
      principals.some((principal) => principal === undefined || isForbidden(forbid, principal));
    const applicable = forbidden.filter(isOfOne);
    return (statement) => allowsForbidden([statement], applicable);
  });
  const remedy = "Remove the permission, or give the command a --forbid that allows it.";
  return verdictOf(
    [{ breaches: [], notJudged: [...hidden, ...unnamed, ...elsewhere, ...onOtherKeys, ...open] }, ...comparisons],
    remedy,
  );
}

/**
 * Compares the access to a key before and after the plan, for the callers that a --forbid names and for the roles and users of the
 * plan.
 */
function gainsOfKey(
  change: KeyChange,
  forbid: ForbiddenGain,
  groups: Map<PlanCallers, CallerGroups>,
): readonly Comparison[] {
  const { former, formerKey, key, model } = change;
  if (isRefusedForSize(key)) {
    return [tooLarge(key)];
  }
  const statements = statementsOf(change);
  const callersOfPlan = planCallers(change);
  const callersBefore = PlanCallers.inAccount(former, partitionOf(statements), key.account);
  const isForbiddenCaller = ({ principal }: Caller): boolean => isForbidden(forbid, principal);
  const forbiddenCallers = uniqueCallers([
    ...callersUnder(forbid.principal, statements, key.account).filter(
      ({ principal }) => !callersOfPlan.principals.has(principal),
    ),
    ...callersIn(statements, key.account),
    ...callersOfPlan.withPermissionOn(key),
    ...(formerKey
      ? [...callersBefore.withPermissionOn(formerKey), ...callersOfPlan.withOtherLimits(callersBefore)]
      : []),
  ]).filter(isForbiddenCaller);
  const group =
    groups.get(callersOfPlan) ?? new CallerGroups(callersOfPlan.callers.filter(isForbiddenCaller), former, model);
  groups.set(callersOfPlan, group);
  const others = group.besides(new Set(forbiddenCallers.map(({ principal }) => principal)), statements);
  return [...forbiddenCallers, ...others].flatMap((caller) =>
    actionsOf(forbid).flatMap((action) => gainsOfCaller(change, caller, action, forbid)),
  );
}

/** Returns the actions that a --forbid names. */
function actionsOf({ action: pattern }: ForbiddenGain): readonly string[] {
  return KEY_ACTIONS.filter((action) => matchesActionPattern(pattern, action));
}

function allowsForbidden(statements: readonly Statement[], forbidden: readonly ForbiddenGain[]): boolean {
  const actions = forbidden.flatMap(actionsOf);
  return statements.some((one) => one.Effect === "Allow" && actions.some((action) => matchesAction(one, action)));
}

/** Returns the result for a policy that has too many statements to compare in useful time, and that KMS refuses. */
function tooLarge({ address }: Key): Comparison {
  return { breaches: [], notJudged: [{ address, reason: "the key policy is larger than KMS allows" }] };
}

/** Returns the statements of a key before and after the change. */
function statementsOf({ after, before }: KeyChange): readonly Statement[] {
  return [...after.statements, ...(before?.statements ?? [])];
}

/**
 * Returns the roles and users of the plan, with ARNs in the partition of a key. If the account of a role or user is unknown, its
 * ARN gets the account of the key.
 */
function planCallers(change: KeyChange): PlanCallers {
  return PlanCallers.inAccount(change.model, partitionOf(statementsOf(change)), change.key.account);
}

/**
 * Whether a pattern matches a principal or, if the principal is a session, its role. The path of the role is not compared, because
 * the ARN of a session has no path.
 */
function matchesCallerOrRole(pattern: string, principal: string): boolean {
  const role = roleOfSession(principal);
  return matchesPattern(pattern, principal) || (role !== undefined && matchesPattern(withoutRolePath(pattern), role));
}

/** Whether a --forbid applies to a principal. The root of an account stands for everybody in the account, as in a policy. */
function isForbidden({ principal: forbidden }: ForbiddenGain, principal: string): boolean {
  const account = isAccount(forbidden) || isRoot(forbidden) ? accountOf(forbidden) : undefined;
  return account === undefined
    ? matchesCallerOrRole(forbidden, principal) || matchesSessionOf(principal, forbidden)
    : accountOf(principal) === account;
}

/**
 * Whether a pattern in a --forbid matches a session of a role. A pattern for the sessions of one role does not count: these
 * sessions are callers themselves.
 */
function matchesSessionOf(role: string, pattern: string): boolean {
  const [, start, account, name] = /^(.*):iam::(.*):role\/(?:.*\/)?(.+)$/.exec(role) ?? [];
  const session = instanceOf(pattern.replace(/.*\//, ""));
  const patternRole = roleOfSession(pattern);
  return (
    (patternRole === undefined || isPattern(patternRole)) &&
    matchesPattern(pattern, `${start}:sts::${account}:assumed-role/${name}/${session}`)
  );
}

/** Compares each way in which a caller may do an action after the plan with the ways before the plan. */
function gainsOfCaller(
  { after, before, former, key, model }: KeyChange,
  caller: Caller,
  action: string,
  { text }: ForbiddenGain,
): readonly Comparison[] {
  const all = before?.waysOf(caller, action) ?? [];
  return after.waysOf(caller, action).map((way) => {
    const isComparable = way.leftToIam !== undefined && hasSamePolicies(caller.principal, former, model);
    const earlier = all.filter((one) => isComparable || one.leftToIam === undefined);
    const gain = comparison(way, earlier, caller, action);
    const doubt =
      gain === "none"
        ? (changedFactOf(key, model, [way, ...earlier], caller.principal) ??
          newAssignmentOf(caller.principal, former, model) ??
          doubtfulDenial(way, earlier, "before the plan"))
        : undefined;
    const [hiddenBefore] = before?.notShown ?? [];
    const uncertainty = way.leftToIam ?? doubt ?? (hiddenBefore && `before the plan, ${hiddenBefore.reason}`);
    const why = `beyond the access before the plan, and --forbid ${text} forbids it`;
    const breach = { action, caller, isLeftToIam: false, source: way.source, why };
    return resultOf(breach, doubt === undefined ? gain : "undecided", uncertainty);
  });
}

/**
 * A statement with NotPrincipal may deny one of the `allowed` ways, but not `way`. The plan may then allow more. Returns a clause
 * on this statement; undefined if there is none.
 */
function doubtfulDenial(
  way: AccessWay,
  allowed: readonly Pick<AccessWay, "maybeDenials">[],
  place: "before the plan" | "in the reference",
): string | undefined {
  const remaining = new Set(way.maybeDenials.map((denial) => JSON.stringify(denial)));
  const denials = allowed.flatMap(({ maybeDenials }) => maybeDenials);
  const changed = denials.find((denial) => !remaining.has(JSON.stringify(denial)));
  return changed && `${place}, ${inSentence(titleOf(changed))} may deny it`;
}

function accessBeyondReference(model: Model, { promises: { references } }: Baseline): Verdict {
  if (references.length === 0) {
    return { faults: [], notJudged: [] };
  }
  const grants = grantsByKey(model);
  const comparisons = model.keys.flatMap((key) => {
    const keyReferences = referencesOf(key, references);
    if (keyReferences.length === 0) {
      return [];
    }
    return isRefusedForSize(key)
      ? [tooLarge(key)]
      : [beyondReferences(key, new EffectiveAccess(key, model, grants.get(key) ?? []), keyReferences)];
  });
  const remedy = "Remove the permission, or add it to the reference.";
  return verdictOf([...comparisons, { breaches: [], notJudged: grantsOnHiddenKeys(model) }], remedy);
}

/** Returns the references whose pattern matches the address of a key. If there are none, returns the references without a pattern. */
function referencesOf({ address }: Key, references: readonly ReferencePolicy[]): readonly ReferencePolicy[] {
  const referencesOfAddress = references.filter(
    (one) => one.address !== undefined && matchesPattern(one.address, address),
  );
  return referencesOfAddress.length > 0 ? referencesOfAddress : references.filter((one) => one.address === undefined);
}

function beyondReferences(key: Key, access: EffectiveAccess, references: readonly ReferencePolicy[]): Comparison {
  const allowed = references.flatMap(({ statements }) => statements.map(withOneKind));
  const callers = callersIn([...access.statements, ...allowed], key.account);
  const reference = withCallersOfPatterns(allowed, callers);
  const files = [...new Set(references.map(({ file }) => file))].join(" and ");
  const comparisons = callers.flatMap((caller) =>
    KEY_ACTIONS.flatMap((action) => {
      const referenceAccess = accessTo(reference, caller.principal, action, key.account);
      const denials = [...(referenceAccess?.unless ?? [])];
      const maybeDenials = referenceAccess ? maybeDenialsOf(referenceAccess, reference, action) : [];
      const waysOfReference = (referenceAccess ? waysOf(referenceAccess) : []).map(({ statement, through }) => ({
        denials,
        isLeftToIam: through === "IAM" && !isRoot(caller.principal),
        maybeDenials,
        statements: [statement],
      }));
      return access.waysByKeyPolicy(caller, action).map((way) => {
        const isLeftToIam = way.leftToIam !== undefined;
        const comparable = waysOfReference.filter((one) => isLeftToIam || !one.isLeftToIam);
        const why = `beyond the reference ${files}`;
        const breach = { action, caller, isLeftToIam, source: way.source, why };
        const gain = comparison(way, comparable, caller, action);
        const doubt = gain === "none" ? doubtfulDenial(way, comparable, "in the reference") : undefined;
        return resultOf(breach, doubt === undefined ? gain : "undecided", doubt);
      });
    }),
  );
  return {
    breaches: comparisons.flatMap(({ breaches }) => breaches),
    notJudged: [
      ...access.notShown,
      ...openStatements(key).map(({ notJudged }) => notJudged),
      ...comparisons.flatMap(({ notJudged }) => notJudged),
    ],
  };
}

/**
 * Returns the Allow statements of a key policy that have a policy variable in their resource. The variable decides if the resource
 * is the key, so these statements are not judged. Statements that the former policy has, too, are left out.
 */
function openStatements({ address, policy }: Key, formerKey?: Key) {
  const former = new Set(formerKey?.policy.after.statements.map((statement) => JSON.stringify(statement)));
  return policy.after.statements
    .filter((one) => one.Effect === "Allow" && !isEvaluable(one) && variableResources(one).length > 0)
    .filter((one) => !former.has(JSON.stringify(one)))
    .map((statement) => {
      const reason = `a policy variable in ${inSentence(titleOf(statement))} decides if the key is its resource`;
      return { notJudged: { address, reason }, statement };
    });
}

/** Adds callers to the principals of a reference's statements: the callers that match a principal with wildcards. */
function withCallersOfPatterns(statements: readonly Statement[], callers: readonly Caller[]): readonly Statement[] {
  return statements.map((statement) => {
    const names = awsPrincipals(statement.Principal);
    const matching = names
      .filter(isPattern)
      .flatMap((pattern) => callers.filter(({ principal }) => matchesCallerOrRole(pattern, principal)));
    return matching.length === 0
      ? statement
      : { ...statement, Principal: { AWS: [...names, ...matching.map(({ principal }) => principal)] } };
  });
}

function comparison(way: AccessWay, earlier: readonly ConditionalWay[], caller: Caller, action: string): Gain {
  const { facts, isPossible } = requestFacts(caller.principal, action);
  return gainOf(way, earlier, facts, isPossible);
}

/**
 * Converts a gain to a result: a breach if the gain is sure, or an access that could not be judged if the gain is not sure. Without
 * a gain, the result is empty.
 *
 * @param uncertainty - why it is not sure that the plan gives the access; undefined if it is sure
 */
function resultOf(breach: Comparison["breaches"][number], gain: Gain, uncertainty: string | undefined): Comparison {
  const { action, caller, source } = breach;
  if (gain === "none") {
    return { breaches: [], notJudged: [] };
  }
  if (gain === "gained" && uncertainty === undefined) {
    return { breaches: [breach], notJudged: [] };
  }
  const reason = uncertainty ?? `the conditions of ${inSentence(sourcesText([source]))} cannot be compared`;
  return { breaches: [], notJudged: [{ address: source.address, reason: `${action} by ${caller.name}: ${reason}` }] };
}

/** Returns the grants that the plan changes, and whose key is not shown or not in the plan. */
function grantsOnHiddenKeys(model: Model): readonly NotJudged[] {
  return model
    .withType("aws_kms_grant")
    .filter(({ action }) => action !== "none")
    .flatMap((grant) => {
      const { after } = model.keyUses(grant, "key_id");
      switch (after.kind) {
        case "elsewhere":
          return [{ address: grant.address, reason: `its key ${after.name} is not in the plan` }];
        case "hidden":
          return [{ address: grant.address, reason: `key_id is ${after.why}` }];
        default:
          return [];
      }
    });
}
