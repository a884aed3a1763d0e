import { partitionOf } from "../../modules/private/partition";
import { groupBy } from "../../modules/private/group-by";
import { canonical, mergeStatements, type PolicyStatement } from "../../modules/private/statement";
import { type Calls, DATA_CALLS, NAMES, RESOURCE_CALLS } from "./deployment-calls";

type Arguments = Readonly<Record<string, unknown>>;
type Elements = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

/** The synthesized file of a stack, with the members that this module reads. */
export interface StackFile {
  readonly data?: Elements;
  readonly provider: { readonly aws: readonly [Arguments, ...Arguments[]] };
  readonly resource?: Elements;
}

/** Options that decide which actions the policy allows. */
export interface DeploymentPolicyOptions {
  /**
   * Whether the policy allows only the actions of a plan.
   *
   * @default false
   */
  readonly readOnly?: boolean;
  /**
   * Whether the policy allows the actions that few deployments need.
   *
   * @default true
   */
  readonly seldom?: boolean;
}

type Statement = ReturnType<typeof mergeStatements>[number];
type Target = Pick<PolicyStatement, "Condition"> & { readonly resources: readonly string[] };

/** A Terraform reference to an attribute of a resource or a data source: `${aws_kms_key.Key.arn}`. */
const REFERENCE = /^\$\{(data\.)?(\w+)\.([\w-]+)\.(\w+)\}$/;

/**
 * Returns the statements of the identity policy that the deployment of a stack requires. An asterisk stands for an ID that AWS
 * assigns.
 */
export function deploymentStatements(stack: StackFile, options: DeploymentPolicyOptions = {}): readonly Statement[] {
  const { readOnly, seldom = true } = options;
  const resolver = new Resolver(stack);
  const allowed = [...elementsOf(stack.resource, RESOURCE_CALLS), ...elementsOf(stack.data, DATA_CALLS)].flatMap(
    ([args, calls]) =>
      calls
        .filter((call) => (call.isRead || !readOnly) && (seldom || call.seldom === undefined))
        .filter(({ ifSet }) => ifSet === undefined || isSet(argumentOf(args, ifSet)))
        .flatMap((call) => {
          const { Condition, resources } = resolver.targetOf(call, args);
          return resources.map((Resource) => ({ actions: call.actions, Condition, Resource }));
        }),
  );
  const byTarget = groupBy(allowed, ({ Condition, Resource }) => JSON.stringify([Resource, Condition]));
  const statements = [...byTarget.values()].map((calls): PolicyStatement => {
    const { Condition, Resource } = calls[0]!;
    const Action = canonical(calls.flatMap(({ actions }) => actions));
    // The Sid is required by the type, and mergeStatements removes it.
    return { Sid: "", Effect: "Allow", Action, Resource, Condition };
  });
  const key = ({ Action, Resource }: Statement): string => [Action, Resource].flat().join();
  return mergeStatements(statements.sort((a, b) => (key(a) < key(b) ? -1 : 1)));
}

/** Returns the arguments of each resource or data source, with the actions for its type. */
function elementsOf(
  elements: Elements = {},
  callsOf: Readonly<Record<string, readonly Calls[]>>,
): readonly (readonly [Arguments, readonly Calls[]])[] {
  return Object.entries(elements).flatMap(([type, named]) => {
    const { [type]: calls } = callsOf;
    if (calls === undefined) {
      throw new Error(
        `'${type}' must be a resource type of app/deployment/deployment-calls.ts, which lists the AWS calls of each type`,
      );
    }
    return Object.values(named).map((args) => [args, calls] as const);
  });
}

/** Returns the argument with a name; `block.name` is an argument of a block. */
function argumentOf(args: Arguments, name: string): unknown {
  return name.split(".").reduce<unknown>((block, part) => (block as Arguments | undefined)?.[part], args);
}

function isSet(argument: unknown): boolean {
  return Array.isArray(argument) ? argument.length > 0 : argument !== undefined && argument !== false;
}

/** Computes the ARNs that the statements of a policy name, from the synthesized file of a stack. */
class Resolver {
  private readonly account: string;
  private readonly text: string;

  public constructor(private readonly stack: StackFile) {
    const [{ allowed_account_ids: accounts }] = stack.provider.aws;
    this.account = (accounts as string[])[0]!;
    this.text = JSON.stringify(stack).replaceAll("\\", "");
  }

  public targetOf({ condition, on, onKey }: Calls, args: Arguments): Target {
    const target = onKey === undefined ? { resources: this.fillTemplate(on!, args) } : this.key(onKey, args);
    if (condition === undefined) {
      return target;
    }
    const [operator, key, value] = condition;
    return { ...target, Condition: { ...target.Condition, [operator]: { [key]: value } } };
  }

