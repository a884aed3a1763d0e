import { groupBy } from "../../modules/private/group-by";
import { expressionAt } from "../plan/expression";
import { PlanError, type Values } from "../plan/plan";
import { DOCUMENT_PREFIX, type Stack } from "../plan/stack";
import { type Argument, blocksOfHcl } from "./hcl";

/** Matches the rest of a line behind a value. */
const LINE_END = /[^\S\n]*(?:#|\/\/|\r?\n|\}|$)/uy;

/**
 * Reads the resources, policy documents, module calls, outputs and local values in a file of Terraform's language (HCL), as a
 * `cdk.tf.json` has them.
 * An argument is left out if its expression cannot be evaluated by the references of a plan, and a document is left out as a whole.
 * The blocks of a resource are left out.
 *
 * @throws PlanError if the file has a syntax error
 */
export function readHclStack(text: string, source: string): Stack {
  const { arguments: allArguments, isBroken } = blocksOfHcl(text);
  if (isBroken) {
    throw new PlanError(`${source} has a syntax error, so Terraform refuses it`);
  }
  const byAddress = groupBy(allArguments, ({ address }) => address);
  return new Map(
    [...byAddress].flatMap(([address, group]) => {
      const values = address.startsWith(DOCUMENT_PREFIX) ? documentIn(text, group) : valuesIn(text, group);
      return values === undefined ? [] : [[address, values]];
    }),
  );
}

function valuesIn(text: string, group: readonly Argument[]): Values | undefined {
  const byName = groupBy(
    group.filter(({ blocks }) => blocks.length === 0),
    ({ name }) => name,
  );
  const single = [...byName.values()].filter(({ length }) => length === 1).flat();
  return single.length === 0
    ? undefined
    : Object.fromEntries(single.flatMap(({ at, name }) => [...valueAt(text, at)].map((value) => [name, value])));
}

/** Returns the arguments and the blocks of a document; undefined if one of its expressions cannot be evaluated. */
function documentIn(text: string, group: readonly Argument[]): Values | undefined {
  const document = emptyMap();
  const byPath = new Map<string, Record<string, unknown>>();
  for (const { at, blocks, name } of group) {
    const values = blocks.reduce((outer, block) => {
      const inner = byPath.get(block) ?? emptyMap();
      if (!byPath.has(block)) {
        const [list = ""] = block.split("#");
        outer[list] = [...((outer[list] as readonly unknown[] | undefined) ?? []), inner];
        byPath.set(block, inner);
      }
      return inner;
    }, document);
    const value = valueAt(text, at);
    if (value.length === 0 || Object.hasOwn(values, name)) {
      return undefined;
    }
    values[name] = value[0];
  }
  return document;
}

/** Creates a map without the names that every JavaScript object inherits: a block can have the name constructor or __proto__. */
function emptyMap(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** Returns the value of an argument, or nothing. */
function valueAt(text: string, at: number): readonly unknown[] {
  const expression = expressionAt(text, at);
  if (expression === undefined) {
    return [];
  }
  LINE_END.lastIndex = expression.end;
  return LINE_END.test(text) ? [expression.value] : [];
}
