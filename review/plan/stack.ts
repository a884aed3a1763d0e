import { withoutIndexes } from "./addresses";
import { attributeOf, memberOf, stringOf } from "./attributes";
import { DOCUMENT_TYPE, inIamWords, withCondition } from "./document";
import { expressionAt } from "./expression";
import { hasRepeatedNames, jsonIn } from "./json-documents";
import { memoized } from "./memoized";
import { type Plan, PlanError, type PlannedResource, type Values } from "./plan";
import { arrayOf, asText, isBlocks, isMap, isString, mapOf, mapOnly, mapWith, optional } from "./predicates";

/**
 * The attributes of the resources and policy documents of a root module, with interpolations, by address without indexes. LOCALS has
 * the local values.
 */
export type Stack = ReadonlyMap<string, Values>;

export const LOCALS = "local";
/** The beginning of the addresses of policy documents. */
export const DOCUMENT_PREFIX = `data.${DOCUMENT_TYPE}.`;

const isStack = mapWith({
  data: optional(mapWith({ [DOCUMENT_TYPE]: optional(mapOf(isMap)) })),
  locals: optional(isMap),
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
  const { data, locals, resource } = parsed as {
    readonly data?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
    readonly locals?: Values;
    readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
  };
  const documents = Object.entries(data?.[DOCUMENT_TYPE] ?? {}).map(
    ([name, attributes]) => [`${DOCUMENT_PREFIX}${name}`, attributes] as const,
  );
  const resources = Object.entries(resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes] as const),
  );
  return new Map([...resources, ...documents, [LOCALS, locals ?? {}]]);
}

/** The parts of a plan that templates need. */
export interface TemplateScope {
  isConfigured(resource: PlannedResource, attribute: string): boolean | undefined;
  /** Returns the references that the configuration in the plan has for an attribute. */
  referencesIn(resource: PlannedResource, attribute: string): readonly string[];
  /** Returns the value of a variable of the root module; undefined if the variable is sensitive. */
  rootVariable(name: string): unknown;
}

/** Composes the ARN of a role or user of the plan; undefined for another resource, or if the plan does not show a part of it. */
export type ArnOf = (identity: PlannedResource) => string | undefined;

/** Replaces the interpolations in the strings of a stack by values of the plan. */
export class Templates {
  public readonly hasStack: boolean;
  private byAddress?: ReadonlyMap<string, PlannedResource>;
  /** Returns a local value, with the values of its interpolations; undefined if it is no string, or the plan does not show it. */
  private readonly local = memoized((name) => {
    const value = this.localValue(name);
    return isString(value) ? this.resolved(value) : undefined;
  });

  public constructor(
    private readonly plan: Plan,
    private readonly scope: TemplateScope,
  ) {
    this.hasStack = plan.stack.size > 0;
  }

  /**
   * Returns the policy that an attribute has in the stack: its JSON text, parsed, or the statements of a policy document. Undefined if
   * the stack has none, or the text has a name twice in one object.
   */
  public policyOf(resource: PlannedResource, attribute: string): unknown {
    const text = this.withoutLocal(this.valueIn(resource, attribute));
    if (!isString(text)) {
      return undefined;
    }
    const [, document] = DOCUMENT.exec(text) ?? [];
    if (document !== undefined) {
      return this.documentAt(document);
    }
    const expression = text.startsWith("${") ? expressionAt(text, 2) : undefined;
    const json = expression?.end === text.length - 1 ? asText(expression.value) : text;
    const value = jsonIn(json);
    return hasRepeatedNames(json, value) ? undefined : value;
  }

