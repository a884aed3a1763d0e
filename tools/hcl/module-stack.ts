import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import {
  App,
  type IResolvable,
  TerraformDataSource,
  type TerraformElement,
  TerraformResource,
  TerraformStack,
  Token,
  Tokenization,
} from "cdktf";
import { ref } from "cdktf/lib/tfExpression";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import type { PropRule, PropSet } from "../../modules/private/prop-rules";
import type { Rule } from "../../modules/private/rule";
import { readDescriptions } from "../docs/descriptions";
import { conditionOf } from "./conditions";
import { type Block, type Body, textOf, type Value } from "./hcl";
import { HclResolver, ListToken, PolicyToken } from "./resolver";

export const TERRAFORM_VERSION = ">= 1.7";
const DESCRIPTIONS = readDescriptions();
/** The Terraform types of variables, by the kind of the prop. */
const TYPES = { flag: "bool", list: "list(string)", map: "map(string)", number: "number", text: "string" } as const;
/** The defaults of variables whose props have no default, by the kind of the prop. */
const ABSENT = { flag: null, list: [], map: {}, number: null, text: null } as const;

/** A variable of a module. Without a default it is required. */
export interface Variable {
  readonly checks: readonly { readonly condition: string; readonly error: string }[];
  readonly default?: Value | undefined;
  readonly description: string;
  readonly type: string;
}

/** An output of a module; its value may have tokens. */
export interface Output {
  readonly depends_on?: readonly string[] | undefined;
  readonly description: string;
  readonly precondition?: { readonly condition: string; readonly error_message: string } | undefined;
  readonly value: unknown;
}

type VariableRule = PropRule & { readonly isRequired: boolean };

/** Options that decide which props of an interface become variables of a module. */
export interface VariableSelection<P extends string> {
  /** The props that get no variable. A prop that decides which resources exist gets no variable either. */
  readonly except?: readonly P[] | undefined;
  /** The members of a prop's rule that differ in the module. */
  readonly overrides?: Readonly<Partial<Record<P, Partial<VariableRule>>>> | undefined;
}

/** Returns a string token of a Terraform expression. */
export function expression(text: string): string {
  return Token.asString(ref(text));
}

/** A stack whose constructs become a Terraform module. */
export class ModuleStack extends TerraformStack {
  public readonly outputs = new Map<string, Output>();
  private readonly variables = new Map<string, object>();
  private readonly locals = new Map<string, unknown>();
  /** Phrases in the texts of constructs, each with its replacement in the module. */
  private readonly phrases = new Map([
    ["set 'deletionProtection' to false", "take the module out of the configuration"],
  ]);

  public constructor(
    public readonly title: string,
    public readonly summary: string,
  ) {
    super(new App({ stackTraces: false }), "module");
  }

  /** Returns the account, Region and partition of the module's provider. Data sources read them. */
  public environment(): { readonly accountId: string; readonly partition: string; readonly region: string } {
    return {
      accountId: new DataAwsCallerIdentity(this, "caller").accountId,
      partition: new DataAwsPartition(this, "partition").partition,
      region: new DataAwsRegion(this, "region").id,
    };
  }

  /** Adds a variable for each prop that accepts a token, and returns the props with tokens of the variables. */
  public props<P extends object>(
    { name, rules }: PropSet<object>,
    { except = [], overrides }: VariableSelection<string & keyof P> = {},
  ): P {
    const changes: Readonly<Record<string, Partial<VariableRule> | undefined>> = overrides ?? {};
    const tokens = Object.entries(rules as Readonly<Record<string, VariableRule>>)
      .map(([prop, rule]) => [prop, { ...rule, ...changes[prop] }] as const)
      .filter(([prop, { isDecision, kind }]) => kind !== "code" && !isDecision && !except.includes(prop as never))
      .map(([prop, rule]) => [prop, this.prop(name, prop, rule)]);
    return Object.fromEntries(tokens) as P;
  }

  /** Adds a variable, and returns the expression that refers to it. */
  public variable(name: string, { checks, default: preset, description, type }: Variable): string {
    const validation = checks.map(({ condition, error }) => ({
      condition: expression(condition),
      error_message: error,
    }));
    this.variables.set(name, { description, default: preset, type, nullable: preset === null, validation });
    return `var.${name}`;
  }

  /** Adds a local, and returns its token. */
  public local(name: string, value: unknown): string {
    this.locals.set(name, value);
    return expression(`local.${name}`);
  }

  /**
   * Adds a local list, sorted and without duplicates, whose length is unknown at synthesis. A second local has the list in the form
   * of a policy, in which a list of one value is a string. Both alternatives are encoded as JSON, because Terraform requires that
   * both have the same type.
   *
   * @returns the token of the list, for a construct that accepts one item
   */
  public list(name: string, list: string): string {
    this.local(name, expression(`sort(distinct(${list}))`));
    const [all, first] = [`jsonencode(local.${name})`, `jsonencode(local.${name}[0])`];
    this.local(`${name}_canonical`, expression(`jsondecode(length(local.${name}) == 1 ? ${first} : ${all})`));
    return Token.asString(new ListToken(name));
  }

