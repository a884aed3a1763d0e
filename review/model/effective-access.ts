import { groupBy } from "../../modules/private/group-by";
import { memoizedByObject } from "../plan/memoized";
import type { PlannedResource } from "../plan/plan";
import { type Caller, withOneKind } from "../policy/callers";
import type { ConditionalWay } from "../policy/gain";
import type { Identity } from "../policy/identity-permission";
import { type Access, accessTo, type Way, waysOf } from "../policy/key-access";
import { isRoot } from "../policy/principals";
import { matchesAction, type Statement, titleOf } from "../policy/statement";
import { grantStatements } from "./grant-statements";
import type { Key } from "./key";
import type { Model } from "./model";

/** The statement or grant that gives an access. */
export interface AccessSource {
  /** The address of the key or the grant. */
  readonly address: string;
  /**
   * For a statement of an IAM policy: the name of this policy, and the title of the key policy's statement, or of the grant, that
   * the access needs, too. Undefined for another source.
   */
  readonly inIam: { readonly keyTitle: string; readonly policy: string } | undefined;
  /** The statement; undefined if a grant gives the access. */
  readonly statement: Statement | undefined;
  /** The name of the statement or grant, as the beginning of a sentence. */
  readonly title: string;
}

/**
 * The statements that together allow a caller an action on a key: a statement of the key policy or of a grant, and the statements
 * of IAM policies that must allow the action, too.
 */
export interface AccessWay extends ConditionalWay {
  /** Why IAM policies outside this analysis decide about the action; undefined if none do. */
  readonly leftToIam: string | undefined;
  /**
   * The Deny statements on the action that have NotPrincipal. Empty unless one of them excepts only the caller, or only the
   * caller's account: AWS may then deny the caller.
   */
  readonly maybeDenials: readonly Statement[];
  readonly source: AccessSource;
}

interface Hidden {
  readonly address: string;
  readonly reason: string;
}

/** Computes who may use a key after the change, from its key policy, its grants and the IAM policies of the plan. */
export class EffectiveAccess {
  /** The same as `notShown` if the plan changes the key, its policy or one of its grants; empty otherwise. */
  public readonly hiddenChanges: readonly Hidden[];
  /** The key policy and the grants of which a part is not shown, each with the reason. */
  public readonly notShown: readonly Hidden[];
  /** The statements of the key policy and of the grants. */
  public readonly statements: readonly Statement[];
  private readonly sources: ReadonlyMap<Statement, AccessSource>;

  public constructor(
    private readonly key: Key,
    private readonly model: Model,
    grantsOfKey: readonly PlannedResource[],
  ) {
    const policy = key.policy.after;
    const grants = grantsOfKey.map((grant) => ({ address: grant.address, ...grantStatements(grant, model) }));
    const policySources = policy.statements.map((statement) => {
      const source = { address: key.address, inIam: undefined, statement, title: titleOf(statement) };
      return [withOneKind(statement), source] as const;
    });
    const grantSources = grants.flatMap(({ address, statements }) =>
      statements.map((statement) => {
        const source = { address, inIam: undefined, statement: undefined, title: "The grant" };
        return [statement, source] as const;
      }),
    );
    this.sources = new Map<Statement, AccessSource>([...policySources, ...grantSources]);
    const statements = [...this.sources.keys()];
    const isOfPolicy = (statement: Statement, index: number) => statement === policy.statements[index];
    // Results are cached by the array of statements. So the array of the policy is used again, if both arrays have the same
    // statements.
    this.statements =
      statements.length === policy.statements.length && statements.every(isOfPolicy) ? policy.statements : statements;
    this.notShown = [
      ...(policy.kind === "hidden"
        ? [{ address: key.address, reason: `the key policy is not shown (${policy.why})` }]
        : []),
      ...grants.flatMap(({ address, notShown }) => (notShown === undefined ? [] : [{ address, reason: notShown }])),
    ];
    const sources = [key.resource, ...key.policies.before, ...key.policies.after, ...grantsOfKey];
    const isChanged = sources.some((resource) => resource !== undefined && resource.action !== "none");
    this.hiddenChanges = isChanged ? this.notShown : [];
  }

  /**
   * Returns each combination of statements that lets a caller do an action. If the key policy leaves the decision to IAM, the
   * combination includes a statement of an IAM policy. If the plan does not show that statement, `leftToIam` has the reason.
   */
  public waysOf(caller: Caller, action: string): readonly AccessWay[] {
    return this.byKeyPolicy(caller, action).flatMap(({ denials, maybeDenials, way }) =>
      this.resolved(caller, action, way, { denials, maybeDenials }),
    );
  }