  /**
   * Returns the policy of a document, with the element names of IAM; undefined if the stack has none, or if it has more than
   * statements, such as sources, `dynamic` blocks or `for_each`.
   */
  private documentAt(address: string): unknown {
    const document = this.plan.documents.find((one) => one.address === address);
    const statement = document && this.valueIn(document, "statement");
    // In a document, & begins a policy variable.
    const values = jsonIn(asText({ ...this.plan.stack.get(address), statement }).replaceAll("&{", () => "$${"));
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
   * Returns a string with the values of its interpolations; undefined if the plan does not show one of the values.
   *
   * @param arnOf - composes the ARNs of roles and users that the plan creates
   */
  public resolved(template: string, arnOf?: ArnOf): string | undefined {
    const values = template.split(INTERPOLATION).map((part) => this.valueOf(part, arnOf));
    return values.includes(undefined) ? undefined : values.join("");
  }

  /**
   * Does the same as `resolved`. But if the string begins with an ARN that AWS assigns during the apply, `ADDRESS.arn` stands for
   * that ARN.
   */
  public resolvedArn(template: string): string | undefined {
    const [, address = "", rest = ""] = /^\$\{([\w-]+\.[\w-]+)\.arn\}(.*)$/s.exec(template) ?? [];
    const resource = this.resourceAt(address);
    const isAssigned =
      resource?.type.startsWith("aws_") === true &&
      attributeOf(resource, "after", "arn").kind === "unknown until apply" &&
      this.scope.isConfigured(resource, "arn") === false;
    const end = isAssigned ? this.resolved(rest) : undefined;
    return end === undefined ? this.resolved(template) : `${address}.arn${end}`;
  }

  /** Returns an attribute in the stack. A stack with other references than the plan is not the configuration of the plan. */
  private valueIn(resource: PlannedResource, attribute: string): unknown {
    const value = this.plan.stack.get(withoutIndexes(resource.address))?.[attribute];
    const text = asText(value);
    const planned = this.scope.referencesIn(resource, attribute);
    const references = [...text.matchAll(REFERENCES)].map(([, reference]) => reference!);
    const isPlanned =
      planned.every((reference) => text.includes(reference)) && references.every((one) => planned.includes(one));
    return isPlanned ? value : undefined;
  }

  /** Returns the local value to which a value refers, if the value is only that reference; otherwise the value. */
  private withoutLocal(value: unknown): unknown {
    const [, name] = (isString(value) && LOCAL.exec(value)) || [];
    return name === undefined ? value : this.withoutLocal(this.localValue(name));
  }

  /** Indexes the resources when the first is needed, because most plans have no stack. */
  private resourceAt(address: string): PlannedResource | undefined {
    this.byAddress ??= new Map(this.plan.resources.map((resource) => [resource.address, resource]));
    return this.byAddress.get(address);
  }

  private localValue(name: string): unknown {
    return memberOf(this.plan.stack.get(LOCALS), name);
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
    const [, data, type = "", name = "", attribute] = /^(data\.)?([\w-]+)\.([\w-]+)(?:\.(\w+))?$/.exec(reference) ?? [];
    if (attribute === undefined) {
      return type === LOCALS ? this.local(name) : type === "var" ? this.scope.rootVariable(name) : undefined;
    }
    const address = `${type}.${name}`;
    if (data !== undefined) {
      const source = DATA_SOURCES.includes(type)
        ? this.plan.dataSources.find((one) => one.address === `data.${address}`)
        : undefined;
      return source?.values[attribute];
    }
    const resource = this.resourceAt(address);
    return (
      resource && (stringOf(resource, "after", attribute) ?? (attribute === "arn" ? arnOf?.(resource) : undefined))
    );
  }
}

/** A reference to the JSON of a policy document. */
const DOCUMENT = new RegExp(String.raw`^\$\{(data\.${DOCUMENT_TYPE}\.[\w-]+)\.(?:minified_)?json\}$`);
/** One reference to an attribute of a resource. */
const REFERENCE = /^\$\{[\w-]+\.[\w-]+\.\w+\}$/;
/** The references in a text that are not an argument of a function. */
const REFERENCES = /(?<!\$)\$\{((?:data\.)?[\w-]+(?:\.[\w-]+)+)\}/g;
const LOCAL = /^\$\{local\.([\w-]+)\}$/;
/** An escape, an interpolation, or the beginning of another part of a template. */
const INTERPOLATION = /(\$\$\{|%%\{|\$\{[^{}]*\}|[$%]\{)/;
