import { conditionTests, type Facts, testsOutcome } from "./condition";
import { denialsBeyond } from "./narrower";
import { isDenial, isForEverybody, servicePrincipals, type Statement } from "./statement";

/** The known part of a request that an AWS service makes as itself. */
export const AS_SERVICE: Facts = { "aws:principalisawsservice": "true" };

/**
 * Returns the conditions that Deny statements set for all services and actions of an Allow statement, each as an Allow statement: a
 * denial of every other account requires the account.
 */
export function requiredByDenials(statement: Statement, others: readonly Statement[]): readonly Statement[] {
  return others
    .filter((other) => isDenial(other) && coversServices(other, statement))
    .flatMap((denial) => {
      const [test, ...more] = conditionTests(denial).filter((one) => testsOutcome([one], AS_SERVICE) !== "met");
      return test?.isNegated === true && test.quantifier === undefined && more.length === 0
        ? [{ Condition: { [test.operator]: { [test.originalKey]: test.values } }, Effect: "Allow" }]
        : [];
    });
}

/** Whether a Deny statement, without its conditions, applies to all requests of services that an Allow statement allows. */
function coversServices(denial: Statement, allowed: Statement): boolean {
  const services = { Principal: { Service: servicePrincipals(allowed.Principal) } };
  const unconditional = { ...denial, Condition: {}, ...(isForEverybody(denial) && services) };
  return denialsBeyond([{ ...allowed, ...services, Effect: "Deny" }], [unconditional]).length === 0;
}
