import { groupBy } from "../../modules/private/group-by";
import { expressionAt } from "../plan/expression";
import { PlanError, type Values } from "../plan/plan";
import type { Stack } from "../plan/stack";
import { blocksOfHcl } from "./hcl";

/** Matches the rest of a line behind a value. */
const LINE_END = /[^\S\n]*(?:#|\/\/|\r?\n|\}|$)/uy;

/**
 * Reads the resources and local values in a file of Terraform's language (HCL), as a `cdk.tf.json` has them. An argument is left out
 * if its expression cannot be evaluated by the references of a plan.
 *
 * @throws PlanError if the file has a syntax error
 */
export function readHclStack(text: string, source: string): Stack {
  const { arguments: allArguments, isBroken } = blocksOfHcl(text);
  if (isBroken) {
    throw new PlanError(`${source} has a syntax error, so Terraform refuses it`);
  }
  const byName = groupBy(allArguments, ({ address, name }) => `${address} ${name}`);
  const single = [...byName.values()].filter(({ length }) => length === 1).flat();
  const values = groupBy(single, ({ address }) => address);
  return new Map(
    [...values].map(([address, group]) => [
      address,
      Object.fromEntries(
        group.flatMap(({ at, name }) => [...valueAt(text, at)].map((value) => [name, value])),
      ) as Values,
    ]),
  );
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
