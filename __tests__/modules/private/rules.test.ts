import * as appRules from "../../../app/config/rules";
import { follows, type Rule } from "../../../modules/private/rule";
import * as rules from "../../../modules/private/rules";

const RULES = Object.entries({ ...rules, ...appRules }).filter(
  (entry): entry is [string, Rule] => typeof entry[1] === "object" && "must" in entry[1],
);
const LENGTH = 50_000;
/** The text that a pattern repeats, and its separator. */
const PARTS = [" ", "a", "1", "/", "-", ".", ":", ",", "a.", "a-", "1.", "1,", "a/", "a:", "a@a.", "1 , ", "-a", ".a"];
const BEGINNINGS = ["", "a@a", "1", "arn:aws", "arn:aws:iam::111122223333:role/", "cron("];

/** Seconds of the processor that a rule takes for all texts; it stops once they are more than `most`. */
function secondsOf(rule: Rule, most: number): number {
  const start = process.cpuUsage();
  let seconds = 0;
  for (const beginning of BEGINNINGS) {
    for (const part of PARTS) {
      // The end makes a pattern go back.
      for (const end of ["!", "\n"]) {
        const text = beginning + part.repeat(LENGTH / part.length) + end;
        follows(text, rule);
        rule.hint?.(text, "aws");
        const { system, user } = process.cpuUsage(start);
        seconds = (system + user) / 1e6;
        if (seconds > most) {
          return seconds;
        }
      }
    }
  }
  return seconds;
}

/** Syntax that Terraform's RE2 does not have: lookaround, names of groups, references, \\u, and [^]. */
const NOT_RE2 = /\(\?(?!:)|\\[1-9ku]|\[\^\]/;

test.each(RULES)("the rule %s has only patterns in RE2 syntax, for Terraform", (_, { pattern = "", refused = [] }) => {
  const patterns = [pattern, ...refused.flatMap(({ pattern: part, unless = "" }) => [part, unless])];
  expect(patterns.filter((text) => NOT_RE2.test(text))).toStrictEqual([]);
  // RE2 repeats at most 1,000 times.
  const counts = patterns.flatMap((text) =>
    [...text.matchAll(/\{(?:\d+,)?(\d+)\}/g)].map(([, count]) => Number(count)),
  );
  expect(counts.filter((count) => count > 1_000)).toStrictEqual([]);
});

test.each(RULES)(
  "the rule %s tests all its hostile strings of 50,000 characters in less than a second together",
  (_, rule) => {
    expect(secondsOf(rule, 1)).toBeLessThan(1);
  },
);

test.each([
  ["a@b.c", true],
  ["a@b.c.d", true],
  ["a@..c", true],
  ["a@b", false],
  ["a@.c", false],
  ["a@b.", false],
  ["@b.c", false],
  ["a@b@c.d", false],
  ["a b@c.d", false],
])("'%s' follows the rule EMAIL: %s", (text, isEmail) => {
  expect(follows(text, rules.EMAIL)).toBe(isEmail);
});

test.each([
  ["6.25", true],
  [" ~>  6.25 , < 7 ", true],
  ["=6", true],
  [">= 5.100, != 6.0.0-beta.1", true],
  ["", false],
  [" ", false],
  ["~>", false],
  ["> = 6", false],
  ["6.25,", false],
  ["6.1.2.3", false],
])("'%s' follows the rule VERSION_CONSTRAINT: %s", (text, isConstraint) => {
  expect(follows(text, appRules.VERSION_CONSTRAINT)).toBe(isConstraint);
});

test.each([
  ["ACTION_SCHEDULE", "cron(0 24 * * ? *)", "hours are 0 to 23"],
  ["ACTION_SCHEDULE", "cron(0 3 0 * ? *)", "days of the month are 1 to 31"],
  ["ACTION_SCHEDULE", "cron(0 3 ? 13 MON *)", "months are 1 to 12"],
  ["ACTION_SCHEDULE", "cron(0 3 ? * MOM *)", "days of the week are 1 to 7"],
  ["ACTION_SCHEDULE", "cron(0 3 * * ? 26)", "years are 1970 to 2199"],
  ["SCHEDULE_EXPRESSION", "cron(0,60 3 * * ? *)", "minutes are 0 to 59"],
  ["SCHEDULE_EXPRESSION", "cron(0 20-24 * * ? *)", "hours are 0 to 23"],
  ["SNAPSHOT_SCHEDULE", "cron(30 24 *)", "hours are 0 to 23"],
  ["ROTATION_SCHEDULE", "cron(0 30 ? * SUN#1 *)", "hours are 0 to 23"],
] as const)("the rule %s refuses %s", (name, value, hint) => {
  expect(follows(value, rules[name])).toBe(false);
  expect(rules[name].hint?.(value, "aws")).toBe(hint);
});

test.each([
  ["ACTION_SCHEDULE", "cron(0 23 ? JAN-MAR,12 MON-FRI 2027-2030)"],
  ["ACTION_SCHEDULE", "cron(59 0 LW 1/3 ? *)"],
  ["ACTION_SCHEDULE", "cron(0 3 3W * ? *)"],
  ["ACTION_SCHEDULE", "at(2027-01-31T03:00:00)"],
  ["SCHEDULE_EXPRESSION", "cron(*/15 0-5,22 ? * 6#3 *)"],
  ["SCHEDULE_EXPRESSION", "cron(0/90 3 ? * 5L *)"],
  ["SCHEDULE_EXPRESSION", "rate(90 minutes)"],
  ["SNAPSHOT_SCHEDULE", "cron(30 0/4 SUN-SAT)"],
  ["ROTATION_SCHEDULE", "cron(0 8/12 * * ? *)"],
] as const)("the rule %s accepts %s", (name, value) => {
  expect(follows(value, rules[name])).toBe(true);
  expect(rules[name].hint?.(value, "aws")).toBeUndefined();
});
