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

const x = (count: number): string => "x".repeat(count);
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, ""]));
const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
const ROLE = "arn:aws:iam::111122223333:role/";

/** Values that each rule accepts, and values that it refuses. */
const VALUES: readonly (readonly [
  rule: keyof typeof rules,
  accepted: readonly unknown[],
  refused: readonly unknown[],
])[] = [
  [
    "TAGS",
    [{}, tags(50), { [x(128)]: x(256) }, { "a _.:/=+-@é": "b _.:/=+-@é" }, { a: "${aws_sns_topic.a.arn}" }],
    [
      tags(51),
      { [x(129)]: "" },
      { "": "" },
      { a: x(257) },
      { "AWS:a": "" },
      { "a*": "" },
      { a: "*" },
      { a: 1 },
      { A: "", a: "" },
      { "${a}": "" },
      null,
      undefined,
      "a",
    ],
  ],
  [
    "MAINTENANCE_WINDOW",
    ["sun:03:00-sun:04:00", "mon:00:00-mon:00:30", "sun:23:45-mon:00:15", "tue:00:10-tue:00:00", "wed:23:59-thu:23:59"],
    [
      "mon:00:00-mon:00:29",
      "sun:23:45-mon:00:14",
      "mon:00:00-mon:00:00",
      "Sun:03:00-sun:04:00",
      "sun:24:00-mon:01:00",
      "sun:03:60-sun:05:00",
      "sun:3:00-sun:04:00",
      "sun:03:00-sun:04:00 ",
      7,
    ],
  ],
  ["MANUAL_SNAPSHOT_RETENTION", [-1, 1, 3653], [-2, 0, 3654]],
  ["PORT", [5431, 5455, 8191, 8215], [5430, 5456, 8190, 8216]],
  ["POSITIVE_INTEGER", [1, 1e9], [0, 1.5, "1"]],
  ["S3_KEY_PREFIX", ["a", `${x(255)}/`, "${var.a}"], ["", x(257), "a*"]],
  ["SQL", ["select 1", "x".repeat(102_400), "é".repeat(51_200)], ["", " ", "x".repeat(102_401), "é".repeat(51_201), 1]],
  [
    "ADDITIONAL_ENCRYPTION_CONTEXT",
    [pairs(1), pairs(6)],
    [{}, pairs(7), { a: "" }, { "": "a" }, { a: 1 }, null, undefined, "a"],
  ],
  ["UTC_TIME", ["2026-12-31T23:59:59Z", "2024-02-29T00:00:00Z"], ["2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "x"]],
  [
    "SNAPSHOT_SCHEDULE",
    ["rate(1 hour)", "rate(2 hours)", "rate(24 hours)", "cron(59 23 SAT)", "cron(0 0 7)"],
    ["rate(25 hours)", "rate(2 hour)", "cron(60 1 *)", "cron(0 24 *)", "cron(0,30 1 *)"],
  ],
  [
    "ACTION_SCHEDULE",
    ["at(2026-12-31T23:59:59)", "cron(0 0 1 1 ? 1970)", "cron(59 23 31 12 ? 2199)", "cron(0 0 ? JAN-DEC SUN#5 *)"],
    [
      "at(2026-02-30T00:00:00)",
      "cron(60 0 * * ? *)",
      "cron(0 24 * * ? *)",
      "cron(0 0 0 * ? *)",
      "cron(0 0 32 * ? *)",
      "cron(0 0 * 0 ? *)",
      "cron(0 0 * 13 ? *)",
      "cron(0 0 ? * 0 *)",
      "cron(0 0 ? * 8 *)",
      "cron(0 0 * * ? 1969)",
      "cron(0 0 * * ? 2200)",
      "cron(0 0 ? * ? *)",
    ],
  ],
  [
    "SCHEDULE_EXPRESSION",
    ["rate(1 minute)", "rate(90 days)", "cron(* * * * ? *)"],
    ["rate(0 days)", "cron(0 0 * * * *)"],
  ],
  ["BASE_CAPACITY", [4, 8, 512, 544, 1024], [0, 5, 12, 516, 520, 560, 1056]],
  ["BUCKET_NAME", ["a1b", x(63)], ["ab", x(64), "a..b", "-ab", "ab-"]],
  ["LOG_RETENTION", [0, 1, 3653], [2, "1", 3654]],
  [
    "OIDC_SUBJECT",
    ["a", "repo:a/b:*", "a:b:*", x(255)],
    ["*", "repo:*", "repo:a*/b:c", "a:b*:c", x(256), "a b", "a$", ""],
  ],
  [
    "OIDC_PROVIDER_ARN",
    [`arn:aws:iam::111122223333:oidc-provider/${x(260)}`],
    [`arn:aws:iam::111122223333:oidc-provider/${x(261)}`],
  ],
  ["EXTERNAL_ID", ["ab", x(1224)], ["a", x(1225), "a b"]],
  ["ALIAS", ["alias/a", `alias/${x(250)}`, "alias/aws"], ["alias/", `alias/${x(251)}`, "alias/aws/a", "a"]],
  ["TIME_ZONE", ["UTC", `A/${x(48)}`], [`A/${x(49)}`, "a/b/c/d"]],
  ["INTEGRATION_NAME", ["a", x(63), "a-b"], [x(64), "a-", "a--b", "1a"]],
  ["DATA_FILTER", ["include: a", x(25_600)], [x(25_601), "", "a;"]],
  ["DOMAIN_NAME", ["a.bc", `${`${x(49)}.`.repeat(5)}abc`], [`${`${x(49)}.`.repeat(5)}abcd`, "a", "-a.bc"]],
  [
    "PRINCIPAL_ARN",
    [`${ROLE}A`, `${ROLE}aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_1`, "arn:aws:iam::111122223333:root"],
    [`${ROLE}AWSReservedSSO_A_1`, `${ROLE}team/AWSReservedSSO_A_1`, `${ROLE}AWSServiceRoleForA`, "arn:aws:iam::1:root"],
  ],
  [
    "TRUSTING_ROLE_ARN",
    [`${ROLE}A`, `${ROLE}team/A`],
    [`${ROLE}aws-reserved/A`, `${ROLE}aws-service-role/a/A`, `${ROLE}AWSReservedSSO_A_1`, `${ROLE}AWSServiceRoleForA`],
  ],
  ["FIRST_DATABASE_NAME", ["dev", "a$"], ["user", "Dev", ""]],
  ["NAMESPACE_NAME", ["abc", x(64)], ["ab", x(65), "user"]],
  ["ADMIN_USERNAME", ["a", "admin"], ["public", "user", "1a"]],
];

test.each(VALUES)("the rule %s accepts and refuses values", (name, accepted, refused) => {
  const rule = rules[name] as Rule;
  expect(accepted.filter((value) => !follows(value, rule))).toStrictEqual([]);
  expect(refused.filter((value) => follows(value, rule))).toStrictEqual([]);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["auto_analyze", ["true", "false"], ["yes", "1", ""]],
  ["auto_mv", ["true"], ["on"]],
  ["datestyle", ["ISO, MDY", x(32768)], ["", x(32769)]],
  ["enable_case_sensitive_identifier", ["true"], ["TRUE"]],
  ["extra_float_digits", ["-15", "2"], ["-16", "3", "0.5", "a"]],
  ["max_concurrency_scaling_clusters", ["0", "10"], ["-1", "a"]],
  ["max_cursor_result_set_size", ["default"], [""]],
  ["query_group", ["default"], [""]],
  ["search_path", ["$user, public"], [""]],
  ["statement_timeout", ["0", "100", "2147483647"], ["1", "99", "-1", "2147483648"]],
  ["use_fips_ssl", ["true"], ["yes"]],
  ["wlm_json_configuration", ["[]", `["${x(7996)}"]`], ["{}", "[", `["${x(7997)}"]`]],
])("the parameter %s of a cluster accepts and refuses values", (name, accepted, refused) => {
  const rule = rules.CLUSTER_PARAMETERS[name]!;
  expect(accepted.filter((value) => !follows(value, rule))).toStrictEqual([]);
  expect(refused.filter((value) => follows(value, rule))).toStrictEqual([]);
});

test.each<[keyof typeof rules, string, string | undefined]>([
  ["ROLE_ARN", `${ROLE}A`, undefined],
  [
    "ROLE_ARN",
    `${ROLE}AWSReservedSSO_A_1`,
    `this role has a path before its name: ${ROLE}aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_1 or ${ROLE}aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_A_1`,
  ],
  [
    "ROLE_ARN",
    `${ROLE}team/AWSServiceRoleForA`,
    `this role has a path before its name: ${ROLE}aws-service-role/SERVICE.amazonaws.com/AWSServiceRoleForA`,
  ],
  [
    "ROLE_ARN",
    "arn:aws-cn:sts::111122223333:assumed-role/A/me",
    "for this session give its role, arn:aws-cn:iam::111122223333:role/A (with the role's path before its name, if it has one)",
  ],
  [
    "ROLE_ARN",
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_A_1/me",
    `for this session give its role, ${ROLE}aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_1 or ${ROLE}aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_A_1`,
  ],
  ["TRUSTING_ROLE_ARN", `${ROLE}AWSReservedSSO_A_1`, undefined],
  [
    "TRUSTING_ROLE_ARN",
    "arn:aws:sts::111122223333:assumed-role/A/me",
    `for this session give its role, ${ROLE}A (with the role's path before its name, if it has one)`,
  ],
  ["PRINCIPAL_ARN", "111122223333", "for this account give its root, arn:aws:iam::111122223333:root"],
  ["PRINCIPAL_ARN", "arn", undefined],
  ["INTEGRATION_SOURCE_ARN", "arn:*", "name every source, without wildcards"],
  ["INTEGRATION_SOURCE_ARN", "arn", undefined],
  ["SERVERLESS_SNAPSHOT_ARN", "a:namespace/b", "name the ARN of a snapshot, not of its namespace"],
  ["SERVERLESS_SNAPSHOT_ARN", "a:snapshot/b", undefined],
  ["CLUSTER_ARN", "arn:aws:redshift-serverless:a", "for the ARN of a namespace, use forNamespace"],
  ["CLUSTER_ARN", "arn:aws:redshift:a", undefined],
  ["NAMESPACE_ARN", "a:workgroup/b", "the encryption context has the ARN of the namespace, not of the workgroup"],
  ["NAMESPACE_ARN", "a:workgroup:b", "the encryption context has the ARN of the namespace, not of the workgroup"],
  ["NAMESPACE_ARN", "a:cluster:b", "for the ARN of a cluster, use forCluster"],
  ["NAMESPACE_ARN", "a", undefined],
])("the rule %s has for %s the hint: %s", (name, value, hint) => {
  expect((rules[name] as Rule).hint!(value, "aws")).toBe(hint);
});

test.each<[string, number, boolean, number?]>([
  ["*", 0, true],
  ["*", 23, true],
  ["*", 0, false, 1],
  ["*", 1, true, 1],
  ["4", 4, true],
  ["4", 5, false],
  ["4-6", 3, false],
  ["4-6", 6, true],
  ["4-6", 7, false],
  ["4/6", 4, true],
  ["4/6", 10, true],
  ["4/6", 11, false],
  ["4/6", 22, true],
  ["0-8/4", 8, true],
  ["0-8/4", 12, false],
  ["1,5", 5, true],
  ["1,5", 3, false],
  ["SUN", 1, true],
  ["SAT", 7, true],
  ["MON-FRI", 6, true],
  ["MON-FRI", 7, false],
])("the field %s includes %i: %s", (field, value, isIncluded, least = 0) => {
  expect(rules.cronIncludes(field, value, least)).toBe(isIncluded);
});

test("the node counts of each type are those of AWS", () => {
  expect(rules.NODE_COUNTS).toStrictEqual({
    "ra3.16xlarge": [2, 128],
    "ra3.4xlarge": [2, 64],
    "ra3.large": [1, 16],
    "ra3.xlplus": [1, 32],
    "rg.12xlarge": [2, 128],
    "rg.4xlarge": [2, 64],
    "rg.large": [1, 16],
    "rg.xlarge": [2, 32],
  });
});
