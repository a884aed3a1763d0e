import {
  configurationPrefix,
  moduleAddress,
  type ModulePath,
  modulePathOf,
  partsOf,
  withoutIndexes,
} from "./addresses";
import { attributeOf, memberOf, stringOf } from "./attributes";
import { type Configuration, referencesIn } from "./configuration";
import { DOCUMENT_TYPE, inIamWords, withCondition } from "./document";
import { expressionAt } from "./expression";
import { hasRepeatedNames, jsonIn } from "./json-documents";
import { memoized } from "./memoized";
import { type Plan, PlanError, type PlannedResource, type Values } from "./plan";
import { arrayOf, asText, isBlocks, isMap, isString, mapOf, mapOnly, mapWith, optional } from "./predicates";

/**
 * The attributes of the resources, policy documents, module calls and outputs of a configuration, with interpolations, by address
 * without indexes. An output has the address `output.NAME`, and LOCALS has the local values. Addresses in a module begin with the
 * address of the module.
 */
export type Stack = ReadonlyMap<string, Values>;

export const LOCALS = "local";
/** The beginning of the addresses of policy documents. */
export const DOCUMENT_PREFIX = `data.${DOCUMENT_TYPE}.`;

const isStack = mapWith({
  data: optional(mapWith({ [DOCUMENT_TYPE]: optional(mapOf(isMap)) })),
  locals: optional(isMap),
  module: optional(isMap),
  output: optional(isMap),
  resource: optional(mapOf(mapOf(isMap))),
});

const isAny = (): boolean => true;
const isPrincipals = optional(arrayOf(mapOnly({ identifiers: isAny, type: isString })));
/** Accepts a policy document that consists of statements. */
const isDocument = mapOnly({
  "//": isAny,
  depends_on: isAny,
  policy_id: isAny,
  version: optional(isString),
  statement: arrayOf(
    mapOnly({
      actions: isAny,
      condition: optional(arrayOf(mapOnly({ test: isString, values: isAny, variable: isString }))),
      effect: optional(isString),
      not_actions: isAny,
      not_principals: isPrincipals,
      not_resources: isAny,
      principals: isPrincipals,
      resources: isAny,
      sid: optional(isString),
    }),
  ),
});

/** The types of data sources that may be read, because their values are no secrets. */
const DATA_SOURCES = [
  "aws_caller_identity",
  "aws_iam_role",
  "aws_iam_user",
  "aws_organizations_organization",
  "aws_partition",
  "aws_region",
];

/**
 * Reads the `cdk.tf.json` of a stack.
 *
 * @throws PlanError if the text is no configuration of Terraform in JSON
 */
export function readStack(text: string, source: string): Stack {
  const parsed = jsonIn(text);
  if (!isStack(parsed)) {
    throw new PlanError(`${source} must be Terraform configuration in JSON, with one object for each resource`);
  }
  const { data, locals, module, output, resource } = parsed as {
    readonly data?: Readonly<Record<string, Values>>;
    readonly locals?: Values;
    readonly module?: Values;
    readonly output?: Values;
    readonly resource?: Readonly<Record<string, Values>>;
  };
  const blocks = { ...resource, module, output, [`data.${DOCUMENT_TYPE}`]: data?.[DOCUMENT_TYPE] };
  return new Map([
    ...Object.entries(blocks).flatMap(([type, named]) =>
      Object.entries(named ?? {}).flatMap(([name, values]) =>
        isMap(values) ? [[`${type}.${name}`, values] as const] : [],
      ),
    ),
    [LOCALS, locals ?? {}],
  ]);
}

/** Composes the ARN of a role or user of the plan; undefined for another resource, or if the plan does not show a part of it. */
export type ArnOf = (identity: PlannedResource) => string | undefined;

/** A value of a stack, and the module whose names its references have. */
interface ModuleValue {
  readonly path: ModulePath;
  readonly value: unknown;
}

