import { Token } from "cdktf";
import { showCallers } from "./callers";
import { isToken } from "./expression";
import { printable, shortened } from "./printable";
import { follows, mustOf, type Rule } from "./rule";
import { BOOLEAN, PARTITION, POSITIVE_INTEGER } from "./rules";

/** The subject of a check: a construct (its path is shown), or the name of a plain value's class. */
export type Where = string | { readonly node: { readonly path: string } };

/** The one error of this library: `[construct path] 'prop' must <rule>, got: <value>`. */
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

  /** The rule that it breaks, read after "must". */
  public get must(): string {
    return this.#parts[1];
  }

  /** The value as it is shown. */
  public get got(): string {
    return this.#parts[2];
  }
}

/** Several of them; the message has a line for each. */
export class PropErrors extends Error {
  readonly #found: readonly PropError[];

  public constructor(found: readonly PropError[]) {
    super(found.map(({ message }) => message).join("\n"));
    this.#found = found;
    this.name = "PropErrors";
    showCallers(this);
  }

  /** Its name is not `errors`, because Node.js prints each of those with a stack trace. */
  public get found(): readonly PropError[] {
    return this.#found;
  }
}

/** Runs every check and throws what they found: the one error, or all of them as PropErrors. */
export function checkAll(...checks: readonly (() => void)[]): void {
  throwErrors(errorsOf(checks));
}

/** Runs every check and returns their errors. */
export function errorsOf(checks: readonly (() => void)[]): readonly PropError[] {
  return checks.flatMap((run) => {
    try {
      run();
      return [];
    } catch (error) {
      if (error instanceof PropErrors) {
        return error.found;
      }
      if (error instanceof PropError) {
        return [error];
      }
      throw error;
    }
  });
}

/** Throws the one error, or all of them as PropErrors. */
export function throwErrors(errors: readonly PropError[]): void {
  const [first, second] = errors;
  if (first) {
    throw second ? new PropErrors(errors) : first;
  }
}

/** Throws the error of a prop that breaks a rule. */
export function fail(where: Where, prop: string, must: string, got: unknown): never {
  throw new PropError(where, prop, must, shortened(shown(got)));
}

/** False for a value that is unknown at synthesis; a check that needs the value is then skipped. */
export function known(value: unknown): boolean {
  return !Token.isUnresolved(value);
}

/** Checks one optional value. An absent value and an unresolved token pass. */
export function check(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (value !== undefined && known(value) && !follows(value, rule)) {
    fail(where, prop, mustOf(rule, value), value);
  }
}

/** Checks one required value. An unresolved token passes. */
export function checkRequired(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (value === undefined) {
    fail(where, prop, rule.must, value);
  }
  check(where, prop, value, rule);
}

/** Checks one required object by its members: those that are read of it. */
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

/** Checks options that are on or off. An unresolved token passes. */
export function checkFlags<P extends object>(where: Where, props: P, ...names: readonly (keyof P & string)[]): void {
  for (const name of names) {
    check(where, name, props[name], BOOLEAN);
  }
}

/** Checks options that are on or off and decide what is synthesized, so that an expression of Terraform cannot give them. */
export function checkDecisions<P extends object>(
  where: Where,
  props: P,
  ...names: readonly (keyof P & string)[]
): void {
  for (const name of names) {
    if (props[name] !== undefined && !follows(props[name], BOOLEAN)) {
      fail(where, name, `${BOOLEAN.must}, known when the configuration is synthesized`, props[name]);
    }
  }
}

/** Checks one required value that decides what is synthesized, so that an expression of Terraform cannot give it. */
export function checkDecision(where: Where, prop: string, value: unknown, rule: Rule): void {
  checkRequired(where, prop, value, rule);
  if (!known(value)) {
    fail(where, prop, `${rule.must}, known when the configuration is synthesized`, value);
  }
}

/** A part of an ARN, counted from 0; undefined if it is not known. */
export function arnPart(arn: string | undefined, index: number): string | undefined {
  const part = arn?.split(":")[index];
  return known(part) ? part : undefined;
}