  /** Returns the combinations of `waysOf` by the key policy and the grants alone. The IAM policies of the plan are not read. */
  public waysByKeyPolicy(caller: Caller, action: string): readonly AccessWay[] {
    return this.byKeyPolicy(caller, action).map(({ denials, maybeDenials, way: { statement, through } }) => ({
      denials,
      leftToIam: through === "IAM" && !isRoot(caller.principal) ? "IAM policies decide about it" : undefined,
      maybeDenials,
      source: this.sources.get(statement)!,
      statements: [statement],
    }));
  }

  private byKeyPolicy({ principal }: Caller, action: string) {
    const access = accessTo(this.statements, principal, action, this.key.account);
    if (access === undefined) {
      return [];
    }
    const denials = [...access.unless];
    const maybeDenials = maybeDenialsOf(access, this.statements, action);
    return waysOf(access).map((way) => ({ denials, maybeDenials, way }));
  }

  private resolved(
    caller: Caller,
    action: string,
    { statement, through }: Way,
    { denials, maybeDenials }: Pick<AccessWay, "denials" | "maybeDenials">,
  ): readonly AccessWay[] {
    const { principal } = caller;
    const source = this.sources.get(statement)!;
    const way = { denials, leftToIam: undefined, maybeDenials, source, statements: [statement] };
    if (through === "key policy" || isRoot(principal)) {
      // A denial or a boundary of the plan's IAM policies limits this way, too.
      const limits = this.model.identities.permissionIfGranted(principal, action, this.key, statement);
      if (limits.kind !== "allowed") {
        return limits.kind === "not allowed" ? [] : [way];
      }
      return withinBoundary({ ...way, denials: [...denials, ...limits.unless] }, limits.within);
    }
    const permission = this.model.identities.permission(principal, action, this.key);
    switch (permission.kind) {
      case "not allowed":
        return [];
      case "unknown":
        // A caller of another account also needs IAM policies of that account. The plan does not show them, so the key policy
        // decides here.
        return [through === "IAM" ? { ...way, leftToIam: permission.reason.replaceAll(principal, caller.name) } : way];
      case "allowed":
        return this.sourcesInIam(principal, permission.ways, source).flatMap((identitySource) =>
          withinBoundary(
            {
              ...way,
              denials: [...denials, ...permission.unless],
              source: identitySource,
              statements: [statement, identitySource.statement],
            },
            permission.within,
          ),
        );
    }
  }

  /** Returns a source for each IAM policy that has one of the statements. */
  private sourcesInIam(
    principal: string,
    statements: readonly Statement[],
    { address, title: keyTitle }: AccessSource,
  ) {
    const policies = policyNames(this.model.identities.named(principal)!);
    return [...new Set(statements)].flatMap((statement) =>
      policies.get(statement)!.map(({ name: policy }) => ({
        address,
        inIam: { keyTitle, policy },
        statement,
        title: titleOf(statement),
      })),
    );
  }
}

/** Returns one way for each statement of a permissions boundary, with this statement added; the same way without a boundary. */
function withinBoundary(way: AccessWay, boundary: readonly Statement[]): readonly AccessWay[] {
  return boundary.length === 0
    ? [way]
    : boundary.map((statement) => ({ ...way, statements: [...way.statements, statement] }));
}

/**
 * Returns the Deny statements on an action that have NotPrincipal. Returns none unless one of them excepts only the principal, or
 * only the principal's account: AWS may then deny the principal.
 */
export function maybeDenialsOf(
  { isPartlyExcepted }: Access,
  statements: readonly Statement[],
  action: string,
): readonly Statement[] {
  return isPartlyExcepted
    ? statements.filter((one) => one.Effect === "Deny" && one.NotPrincipal !== undefined && matchesAction(one, action))
    : [];
}

/** Maps each statement of an identity to the policies that contain it. Policies with the same text share their statements. */
const policyNames = memoizedByObject(({ policies }: Identity) =>
  groupBy(
    policies.flatMap(({ name, statements }) => statements.map((statement) => ({ name, statement }))),
    ({ statement }) => statement,
  ),
);

/** Returns the grants on each key after the change. */
export function grantsByKey(model: Model): ReadonlyMap<Key, readonly PlannedResource[]> {
  const grants = model.withType("aws_kms_grant").flatMap((grant) => {
    const { after } = model.keyUses(grant, "key_id");
    return after.kind === "planned" ? [{ grant, key: after.key }] : [];
  });
  return new Map([...groupBy(grants, ({ key }) => key)].map(([key, group]) => [key, group.map(({ grant }) => grant)]));
}
