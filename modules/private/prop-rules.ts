import { Annotations, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  checkKnownList,
  checkObject,
  checkPart,
  checkRequired,
  checkTextToken,
  errorsOf,
  fail,
  isPlain,
  known,
  throwErrors,
  type Where,
} from "./checks";
import { checkOnce } from "./creators";
import { closest } from "./nearest";
import { follows, mustOf, type Rule } from "./rule";
import { BOOLEAN } from "./rules";
import { checkDeployedBefore } from "./stack-boundary";

/** The rule of one prop. `T` is the type of the values. */
export interface PropRule<T = unknown> {
  /** The kind of values. `code` is a prop that a YAML file cannot give: a construct, a provider or a secret. */
  readonly kind: "code" | "flag" | "list" | "map" | "number" | "text";
  /** The rule of the value; for a list, the rule of each item. */
  readonly rule?: Rule | undefined;
  /** The default, if it is a literal. */
  readonly preset?: T | undefined;
  /** For a list that must not be empty: the word for an item, in the error. */
  readonly atLeastOne?: string | undefined;
  /** Whether synthesis depends on the value, so that a token is refused. */
  readonly isDecision?: boolean | undefined;
  /** The scope in which AWS has one resource with the value: an account, or a Region of an account. */
  readonly uniqueIn?: "account" | "Region" | undefined;
  /** The check in code, in place of `rule`, if code has other values than YAML, such as an Identity in place of an ARN. */
  readonly check?: ((where: Where, prop: string, value: unknown) => void) | undefined;
}

/** The type of values that a rule checks, for a prop of type `T`. */
type Checked<T> = [T] extends [boolean]
  ? boolean
  : [T] extends [number]
    ? number
    : [T] extends [string]
      ? string
      : [T] extends [readonly (string | { readonly arn: string })[]]
        ? readonly string[]
        : [T] extends [Readonly<Record<string, string>>]
          ? Readonly<Record<string, string>>
          : never;

/** The rules of an interface: exactly one for each prop. A required prop must have a rule that is `required`. */
export type PropRules<P> = {
  readonly [K in keyof P]-?: PropRule<Checked<NonNullable<P[K]>>> & {
    readonly isRequired: undefined extends P[K] ? false : true;
  };
};

/** The rules of the props of an interface, and the interface's name, by which its JSDoc is found. */
export interface PropSet<R> {
  readonly name: string;
  readonly rules: R;
}

/**
 * Returns the rules of an interface: `propRules("XProps", { … } satisfies PropRules<XProps>)`. The schema of the configuration
 * file and the variables of the Terraform modules derive from them.
 */
export function propRules<R>(name: string, rules: R): PropSet<R> {
  return { name, rules };
}

/** The rule of an optional prop. */
export interface OptionalRule<T> extends PropRule<T> {
  readonly isRequired: false;
}

/** The rule of an optional prop that has a literal default. */
export interface PresetRule<T> extends OptionalRule<T> {
  readonly preset: T;
}

/** The rule of a required prop. */
export interface RequiredRule<T> extends PropRule<T> {
  readonly isRequired: true;
}

/** Returns the rule of an optional prop that is a string. */
export function text(rule?: Rule): OptionalRule<string>;
export function text(rule: Rule | undefined, preset: string): PresetRule<string>;
export function text(rule?: Rule, preset?: string): OptionalRule<string> {
  return { isRequired: false, kind: "text", preset, rule };
}

/** Returns the rule of an optional prop that is a number. */
export function number(rule: Rule): OptionalRule<number>;
export function number(rule: Rule, preset: number): PresetRule<number>;
export function number(rule: Rule, preset?: number): OptionalRule<number> {
  return { isRequired: false, kind: "number", preset, rule };
}

/** Returns the rule of an optional prop that is a boolean or a token. */
export function flag(): OptionalRule<boolean>;
export function flag(preset: boolean): PresetRule<boolean>;
export function flag(preset?: boolean): OptionalRule<boolean> {
  return { isRequired: false, kind: "flag", preset, rule: BOOLEAN };
}

/** Returns the rule of an optional prop that is a list of strings. */
export function list(item: Rule, atLeastOne?: string): OptionalRule<readonly string[]>;
export function list(
  item: Rule,
  atLeastOne: string | undefined,
  preset: readonly string[],
): PresetRule<readonly string[]>;
export function list(item: Rule, atLeastOne?: string, preset?: readonly string[]): OptionalRule<readonly string[]> {
  return { atLeastOne, isRequired: false, kind: "list", preset, rule: item };
}