/** Replaces the interpolations in the strings of a stack by values of the plan. */
export class Templates {
  public readonly hasStack: boolean;
  private byAddress?: ReadonlyMap<string, PlannedResource>;
  /** Returns the template behind a reference to a local value, an output or an argument of a module call; or else the reference. */
  private readonly expansion = memoized((reference) => {
    const { path, value } = this.valueBehind(reference) ?? {};
    // A quote, a backslash or a line break would break the JSON of the policy.
    return path && isString(value) && !/["\\\n]/.test(value) ? this.expanded(value, path) : `\${${reference}}`;
  });

  public constructor(
    private readonly plan: Plan,
    private readonly configuration: Configuration,
  ) {
    this.hasStack = plan.stack.size > 0;
  }

  /**
   * Returns the policy that an attribute has in the stack: its JSON text, parsed, or the statements of a policy document. Undefined if
   * the stack has none, or the text has a name twice in one object.
   */
  public policyOf(resource: PlannedResource, attribute: string): ModuleValue | undefined {
    const { path, value: text } = this.followed({
      path: modulePathOf(resource.module_address),
      value: this.valueIn(resource, attribute),
    });
    if (!isString(text)) {
      return undefined;
    }
    const [, document] = DOCUMENT.exec(text) ?? [];
    if (document !== undefined) {
      return { path, value: this.documentAt(prefixOf(path) + document) };
    }
    const expression = text.startsWith("${") ? expressionAt(text, 2) : undefined;
    const json = expression?.end === text.length - 1 ? asText(expression.value) : text;
    const value = jsonIn(json);
    return hasRepeatedNames(json, value) ? undefined : { path, value };
  }

  /**
   * Returns the policy of a document, with the element names of IAM; undefined if the stack has none, or if it has more than
   * statements, such as sources, `dynamic` blocks or `for_each`.
   */
  private documentAt(address: string): unknown {
    const document = this.plan.documents.find((one) => one.address === address);
    const statement = document && this.valueIn(document, "statement");
    // In a document, & begins a policy variable.
    const attributes = { ...this.plan.stack.get(withoutIndexes(address)), statement };
    const values = jsonIn(asText(attributes).replaceAll("&{", () => "$${"));
    const statements = memberOf(values, "statement");
    const planned = [memberOf(document?.change.after, "statement")].flat();
    return isDocument(values) && isBlocks(statements) && statements.length === planned.length
      ? {
          Statement: statements.map(inIamWords).map(withCondition),
          Version: memberOf(values, "version") ?? "2012-10-17",
        }
      : undefined;
  }

  /** Whether an attribute is a list in the stack, and each element of it is one reference. */
  public hasOnlyReferences(resource: PlannedResource, attribute: string): boolean {
    const list = this.valueIn(resource, attribute);
    return Array.isArray(list) && list.every((element) => REFERENCE.test(asText(element)));
  }

  /**
   * Returns a string of a module with the values of its interpolations; undefined if the plan does not show one of the values.
   *
   * @param arnOf - composes the ARNs of roles and users that the plan creates
   */
  public resolved(template: string, path: ModulePath, arnOf?: ArnOf): string | undefined {
    return this.evaluated(this.expanded(template, path), arnOf);
  }

  /**
   * Does the same as `resolved`. But if the string begins with an ARN that AWS assigns during the apply, `ADDRESS.arn` stands for
   * that ARN.
   */
  public resolvedArn(template: string, path: ModulePath): string | undefined {
    const expanded = this.expanded(template, path);
    const [, address = "", rest = ""] = /^\$\{([^{}]+)\.arn\}(.*)$/s.exec(expanded) ?? [];
    const resource = this.resourceAt(address);
    const isAssigned =
      resource?.type.startsWith("aws_") === true &&
      attributeOf(resource, "after", "arn").kind === "unknown until apply" &&
      this.configuration.isConfigured(resource, "arn") === false;
    const end = isAssigned ? this.evaluated(rest) : undefined;
    return end === undefined ? this.evaluated(expanded) : `${address}.arn${end}`;
  }

  /** Replaces the references in a template of a module by references from the root module, or by the templates behind them. */
  private expanded(template: string, path: ModulePath): string {
    return template
      .split(INTERPOLATION)
      .map((part) => (/^\$\{[\w.[\]-]+\}$/.test(part) ? this.expansion(prefixOf(path) + part.slice(2, -1)) : part))
      .join("");
  }

  /** Returns the values of the interpolations of an expanded template, joined; undefined if the plan does not show one of them. */
  private evaluated(template: string, arnOf?: ArnOf): string | undefined {
    const values = template.split(INTERPOLATION).map((part) => this.valueOf(part, arnOf));
    return values.includes(undefined) ? undefined : values.join("");
  }

  /** Returns an attribute in the stack. */
  private valueIn(resource: PlannedResource, attribute: string): unknown {
    const value = this.plan.stack.get(withoutIndexes(resource.address))?.[attribute];
    return isPlanned(value, this.configuration.configuredOf(resource)?.expressions?.[attribute]) ? value : undefined;
  }

  /** Follows a value to the value behind it, as long as it is only a reference. */
  public followed(one: ModuleValue): ModuleValue {
    const [, reference] = (isString(one.value) && /^\$\{([\w.-]+)\}$/.exec(one.value)) || [];
    const behind = reference === undefined ? undefined : this.valueBehind(prefixOf(one.path) + reference);
    return behind ? this.followed(behind) : one;
  }

  /**
   * Returns the value of a local value, of an output or of an argument of a module call; undefined if the stack has none, or if it is
   * sensitive.
   */
  private valueBehind(reference: string): ModuleValue | undefined {
    const path = modulePathOf(reference);
    const [first = "", name = ""] = partsOf(reference.slice(prefixOf(path).length));
    const prefix = configurationPrefix(path);
    const { outputs, variables } = this.configuration.moduleOf(path) ?? {};
    if (first === LOCALS) {
      return { path, value: memberOf(this.plan.stack.get(prefix + LOCALS), name) };
    }
    if (first === "var" && path.length === 0) {
      const value = this.configuration.variableIn(path, name);
      // The elements are values and no templates.
      return Array.isArray(value) ? { path, value: jsonIn(asText(value).replace(/([$%])\{/g, "$1$1{")) } : undefined;
    }
    if (first === "var") {
      const value = memberOf(this.plan.stack.get(prefix.slice(0, -1)), name);
      const isShown =
        variables?.[name]?.sensitive !== true && isPlanned(value, this.configuration.callOf(path)?.expressions?.[name]);
      return isShown ? { path: path.slice(0, -1), value } : undefined;
    }
    const { [first]: output } = outputs ?? {};
    const value = memberOf(this.plan.stack.get(`${prefix}output.${first}`), "value");
    const isShown = name === "" && output?.sensitive !== true && isPlanned(value, output?.expression);
    return isShown ? { path, value } : undefined;
  }

  /** Indexes the resources when the first is needed, because most plans have no stack. */
  private resourceAt(address: string): PlannedResource | undefined {
    this.byAddress ??= new Map(this.plan.resources.map((resource) => [resource.address, resource]));
    return this.byAddress.get(address);
  }

  private valueOf(part: string, arnOf: ArnOf | undefined): string | undefined {
    if (part === "$${" || part === "%%{") {
      return part.slice(1);
    }
    if (!/^[$%]\{/.test(part)) {
      return part;
    }
    const value = this.referenceValue(part.slice(2, -1), arnOf);
    // A quote, a backslash or a line break would break the JSON of the policy.
    return isString(value) && !/["\\\n]/.test(value) ? value : undefined;
  }

  private referenceValue(reference: string, arnOf: ArnOf | undefined): unknown {
    const path = modulePathOf(reference);
    const prefix = prefixOf(path);
    const [, data, address = "", type = "", attribute] =
      /^(data\.)?(([\w-]+)\.[\w-]+(?:\[\d+\])?)(?:\.(\w+))?$/.exec(reference.slice(prefix.length)) ?? [];
    if (attribute === undefined) {
      return type === "var" ? this.configuration.variableIn(path, address.slice("var.".length)) : undefined;
    }
    if (data !== undefined) {
      const source = DATA_SOURCES.includes(type)
        ? this.plan.dataSources.find((one) => one.address === `${prefix}data.${address}`)
        : undefined;
      return source?.values[attribute];
    }
    const resource = this.resourceAt(prefix + address);
    return (
      resource && (stringOf(resource, "after", attribute) ?? (attribute === "arn" ? arnOf?.(resource) : undefined))
    );
  }
}

/** Returns the beginning of the addresses in an instance of a module. */
function prefixOf(path: ModulePath): string {
  return path.length === 0 ? "" : `${moduleAddress(path)}.`;
}

/**
 * Whether a value of the stack has the references that the configuration in the plan has. A stack with others is not the
 * configuration of the plan.
 */
function isPlanned(value: unknown, expression: unknown): boolean {
  const text = asText(value);
  const planned = referencesIn(expression);
  const references = [...text.matchAll(REFERENCES)].map(([, reference]) => reference!);
  return planned.every((reference) => text.includes(reference)) && references.every((one) => planned.includes(one));
}

/** A reference to the JSON of a policy document. */
const DOCUMENT = new RegExp(String.raw`^\$\{(data\.${DOCUMENT_TYPE}\.[\w-]+)\.(?:minified_)?json\}$`);
/** One reference to an attribute of a resource. */
const REFERENCE = /^\$\{[\w-]+\.[\w-]+\.\w+\}$/;
/** The references in a text that are not an argument of a function. */
const REFERENCES = /(?<!\$)\$\{((?:data\.)?[\w-]+(?:\.[\w-]+)+)\}/g;
/** An escape, an interpolation, or the beginning of another part of a template. */
const INTERPOLATION = /(\$\$\{|%%\{|\$\{[^{}]*\}|[$%]\{)/;
