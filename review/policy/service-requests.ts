import { memoizedByObject } from "../plan/memoized";
import { conditionTests, type Facts, requiresPresence, testsOutcome } from "./condition";
import { denialsBeyond } from "./narrower";
import { SOURCE_LIMITS } from "./principals";
import { isDenial, isForEverybody, servicePrincipals, type Statement } from "./statement";

/**
 * The known part of a request that an AWS service makes as itself. It is of no organization.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const AS_SERVICE: Facts = {
  "aws:principalisawsservice": "true",
  "aws:principalorgid": null,
  "aws:principalorgpaths": null,
};
/** The known part of a request of an IAM principal. Only a request of a service has a source. */
export const AS_IDENTITY: Facts = {
  "aws:principalisawsservice": "false",
  "aws:principalservicename": null,
  "aws:principalservicenameslist": null,
  ...Object.fromEntries(SOURCE_LIMITS.map((key) => [key.toLowerCase(), null])),
};

/** The most denials with which each statement is compared. A policy can have thousands of both. */
const MOST_DENIALS = 16;

/** The conditions that a Deny statement requires: each request must meet one of them. */
interface Requirement {
  readonly denial: Statement;
  /** The conditions, each as an Allow statement. */
  readonly required: readonly Statement[];
}

/**
 * Whether an Allow statement is limited to a source of its services' requests. Its conditions name the source, or a Deny statement
 * of the policy requires a source. For example, a denial of every other account requires the account.
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
      ({ denial, required }) => required.every(namesSource) && coversServices(denial, statement),
    )
  );
}

const requirementsOf = memoizedByObject((statements: readonly Statement[]): readonly Requirement[] =>
  statements.filter(isDenial).flatMap(requirementOf).slice(0, MOST_DENIALS),
);

function requirementOf(denial: Statement): readonly Requirement[] {
  const tests = conditionTests(denial).filter(
    // A service without a source cannot be limited to a source.
    (test) => !(requiresPresence(test) && mayNameSource(test.key)) && testsOutcome([test], AS_SERVICE) !== "met",
  );
  const isOfSources = tests.every(
    ({ isNegated, key, quantifier }) => isNegated && quantifier === undefined && mayNameSource(key),
  );
  const required = tests.map(({ operator, originalKey, values }) => ({
    Condition: { [operator]: { [originalKey]: values } },
    Effect: "Allow" as const,
  }));
  return required.length > 0 && isOfSources ? [{ denial, required }] : [];
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
