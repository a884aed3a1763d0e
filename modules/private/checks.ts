import { Token } from "cdktf";
import { isToken } from "./expression";
import { mustOf, POSITIVE_INTEGER, ROLE_ARN, type Rule } from "./rules";

/** Who is checked: a construct (its path is shown), or the name of a plain value's class. */
export type Where = string | { readonly node: { readonly path: string } };

/** The one error of this library: `[construct path] 'prop' must <rule>, got: <value>`. */
export class PropError extends Error {
  public constructor(
    where: Where,
    /** The prop that is wrong, with an index or key where it is a part of one: `subnetIds[1]`, `parameters.require_ssl`. */
    public readonly prop: string,
    /** The rule that it breaks, read after "must". */
    public readonly must: string,
    /** The value as it is shown. */
    public readonly got: string,
  ) {
    super(`[${typeof where === "string" ? where : where.node.path}] '${prop}' must ${must}, got: ${got}`);
    this.name = "PropError";
  }
}

/** Several of them; the message has a line for each. */
export class PropErrors extends Error {
  public constructor(public readonly errors: readonly PropError[]) {
    super(errors.map(({ message }) => message).join("\n"));
    this.name = "PropErrors";
  }
}

/** Runs every check and throws what they found: the one error, or all of them as PropErrors. */
export function checkAll(...checks: readonly (() => void)[]): void {
  const errors = checks.flatMap((run) => {
    try {
      run();
      return [];
    } catch (error) {
      if (error instanceof PropError) {
        return [error];
      }
      throw error;
    }
  });
  const [first, second] = errors;
  if (first) {
    throw second ? new PropErrors(errors) : first;
  }
}

/** Throws the error of a prop that breaks a rule. */
export function fail(where: Where, prop: string, must: string, got: unknown): never {
  throw new PropError(where, prop, must, shown(got));
}

/** False for a value that only Terraform will know; a check that needs the value is then skipped. */
export function known(value: unknown): boolean {
  return !Token.isUnresolved(value);
}

/** Checks one optional value. An absent value and an unresolved token pass. */
export function check(where: Where, prop: string, value: unknown, rule: Rule): void {
  if (value !== undefined && known(value) && !rule.holds(value)) {
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

/** Checks every element of an optional list, which must not repeat one. A list token passes. */
export function checkEach(where: Where, prop: string, values: readonly unknown[] | undefined, rule: Rule): void {
  if (values === undefined || !known(values)) {
    return;
  }
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

/** Throws where two options contradict each other. */
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

/** Refuses a list token: a list whose length is not known cannot be written into a JSON policy. */
export function checkKnownList(where: Where, prop: string, values: readonly unknown[] | undefined): void {
  if (values !== undefined && !known(values)) {
    fail(where, prop, "be a list of known length, because it is written into a JSON policy", "a list token");
  }
}

function shown(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  if (typeof value === "string") {
    return value || '""';
  }
  return value instanceof Date || typeof value === "number" ? String(value) : JSON.stringify(value);
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

/** Checks the roles that a warehouse uses, and that its default one is among them. */
export function checkIamRoles(
  where: Where,
  props: { readonly defaultIamRoleArn?: string; readonly iamRoles?: readonly string[] },
): void {
  const { defaultIamRoleArn, iamRoles = [] } = props;
  checkEach(where, "iamRoles", iamRoles, ROLE_ARN);
  check(where, "defaultIamRoleArn", defaultIamRoleArn, ROLE_ARN);
  // One attribute read twice is two tokens, so tokens cannot be compared.
  const comparable = known(defaultIamRoleArn) && known(iamRoles) && iamRoles.every(known);
  if (defaultIamRoleArn !== undefined && comparable && !iamRoles.includes(defaultIamRoleArn)) {
    fail(where, "defaultIamRoleArn", "be one of 'iamRoles'", defaultIamRoleArn);
  }
}
