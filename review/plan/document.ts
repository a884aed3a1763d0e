import { groupBy } from "../../modules/private/group-by";
import { jsonIn } from "./json-documents";
import type { PlannedResource, Values } from "./plan";
import { asText, isBlocks, isMap, isString } from "./predicates";

/**
 * A statement with the element names of IAM, of which a part may be unknown: "unknown until apply" or "sensitive" stands for that
 * part.
 */
export type PartialStatement = Values;

/** The type of the data sources that compose a policy from blocks. */
export const DOCUMENT_TYPE = "aws_iam_policy_document";

/** The words in place of a part of a statement that the plan does not show. */
export const UNSHOWN: readonly string[] = ["sensitive", "unknown until apply"];

/** Returns the statements of an aws_iam_policy_document that is read during the apply, as far as they are known at plan. */
export function knownStatements({ change }: PlannedResource): readonly PartialStatement[] {
  const values = marked(change.after ?? {}, change.after_unknown, change.after_sensitive);
  const { statement, ...rest } = isMap(values) ? values : {};
  const blocks = Array.isArray(statement) ? statement.filter(isMap).map(inIamWords) : [];
  const overrides = sourceStatements([rest.override_json, rest.override_policy_documents]);
  const sources = sourceStatements([rest.source_json, rest.source_policy_documents]);
  return mergedStatements(blocks, sources, overrides);
}

/**
 * Merges the statements of a document with those of its sources and overrides, as the provider does. Of statements with the same Sid,
 * an override is kept, or else the statement of the document. The statements of the document come first, in their order.
 */
export function mergedStatements(
  statements: readonly PartialStatement[],
  sources: readonly PartialStatement[],
  overrides: readonly PartialStatement[],
): readonly PartialStatement[] {
  const replacing = new Map([...statements, ...overrides].map((statement) => [sidOf(statement), statement]));
  const { size } = new Set(statements.map(sidOf));
  const merged = [...replacing.values()];
  return [...merged.slice(0, size), ...sources.filter((one) => !replacing.has(sidOf(one))), ...merged.slice(size)];
}

/** Returns the Sid of a statement. Without a Sid, returns the statement itself, so that no other statement replaces it. */
function sidOf(statement: PartialStatement): unknown {
  const { Sid } = statement;
  return isString(Sid) && Sid !== "" && !UNSHOWN.includes(Sid) ? Sid : statement;
}

/** Returns the statements of documents in JSON; a document that is unknown or sensitive has none. */
function sourceStatements(texts: readonly unknown[]): readonly PartialStatement[] {
  return texts.flat().flatMap((text) => {
    const document = jsonIn(asText(text));
    return isMap(document) ? [document.Statement].flat().filter(isMap) : [];
  });
}

/** Replaces the unknown and sensitive parts of a value by the words of PartialStatement. */
function marked(value: unknown, unknown: unknown, sensitive: unknown): unknown {
  if (sensitive === true) {
    return "sensitive";
  }
  if (unknown === true) {
    return "unknown until apply";
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => marked(one, markAt(unknown, index), markAt(sensitive, index)));
  }
  if (!isMap(value)) {
    return value;
  }
  // The values lack the unknown attributes, so their names come from the marks.
  const keys = new Set([...Object.keys(value), ...(isMap(unknown) ? Object.keys(unknown) : [])]);
  return Object.fromEntries(
    [...keys].map((key) => [key, marked(value[key], markAt(unknown, key), markAt(sensitive, key))]),
  );
}

function markAt(marks: unknown, key: number | string): unknown {
  const hasMark = typeof marks === "object" && marks !== null && Object.hasOwn(marks, key);
  return hasMark ? (marks as Record<number | string, unknown>)[key] : undefined;
}

/** Returns the statement of a block, with the element names of IAM. */
export function inIamWords(statement: Values): PartialStatement {
  const { actions, condition, effect, not_actions, not_principals, not_resources, principals, resources, sid } =
    statement;
  const words = {
    Sid: sid,
    Effect: effect ?? "Allow",
    Principal: principalsOf(principals),
    NotPrincipal: principalsOf(not_principals),
    Action: actions,
    NotAction: not_actions,
    Resource: resources,
    NotResource: not_resources,
    Condition: conditionOf(condition),
  };
  return Object.fromEntries(Object.entries(words).filter(([, value]) => !isEmpty(value)));
}

function principalsOf(blocks: unknown): unknown {
  if (!isBlocks(blocks)) {
    return blocks;
  }
  const byType = groupBy(blocks, ({ type }) => asText(type));
  const everybody = byType.get("*");
  if (byType.size === 1 && everybody) {
    // For everybody, the provider writes the string "*" in place of a map.
    return everybody.flatMap(({ identifiers }) => identifiers)[0];
  }
  return Object.fromEntries(
    [...byType].map(([type, group]) => [type, group.flatMap(({ identifiers }) => identifiers)]),
  );
}

function conditionOf(blocks: unknown): unknown {
  return isBlocks(blocks)
    ? blocks.map(({ test, values, variable }) => ({ [asText(test)]: { [asText(variable)]: values } }))
    : blocks;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/**
 * Converts the condition blocks of a document to a Condition. Each block has one operator and one key. Hidden blocks become a test
 * of a sample condition key: no request certainly passes this test. A Condition from a JSON source stays unchanged.
 */
export function conditionIn(blocks: unknown): Values {
  if (isMap(blocks)) {
    return blocks;
  }
  const tests: readonly (readonly [operator: string, keys: unknown])[] = Array.isArray(blocks)
    ? blocks.filter(isMap).flatMap((block) => Object.entries(block))
    : [["StringEquals", { [asText(blocks)]: "" }]];
  const byOperator = groupBy(tests, ([operator]) => operator);
  return Object.fromEntries(
    [...byOperator].map(([operator, group]) => [operator, withJoinedValues(group.map(([, keys]) => keys))]),
  );
}

/** Joins the values of equal keys: the provider does so for blocks of one operator, and a request needs only one of the values. */
function withJoinedValues(blocks: readonly unknown[]): Values {
  const entries = blocks.filter(isMap).flatMap((keys) => Object.entries(keys));
  const byKey = groupBy(entries, ([key]) => key);
  return Object.fromEntries([...byKey].map(([key, group]) => [key, group.flatMap(([, values]) => values)]));
}

/** Converts the condition blocks of a statement. */
export function withCondition({ Condition, ...rest }: PartialStatement): PartialStatement {
  return { ...rest, ...(Condition !== undefined && { Condition: conditionIn(Condition) }) };
}
