import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import {
  App,
  DefaultTokenResolver,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformOutput,
  type TerraformOutputConfig,
  TerraformStack,
  TerraformVariable,
  Tokenization,
} from "cdktf";
import { defined } from "../../modules/private/defined";
import { snakeCase, snakeCased, variableDescription } from "./descriptions";
import type { Json, JsonObject } from "./hcl";
import { VALIDATIONS } from "./validations";

type RuleName = keyof typeof VALIDATIONS;

/** A variable that a module has beside those that stand for a prop. */
export interface VariableConfig {
  readonly default?: Json | undefined;
  readonly description: string;
  readonly type: string;
}

/** The parts of a stack that a module must not have: the user of the module decides about them, or never had anything to let go of. */
const NOT_IN_A_MODULE = ["//", "provider", "removed"];

/** A stack of constructs that becomes a Terraform module: its props are variables. */
export class ModuleStack extends TerraformStack {
  public readonly variables: TerraformVariable[] = [];
  public readonly outputs: TerraformOutput[] = [];

  public constructor(
    public readonly title: string,
    public readonly summary: string,
  ) {
    super(new App({ stackTraces: false }), "module");
    this.addOverride("terraform", {
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100, < 7" } },
      required_version: ">= 1.7",
    });
  }

  /** Account, Region and partition, which a module takes from the provider that it is given. */
  public environment(): { readonly accountId: string; readonly partition: string; readonly region: string } {
    return {
      accountId: new DataAwsCallerIdentity(this, "caller").accountId,
      partition: new DataAwsPartition(this, "partition").partition,
      region: new DataAwsRegion(this, "region").id,
    };
  }

  /** The variable of a prop that is a text. Without a default it must be given; null leaves it to the provider. */
  public text(prop: string, rule?: RuleName, preset?: string | null): string {
    return this.scalar(prop, "string", rule, preset).stringValue;
  }

  /** The variable of a prop that is a number. */
  public number(prop: string, rule?: RuleName, preset?: number | null): number {
    return this.scalar(prop, "number", rule, preset).numberValue;
  }

  /** The variable of a prop that is true or false. */
  public flag(prop: string, preset: boolean | null): boolean {
    return this.scalar(prop, "bool", undefined, preset).booleanValue as unknown as boolean;
  }

  /** The variable of a prop that is a list of texts. */
  public list(prop: string, rule: RuleName, preset?: readonly string[]): string[] {
    const variable = this.scalar(prop, "list(string)", undefined, preset);
    const name = variable.node.id;
    const { holds, rule: of } = VALIDATIONS[rule];
    variable.addValidation({
      condition: `\${alltrue([for value in var.${name} : ${holds("value")}])}`,
      errorMessage: `Each of '${name}' must ${of.must}, got: \${join(", ", var.${name})}.`,
    });
    return variable.listValue;
  }

  /** Refuses an empty list. */
  public atLeastOne(name: string, what: string): void {
    this.variables
      .find(({ node }) => node.id === name)!
      .addValidation({
        condition: `\${length(var.${name}) > 0}`,
        errorMessage: `'${name}' must name at least one ${what}.`,
      });
  }

  /** The variable of a construct's tags. */
  public tags(prop: string): Record<string, string> {
    return this.scalar(prop, "map(string)", undefined, {}).value as Record<string, string>;
  }

  /** A variable that is no prop. */
  public variable(name: string, config: VariableConfig): TerraformVariable {
    const variable = new TerraformVariable(this, name, {
      ...config,
      // A null is dropped on the way; an expression is not.
      default: config.default === null ? "${null}" : config.default,
      nullable: config.default === null,
    });
    this.variables.push(variable);
    return variable;
  }

  /**
   * A list whose length is unknown at synthesis, as a policy has it: sorted, without duplicates, a single
   * value as a text. The two are of different types, so both are encoded before either is taken.
   *
   * @returns a text that stands for the list if a construct takes one element; see `body`
   */
  public canonical(name: string, list: string): string {
    // A local may have a variable's name, and a construct not another one's.
    new TerraformLocal(this, `${name}_local`, `\${sort(distinct(${list}))}`).overrideLogicalId(name);
    const [all, first] = [`jsonencode(local.${name})`, `jsonencode(local.${name}[0])`];
    const expression = `\${jsondecode(length(local.${name}) == 1 ? ${first} : ${all})}`;
    return new TerraformLocal(this, `${name}_canonical`, expression).asString;
  }

  /** A text with the expressions that its tokens stand for. */
  public resolved(text: string): string {
    const resolver = new DefaultTokenResolver(new StringConcat());
    return Tokenization.resolve(text, { resolver, scope: this }) as string;
  }

  public output(
    name: string,
    description: string,
    value: unknown,
    dependsOn?: TerraformElement & { fqn: string },
  ): TerraformOutput {
    const config = defined<TerraformOutputConfig>({ description, dependsOn: dependsOn && [dependsOn], value });
    const output = new TerraformOutput(this, name, config);
    this.outputs.push(output);
    return output;
  }

  /** The module in Terraform's JSON syntax. */
  public body(): JsonObject {
    this.prepareStack();
    let text = JSON.stringify(this.toTerraform());
    for (const element of this.node.findAll().filter((node) => TerraformElement.isTerraformElement(node))) {
      text = text.replaceAll(element.friendlyUniqueId, nameOf(element));
    }
    // The text that stands for a list is one element of a list when the constructs compute with it.
    text = text.replace(/\[local\.(\w+)_canonical\]/g, "local.$1");
    return cleaned(JSON.parse(text) as Json) as JsonObject;
  }

  private scalar(prop: string, type: string, rule: RuleName | undefined, preset: Json | undefined): TerraformVariable {
    const name = snakeCase(prop.split(".")[1]!);
    const variable = this.variable(name, {
      default: preset,
      description: variableDescription(prop, isLeftOut(preset)),
      type,
    });
    if (rule) {
      const { holds, rule: of } = VALIDATIONS[rule];
      const condition = holds(`var.${name}`);
      // A message is put together even if nothing is wrong, and a null has no place in it.
      const [holdsOrNull, shown] =
        preset === null
          ? [`var.${name} == null ? true : (${condition})`, `coalesce(var.${name}, "null")`]
          : [condition, `var.${name}`];
      variable.addValidation({
        condition: `\${${holdsOrNull}}`,
        errorMessage: `'${name}' must ${of.must}, got: \${${shown}}.`,
      });
    }
    return variable;
  }
}

/** Whether a default has no meaning by itself. */
function isLeftOut(preset: Json | undefined): boolean {
  return preset === null || (typeof preset === "object" && Object.keys(preset).length === 0);
}

/** The name of a resource in a module: its place in the tree of constructs, without what the framework adds to it. */
function nameOf(element: TerraformElement): string {
  const hashed = /^(.*)_[0-9A-F]{8}$/.exec(element.friendlyUniqueId)?.[1];
  if (hashed === undefined) {
    return element.friendlyUniqueId;
  }
  // Data sources of a name are alike, whichever construct reads them, and become one.
  const name = element instanceof TerraformDataSource ? element.node.id : hashed.replace(/_?Resource$/, "");
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Without what does not belong in a module, and with messages that name its variables. */
function cleaned(value: Json, name?: string): Json {
  if (name === "error_message") {
    return snakeCased(value as string).replace(
      "set 'deletion_protection' to false",
      "take the module out of the configuration",
    );
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((member: Json) => cleaned(member));
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NOT_IN_A_MODULE.includes(key) && !(key === "backend" && name === "terraform"))
      .map(([key, member]) => [key, cleaned(member, key)]),
  );
}
