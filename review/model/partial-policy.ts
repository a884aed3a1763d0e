import { attributeOf } from "../plan/attributes";
import {
  conditionIn,
  DOCUMENT_TYPE,
  knownStatements,
  mergedStatements,
  type PartialStatement,
  UNSHOWN,
} from "../plan/document";
import type { PlannedResource, Values } from "../plan/plan";
import { asText, isMap } from "../plan/predicates";
import type { ArnOf } from "../plan/stack";
import { isUnknownOrigin, type Origin, type References } from "../plan/references";
import { inOneOrder, isStatement, type Statement } from "../policy/statement";

const UNKNOWN = "unknown until apply";

/**
 * Returns the known statements of the aws_iam_policy_document data sources behind an attribute. A statement is left out if another
 * document replaces it by a statement with the same Sid. `ADDRESS.arn` stands for an unknown ARN in Resource, if this is surely the
 * ARN of the resource at ADDRESS.
 *
 * @param arnOf - composes the ARNs that stand for unknown principals
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/iam_policy_document
 */
export function statementsBehind(
  resource: PlannedResource,
  attribute: string,
  references: References,
  arnOf: ArnOf = () => undefined,
): readonly PartialStatement[] {
  const merged = new Map<PlannedResource, readonly PartialStatement[]>();
  const statementsOf = (document: PlannedResource): readonly PartialStatement[] => {
    const known = merged.get(document);
    if (known) {
      return known;
    }
    // A broken plan can have a document that is a part of itself.
    merged.set(document, []);
    const [sources = [], overrides = []] = [SOURCES, OVERRIDES].map((attributes) =>
      documentsBehind(document, attributes, references).flatMap(statementsOf),
    );
    const shown = knownStatements(document).map((statement, index) =>
      withReferences(statement, document, index, references, arnOf),
    );
    const statements = mergedStatements(shown, sources, overrides);
    merged.set(document, statements);
    return statements;
  };
  return [...new Set(documentsBehind(resource, [attribute], references).flatMap(statementsOf))];
}

const SOURCES = ["source_json", "source_policy_documents"];
const OVERRIDES = ["override_json", "override_policy_documents"];

/** Replaces the unknown resources and principals of a statement by the ARNs to which it refers. */
function withReferences(
  statement: PartialStatement,
  document: PlannedResource,
  index: number,
  references: References,
  arnOf: ArnOf,
): PartialStatement {
  const resources = [statement.Resource].flat();
  const { Principal } = statement;
  const lists = Object.entries(isMap(Principal) ? Principal : {}).map(
    ([kind, values]) => [kind, [values].flat()] as const,
  );
  // A plan does not show which references are of which kind.
  const [unknown, ...others] = lists.filter(([, values]) => values.includes(UNKNOWN));
  const principals = others.length === 0 ? unknown : undefined;
  // The configuration in a plan lacks `dynamic` blocks, so its other blocks can be at other positions than in the document.
  if (!(principals || resources.includes(UNKNOWN)) || !references.configuration.hasEachBlock(document, "statement")) {
    return statement;
  }
  const arnsIn = (name: string, read: (origin: Origin) => string | undefined) =>
    new Set(
      references
        .originsAt(document, ["statement", String(index), name])
        .filter(isUnknownOrigin)
        .map((origin) => ((origin.attribute ?? "arn") === "arn" ? read(origin) : undefined)),
    );
  const arns = [
    ...arnsIn("resources", ({ attribute, resource }) =>
      attribute === "arn" || isOnlyOn(statement, resource) ? assignedArn(resource) : undefined,
    ),
  ];
  const isOne = arns.length === 1;
  return {
    ...statement,
    ...(resources.includes(UNKNOWN) && {
      Resource: withArns(resources, isOne ? resources.filter(isUnknown).map(() => arns[0]) : arns),
    }),
    ...(principals && {
      Principal: {
        ...(Principal as Values),
        [principals[0]]: withArns(principals[1], [...arnsIn("principals", ({ resource }) => arnOf(resource))]),
      },
    }),
  };
}

function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/**
 * Whether all actions of a statement belong to the service of a resource. An unknown ARN is then that of the resource itself: other
 * services act on its secret and its key. The configuration in a plan lacks the attribute after an index such as each.key.
 */
function isOnlyOn({ Action }: PartialStatement, { type }: PlannedResource): boolean {
  const [, service] = /^aws_(redshift|[a-z0-9]+)/.exec(type) ?? [];
  return service !== undefined && [Action].flat().every((action) => asText(action).toLowerCase().startsWith(service));
}

/** Replaces the unknown values by the ARNs, if there is one known ARN for each unknown value. */
function withArns(values: readonly unknown[], arns: readonly (string | undefined)[]): readonly unknown[] {
  const rest = arns.values();
  const isEach = arns.length === values.filter(isUnknown).length && !arns.includes(undefined);
  return isEach ? values.map((value) => (isUnknown(value) ? rest.next().value : value)) : values;
}

/** Returns the text that stands for the ARN of a resource, if AWS assigns it. */
function assignedArn(resource: PlannedResource): string | undefined {
  return attributeOf(resource, "after", "arn").kind === "unknown until apply" ? arnAt(resource) : undefined;
}

/** Returns the text that stands for the unknown ARN of a resource. */
export function arnAt({ address }: PlannedResource): string {
  return `${address}.arn`;
}

/** Returns the documents to which attributes of a resource refer. A document that is a part of another document is left out. */
function documentsBehind(resource: PlannedResource, attributes: readonly string[], references: References) {
  const parts = new Set<PlannedResource>();
  // A document comes before its parts, so the parts of a part are not read.
  return behind(resource, attributes, references).filter((document) => {
    const isPart = parts.has(document);
    if (!isPart) {
      behind(document, [...SOURCES, ...OVERRIDES], references).forEach((part) => parts.add(part));
    }
    return !isPart;
  });
}

function behind(resource: PlannedResource, attributes: readonly string[], references: References) {
  return attributes
    .flatMap((attribute) => references.resourcesBehind(resource, attribute))
    .filter(({ type }) => type === DOCUMENT_TYPE);
}

/**
 * Returns a statement without its unknown actions, principals and resources. Returns no statement if the effect, the condition or a
 * Not element has an unknown part, because the statement may then allow less.
 */
export function shownPart({ Action, Condition, Principal, Resource, ...rest }: PartialStatement): readonly Statement[] {
  const candidate = {
    ...rest,
    ...(Action !== undefined && { Action: shownValues(Action) }),
    Principal: shownPrincipals(Principal),
    ...(Resource !== undefined && { Resource: shownValues(Resource) }),
    ...(Condition !== undefined && { Condition: conditionIn(Condition) }),
  };
  return !hasUnshown(rest) && !hasUnshown(Condition) && isStatement(candidate) ? [inOneOrder(candidate)] : [];
}

function shownValues(values: unknown): readonly unknown[] {
  return [values].flat().filter((value) => !isUnshown(value));
}

function shownPrincipals(principals: unknown): unknown {
  return isMap(principals)
    ? Object.fromEntries(Object.entries(principals).map(([kind, values]) => [kind, shownValues(values)]))
    : isUnshown(principals)
      ? {}
      : principals;
}

function isUnshown(value: unknown): boolean {
  return UNSHOWN.some((word) => word === value);
}

/** Whether a part of a value is not shown. */
export function hasUnshown(value: unknown): boolean {
  return isUnshown(value) || (typeof value === "object" && value !== null && Object.values(value).some(hasUnshown));
}
