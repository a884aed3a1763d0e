import { Token } from "cdktf";
import { showCallers } from "./callers";
import { printable, shortened, unambiguous } from "./printable";
import { follows, isTextRule, mustOf, type Rule } from "./rule";
import { PARTITION, REGION } from "./rules";

/** The first part of an error: the path of a construct, or a string, such as the name of a class. */
export type Where = string | { readonly node: { readonly path: string } };

/** The error for one prop: `[construct path] 'prop' must <rule>, got: <value>`. */
export class PropError extends Error {
  // A private field: Node.js prints the public properties of an uncaught error, and these would repeat the message.
  readonly #parts: readonly [prop: string, must: string, got: string];

  public constructor(where: Where, prop: string, must: string, got: string) {
    const place = typeof where === "string" ? where : where.node.path;
    super(printable(`[${place}] '${prop}' must ${must}, got: ${got}`));
    this.#parts = [prop, must, got];
    this.name = "PropError";
    showCallers(this);
  }

  /** The name of the prop, with the index or key of the wrong part: `subnetIds[1]`, `parameters.require_ssl`. */
  public get prop(): string {
    return this.#parts[0];
  }

  /** The broken rule, as it follows "must" in the message. */
  public get must(): string {
    return this.#parts[1];
  }

  /** The wrong value, as the message shows it. */
  public get got(): string {
    return this.#parts[2];
  }
}

/** The errors of several props, as one error. The message has a line for each. */
export class PropErrors extends Error {
  // A private field: Node.js prints each item of a property named `errors`, with a stack trace.
  readonly #propErrors: readonly PropError[];

  public constructor(propErrors: readonly PropError[]) {
    super(propErrors.map(({ message }) => message).join("\n"));
    this.#propErrors = propErrors;
    this.name = "PropErrors";
    showCallers(this);
  }

  public get propErrors(): readonly PropError[] {
    return this.#propErrors;
  }
}

/** Runs all checks, and then throws: the PropError, or PropErrors if there are several. */
export function checkAll(...checks: readonly (() => void)[]): void {
  throwErrors(errorsOf(checks));
}

/** Runs all checks, and returns their PropErrors. Throws any other error. */
export function errorsOf(checks: readonly (() => void)[]): readonly PropError[] {
  return checks.flatMap((run) => {
    try {
      run();
      return [];
    } catch (error) {
      if (error instanceof PropErrors) {
        return error.propErrors;
      }
      if (error instanceof PropError) {
        return [error];
      }
      throw error;
    }
  });
}

/** Runs a check of one part of a prop. Its errors get the part as a prefix: `oidcTrusts[0].subjects`. */
export function checkPart(where: Where, part: string, run: () => void): void {
  throwErrors(
    errorsOf([run]).map(
      ({ got, must, prop }) => new PropError(where, prop === "props" ? part : `${part}.${prop}`, must, got),
    ),
  );
}

/**
 * Runs a method with an argument `identity`. An error of this argument names the prop that gives the identity, and the prop's
 * construct.
 */
export function checkAs(where: Where, prop: string, run: () => void): void {
  throwErrors(
    errorsOf([run]).map((error) =>
      error.prop === "identity" ? new PropError(where, prop, error.must, error.got) : error,
    ),
  );
}

/** Throws the error, or PropErrors if there are several. Returns if there is none. */
export function throwErrors(errors: readonly PropError[]): void {
  const [first, second] = errors;
  if (first) {
    throw second ? new PropErrors(errors) : first;
  }
}

/** Throws a PropError for a prop that breaks a rule. */
export function fail(where: Where, prop: string, must: string, got: unknown): never {
  throw new PropError(where, prop, must, shortened(valueText(got)));
}

/** Returns whether a value is no token. A check that needs the value skips a token. */
export function known(value: unknown): boolean {
  return !Token.isUnresolved(value);
}

/**
 * Refuses a token that is no string, such as `variable.value`: in the JSON of a policy it would be `<unresolved-token>`. Accepts any
 * other value.
 */
export function checkTextToken(where: Where, prop: string, value: unknown): void {
  if (!known(value) && typeof value !== "string") {
    fail(where, prop, "be a string; for a token, use Token.asString(token)", "a token");
  }
}

/** Checks a value against a rule. Accepts undefined and a token, which must be a string if the rule is for strings. */
export function check(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (isTextRule(rule)) {
    checkTextToken(where, prop, value);
  }
  if (value !== undefined && known(value) && !follows(value, rule)) {
    fail(where, prop, mustOf(rule, value), value);
  }
}

/** Checks a value against a rule. Accepts a token, but not undefined. */
export function checkRequired(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (value === undefined) {
    fail(where, prop, rule.must, value);
  }
  check(where, prop, value, rule);
}

/** Checks that a value is an object that has the given members. */
export function checkObject(
  where: Where,
  prop: string,
  value: unknown,
  must: string,
  ...members: readonly string[]
): void {
  const object = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  if (!object || members.some((member) => object[member] === undefined)) {
    fail(where, prop, must, value);
  }
}

