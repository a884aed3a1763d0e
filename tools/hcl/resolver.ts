import { DefaultTokenResolver, type IPostProcessor, type IResolvable, type IResolveContext, StringConcat } from "cdktf";
import { ref } from "cdktf/lib/tfExpression";
import type { PolicyStatement } from "../../modules/private/statement";
import { call, Expression, expressionOf, filter, Template, type Value } from "./hcl";

/** The class of the framework's expressions. The framework does not export this class. */
const FrameworkExpression = Object.getPrototypeOf(ref("").constructor) as abstract new () => IResolvable;

/** A token that stands for a value of HCL. */
export abstract class ValueToken implements IResolvable {
  public readonly creationStack = [];

  /** Returns the value in HCL. `resolve` resolves tokens in a part of it. */
  public abstract value(resolve: (part: unknown) => Value): Value;

  /** Returns the text that stands for the value in an expression. */
  public abstract resolve(): string;
}

/**
 * A token for a local list whose length is unknown at synthesis, for a construct that expects one item. In a policy it becomes
 * the list in canonical form, and in an expression `[…]` its items.
 */
export class ListToken extends ValueToken {
  public constructor(private readonly name: string) {
    super();
  }

  public value(): Value {
    return expressionOf(`local.${this.name}_canonical`);
  }

  public resolve(): string {
    return `for value in local.${this.name} : value`;
  }
}

/**
 * A token for a policy document, which becomes a call of `jsonencode`. A statement whose list of principals is empty is left out.
 */
export class PolicyToken extends ValueToken {
  public constructor(private readonly json: string) {
    super();
  }

  public value(resolve: (part: unknown) => Value): Value {
    const { Statement, Version } = JSON.parse(this.json) as { Statement: PolicyStatement[]; Version: string };
    const statements = resolve(Statement) as unknown as { Principal?: Record<string, Value> }[];
    const mayBeEmpty = statements.some(({ Principal = {} }) =>
      Object.values(Principal).some((value) => value instanceof Expression && !(value instanceof Template)),
    );
    const namesPrincipal = "length(flatten(values(statement.Principal))) > 0";
    return call("jsonencode", {
      Version,
      Statement: mayBeEmpty ? filter(statements, "statement", namesPrincipal) : statements,
    });
  }

  public resolve(): string {
    throw new Error("A policy in an HCL module must be the whole value of an argument, not a part of it.");
  }
}

/**
 * The fragments of a string while it is resolved: literals, `${` and `}` around the text of an expression, and values of tokens.
 */
class Fragments {
  private readonly parts: (Expression | string)[] = [];
  /** The number of `${` without their `}` so far. */
  private depth = 0;
  private text = "";

  public add(fragment: unknown): this {
    if (fragment instanceof Template) {
      fragment.parts.forEach((part) => this.add(part));
    } else if (fragment instanceof Expression && this.depth > 0) {
      this.text += fragment.text("");
    } else if (fragment instanceof Expression) {
      this.end(fragment);
    } else if (fragment === "${" && this.depth === 0 && !this.text.endsWith("$")) {
      this.end();
      this.depth = 1;
    } else if (fragment === "}" && this.depth === 1) {
      this.depth = 0;
      this.parts.push(expressionOf(this.text));
      this.text = "";
    } else {
      this.depth += this.depth > 0 && fragment === "${" ? 1 : this.depth > 0 && fragment === "}" ? -1 : 0;
      this.text += fragment as string;
    }
    return this;
  }

  /** The value of the whole string: a literal, an expression, or a template with both. */
  public get value(): Value {
    this.end();
    return this.parts.length > 1 ? new Template(this.parts) : (this.parts[0] ?? "");
  }

  /** Ends the current literal, and appends an expression if one is given. */
  private end(...expression: readonly Expression[]): void {
    this.parts.push(...(this.text === "" ? [] : [this.text]), ...expression);
    this.text = "";
  }
}

/** Resolves the number tokens in the literal parts of a template. The framework finds these tokens in strings only. */
function withNumbers(value: Value, context: IResolveContext): Value {
  return value instanceof Template
    ? new Template(value.parts.map((part) => (typeof part === "string" ? (context.resolve(part) as string) : part)))
    : value;
}

const TEXT = new DefaultTokenResolver(new StringConcat());

/** Resolves the tokens of constructs to values of HCL; within an expression, to the text of the expression. */
export class HclResolver extends DefaultTokenResolver {
  public constructor() {
    super({ join: (left, right) => (left instanceof Fragments ? left : new Fragments().add(left)).add(right) });
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (!context.suppressBraces && token instanceof ValueToken) {
      return token.value((part) => context.resolve(part) as Value);
    }
    if (!context.suppressBraces && token instanceof FrameworkExpression) {
      context.suppressBraces = true;
      return expressionOf(super.resolveToken(token, context, postProcessor) as string);
    }
    return super.resolveToken(token, context, postProcessor);
  }

  public override resolveString(...args: Parameters<DefaultTokenResolver["resolveString"]>): unknown {
    if (args[1].suppressBraces) {
      return TEXT.resolveString(...args);
    }
    const value: unknown = super.resolveString(...args);
    return value instanceof Fragments ? withNumbers(value.value, args[1]) : value;
  }
}
