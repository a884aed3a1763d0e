import type { Model } from "../../model/model";
import { memoized, memoizedByObject } from "../../plan/memoized";
import { DECRYPTING_ACTIONS } from "../../policy/abilities";
import { ALIAS_KEYS, conditionTests, isLimited, outcomeOf, RESOURCE_TAG, testOutcome } from "../../policy/condition";
import type { ConditionTest, Facts } from "../../policy/condition";
import { MOST_COMPARED } from "../../policy/narrower";
import { appliesToSamples, onKeys, SAMPLE_KEYS } from "../../policy/resource-pattern";
import { appliesToResource, isDenial, matchesAction, matchesPattern, type Statement } from "../../policy/statement";
import { broadActions, KEY_LIMITS } from "./broad-actions";

/**
 * The actions that change the aliases or tags of a key, with the condition keys that test these aliases or tags.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
 */
const CHANGES = [
  {
    actions: ["kms:CreateAlias", "kms:UpdateAlias"],
    limits: ALIAS_KEYS,
    remedy: "Name the ARNs of the keys and aliases as the resource.",
  },
  {
    actions: ["kms:TagResource"],
    limits: [RESOURCE_TAG],
    remedy: "Name the ARNs of the keys as the resource, or limit aws:TagKeys to other tags.",
  },
] as const;
type Change = (typeof CHANGES)[number];
const ALL_ACTIONS = CHANGES.flatMap(({ actions }) => actions);

/** The actions by which a role can change the tags or aliases of every key, so that conditions on these do not limit the role. */
interface KeyChange {
  readonly actions: readonly string[];
  /** The condition keys. */
  readonly conditions: readonly string[];
  readonly remedy: string;
}

/**
 * Returns the actions by which a statement lets a role change the tags or aliases of keys that the statement does not name. Another
 * statement then lets the role decrypt with these keys. Undefined if there are no such actions, or if the statement itself allows
 * to decrypt.
 *
 * @param address - the address of the policy that has the statement
 */
export function openingChange(statement: Statement, address: string, model: Model): KeyChange | undefined {
  for (const { actions, change } of changesBy(statement)) {
    for (const held of heldStatements(model)(address)) {
      const tests = held
        .limitedBy(change)
        .find((all) => all.every((test) => actions.some((action) => held.canMeet(test, action, statement))));
      if (tests) {
        return { actions, conditions: tests.map(({ originalKey }) => originalKey), remedy: change.remedy };
      }
    }
  }
  return undefined;
}

/** Returns the changes that a statement allows on keys that it does not name; none if the statement itself allows to decrypt. */
const changesBy = memoizedByObject((statement: Statement) => {
  const decrypts = DECRYPTING_ACTIONS.some((action) => matchesAction(statement, action));
  return (decrypts ? [] : CHANGES)
    .map((change) => ({ actions: broadActions(statement, onKeys(change.actions), KEY_LIMITS), change }))
    .filter(({ actions }) => actions.length > 0);
});

/** Maps the address of a policy to its holders, such as roles. Each holder has the relevant statements of all its policies. */
const heldStatements = memoizedByObject(({ identities }: Model) =>
  memoized((address) =>
    identities.possessions
      .holdersAt(address)
      .map((holder) =>
        (identities.identityOf(holder)?.policies ?? []).flatMap(({ statements }) => relevant(statements)),
      )
      .filter(({ length }) => length <= MOST_COMPARED)
      .map((statements) => new HeldStatements(statements)),
  ),
);

/** Returns the statements that decrypt, or that allow or deny changes of tags and aliases. */
const relevant = memoizedByObject((statements: readonly Statement[]) =>
  statements.filter((statement) =>
    [...ALL_ACTIONS, ...DECRYPTING_ACTIONS].some((action) => matchesAction(statement, action)),
  ),
);

/** The relevant statements of a role. Each decision is computed once. */
class HeldStatements {
  /** Returns the tests of the statements that allow to decrypt with every key, under conditions that a change can meet. */
  public readonly limitedBy = memoizedByObject(({ limits }: Change): readonly (readonly ConditionTest[])[] => {
    const others = KEY_LIMITS.filter((key) => !limits.some((limit) => limit === key.toLowerCase()));
    return this.statements
      .filter((one) => !isDenial(one) && isLimited(one, limits))
      .filter((one) => broadActions(one, onKeys(DECRYPTING_ACTIONS), others).length > 0)
      .map((one) => conditionTests(one).filter((test) => isTestOf(test, limits)));
  });
  private readonly onAction = memoized((action) => this.statements.filter((one) => matchesAction(one, action)));
  private readonly isAliasAllowed = memoized((actionAndAlias) => {
    const [action, alias] = JSON.parse(actionAndAlias) as [string, string];
    const statements = this.onAction(action).filter((one) => appliesToAlias(one, alias));
    return statements.some((one) => !isDenial(one)) && !this.isDenied(action, {}, statements);
  });
  private readonly isTagDenied = memoized((actionAndFacts) => {
    const [action, facts] = JSON.parse(actionAndFacts) as [string, Facts];
    return this.isDenied(action, facts);
  });

  public constructor(private readonly statements: readonly Statement[]) {}

  /** Whether a statement lets the role do an action after which a key passes a test, and no denial refuses that action. */
  public canMeet(test: ConditionTest, action: string, statement: Statement): boolean {
    if (!test.key.startsWith(RESOURCE_TAG)) {
      return test.values.some((alias) => this.isAliasAllowed(JSON.stringify([action, alias])));
    }
    const requestTag = test.key.replace(RESOURCE_TAG, "aws:requesttag/");
    const tests = conditionTests(statement);
    const values = tests.flatMap(({ key, values }) => (key === requestTag ? values : []));
    return [...test.values, ...values].some((value) => {
      const facts = { "aws:tagkeys": test.originalKey.slice(RESOURCE_TAG.length), [requestTag]: value };
      // A request can have other tags, too.
      const isAllowed = tests.every((one) => one.quantifier === "ForAnyValue" || testOutcome(one, facts) !== "unmet");
      return (
        isAllowed &&
        testOutcome(test, { [test.key]: value }) !== "unmet" &&
        !this.isTagDenied(JSON.stringify([action, facts]))
      );
    });
  }

  /** Whether a denial surely refuses an action. The denial must apply to each key, or be one of `onAlias`. */
  private isDenied(action: string, facts: Facts, onAlias: readonly Statement[] = []): boolean {
    return this.onAction(action).some(
      (one) => isDenial(one) && (appliesToKeys(one) || onAlias.includes(one)) && outcomeOf(one, facts) === "met",
    );
  }
}

function isTestOf({ isNegated, key, operator }: ConditionTest, limits: readonly string[]): boolean {
  return !isNegated && operator !== "Null" && limits.some((limit) => key.startsWith(limit));
}

function appliesToKeys(statement: Statement): boolean {
  return appliesToSamples(statement, () => SAMPLE_KEYS);
}

/** Whether a statement applies to an alias, or to the aliases of a pattern. */
function appliesToAlias(statement: Statement, alias: string): boolean {
  return appliesToResource(statement, (pattern) => {
    const [, , , , , ...rest] = pattern.split(":");
    return rest.length === 0 ? pattern.endsWith("*") : matchesPattern(rest.join(":"), alias);
  });
}
