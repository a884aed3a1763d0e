import { memoizedByObject } from "../plan/memoized";
import { conditionTests, type Facts, testsOutcome } from "./condition";
import { denialsBeyond } from "./narrower";
import { SOURCE_LIMITS } from "./principals";
import { isDenial, isForEverybody, servicePrincipals, type Statement } from "./statement";

/** The known part of a request that an AWS service makes as itself. */
export const AS_SERVICE: Facts = { "aws:principalisawsservice": "true" };

/** The most denials with which each statement is compared. A policy can have thousands of both. */
const MOST_DENIALS = 16;

/** A condition that a Deny statement requires of each request. */
interface Requirement {
  readonly denial: Statement;
  /** The condition, as an Allow statement. */
  readonly required: Statement;
}

/**
 * Whether the conditions of an Allow statement name the source of its services' requests, or a Deny statement of its policy requires
 * a source: a denial of every other account requires the account.
 *
 * @param namesSource - whether the conditions of a statement name a source
 */
export function requiresSource(
  statement: Statement,
  statements: readonly Statement[],
  namesSource: (statement: Statement) => boolean,
): boolean {
  return (
    namesSource(statement) ||
    requirementsOf(statements).some(
      ({ denial, required }) => namesSource(required) && coversServices(denial, statement),
    )
  );
}

const requirementsOf = memoizedByObject((statements: readonly Statement[]): readonly Requirement[] =>
  statements.filter(isDenial).flatMap(requirementOf).slice(0, MOST_DENIALS),
);

function requirementOf(denial: Statement): readonly Requirement[] {
  const [test, ...more] = conditionTests(denial).filter((one) => testsOutcome([one], AS_SERVICE) !== "met");
  return test?.isNegated === true && test.quantifier === undefined && more.length === 0 && mayNameSource(test.key)
    ? [{ denial, required: { Condition: { [test.operator]: { [test.originalKey]: test.values } }, Effect: "Allow" } }]
    : [];
}

function mayNameSource(key: string): boolean {
  return SOURCE_LIMITS.some((limit) => limit.toLowerCase() === key) || key.startsWith("kms:");
}

/** Whether a Deny statement, without its conditions, applies to all requests of services that an Allow statement allows. */
function coversServices(denial: Statement, allowed: Statement): boolean {
  const services = { Principal: { Service: servicePrincipals(allowed.Principal) } };
  const unconditional = { ...denial, Condition: {}, ...(isForEverybody(denial) && services) };
  return denialsBeyond([{ ...allowed, ...services, Effect: "Deny" }], [unconditional]).length === 0;
}