  /** Returns a string token that becomes a call of `jsonencode` with the policy document. */
  public policy(json: string): string {
    return Token.asString(new PolicyToken(json));
  }

  /** Returns a value as the text of an expression, with its tokens resolved. */
  public textOf(value: string): string {
    return textOf(this.resolved(value));
  }

  /** Returns a text of a construct with its phrases replaced, so that it names variables of the module in place of props. */
  public inWords(text: string): string {
    return [...this.phrases].reduce((words, [phrase, replacement]) => words.replaceAll(phrase, replacement), text);
  }

  /** Returns the blocks of the module. */
  public blocks(): readonly Block[] {
    // Several constructs read the same data source, which becomes one block.
    const elements = new Map<string, Block>();
    for (const element of this.node.findAll()) {
      if (element instanceof TerraformResource || element instanceof TerraformDataSource) {
        const type = element instanceof TerraformResource ? "resource" : "data";
        const labels = [element.terraformResourceType, element.friendlyUniqueId] as const;
        const content = element.toTerraform() as Record<string, Record<string, Record<string, object>>>;
        const body = { ...content[type]![labels[0]]![labels[1]], "//": undefined };
        elements.set([type, ...labels].join("."), { body: this.resolved(body) as Body, labels, type });
      }
    }
    const blocksOf = (type: string, bodies: ReadonlyMap<string, object>): readonly Block[] =>
      [...bodies].map(([name, body]) => ({ body: this.resolved(body) as Body, labels: [name], type }));
    return [
      { body: VERSIONS, labels: [], type: "terraform" },
      { body: this.resolved(Object.fromEntries(this.locals)) as Body, labels: [], type: "locals" },
      ...[...elements.values()].sort((one, other) => (one.type < other.type ? -1 : one.type > other.type ? 1 : 0)),
      ...blocksOf("variable", this.variables),
      ...blocksOf("output", this.outputs),
    ];
  }

  protected override allocateLogicalId(element: TerraformElement): string {
    const ids = element.node.scopes.slice(this.node.scopes.length).map(({ node }) => node.id);
    // The name of a data source leaves out its construct, so that equal data sources of several constructs become one.
    const names = element instanceof TerraformDataSource ? ids.slice(-1) : ids.filter((id) => id !== "Resource");
    return names.map(snakeCase).join("_");
  }

  private prop(props: string, prop: string, rule: VariableRule): unknown {
    const name = snakeCase(prop);
    const kind = rule.kind as keyof typeof TYPES;
    const preset = rule.isRequired ? undefined : ((rule.preset as Value | undefined) ?? ABSENT[kind]);
    const description = DESCRIPTIONS.get(`${props}.${prop}`)!;
    const isInWords = !rule.isRequired && rule.preset === undefined && description.preset !== undefined;
    this.phrases.set(`'${prop}'`, `'${name}'`).set(`\`${prop}\``, `\`${name}\``);
    this.variable(name, {
      checks: checksOf(name, kind, rule, preset),
      default: preset,
      description: isInWords ? `${description.meaning} Default: ${description.preset}.` : description.meaning,
      type: TYPES[kind],
    });
    const token: IResolvable = ref(`var.${name}`);
    return {
      flag: token,
      list: Token.asList(token),
      map: token,
      number: Token.asNumber(token),
      text: Token.asString(token),
    }[kind];
  }

  private resolved(value: unknown): Value {
    return Tokenization.resolve(value, { resolver: new HclResolver(), scope: this }) as Value;
  }
}

const VERSIONS: Body = {
  required_providers: { aws: { source: "hashicorp/aws", version: TESTED_VERSIONS } },
  required_version: TERRAFORM_VERSION,
};

/** Returns the name of a prop in snake case, as Terraform spells arguments. */
function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Returns the checks of a variable that apply a rule to each item of a list expression. */
export function itemChecks(name: string, list: string, rule: Rule): Variable["checks"] {
  const condition = conditionOf(rule, "value");
  return condition === undefined
    ? []
    : [
        {
          condition: `alltrue([for value in ${list} : ${condition}])`,
          error: `Each of '${name}' must ${rule.must}, got: ${expression(`join(", ", ${list})`)}.`,
        },
      ];
}

function checksOf(
  name: string,
  kind: keyof typeof TYPES,
  { atLeastOne, rule }: PropRule,
  preset: Value | undefined,
): Variable["checks"] {
  const value = `var.${name}`;
  if (rule === undefined || kind === "flag") {
    return [];
  }
  if (kind === "list") {
    const isEmpty = { condition: `length(${value}) > 0`, error: `'${name}' must name at least one ${atLeastOne}.` };
    return [...itemChecks(name, value, rule), ...(atLeastOne === undefined ? [] : [isEmpty])];
  }
  const condition = conditionOf(rule, value);
  if (condition === undefined) {
    return [];
  }
  // Terraform evaluates the error text even if the condition is true, and a template refuses null, so that null is replaced.
  const [conditionOrNull, shown] =
    preset === null ? [`${value} == null ? true : (${condition})`, `coalesce(${value}, "null")`] : [condition, value];
  return [{ condition: conditionOrNull, error: `'${name}' must ${rule.must}, got: ${expression(shown)}.` }];
}
