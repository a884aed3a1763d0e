import { attributeOf, stringOf } from "./attributes";
import { type Plan, PlanError, type PlannedResource, type Values } from "./plan";
import { isMap, isString, mapOf, mapWith, optional } from "./predicates";

/** The attributes of the resources of a stack, with interpolations, by address. */
export type Stack = ReadonlyMap<string, Values>;

const isStack = mapWith({ resource: optional(mapOf(mapOf(isMap))) });

/** The types of data sources that may be read, because their values are no secrets. */
const DATA_SOURCES = ["aws_caller_identity", "aws_partition", "aws_region"];

/**
 * Reads the `cdk.tf.json` of a stack.
 *
 * @throws PlanError if the text is no configuration of Terraform in JSON
 */
export function readStack(text: string, source: string): Stack {
  const parsed = parse(text);
  if (!isStack(parsed)) {
    throw new PlanError(`${source} must be the cdk.tf.json of a stack`);
  }
  const { resource } = parsed as { readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>> };
  return new Map(
    Object.entries(resource ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes] as const),
    ),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Replaces the interpolations in the strings of a stack by values of the plan. */
export class Templates {
  public constructor(
    private readonly plan: Plan,
    private readonly isConfigured: (resource: PlannedResource, attribute: string) => boolean | undefined,
  ) {}

  /** Returns the JSON text that an attribute has in the stack, parsed; undefined if the stack has none. */
  public jsonOf({ address }: PlannedResource, attribute: string): unknown {
    const text = this.plan.stack.get(address)?.[attribute];
    return isString(text) ? parse(text) : undefined;
  }

  /** Whether an attribute is a list in the stack, and each element of it is one reference. */
  public hasOnlyReferences({ address }: PlannedResource, attribute: string): boolean {
    const list = this.plan.stack.get(address)?.[attribute];
    return Array.isArray(list) && list.every((element) => isString(element) && REFERENCE.test(element));
  }

  /** Returns a string with the values of its interpolations; undefined if the plan does not show one of the values. */
  public resolved(template: string): string | undefined {
    const values = template.split(INTERPOLATION).map((part) => this.valueOf(part));
    return values.includes(undefined) ? undefined : values.join("");
  }

  /**
   * Does the same as `resolved`. But if the string begins with an ARN that AWS assigns during the apply, `ADDRESS.arn` stands for
   * that ARN.
   */
  public resolvedArn(template: string): string | undefined {
    const [, address = "", rest = ""] = /^\$\{([\w-]+\.[\w-]+)\.arn\}(.*)$/s.exec(template) ?? [];
    const resource = this.plan.resources.find((one) => one.address === address);
    const isAssigned =
      resource?.type.startsWith("aws_") === true &&
      attributeOf(resource, "after", "arn").kind === "unknown until apply" &&
      this.isConfigured(resource, "arn") === false;
    const end = isAssigned ? this.resolved(rest) : undefined;
    return end === undefined ? this.resolved(template) : `${address}.arn${end}`;
  }

  private valueOf(part: string): string | undefined {
    if (part === "$${" || part === "%%{") {
      return part.slice(1);
    }
    if (!/^[$%]\{/.test(part)) {
      return part;
    }
    const [, data, type, name, attribute = ""] = /^\$\{(data\.)?([\w-]+)\.([\w-]+)\.(\w+)\}$/.exec(part) ?? [];
    const address = `${type}.${name}`;
    const resource = this.plan.resources.find((one) => one.address === address);
    const value =
      data === undefined
        ? resource && stringOf(resource, "after", attribute)
        : this.plan.dataSources.find((one) => one.address === `data.${address}` && DATA_SOURCES.includes(one.type))
            ?.values[attribute];
    // A quote, a backslash or a line break would break the JSON of the policy.
    return isString(value) && !/["\\\n]/.test(value) ? value : undefined;
  }
}

/** One reference to an attribute of a resource. */
const REFERENCE = /^\$\{[\w-]+\.[\w-]+\.\w+\}$/;
/** An escape, an interpolation, or the beginning of another part of a template. */
const INTERPOLATION = /(\$\$\{|%%\{|\$\{[^{}]*\}|[$%]\{)/;