/** Returns the part of an ARN at an index, split at colons; undefined if the part is a token. */
export function arnPart(arn: string | undefined, index: number): string | undefined {
  const part = arn?.split(":")[index];
  return known(part) ? part : undefined;
}

/** Returns whether an ARN is of another account; false if the account of the ARN or `account` is unknown. */
export function isOfOtherAccount(arn: string | undefined, account: string | undefined): boolean {
  const arnAccount = arnPart(arn, 4);
  return arnAccount !== undefined && account !== undefined && known(account) && arnAccount !== account;
}

/** Refuses an ARN of another partition, unless the partition of the ARN or `partition` is unknown. */
export function checkPartition(
  where: Where,
  prop: string,
  arn: string | undefined,
  partition: string | undefined,
): void {
  const arnPartition = arnPart(arn, 1);
  if (arnPartition !== undefined && follows(partition, PARTITION) && arnPartition !== partition) {
    fail(where, prop, `be of the partition ${partition}`, arn);
  }
}

/** A partition, a Region and an account. Each is unknown if it is a token or absent. */
export interface Place {
  readonly accountId?: string | undefined;
  readonly partition?: string | undefined;
  readonly region?: string | undefined;
}

/** Refuses an ARN whose partition, Region or account differs from a known one of `place`. */
export function checkPlace(where: Where, prop: string, arn: string | undefined, place: Place): void {
  const { accountId, partition, region } = place;
  checkPartition(where, prop, arn, partition);
  const arnRegion = arnPart(arn, 3);
  if (arnRegion !== undefined && follows(region, REGION) && arnRegion !== region) {
    fail(where, prop, `be of the Region ${region}`, arn);
  }
  // The policies of AWS have `aws` in place of an account.
  if (arnPart(arn, 4) !== "aws" && isOfOtherAccount(arn, accountId)) {
    fail(where, prop, `be of the account ${accountId}`, arn);
  }
}

/** Refuses an empty list. Accepts undefined. */
export function checkNotEmpty(where: Where, prop: string, values: readonly unknown[] | undefined, noun: string): void {
  if (values?.length === 0) {
    fail(where, prop, `name at least one ${noun}`, values);
  }
}

/** Refuses a list of more than `most` items. Accepts undefined and a token. */
export function checkAtMost(
  where: Where,
  prop: string,
  values: readonly unknown[] | undefined,
  most: number,
  items: string,
): void {
  if (values !== undefined && known(values) && values.length > most) {
    fail(where, prop, `name at most ${most} ${items}`, `${values.length} ${items}`);
  }
}

/** Refuses the time `end` that is not after the time `start`. Times in UTC are in the order of their texts. */
export function checkAfter<P extends object>(
  where: Where,
  props: P,
  end: keyof P & string,
  start: keyof P & string,
): void {
  const [first, last] = [props[start], props[end]];
  if (typeof first === "string" && typeof last === "string" && known(first) && known(last) && last <= first) {
    fail(where, end, `be after '${start}', ${first}`, last);
  }
}

/** Refuses `prop` if `other` is given, too. */
export function checkNotBoth<P extends object>(
  where: Where,
  props: P,
  prop: keyof P & string,
  other: keyof P & string,
  because: string,
): void {
  if (props[prop] !== undefined && props[other] !== undefined) {
    fail(where, prop, `not be combined with '${other}': ${because}`, props[prop]);
  }
}

/** Refuses `prop` if `other` is absent, because `prop` would have no effect. */
export function checkGivenOnlyWith<P extends object>(
  where: Where,
  props: P,
  prop: keyof P & string,
  other: keyof P & string,
): void {
  if (props[prop] !== undefined && props[other] === undefined) {
    fail(where, prop, `be given only with '${other}'`, props[prop]);
  }
}

/**
 * Refuses a token in place of a list, because synthesis needs the items, for a policy or a tag. Refuses any other value that is no
 * array.
 */
export function checkKnownList(where: Where, prop: string, values: readonly unknown[] | undefined): void {
  if (values !== undefined && !known(values)) {
    fail(where, prop, "be a list whose length is known when the configuration is synthesized", "a list token");
  }
  if (values !== undefined && !Array.isArray(values)) {
    fail(where, prop, "be a list", values);
  }
}

function valueText(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  if (typeof value === "string") {
    return unambiguous(value);
  }
  if (!known(value) && !Array.isArray(value)) {
    return "a token";
  }
  if (typeof value === "number" || value instanceof Date) {
    return String(value);
  }
  // The replacer is for values without JSON, and for constructs, which refer to each other in circles.
  return JSON.stringify(value, (_, part: unknown) => {
    if (["bigint", "function", "symbol"].includes(typeof part)) {
      return `a ${typeof part}`;
    }
    const writable = typeof part !== "object" || part === null || Array.isArray(part) || isPlain(part);
    return writable ? part : nameOf(part);
  });
}

/** Returns whether a value is a plain object, and no array and no instance of a class. */
export function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && nameOf(value) === "Object";
}

function nameOf(value: object): string {
  return (value.constructor as { readonly name: string } | undefined)?.name ?? "Object";
}
