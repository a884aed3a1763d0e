import { groupBy } from "../../../modules/private/group-by";
import type { Model } from "../../model/model";
import { memoized } from "../../plan/memoized";
import { anyOf, type Caller } from "../../policy/callers";
import { conditionTests, testOutcome } from "../../policy/condition";
import { accountOf } from "../../policy/principals";
import type { Statement } from "../../policy/statement";
import { hasOtherTagsOf } from "./changed-facts";

/** The most callers of a group that are compared one by one. */
const MOST_COMPARED = 10;

/**
 * Groups the roles and users of a plan, so that one member is compared in place of its group. A key treats all members of a group
 * alike. Exceptions are members that the key's statements name or match, and members that an IAM policy allows to use the key.
 */
export class CallerGroups {
  private readonly groupOf: ReadonlyMap<string, readonly Caller[]>;
  private readonly groups: readonly (readonly Caller[])[];

  public constructor(
    private readonly callers: readonly Caller[],
    former: Model,
    model: Model,
  ) {
    const groups = groupBy(callers, ({ principal }) =>
      JSON.stringify([
        accountOf(principal),
        hasSamePolicies(principal, former, model),
        hasOtherTagsOf(principal, model),
        limitsOf(principal, former),
        limitsOf(principal, model),
      ]),
    );
    this.groups = [...groups.values()];
    this.groupOf = new Map(this.groups.flatMap((group) => group.map(({ principal }) => [principal, group] as const)));
  }

  /**
   * Returns the callers to compare besides `compared`. In a large group, the first caller stands for all.
   *
   * @param compared - the principals that are compared anyway
   * @param statements - the statements of the key before and after the change
   */
  public besides(compared: ReadonlySet<string>, statements: readonly Statement[]): readonly Caller[] {
    const isMatched = isMatchedBy(statements);
    const matched = this.callers.filter((caller) => !compared.has(caller.principal) && isMatched(caller));
    const apart = new Set([...compared, ...matched.map(({ principal }) => principal)]);
    const counts = groupBy([...apart], (principal) => this.groupOf.get(principal));
    const others = this.groups.flatMap((group) => {
      const count = group.length - (counts.get(group)?.length ?? 0);
      const isOther = ({ principal }: Caller): boolean => !apart.has(principal);
      return count > MOST_COMPARED ? [standingFor(group.find(isOther)!, count - 1)] : group.filter(isOther);
    });
    return [...matched, ...others];
  }
}

function standingFor({ name, principal }: Caller, others: number): Caller {
  return { name: `${name} and ${others} other roles and users like it`, principal, standsForOthers: false };
}

/** Whether the plan changes no IAM policy of a principal. */
export function hasSamePolicies(principal: string, former: Model, model: Model): boolean {
  const identity = model.identities.named(principal);
  const policies = [...(identity?.policies ?? []), ...(identity?.boundary ? [identity.boundary] : [])];
  return (
    JSON.stringify(identity) === JSON.stringify(former.identities.named(principal)) &&
    policies.every(
      ({ name, notShown }) => notShown === undefined || (model.atAddress(name)?.action ?? "none") === "none",
    )
  );
}

/** Returns the limits of a principal on any key, and whether all its policies are shown. */
function limitsOf(principal: string, { identities }: Model) {
  const { policies = [], unlisted } = identities.named(principal) ?? {};
  const areShown = unlisted === undefined && policies.every(({ notShown }) => notShown === undefined);
  return [identities.limitsOf(principal), areShown];
}

/**
 * Returns a function that compares a caller with a sample role of the same account. The function returns whether a condition on
 * aws:PrincipalArn treats the two differently.
 */
function isMatchedBy(statements: readonly Statement[]): (caller: Caller) => boolean {
  const tests = [...new Set(statements)].flatMap(conditionTests).filter(({ key }) => key === "aws:principalarn");
  const outcomesOf = (principal: string) => tests.map((test) => testOutcome(test, { "aws:principalarn": principal }));
  const sampleOutcomes = memoized((account) => outcomesOf(anyOf(account, "aws").principal));
  return ({ principal }) => {
    const expected = sampleOutcomes(accountOf(principal) ?? "");
    return outcomesOf(principal).some((outcome, index) => outcome !== expected[index]);
  };
}
