import { groupBy } from "../../modules/private/group-by";
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
  /** Undefined for a grant. */
  readonly statement: Statement | undefined;
  /** The beginning of a sentence. */
  readonly title: string;
}

/** A way to an action on a key. */
export interface AccessWay extends ConditionalWay {
  /** Why IAM policies that are not shown decide about it; undefined if it is sure. */
  readonly leftToIam: string | undefined;
  /** The denials with NotPrincipal that except the caller or its account, and not both: AWS may deny it by them. */
  readonly maybeDenials: readonly Statement[];
  readonly source: AccessSource;
}

interface Hidden {
  readonly address: string;
  readonly reason: string;
}

/** The access to a key after the change, by its key policy and grants, and by the IAM policies of the plan. */
export class EffectiveAccess {
  /** The policy and the grants that the plan changes and does not show. */
  public readonly hiddenChanges: readonly Hidden[];
  /** Why a part of the policy or a grant is not shown. */
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
    const grants = grantsOfKey.map((grant) => ({ address: grant.address, ...grantStatements(grant) }));
    const ofPolicy = policy.statements.map((statement) => {
      const source = { address: key.address, statement, title: titleOf(statement) };
      return [withOneKind(statement), source] as const;
    });
    const ofGrants = grants.flatMap(({ address, statements }) =>
      statements.map((statement) => [statement, { address, statement: undefined, title: "The grant" }] as const),
    );
    this.sources = new Map<Statement, AccessSource>([...ofPolicy, ...ofGrants]);
    const statements = [...this.sources.keys()];
    const isOfPolicy = (statement: Statement, index: number) => statement === policy.statements[index];
    // The access to one array of statements is computed once.
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

  /** The ways of a caller to an action. The IAM policies of the key's account are part of a way that is left to them. */
  public waysOf(caller: Caller, action: string): readonly AccessWay[] {
    return this.byKeyPolicy(caller, action).flatMap(({ denials, maybeDenials, way }) =>
      this.resolved(caller, action, way, { denials, maybeDenials }),
    );
  }

  /** The ways of a caller to an action by the key policy and the grants alone. */
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
      const limits = this.model.identities.permissionIfGranted(principal, action, this.key);
      const unless = limits.kind === "allowed" ? limits.unless : [];
      return limits.kind === "not allowed" ? [] : [{ ...way, denials: [...denials, ...unless] }];
    }
    const permission = this.model.identities.permission(principal, action, this.key);
    switch (permission.kind) {
      case "not allowed":
        return [];
      case "unknown":
        // The key policy decides about callers of another account, as far as its account can.
        return [through === "IAM" ? { ...way, leftToIam: permission.reason.replaceAll(principal, caller.name) } : way];
      case "allowed":
        return permission.ways.map((ofIdentity) => ({
          ...way,
          denials: [...denials, ...permission.unless],
          source: this.sourceInIam(principal, ofIdentity, source),
          statements: [statement, ofIdentity],
        }));
    }
  }

  private sourceInIam(principal: string, statement: Statement, { address, title }: AccessSource): AccessSource {
    const policy = policyNames(this.model.identities.named(principal)!).get(statement)!;
    const inKeyPolicy = title.replace(/^./, (letter) => letter.toLowerCase());
    return {
      address,
      statement,
      title: `${titleOf(statement)} of ${policy}, with ${inKeyPolicy} of the key,`,
    };
  }
}

/** The statements with NotPrincipal by which AWS may deny an access to a principal that they except in part. */
export function maybeDenialsOf(
  { isPartlyExcepted }: Access,
  statements: readonly Statement[],
  action: string,
): readonly Statement[] {
  return isPartlyExcepted
    ? statements.filter((one) => one.Effect === "Deny" && one.NotPrincipal !== undefined && matchesAction(one, action))
    : [];
}

const POLICY_NAMES = new WeakMap<Identity, ReadonlyMap<Statement, string>>();

/** The names of the policies of an identity, by their statements. Policies of one text have the same statements. */
function policyNames(identity: Identity): ReadonlyMap<Statement, string> {
  const names =
    POLICY_NAMES.get(identity) ??
    new Map(
      identity.policies
        .toReversed()
        .flatMap(({ name, statements }) => statements.map((statement) => [statement, name] as const)),
    );
  POLICY_NAMES.set(identity, names);
  return names;
}

/** The grants on each key after the change. */
export function grantsByKey(model: Model): ReadonlyMap<Key, readonly PlannedResource[]> {
  const grants = model.ofType("aws_kms_grant").flatMap((grant) => {
    const { after } = model.keyUses(grant, "key_id");
    return after.kind === "planned" ? [{ grant, key: after.key }] : [];
  });
  return new Map([...groupBy(grants, ({ key }) => key)].map(([key, group]) => [key, group.map(({ grant }) => grant)]));
}