  /**
   * Returns the resources of a statement about a key. For a key of this stack, IAM permissions have an effect only if the key
   * policy allows the account root. If it does not, there are no resources, and the statement is left out. For any other key, the
   * stack does not have the key policy, so that the statement is always kept.
   */
  private key(argument: string, args: Arguments): Target {
    const anyKey = this.fillTemplate("arn:{partition}:kms:{region}:{account}:key/*", args);
    const { [argument]: value } = args;
    if (argument === "self") {
      return { resources: this.allowsIam(args) ? anyKey : [] };
    }
    const { data, element, type } = this.targetElement(value);
    if (type === "aws_kms_key" || type === "aws_kms_replica_key") {
      return data ? this.keyOfAlias(element!.key_id, anyKey) : { resources: this.allowsIam(element!) ? anyKey : [] };
    }
    return String(value).startsWith("alias/")
      ? this.keyOfAlias(value, anyKey)
      : { resources: this.resolve(value).map((arn) => (arn === "*" ? anyKey[0]! : arn)) };
  }

  /** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases */
  private keyOfAlias(alias: unknown, resources: readonly string[]): Target {
    return { Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": String(alias) } }, resources };
  }

  /** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
  private allowsIam({ policy }: Arguments): boolean {
    const { Statement: statements } = JSON.parse(policy as string) as { Statement: PolicyStatement[] };
    const root = new RegExp(`^arn:[\\w-]+:iam::${this.account}:root$`);
    return statements.some(
      ({ Action, Principal }) => Action === "kms:*" && [Principal?.AWS ?? []].flat().some((arn) => root.test(arn)),
    );
  }

  /**
   * Returns a template with its `{name}` placeholders replaced by arguments: several strings if an argument has several values.
   */
  private fillTemplate(template: string, args: Arguments): readonly string[] {
    const [, before, name, after] = /^(.*?)\{([\w.]+)\}(.*)$/.exec(template) ?? [];
    if (name === undefined) {
      return [template];
    }
    const values = name === "path" ? [this.pathOf(before!, after!, args)] : this.value(name, args);
    return [...new Set(values)].flatMap((value) => this.fillTemplate(before! + value + after!, args));
  }

  private value(name: string, args: Arguments): readonly string[] {
    const region = this.regionOf(args);
    const place: Readonly<Record<string, string>> = { account: this.account, partition: partitionOf(region), region };
    return place[name] === undefined ? this.resolve(argumentOf(args, name)) : [place[name]];
  }

  private regionOf({ provider }: Arguments): string {
    const providers = this.stack.provider.aws;
    const aws = providers.find(({ alias }) => provider === `aws.${String(alias)}`) ?? providers[0];
    return aws.region as string;
  }

  /**
   * Returns the IAM path of a role or an IAM user: from the role's resource in this stack, or else from an ARN in the file of the
   * stack; `/` if there is neither.
   */
  private pathOf(before: string, after: string, args: Arguments): string {
    const name = this.fillTemplate(after, args)[0]!;
    const role = Object.values(this.stack.resource?.aws_iam_role ?? {}).find((candidate) => candidate.name === name);
    const kind = before.split(":").at(-1);
    const escaped = name.replace(/\W/g, "\\$&");
    const [, path] = new RegExp(`iam::${this.account}:${kind}(/(?:[^"\\s]+/)?)${escaped}"`).exec(this.text) ?? [];
    return role ? ((role.path as string | undefined) ?? "/") : (path ?? "/");
  }

  private resolve(value: unknown): readonly string[] {
    if (Array.isArray(value)) {
      return value.flatMap((one) => this.resolve(one));
    }
    const { attribute, element, type } = this.targetElement(value);
    const names = type === undefined ? undefined : NAMES[type];
    if (element && names) {
      return attribute === "arn" ? this.fillTemplate(names.arn, element) : this.resolve(element[names.argument]);
    }
    if (typeof value !== "string") {
      return ["*"];
    }
    // A function call in an expression may have braces, so that a pattern cannot find the end of the expression. Then one asterisk
    // replaces the text from the first expression to the last brace.
    const hasFunctions = !/^(?:[^$]|\$\{[\w.-]+\})*$/.test(value);
    return [
      hasFunctions
        ? value.replace(/\$\{.*\}/g, "*")
        : value.replace(/\$\{[\w.-]+\}/g, (reference) => (reference === value ? "*" : this.resolve(reference)[0]!)),
    ];
  }

  /**
   * Returns the resource or data source that a reference names, and the attribute; empty if the value is no reference, or the
   * stack has no such element.
   */
  private targetElement(value: unknown): {
    readonly attribute?: string;
    readonly data?: boolean;
    readonly element?: Arguments;
    readonly type?: string;
  } {
    const [, data, type, name, attribute] = REFERENCE.exec(String(value)) ?? [];
    const element = type && (data ? this.stack.data : this.stack.resource)?.[type]?.[name!];
    return element ? { attribute: attribute!, data: data !== undefined, element, type } : {};
  }
}