/** Whether an ARN is of another account; false if one of the accounts is not known. */
export function isOfOtherAccount(arn: string | undefined, account: string | undefined): boolean {
  const own = arnPart(arn, 4);
  return own !== undefined && account !== undefined && known(account) && own !== account;
}

/** Refuses an ARN of another partition, if both are known. */
export function checkPartition(
  where: Where,
  prop: string,
  arn: string | undefined,
  partition: string | undefined,
): void {
  const own = arnPart(arn, 1);
  if (own !== undefined && follows(partition, PARTITION) && own !== partition) {
    fail(where, prop, `be of the partition ${partition}`, arn);
  }
}

/** Checks an optional map whose keys are read. */
export function checkKnownMap(where: Where, prop: string, value: unknown): void {
  if (value !== undefined && (!known(value) || !isPlain(value))) {
    fail(where, prop, "be a map of known keys", known(value) ? value : "a map token");
  }
}

/** Checks every element of an optional list, which must not repeat one. A list token passes. */
export function checkEach(where: Where, prop: string, values: readonly unknown[] | undefined, rule: Rule): void {
  if (values === undefined || !known(values)) {
    return;
  }
  checkList(where, prop, values);
  values.forEach((value, index) => {
    check(where, `${prop}[${index}]`, value, rule);
    if (values.indexOf(value) !== index) {
      fail(where, `${prop}[${index}]`, "not repeat an earlier one", value);
    }
  });
}

/** Refuses an empty list. */
export function checkNotEmpty(where: Where, prop: string, values: readonly unknown[] | undefined, what: string): void {
  if (values?.length === 0) {
    fail(where, prop, `name at least one ${what}`, values);
  }
}

/** Throws if two options contradict each other. */
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

/** Refuses a list token: a policy and a tag have the items of a list. */
export function checkKnownList(where: Where, prop: string, values: readonly unknown[] | undefined): void {
  if (values !== undefined && !known(values)) {
    fail(where, prop, "be a list whose length is known when the configuration is synthesized", "a list token");
  }
  checkList(where, prop, values);
}

function checkList(where: Where, prop: string, values: unknown): void {
  if (values !== undefined && !Array.isArray(values)) {
    fail(where, prop, "be a list", values);
  }
}

function shown(value: unknown): string {
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
function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && nameOf(value) === "Object";
}

function nameOf(value: object): string {
  return (value.constructor as { readonly name: string } | undefined)?.name ?? "Object";
}

/**
 * Checks a write-only secret and its version: both or neither, and the secret is never a literal, which would be written
 * into the synthesized configuration. An error does not show it.
 */
export function checkSecret<P extends object>(
  where: Where,
  props: P,
  secret: keyof P & string,
  version: keyof P & string,
): void {
  if (props[secret] !== undefined && !isToken(props[secret])) {
    fail(where, secret, "come from an ephemeral resource or a variable, with no literal part", "a literal");
  }
  check(where, version, props[version], POSITIVE_INTEGER);
  for (const [one, other] of [
    [secret, version],
    [version, secret],
  ] as const) {
    if (props[one] !== undefined && props[other] === undefined) {
      fail(where, other, `come with '${one}'`, undefined);
    }
  }
}

/** Checks the partition of the roles that a warehouse uses, and that its default role is one of them. */
export function checkIamRoles(
  where: Where,
  props: { readonly defaultIamRoleArn?: string | undefined; readonly iamRoles?: readonly string[] | undefined },
  partition: string | undefined,
): void {
  const { defaultIamRoleArn, iamRoles = [] } = props;
  if (known(iamRoles)) {
    iamRoles.forEach((arn, index) => checkPartition(where, `iamRoles[${index}]`, arn, partition));
  }
  // One attribute read twice is two tokens, so tokens cannot be compared.
  const comparable = known(defaultIamRoleArn) && known(iamRoles) && iamRoles.every(known);
  if (defaultIamRoleArn !== undefined && comparable && !iamRoles.includes(defaultIamRoleArn)) {
    fail(where, "defaultIamRoleArn", "be one of 'iamRoles'", defaultIamRoleArn);
  }
}