/** Returns the rule of an optional prop that is a map of strings. */
export function map(rule?: Rule): OptionalRule<Readonly<Record<string, string>>> {
  return { isRequired: false, kind: "map", rule };
}

/**
 * Returns the rule of an optional prop that a YAML file cannot give, such as a construct. Without `rule`, the construct checks
 * the prop in code.
 */
export function code(rule?: Rule): OptionalRule<never> {
  return { isRequired: false, kind: "code", rule };
}

/** Returns the same rule for a required prop. */
export function required<T>(rule: OptionalRule<T>): RequiredRule<T> {
  return { ...rule, isRequired: true };
}

/** Returns the same rule for a prop that synthesis depends on, so that a token is refused. */
export function decision<T>(rule: T): T {
  return { ...rule, isDecision: true };
}

/** Returns the rule of a prop, such as a name, whose value only one resource of a scope can have. */
export function unique<T>(rule: T, uniqueIn: "account" | "Region" = "Region"): T {
  return { ...rule, uniqueIn };
}

/**
 * Checks each prop by its rule, and then runs `crossChecks`, which compare props. A cross-check stops when it reads a prop that
 * broke its rule, so that it never gets a value of a wrong type.
 *
 * @throws PropError or PropErrors if props break their rules
 */
export function checkProps<P extends object, R extends object>(
  where: Where,
  props: P,
  { rules }: PropSet<R>,
  ...crossChecks: readonly ((props: P) => void)[]
): void {
  checkObject(where, "props", props, "be given");
  const values = props as Readonly<Record<string, unknown>>;
  const errors = errorsOf(
    entriesOf(rules).map(
      ([prop, rule]) =>
        () =>
          checkProp(where, prop, values[prop], rule),
    ),
  );
  const readable = withoutRefused(props, new Set(errors.map(({ prop }) => nameOf(prop))));
  throwErrors([...errors, ...errorsOf(crossChecks.map((check) => () => runUnlessRefused(() => check(readable))))]);
  if (Construct.isConstruct(where)) {
    for (const [prop, { rule, uniqueIn }] of entriesOf(rules)) {
      warnOfUnknownValues(where, prop, values[prop], rule?.knownValues);
      if (uniqueIn !== undefined && values[prop] !== undefined) {
        const name = values[prop] as string;
        const { accountId, provider, region } = values as Record<string, string> & {
          readonly provider?: TerraformProvider | undefined;
        };
        checkOnce(where, prop, name, [name, provider?.fqn]);
        const place = [name, accountId, ...(uniqueIn === "account" ? [] : [region])];
        if (place.every((part) => part !== undefined && known(part))) {
          checkOnce(where, prop, name, place, where.node.root);
        }
      }
    }
  }
}

/**
 * Checks each item of a list of maps. An error has the path of the item: `roles[0].name`.
 *
 * @throws PropError or PropErrors if the list is no list, or members of items break their rules
 */
export function checkEach<P extends object, R extends object>(
  where: Where,
  prop: string,
  items: readonly P[] | undefined,
  rules: PropSet<R>,
  ...crossChecks: readonly ((item: P, place: string) => void)[]
): void {
  checkKnownList(where, prop, items);
  const errors = items?.flatMap((item, index) => {
    const place = `${prop}[${index}]`;
    const memberErrors = errorsOf([() => checkPart(where, place, () => checkProps(where, item, rules))]);
    return memberErrors.length > 0 ? memberErrors : errorsOf(crossChecks.map((check) => () => check(item, place)));
  });
  throwErrors(errors ?? []);
}

/** Adds a warning for each string, in the value or in its list, that is not one of the known values. */
export function warnOfUnknownValues(
  scope: Construct,
  prop: string,
  value: unknown,
  knownValues: readonly string[] | undefined,
): void {
  if (Array.isArray(value) && known(value)) {
    value.forEach((item, index) => warnOfUnknownValues(scope, `${prop}[${index}]`, item, knownValues));
  } else if (knownValues && typeof value === "string" && known(value) && !knownValues.includes(value)) {
    Annotations.of(scope).addWarning(
      `'${prop}' should be a known value, got: ${value}. The nearest is ${closest(value, knownValues)}. If AWS has added ` +
        "the value, ignore this warning: checks that depend on the value are skipped",
    );
  }
}

