import { Token } from "cdktf";
import { showCallers } from "./callers";
import { printable, shortened } from "./printable";
import { follows, mustOf, type Rule } from "./rule";
import { PARTITION } from "./rules";

/** The subject of a check: a construct (its path is shown), or the name of a plain value's class. */
export type Where = string | { readonly node: { readonly path: string } };

/** The error of a prop: `[construct path] 'prop' must <rule>, got: <value>`. */
export class PropError extends Error {
  // Node.js prints the enumerable properties of an uncaught error below it, and these only repeat the message.
  readonly #parts: readonly [prop: string, must: string, got: string];

  public constructor(where: Where, prop: string, must: string, got: string) {
    const place = typeof where === "string" ? where : where.node.path;
    super(printable(`[${place}] '${prop}' must ${must}, got: ${got}`));
    this.#parts = [prop, must, got];
    this.name = "PropError";
    showCallers(this);
  }

  /** The prop that is wrong, with an index or key if it is a part of one: `subnetIds[1]`, `parameters.require_ssl`. */
  public get prop(): string {
    return this.#parts[0];
  }

  /** The rule that the prop breaks, read after "must". */
  public get must(): string {
    return this.#parts[1];
  }

  /** The text of the value. */
  public get got(): string {
    return this.#parts[2];
  }
}

/** The errors of several props. The message has a line for each. */
export class PropErrors extends Error {
  // Node.js prints a member with the name `errors` with a stack trace for each.
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

/** Runs each check, and throws its error, or the errors of several checks as PropErrors. */
export function checkAll(...checks: readonly (() => void)[]): void {
  throwErrors(errorsOf(checks));
}

/** Runs each check and returns the errors. */
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

/** Runs a check of a part of a prop. An error names the prop and its part: `oidcTrusts[0].subjects`. */
export function checkPart(where: Where, part: string, run: () => void): void {
  throwErrors(
    errorsOf([run]).map(
      ({ got, must, prop }) => new PropError(where, prop === "props" ? part : `${part}.${prop}`, must, got),
    ),
  );
}

/** Throws the error, or several errors as PropErrors. */
export function throwErrors(errors: readonly PropError[]): void {
  const [first, second] = errors;
  if (first) {
    throw second ? new PropErrors(errors) : first;
  }
}

/** Throws the error of a prop that breaks a rule. */
export function fail(where: Where, prop: string, must: string, got: unknown): never {
  throw new PropError(where, prop, must, shortened(valueText(got)));
}

/** Whether a value is no token. A check that needs the value of a token is skipped. */
export function known(value: unknown): boolean {
  return !Token.isUnresolved(value);
}

/** Checks an optional value. A token passes. */
export function check(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (value !== undefined && known(value) && !follows(value, rule)) {
    fail(where, prop, mustOf(rule, value), value);
  }
}

/** Checks a required value. A token passes. */
export function checkRequired(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (value === undefined) {
    fail(where, prop, rule.must, value);
  }
  check(where, prop, value, rule);
}

/** Checks a required object, which must have the given members. */
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

/** The part of an ARN at an index between colons; undefined if it is a token. */
export function arnPart(arn: string | undefined, index: number): string | undefined {
  const part = arn?.split(":")[index];
  return known(part) ? part : undefined;
}

/** Whether an ARN is of another account; false if one of the accounts is a token. */
export function isOfOtherAccount(arn: string | undefined, account: string | undefined): boolean {
  const arnAccount = arnPart(arn, 4);
  return arnAccount !== undefined && account !== undefined && known(account) && arnAccount !== account;
}

/** Refuses an ARN of another partition, unless one of the partitions is a token. */
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

/** Refuses an empty list. */
export function checkNotEmpty(where: Where, prop: string, values: readonly unknown[] | undefined, what: string): void {
  if (values?.length === 0) {
    fail(where, prop, `name at least one ${what}`, values);
  }
}

/** Refuses two props that contradict each other. */
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

/** Refuses a prop that has an effect only with another one, which is absent. */
export function checkComesWith<P extends object>(
  where: Where,
  props: P,
  prop: keyof P & string,
  other: keyof P & string,
): void {
  if (props[prop] !== undefined && props[other] === undefined) {
    fail(where, prop, `come with '${other}'`, props[prop]);
  }
}

/** Refuses a list token: a policy and a tag have the items of a list. */
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
    return value || '""';
  }
  if (typeof value === "number" || value instanceof Date) {
    return String(value);
  }
  // Constructs refer to each other in circles, and some values have no JSON.
  return JSON.stringify(value, (_, part: unknown) => {
    if (["bigint", "function", "symbol"].includes(typeof part)) {
      return `a ${typeof part}`;
    }
    const writable = typeof part !== "object" || part === null || Array.isArray(part) || isPlain(part);
    return writable ? part : nameOf(part);
  });
}

/** Whether a value is a map, and no instance of a class. */
export function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && nameOf(value) === "Object";
}

function nameOf(value: object): string {
  return (value.constructor as { readonly name: string } | undefined)?.name ?? "Object";
}
