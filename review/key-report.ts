import { ABILITIES, type Access, accessTo, isWhole, principalsOf, type Statement } from "./key-access";
import { type Attribute, attributeOf, type PlannedResource } from "./plan";

type Ability = keyof typeof ABILITIES;
const NAMES = Object.keys(ABILITIES) as Ability[];

/** How far an ability goes: all of its actions, a part of them, or none; and what limits it. */
export interface Reach {
  readonly extent: "all" | "part" | "none";
  /** The actions that are allowed. */
  readonly actions: readonly string[];
  /** What limits it, in words; empty where nothing does. */
  readonly limits: readonly string[];
}

/** What a principal may do with a key, before and after. */
export interface PrincipalAccess {
  readonly principal: string;
  readonly abilities: Readonly<Record<Ability, { readonly after: Reach; readonly before: Reach }>>;
}

/** What a plan does to who can use a key. */
export interface KeyReport {
  readonly action: PlannedResource["action"];
  readonly address: string;
  /** Why the policy cannot be shown before or after; undefined where it can. */
  readonly notShown: { readonly after: string | undefined; readonly before: string | undefined };
  readonly principals: readonly PrincipalAccess[];
  /** Statements that the table does not show, or not all of, as they are after the change. */
  readonly unplaced: readonly Statement[];
}

/** The keys and key policies of a plan, and who can do what with them. */
export function keyReports(resources: readonly PlannedResource[]): readonly KeyReport[] {
  return resources
    .filter(({ type }) => type === "aws_kms_key" || type === "aws_kms_key_policy")
    .map((resource) => {
      const [before, after] = [
        policyOf(attributeOf(resource, "before", "policy")),
        policyOf(attributeOf(resource, "after", "policy")),
      ];
      const principals = [...new Set([...principalsOf(before.statements), ...principalsOf(after.statements)])].sort();
      return {
        action: resource.action,
        address: resource.address,
        notShown: { after: after.notShown, before: before.notShown },
        principals: principals.map((principal) => ({
          abilities: Object.fromEntries(
            NAMES.map((ability) => [
              ability,
              {
                after: reachOf(after.statements, principal, ability),
                before: reachOf(before.statements, principal, ability),
              },
            ]),
          ) as PrincipalAccess["abilities"],
          principal,
        })),
        unplaced: after.statements.filter((statement) => !isWhole(statement)),
      };
    });
}

interface Policy {
  readonly notShown: string | undefined;
  readonly statements: readonly Statement[];
}

function policyOf(attribute: Attribute): Policy {
  if (attribute.kind !== "known") {
    return { notShown: attribute.kind === "absent" ? undefined : attribute.kind, statements: [] };
  }
  try {
    const { Statement } = JSON.parse(String(attribute.value)) as { Statement?: Statement | Statement[] };
    return { notShown: undefined, statements: Statement === undefined ? [] : [Statement].flat() };
  } catch {
    return { notShown: "not JSON", statements: [] };
  }
}

function reachOf(statements: readonly Statement[], principal: string, ability: Ability): Reach {
  const all: readonly string[] = ABILITIES[ability];
  const found = all.flatMap((action) => {
    const access = accessTo(statements, principal, action);
    return access ? [{ access, action }] : [];
  });
  const actions = found.map(({ action }) => action);
  const limits = found.map(({ access }) => limitOf(access)).filter((limit) => limit !== "");
  return {
    actions,
    extent: actions.length === 0 ? "none" : actions.length === all.length ? "all" : "part",
    limits: [...new Set([...(actions.length === 0 ? [] : standsFor(principal)), ...limits])],
  };
}

/** Who stands behind a principal that is not one role or user. */
function standsFor(principal: string): readonly string[] {
  const [, account] = /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal) ?? [];
  if (account !== undefined) {
    return [`the root, and every role and user of account ${account} whom its IAM policies allow`];
  }
  return principal === "*" ? ["everybody, of every account, within the other notes"] : [];
}

/** What limits an access, in words: the ways to it, and what shuts it. */
function limitOf({ unless, ways }: Access): string {
  const conditions = ways.map(({ statement, through }) =>
    [...(through === "IAM" ? ["the IAM policies of the account allow it"] : []), ...wordsOf(statement)].join(" and "),
  );
  const where = conditions.includes("") ? "" : `where ${[...new Set(conditions)].join(", or where ")}`;
  const denials = unless.map((statement) => `unless ${wordsOf(statement).join(" and ")}`);
  return [where, ...denials].filter((text) => text !== "").join(", ");
}

function wordsOf({ Condition = {} }: Statement): readonly string[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${[values].flat().join(" | ")}`),
  );
}