/** Returns the name of a prop without an index or key: `subnetIds` of `subnetIds[1]`. */
function nameOf(prop: string): string {
  return prop.split(/[.[]/)[0]!;
}

/** Is thrown to stop a cross-check that reads a prop which broke its rule. It never reaches the user. */
class RefusedRead extends Error {}

function withoutRefused<P extends object>(props: P, refused: ReadonlySet<unknown>): P {
  return new Proxy(props, {
    get(target, prop): unknown {
      if (refused.has(prop)) {
        throw new RefusedRead();
      }
      return target[prop as keyof P];
    },
  });
}

function runUnlessRefused(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RefusedRead)) {
      throw error;
    }
  }
}

/** The type of props after absent props have got their presets. */
export type WithPresets<P, S> = P & {
  readonly [K in keyof P & PresetProps<S>]: NonNullable<P[K]>;
};
type PresetProps<S> =
  S extends PropSet<infer R>
    ? {
        [K in keyof R]: R[K] extends PresetRule<unknown> ? (undefined extends R[K]["preset"] ? never : K) : never;
      }[keyof R]
    : never;

/** Returns the props, with presets in place of absent props. */
export function withPresets<P extends object, R extends object>(
  props: P,
  { rules }: PropSet<R>,
): WithPresets<P, PropSet<R>> {
  const presets = entriesOf(rules)
    .filter(([prop, { preset }]) => preset !== undefined && props[prop as keyof P] === undefined)
    .map(([prop, { preset }]) => [prop, preset] as const);
  return { ...props, ...Object.fromEntries(presets) } as WithPresets<P, PropSet<R>>;
}

type AnyRule = PropRule & { readonly isRequired: boolean };

function entriesOf(rules: object): readonly (readonly [prop: string, rule: AnyRule])[] {
  return Object.entries(rules as Readonly<Record<string, AnyRule>>);
}

function checkProp(where: Where, prop: string, value: unknown, propRule: AnyRule): void {
  const { atLeastOne, check: checkInCode, isRequired, kind } = propRule;
  if (value === undefined && !isRequired) {
    return;
  }
  if (checkInCode !== undefined) {
    checkInCode(where, prop, value);
  } else if (kind === "list") {
    checkItems(where, prop, value as readonly unknown[] | undefined, propRule);
  } else {
    checkValue(where, prop, value, propRule);
  }
  if (atLeastOne !== undefined && (value === undefined || (value as readonly unknown[]).length === 0)) {
    fail(where, prop, `name at least one ${atLeastOne}`, value);
  }
  checkStacks(where, prop, value, propRule);
}

/** Refuses a value that refers to a stack that is deployed after the construct's stack. */
function checkStacks(where: Where, prop: string, value: unknown, { kind, rule }: AnyRule): void {
  if (rule?.references) {
    checkDeployedBefore(where, prop, rule.references(value as never));
  } else if (kind === "list" && known(value)) {
    (value as readonly unknown[]).forEach((item, index) => checkDeployedBefore(where, `${prop}[${index}]`, item));
  } else if (kind === "map" && known(value)) {
    Object.entries(value as object).forEach(([key, item]) => checkDeployedBefore(where, `${prop}.${key}`, item));
  } else {
    checkDeployedBefore(where, prop, value);
  }
}

function checkValue(where: Where, prop: string, value: unknown, { isDecision, kind, rule }: AnyRule): void {
  if (kind === "map" && (known(value) ? !isPlain(value) : isDecision)) {
    fail(where, prop, isDecision ? "be a map of known keys" : "be a map", known(value) ? value : "a map token");
  }
  const takesTokens = !isDecision && kind !== "code";
  if (kind === "text" && takesTokens) {
    checkTextToken(where, prop, value);
  }
  if (rule === undefined || (known(value) ? follows(value, rule) : takesTokens)) {
    return;
  }
  const mustBeKnown = isDecision && (kind === "flag" || !known(value));
  const must = mustBeKnown ? `${rule.must}, known when the configuration is synthesized` : mustOf(rule, value);
  fail(where, prop, must, value);
}

function checkItems(
  where: Where,
  prop: string,
  values: readonly unknown[] | undefined,
  { isDecision, rule }: AnyRule,
): void {
  if (!isDecision && !known(values)) {
    if (!Array.isArray(values)) {
      fail(where, prop, "be a list; for a token, use Token.asList(token)", "a token");
    }
    return;
  }
  checkKnownList(where, prop, values);
  values?.forEach((value, index) => {
    checkTextToken(where, `${prop}[${index}]`, value);
    checkRequired(where, `${prop}[${index}]`, value, rule!);
    if (values.indexOf(value) !== index) {
      fail(where, `${prop}[${index}]`, "not repeat an earlier item", value);
    }
  });
}
