import type { Rule } from "../../modules/private/rule";
import * as rules from "../../modules/private/rules";

/** A rule of the library, and the expression that holds if the rule does. */
export interface Validation {
  readonly rule: Rule;
  /** The expression, of the expression of a value. Terraform's regular expressions look neither ahead nor back. */
  readonly holds: (value: string) => string;
}

const matches =
  (pattern: string) =>
  (value: string): string =>
    `can(regex("^${pattern}$", ${value}))`;
const integer =
  (min: number, max: number) =>
  (value: string): string =>
    `${value} >= ${min} && ${value} <= ${max} && floor(${value}) == ${value}`;
const isOneOf =
  (values: readonly string[]) =>
  (value: string): string =>
    `contains([${values.map((one) => JSON.stringify(one)).join(", ")}], ${value})`;

const PARTITION = "aws(-[a-z]+)*";
// Repetitions of RE2 end at 1,000; IAM itself refuses what is longer.
const PATH = "([!-)+->@-z|~]{1,510}/)?";
const NAME = "[A-Za-z0-9_+=,.@-]{1,64}";
const ROLE = `arn:${PARTITION}:iam::[0-9]{12}:role/${PATH}${NAME}`;
/** Whether the role of an ARN is one that only AWS may change. */
const isUnmodifiable = (value: string): string => `can(regex(":role/aws-(reserved|service-role)/", ${value}))`;
/** Whether a name that only AWS gives to roles has the path that it gives them. */
const hasReservedPath = (value: string): string =>
  `!can(regex(":role/(.*/)?AWS(ReservedSSO_|ServiceRoleFor)", ${value})) || ${isUnmodifiable(value)}`;
const NO_HYPHENS = (value: string): string => `!can(regex("--|-$", ${value}))`;

/** The rules of the library that the variables of the modules have, under the rules' own names. */
export const VALIDATIONS = {
  ADMIN_USERNAME: {
    rule: rules.ADMIN_USERNAME,
    holds: (value) => `${matches("[a-z][a-z0-9_]{0,127}")(value)} && ${value} != "public"`,
  },
  ALIAS: {
    rule: rules.ALIAS,
    holds: (value) => `${matches("alias/[A-Za-z0-9_/-]{1,250}")(value)} && !startswith(${value}, "alias/aws")`,
  },
  AUTOMATED_SNAPSHOT_RETENTION: { rule: rules.AUTOMATED_SNAPSHOT_RETENTION, holds: integer(1, 35) },
  BASE_CAPACITY: {
    rule: rules.BASE_CAPACITY,
    holds: (value) =>
      `${value} == 4 || (${value} >= 8 && ${value} <= 512 && ${value} % 8 == 0) || ` +
      `(${value} > 512 && ${value} <= 1024 && ${value} % 32 == 0)`,
  },
  CLUSTER_IDENTIFIER: {
    rule: rules.CLUSTER_IDENTIFIER,
    holds: (value) => `${matches("[a-z][a-z0-9-]{0,62}")(value)} && ${NO_HYPHENS(value)}`,
  },
  DATABASE_NAME: { rule: rules.DATABASE_NAME, holds: matches("[a-z][a-z0-9_$]{0,63}") },
  DELETION_WINDOW_IN_DAYS: { rule: rules.DELETION_WINDOW_IN_DAYS, holds: integer(7, 30) },
  GROUP_NAME: { rule: rules.GROUP_NAME, holds: matches("[a-z0-9.-]{1,255}") },
  KEY_ARN: {
    rule: rules.KEY_ARN,
    holds: matches(`arn:${PARTITION}:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9_-]+`),
  },
  LOG_EXPORT: { rule: rules.LOG_EXPORT, holds: isOneOf(rules.LOG_EXPORTS) },
  NAMESPACE_NAME: { rule: rules.NAMESPACE_NAME, holds: matches("[a-z0-9-]{3,64}") },
  NODE_TYPE: { rule: rules.NODE_TYPE, holds: isOneOf(Object.keys(rules.NODE_COUNTS)) },
  POSITIVE_INTEGER: { rule: rules.POSITIVE_INTEGER, holds: (value) => `${value} >= 1 && floor(${value}) == ${value}` },
  PERMISSION_SET_NAME: { rule: rules.PERMISSION_SET_NAME, holds: matches("[A-Za-z0-9_+=,.@-]{1,32}") },
  PORT: {
    rule: rules.PORT,
    holds: (value) => `(${integer(5431, 5455)(value)}) || (${integer(8191, 8215)(value)})`,
  },
  PRINCIPAL_ARN: {
    rule: rules.PRINCIPAL_ARN,
    holds: (value) =>
      `${matches(`arn:${PARTITION}:iam::[0-9]{12}:(root|(user|role)/${PATH}${NAME})`)(value)} && (${hasReservedPath(value)})`,
  },
  ROLE_ARN: {
    rule: rules.ROLE_ARN,
    holds: (value) => `${matches(ROLE)(value)} && (${hasReservedPath(value)})`,
  },
  ROLE_NAME: { rule: rules.ROLE_NAME, holds: matches(NAME) },
  ROLE_PATH: { rule: rules.ROLE_PATH, holds: matches(`/${PATH}`) },
  ROTATION_PERIOD_IN_DAYS: { rule: rules.ROTATION_PERIOD_IN_DAYS, holds: integer(90, 2560) },
  SECURITY_GROUP_ID: { rule: rules.SECURITY_GROUP_ID, holds: matches("sg-[0-9a-f]{8,17}") },
  SUBNET_ID: { rule: rules.SUBNET_ID, holds: matches("subnet-[0-9a-f]{8,17}") },
  TRUSTING_ROLE_ARN: {
    rule: rules.TRUSTING_ROLE_ARN,
    holds: (value) => `${matches(ROLE)(value)} && (${hasReservedPath(value)}) && !${isUnmodifiable(value)}`,
  },
  TRACK_NAME: { rule: rules.TRACK_NAME, holds: isOneOf(["current", "trailing"]) },
  VIA_SERVICE: {
    rule: rules.VIA_SERVICE,
    holds: matches("[a-z0-9-]+([.][a-z0-9-]+)?[.]amazonaws[.]com"),
  },
  WORKGROUP_NAME: { rule: rules.WORKGROUP_NAME, holds: matches("[a-z0-9-]{3,63}") },
} satisfies Record<string, Validation>;
