import { PARTITIONS } from "./partition";
import {
  follows,
  integer,
  type IntegerRange,
  matching,
  oneOf,
  oneOfOrNewer,
  type RefusedPattern,
  type Rule,
  text,
} from "./rule";

const PARTITION_PATTERN = "aws(?:-[a-z]+)*";

/** Returns the pattern of an ARN in any partition, by the pattern of the part after the partition. */
function arn(pattern: string): string {
  return `arn:${PARTITION_PATTERN}:${pattern}`;
}

// Account, Region, partition and tags.
export const ACCOUNT_ID = matching("be a 12-digit AWS account ID", String.raw`\d{12}`);
export const REGION = matching(
  "be an AWS region",
  String.raw`(eusc-[a-z]{2}|[a-z]{2}(-gov|-iso[a-z]?)?)-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d{1,2}`,
);
export const PARTITION: Rule = {
  ...matching("be an AWS partition", PARTITION_PATTERN),
  knownValues: ["aws", ...Object.values(PARTITIONS)],
};
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** Returns whether a text has only characters of tags. Terraform evaluates an expression, which cannot be checked here. */
function isTagText(text: unknown): boolean {
  return String(text).includes("${") || TAG_TEXT.test(String(text));
}
export const TAGS: Rule = {
  must:
    "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, " +
    "values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@",
  test: (value) => {
    const tags = typeof value === "object" && value !== null ? Object.entries(value) : undefined;
    return (
      tags !== undefined &&
      tags.length <= 50 &&
      // IAM treats keys that differ only in case as the same key.
      new Set(tags.map(([key]) => key.toLowerCase())).size === tags.length &&
      tags.every(
        ([key, text]) =>
          /^(?!aws:).{1,128}$/i.test(key) &&
          TAG_TEXT.test(key) &&
          typeof text === "string" &&
          text.length <= 256 &&
          isTagText(text),
      )
    );
  },
};

// IAM.
const ROLE_NAME_PATTERN = "[\\w+=,.@-]{1,64}";
// The characters that IAM allows in a path, without the wildcards * and ?, and without braces, which Terraform would evaluate.
const PATH_PATTERN = "([!-)+->@-z|~]{1,510}/)?";
/** The paths of roles that only AWS creates and changes. A policy must name such a role with its path. */
const RESERVED = "aws-(?:reserved|service-role)/";
/** Match the ARNs of roles that only AWS names, if their path is missing, which is a frequent mistake. */
const MISPLACED: readonly RefusedPattern[] = [
  { pattern: "^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSReservedSSO_", unless: ":role/aws-reserved/" },
  { pattern: "^arn:[^:]*:iam::[0-9]*:role/(.*/)?AWSServiceRoleFor", unless: ":role/aws-service-role/" },
];
export const ROLE_NAME = matching("be 1 to 64 letters, digits or any of _+=,.@-", ROLE_NAME_PATTERN);
export const ROLE_PATH = matching(
  "begin and end with /, have at most 512 characters, and none of *?{}",
  `/${PATH_PATTERN}`,
);
export const RESERVED_ROLE = new RegExp(`:role/${RESERVED}`);
export const ROLE_DESCRIPTION = matching(
  "be a string of at most 1000 characters of Latin-1",
  String.raw`[\t\n\r\x20-\x7e\xa1-\xff]{0,1000}`,
);
const SESSION_PATTERN = new RegExp(
  `^arn:(${PARTITION_PATTERN}):sts::(\\d{12}):assumed-role/(${ROLE_NAME_PATTERN})/.*$`,
);
const MISPLACED_ROLE = /^(arn:[^:]*:iam::\d{12}:role\/)(?!aws-)(?:.*\/)?(AWS(?:ReservedSSO_|ServiceRoleFor).*)$/;
/** Adds the missing path to the ARN of a role that only AWS creates; undefined for any other role. */
function withReservedPath(roleArn: string): string | undefined {
  const [, prefix, name] = MISPLACED_ROLE.exec(roleArn) ?? [];
  if (name === undefined) {
    return undefined;
  }
  // https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
  return name.startsWith("AWSReservedSSO_")
    ? `${prefix}aws-reserved/sso.amazonaws.com/${name} or ${prefix}aws-reserved/sso.amazonaws.com/REGION/${name}`
    : `${prefix}aws-service-role/SERVICE.amazonaws.com/${name}`;
}
/**
 * Returns a hint with the right ARN, for the ARN of a session, or of an AWS-created role without its path; undefined for any
 * other value.
 */
function roleHint(value: string): string | undefined {
  const [, partition, account, role] = SESSION_PATTERN.exec(value) ?? [];
  if (role === undefined) {
    const withPath = withReservedPath(value);
    return withPath && `this role has a path before its name: ${withPath}`;
  }
  const roleArn = `arn:${partition}:iam::${account}:role/${role}`;
  const withPath = withReservedPath(roleArn) ?? `${roleArn} (with the role's path before its name, if it has one)`;
  return `for this session give its role, ${withPath}`;
}
export const ROLE_ARN: Rule = {
  ...matching("be the ARN of an IAM role", arn(`iam::\\d{12}:role/${PATH_PATTERN}${ROLE_NAME_PATTERN}`), ...MISPLACED),
  hint: roleHint,
};
export const TRUSTING_ROLE_ARN: Rule = {
  ...matching(
    "be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/",
    arn(`iam::\\d{12}:role/${PATH_PATTERN}${ROLE_NAME_PATTERN}`),
    `:role/${RESERVED}`,
    ...MISPLACED,
  ),
  hint: (value) => (SESSION_PATTERN.test(value) ? roleHint(value) : undefined),
};
const PRINCIPAL_PARTS = new RegExp(
  `^arn:(?<partition>${PARTITION_PATTERN}):iam::(?<accountId>\\d{12}):` +
    `(root|user/${PATH_PATTERN}(?<userName>${ROLE_NAME_PATTERN})|role/${PATH_PATTERN}(?<roleName>${ROLE_NAME_PATTERN}))$`,
);
/** Returns the named parts of a principal's ARN; undefined if the string is no such ARN. */
export function principalParts(arn: string): Record<string, string | undefined> | undefined {
  return follows(arn, PRINCIPAL_ARN) ? PRINCIPAL_PARTS.exec(arn)?.groups : undefined;
}
export const PRINCIPAL_ARN: Rule = {
  ...matching(
    "be the ARN of an IAM role, an IAM user or an account root",
    arn(`iam::\\d{12}:(root|(user|role)/${PATH_PATTERN}${ROLE_NAME_PATTERN})`),
    ...MISPLACED,
  ),
  hint: (value, partition) => {
    if (follows(value, ACCOUNT_ID)) {
      return `for this account give its root, arn:${partition}:iam::${value}:root`;
    }
    return roleHint(value);
  },
};
export const PERMISSION_SET_NAME = matching(
  "be the name of a permission set: 1 to 32 letters, digits or any of _+=,.@-",
  String.raw`[\w+=,.@-]{1,32}`,
);
export const POLICY_ARN = matching(
  "be the ARN of an IAM policy",
  arn(String.raw`iam::(aws|\d{12}):policy/[\x21-\x7e]+`),
);
export const OIDC_PROVIDER_ARN: Rule = {
  // Issuers such as Microsoft Entra ID and Auth0 end with a slash, which the ARN and the condition keys keep.
  ...matching(
    "be the ARN of an OIDC identity provider, arn:PARTITION:iam::ACCOUNT:oidc-provider/URL-WITHOUT-SCHEME",
    arn(String.raw`iam::\d{12}:oidc-provider/[A-Za-z0-9.-]+(/[\w.~%+-]+)*/?`),
  ),
  maxLength: 300,
};
export const SAML_PROVIDER_ARN = matching(
  "be the ARN of a SAML identity provider, arn:PARTITION:iam::ACCOUNT:saml-provider/NAME",
  arn(String.raw`iam::\d{12}:saml-provider/[\w.-]{1,128}`),
);
export const OIDC_AUDIENCE = matching(
  "be 1 to 255 characters without spaces and without any of $*?",
  String.raw`[!-#%-)+->@-~]{1,255}`,
);
/** In a subject with wildcards, the first two parts must have none. A rule of the review requires the same. */
export const OIDC_SUBJECT = matching(
  "be 1 to 255 characters without spaces and $, and with two whole parts before a wildcard, such as repo:OWNER/* or " +
    "system:serviceaccount:*",
  "[!-#%-~]{1,255}",
  { pattern: "[*?]", unless: "^[^*?:/]+[:/][^*?:/]+[:/]" },
);
export const SAML_AUDIENCE = matching(
  "be a sign-in URL such as https://signin.aws.amazon.com/saml",
  String.raw`https://[a-z0-9.-]+/[\w/.-]+`,
);
export const SAML_SUBJECT = matching(
  "be 1 to 255 characters without spaces and $, and not only wildcards",
  "[!-#%-~]{1,255}",
  "^[*?]+$",
);
export const SESSION_TAG = matching(
  "be the key of a tag: 1 to 128 letters, digits, spaces or any of _.:/=+-@, and not begin with aws:",
  String.raw`[\w .:/=+@-]{1,128}`,
  "^[aA][wW][sS]:",
);
export const SERVICE_PRINCIPAL = matching(
  "be an AWS service principal such as lambda.amazonaws.com",
  String.raw`[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?`,
);
export const EXTERNAL_ID: Rule = {
  ...matching("be 2 to 1224 letters, digits or any of _+=,.@:/-", String.raw`[\w+=,.@:/-]+`),
  maxLength: 1224,
  minLength: 2,
};
// A name may have only characters that a tag value allows, and no colon, because a colon separates the names in the tag.
export const DATABASE_GROUP = matching(
  "be 1 to 127 lowercase letters, digits or any of _+.@-, beginning with a letter",
  "[a-z][a-z0-9_+.@-]{0,126}",
);
export const DATABASE_ROLE = matching(
  "be 1 to 127 letters, digits or any of _+=.@/-, beginning with a letter or an underscore",
  String.raw`[A-Za-z_][\w+=.@/-]{0,126}`,
);
export const SESSION_NAME = matching("be 2 to 64 letters, digits or any of _+=,.@-", String.raw`[\w+=,.@-]{2,64}`);
export const TRUSTED_SESSION_NAME = matching(
  "be 2 to 64 letters, digits or any of _+=,.@-, or ${aws:username}",
  String.raw`([\w+=,.@-]{2,64}|\$\{aws:username\})`,
);
export const SOURCE_IDENTITY = matching(
  "be 2 to 64 letters, digits or any of _+=,.@-, with * and ? as wildcards, or * alone",
  String.raw`(\*|[\w+=,.@*?-]{2,64})`,
);
export const TRUSTED_SOURCE_IDENTITY = matching(
  "be 2 to 64 letters, digits or any of _+=,.@-, with * and ? as wildcards, or * alone, or ${aws:username}",
  String.raw`(\*|[\w+=,.@*?-]{2,64}|\$\{aws:username\})`,
);
export const MAX_SESSION_DURATION = integer(3600, 43200);

// KMS.
export const ALIAS = matching(
  "be alias/ and 1 to 250 letters, digits or any of /_-, and not begin with alias/aws/",
  String.raw`alias/[\w/-]{1,250}`,
  "^alias/aws/",
);
export const KEY_ARN = matching(
  "be the ARN of a KMS key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an alias and not a key ID",
  arn(String.raw`kms:[a-z0-9-]+:\d{12}:key/[\w-]+`),
);
export const KEY_DESCRIPTION = text(0, 8192);
export const ROTATION_PERIOD_IN_DAYS = integer(90, 2560);
/** The rotation period in days that KMS uses if a key gives none. */
export const DEFAULT_ROTATION_PERIOD_IN_DAYS = 365;
export const DELETION_WINDOW_IN_DAYS = integer(7, 30);
export const EFFECT = oneOf(["Allow", "Deny"]);
export const VIA_SERVICE = matching(
  "be a kms:ViaService name such as redshift.us-east-1.amazonaws.com",
  String.raw`[a-z0-9-]+(\.[a-z0-9-]+)?\.amazonaws\.com`,
);
export const GRANT_NAME = matching("be 1 to 256 letters, digits or any of :/_-", String.raw`[\w:/-]{1,256}`);
export const GRANT_OPERATION = oneOfOrNewer(
  [
    "CreateGrant",
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "RetireGrant",
  ],
  "[A-Z][A-Za-z]+",
  // Grant operations of asymmetric and HMAC keys. A warehouse needs a symmetric encryption key.
  "^(DeriveSharedSecret|GenerateMac|GetPublicKey|Sign|Verify|VerifyMac)$",
);

// Values that clusters and serverless warehouses have in common.
/** https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html */
const RESERVED_WORDS = [
  "aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary",
  "blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross",
  "current_date current_time current_timestamp current_user current_user_id default deferrable deflate defrag",
  "delta delta32k desc disable distinct do else emptyasnull enable encode encrypt encryption end except explicit",
  "false for foreign freeze from full globaldict256 globaldict64k grant group gzip having identity ignore ilike",
  "in initially inner intersect interval into is isnull join leading left like limit localtime localtimestamp lun",
  "luns lzo lzop minus mostly16 mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on",
  "only open or order outer overlaps parallel partition percent permissions pivot placing primary raw readratio",
  "recover references rejectlog resort respect restore right select session_user similar snapshot some sysdate",
  "system table tag tdes text255 text32k then timestamp to top trailing true truncatecolumns union unique unnest",
  "unpivot user using verbose wallet when where with without",
]
  .join(" ")
  .split(" ");
const RESERVED_WORD = `^(${RESERVED_WORDS.join("|")})$`;
const NOT_RESERVED = "and not be a reserved word of Redshift";
export const DATABASE_NAME = matching(
  "be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter",
  "[a-z][a-z0-9_$]{0,63}",
);
/** The database that AWS creates. SQL can create another database with a reserved word as its name, in quotation marks. */
export const FIRST_DATABASE_NAME: Rule = {
  ...DATABASE_NAME,
  must: `${DATABASE_NAME.must}, ${NOT_RESERVED}`,
  refused: [{ pattern: RESERVED_WORD }],
};
export const ADMIN_USERNAME = matching(
  "be 1 to 128 lowercase letters, digits or any of _+.@-, beginning with a letter, and not be PUBLIC or a reserved word of Redshift",
  "[a-z][a-z0-9_+.@-]{0,127}",
  "^public$",
  RESERVED_WORD,
);
export const PORT: Rule = {
  must: "be a port from 5431 to 5455 or from 8191 to 8215",
  ranges: [
    { max: 5455, min: 5431 },
    { max: 8215, min: 8191 },
  ],
};
export const SUBNET_ID = matching("be a subnet ID such as subnet-0123456789abcdef0", "subnet-[0-9a-f]{8,17}");
export const SECURITY_GROUP_ID = matching("be a security group ID such as sg-0123456789abcdef0", "sg-[0-9a-f]{8,17}");
export const VPC_ID = matching("be a VPC ID such as vpc-0123456789abcdef0", "vpc-[0-9a-f]{8,17}");
export const LOG_EXPORTS = ["connectionlog", "useractivitylog", "userlog"];
export const LOG_EXPORT = oneOfOrNewer(LOG_EXPORTS, "[a-z]+");
export const BOOLEAN: Rule = { must: "be true or false", values: [true, false] };
export const POSITIVE_INTEGER: Rule = { must: "be an integer of 1 or more", ranges: [{ min: 1 }] };

// Clusters.
/** Returns the rule of a name of letters, digits and single hyphens. */
function hyphenated(most: number, kind = "lowercase letters", letters = "a-z"): Rule {
  return matching(
    `be 1 to ${most} ${kind}, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row`,
    `[${letters}][${letters}0-9-]{0,${most - 1}}`,
    "--",
    "-$",
  );
}
export const CLUSTER_IDENTIFIER = hyphenated(63);
export const GROUP_NAME = matching("be 1 to 255 lowercase letters, digits, hyphens or dots", "[a-z0-9.-]{1,255}");
export const PARAMETER_GROUP_NAME = hyphenated(255);
export const FINAL_SNAPSHOT_IDENTIFIER = hyphenated(255, "letters", "A-Za-z");
export const SNAPSHOT_IDENTIFIER = matching(
  "be the identifier of a snapshot, with rs: before it if the snapshot is automated",
  "(rs:)?[A-Za-z][A-Za-z0-9-]{0,254}",
);
/** The most IAM roles of a cluster: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html */
export const MAX_IAM_ROLES = 50;
/**
 * The most subnets of a request for a subnet group:
 * https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterSubnetGroup.html
 */
export const MAX_SUBNETS = 20;
/** The fewest and most nodes of a cluster, by node type. A resize may reach the most. */
export const NODE_COUNTS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  "ra3.large": [1, 16],
  "ra3.xlplus": [1, 32],
  "ra3.4xlarge": [2, 64],
  "ra3.16xlarge": [2, 128],
  "rg.large": [1, 16],
  "rg.xlarge": [2, 32],
  "rg.4xlarge": [2, 64],
  "rg.12xlarge": [2, 128],
};
export const NODE_TYPE = oneOfOrNewer(Object.keys(NODE_COUNTS), String.raw`[a-z0-9]{2,20}\.[a-z0-9]{2,20}`, "^d[cs]");
export const AUTOMATED_SNAPSHOT_RETENTION = integer(1, 35);
export const MANUAL_SNAPSHOT_RETENTION: Rule = {
  must: "be -1 (kept for ever) or an integer from 1 to 3653",
  ranges: [
    { max: -1, min: -1 },
    { max: 3653, min: 1 },
  ],
};
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const MAINTENANCE_WINDOW: Rule = {
  must: "be ddd:hh:mm-ddd:hh:mm in UTC, lowercase and at least 30 minutes long, such as sun:03:00-sun:04:00",
  test: (value) => {
    const time = `(${DAYS.join("|")}):([01]\\d|2[0-3]):([0-5]\\d)`;
    const parts = new RegExp(`^${time}-${time}$`).exec(String(value));
    if (!parts) {
      return false;
    }
    const minute = (at: number): number =>
      (DAYS.indexOf(parts[at]!) * 24 + Number(parts[at + 1])) * 60 + Number(parts[at + 2]);
    const week = 7 * 24 * 60;
    return (minute(4) - minute(1) + week) % week >= 30;
  },
};
export const PARAMETER_VALUE = text(1, 32768);
export const BOOLEAN_PARAMETER = oneOf(["true", "false"]);
/** Returns the rule of a parameter whose value is an integer in one of the ranges. */
export function integerParameter(must: string, ...ranges: readonly IntegerRange[]): Rule {
  return { must, test: (value) => /^-?\d+$/.test(String(value)) && follows(Number(value), { must, ranges }) };
}
/**
 * The parameters of clusters, besides those that are always on, with the rules of their values:
 * https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeDefaultClusterParameters.html
 */
export const CLUSTER_PARAMETERS: Readonly<Record<string, Rule>> = {
  auto_analyze: BOOLEAN_PARAMETER,
  auto_mv: BOOLEAN_PARAMETER,
  datestyle: PARAMETER_VALUE,
  enable_case_sensitive_identifier: BOOLEAN_PARAMETER,
  extra_float_digits: integerParameter("be an integer from -15 to 2", { max: 2, min: -15 }),
  max_concurrency_scaling_clusters: integerParameter("be an integer of 0 or more", { min: 0 }),
  max_cursor_result_set_size: PARAMETER_VALUE,
  query_group: PARAMETER_VALUE,
  search_path: PARAMETER_VALUE,
  statement_timeout: integerParameter(
    "be milliseconds from 100 to 2147483647, or 0 for no limit",
    { max: 0, min: 0 },
    { max: 2_147_483_647, min: 100 },
  ),
  use_fips_ssl: BOOLEAN_PARAMETER,
  wlm_json_configuration: { must: "be a JSON list of at most 8000 characters", maxLength: 8000, test: isJsonList },
};
function isJsonList(value: unknown): boolean {
  try {
    return Array.isArray(JSON.parse(String(value)));
  } catch {
    return false;
  }
}
export const PARAMETER_NAME = matching("be a parameter name of lowercase letters and underscores", "[a-z_]+");
export const BUCKET_NAME = matching(
  "be the name of an S3 bucket",
  "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
  String.raw`\.\.`,
);
export const S3_KEY_PREFIX: Rule = {
  ...text(1, 256),
  must: "be 1 to 256 letters, digits, spaces or any of _.:/=+-@",
  test: isTagText,
};
const SERVERLESS_SNAPSHOT = String.raw`redshift-serverless:[a-z0-9-]+:\d{12}:snapshot[/:][0-9a-f-]{36}`;
const CLUSTER_SNAPSHOT = String.raw`redshift:[a-z0-9-]+:\d{12}:snapshot:[a-z][a-z0-9-]*/[A-Za-z][\w:-]*`;
export const SNAPSHOT_ARN = matching(
  "be the ARN of a snapshot of a cluster or of a serverless namespace",
  arn(`(${CLUSTER_SNAPSHOT}|${SERVERLESS_SNAPSHOT})`),
);

// Serverless warehouses.
export const NAMESPACE_NAME = matching(
  `be 3 to 64 lowercase letters, digits or hyphens, ${NOT_RESERVED}`,
  "[a-z0-9-]{3,64}",
  RESERVED_WORD,
);
// The Data API accepts a workgroup's name of at most 63 characters, though the service allows 64.
export const WORKGROUP_NAME = matching("be 3 to 63 lowercase letters, digits or hyphens", "[a-z0-9-]{3,63}");
export const BASE_CAPACITY: Rule = {
  must: "be 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024",
  ranges: [
    { max: 4, min: 4 },
    { max: 512, min: 8, step: 8 },
    { max: 1024, min: 544, step: 32 },
  ],
};
export const PRICE_PERFORMANCE_LEVEL = oneOf([1, 25, 50, 75, 100]);
/** The price-performance level that AWS sets for a workgroup without a base capacity. */
export const DEFAULT_PRICE_PERFORMANCE_LEVEL = 50;
export const TRACK_NAME = oneOfOrNewer(["current", "trailing"], "[a-zA-Z0-9_]{1,256}");

// Database users, roles and privileges, and secrets.
export const DATABASE_USER = matching(
  "be 1 to 63 letters, digits or any of _+.@-, beginning with a letter or an underscore",
  String.raw`[A-Za-z_][\w+.@-]{0,62}`,
);
/**
 * Without capital letters, because Redshift changes them to lowercase in a quoted name, unless the database is case-sensitive.
 */
export const DATABASE_IDENTIFIER = matching(
  "be a name of 1 to 127 characters, without capital letters, which Redshift changes to lowercase, and without control characters",
  String.raw`[^A-Z\x00-\x1f\x7f-\x9f]{1,127}`,
);
export const CUSTOM_DATABASE_ROLE: Rule = {
  ...DATABASE_IDENTIFIER,
  must: `${DATABASE_IDENTIFIER.must}, and not begin with sys:, as the roles of Redshift do`,
  refused: [{ pattern: "^sys:" }],
};
export const EXISTING_DATABASE_USER = matching(
  "be a name of 1 to 127 characters, without control characters, and not be public",
  String.raw`[^\x00-\x1f\x7f-\x9f]{1,127}`,
  "^[Pp][Uu][Bb][Ll][Ii][Cc]$",
);
export const DATABASE_PRIVILEGE = oneOf(["ALTER", "CREATE", "TEMP", "USAGE"]);
export const SCHEMA_PRIVILEGE = oneOf(["ALTER", "CREATE", "USAGE"]);
export const TABLE_PRIVILEGE = oneOf(["DELETE", "DROP", "INSERT", "REFERENCES", "SELECT", "UPDATE"]);
export const POLICY_NAME = matching("be 1 to 128 letters, digits or any of _+=,.@-", String.raw`[\w+=,.@-]{1,128}`);
/** IAM compares the whole ARN with a policy, so that a policy with an ARN that lacks the end allows nothing. */
export const SECRET_ARN = matching(
  "be the whole ARN of a Secrets Manager secret, with the hyphen and the six letters or digits at its end",
  arn(String.raw`secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+-[A-Za-z0-9]{6}`),
);

// Add-ons of warehouses.
const WORDS = "[a-z]+(-[a-z]+)*";
export const USAGE_LIMIT_PERIOD = oneOfOrNewer(["daily", "weekly", "monthly"], WORDS);
export const CLUSTER_FEATURE = oneOfOrNewer(
  ["concurrency-scaling", "cross-region-datasharing", "spectrum"],
  WORDS,
  "^serverless-compute$",
);
export const CLUSTER_BREACH_ACTION = oneOfOrNewer(["log", "emit-metric", "disable"], WORDS, "^deactivate$");
export const SERVERLESS_FEATURE = oneOfOrNewer(
  ["serverless-compute", "cross-region-datasharing"],
  WORDS,
  "^(concurrency-scaling|spectrum)$",
);
export const SERVERLESS_BREACH_ACTION = oneOfOrNewer(["log", "emit-metric", "deactivate"], WORDS, "^disable$");
export const USAGE_LIMIT_TYPE = oneOfOrNewer(["time", "data-scanned"], WORDS);
const DAYS_OF_WEEK = "SUN|MON|TUE|WED|THU|FRI|SAT";
/** The fields of a cron expression: the name, the smallest and the largest number, and the names of numbers. */
const CRON_FIELDS: readonly (readonly [name: string, min: number, max: number, names?: string])[] = [
  ["minutes", 0, 59],
  ["hours", 0, 23],
  ["days of the month", 1, 31, "L|W|LW"],
  ["months", 1, 12, "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"],
  ["days of the week", 1, 7, `L|${DAYS_OF_WEEK}`],
  ["years", 1970, 2199],
];
/** Returns the numbers that a wrong field of a cron expression may have; undefined if no field is wrong. */
function cronHint(expression: string, count = CRON_FIELDS.length): string | undefined {
  const [, text = ""] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const fields = text.split(" ");
  const wrong = CRON_FIELDS.slice(0, count).find(([, min, max, names = ""], index) => {
    const isRight = (part: string) =>
      new RegExp(`^(\\W*|${names})$`).test(part) || (Number.parseInt(part) >= min && Number.parseInt(part) <= max);
    // The number after / is a step, and that after # counts the weeks of a month.
    return fields[index]?.split(/[/#]\d+|[,-]/).every(isRight) === false;
  });
  return wrong && `${wrong[0]} are ${wrong[1]} to ${wrong[2]}`;
}
/** Returns whether the hours or days of the week of a cron expression, such as `4/6`, include a number. `*` begins with `least`. */
export function cronIncludes(field: string, value: number, least = 0): boolean {
  const numbers = field.replace(new RegExp(DAYS_OF_WEEK, "g"), (day) =>
    String(DAYS_OF_WEEK.split("|").indexOf(day) + 1),
  );
  return numbers.split(",").some((part) => {
    const [range = "", step] = part.split("/");
    const [first = 0, last = step === undefined ? first : 23] =
      range === "*" ? [least, 23] : range.split("-").map(Number);
    return value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
  });
}
/**
 * https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html: cron has one minute, because snapshots are an hour
 * apart.
 */
export const SNAPSHOT_SCHEDULE: Rule = {
  ...matching(
    "be rate(1 hour), rate(N hours) of 2 to 24, or cron(MINUTE HOURS DAYS-OF-WEEK)",
    String.raw`(rate\((1 hour|([2-9]|1\d|2[0-4]) hours)\)|cron\([0-5]?\d [\d,*/-]+ [\dA-Z,*/#?-]+\))`,
  ),
  hint: (value) => cronHint(value, 2),
  test: (value) => cronHint(String(value), 2) === undefined,
};
export const SCHEDULE_IDENTIFIER = matching("be 1 to 255 letters, digits or hyphens", "[A-Za-z0-9-]{1,255}");
export const SCHEDULE_DESCRIPTION = text(1, 255);
export const CLUSTER_ACTION = oneOf(["pause", "resume", "resize"]);
export const ACTION_NAME = hyphenated(63);
/** Returns whether a time of the form YYYY-MM-DDThh:mm:ss exists, which 30 February does not. */
function timeExists(text: string): boolean {
  const time = new Date(`${text}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
/** Returns whether the time of a schedule exists. A schedule other than `at` has no time. */
function timeOfScheduleExists(value: unknown): boolean {
  const [, time] = /^at\((.*)\)$/.exec(String(value)) ?? [];
  return time === undefined || timeExists(time);
}
/** The check of the times of a schedule: the time of `at` exists, and so do the numbers of `cron`. */
const SCHEDULE_EXISTS = {
  hint: (value: string) => cronHint(value),
  test: (value: unknown) => timeOfScheduleExists(value) && cronHint(String(value)) === undefined,
};
const ONE_KIND_OF_DAYS = "with ? as the days of the month or as the days of the week";
const DAYS_AND_MONTHS = String.raw`(\? [\dA-Z,*/-]+ [\dA-Z,*/#-]+|[\dLW,*/-]+ [\dA-Z,*/-]+ \?)`;
export const ACTION_SCHEDULE: Rule = {
  ...matching(
    "be at(YYYY-MM-DDThh:mm:ss) with a time that exists, or cron(MINUTE HOURS DAYS-OF-MONTH MONTHS DAYS-OF-WEEK YEARS) " +
      ONE_KIND_OF_DAYS,
    String.raw`(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\([0-5]?\d [\d,*/-]+ ${DAYS_AND_MONTHS} [\d,*/-]+\))`,
  ),
  ...SCHEDULE_EXISTS,
};
export const UTC_TIME: Rule = {
  ...matching(
    "be a time in UTC that exists, such as 2026-12-01T00:00:00Z",
    String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ`,
  ),
  test: (value) => timeExists(String(value).slice(0, -1)),
};
/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export const SCHEDULE_NAME = matching("be 1 to 64 letters, digits or any of _.-", String.raw`[\w.-]{1,64}`);
/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html: each account has the group `default`. */
export const SCHEDULE_GROUP_NAME = matching(
  "be 1 to 64 letters, digits or any of _.-, and not be default, the group of AWS",
  String.raw`[\w.-]{1,64}`,
  "^default$",
);
export const SCHEDULE_GROUP_ARN = matching(
  "be the ARN of a schedule group, arn:PARTITION:scheduler:REGION:ACCOUNT:schedule-group/NAME",
  arn(String.raw`scheduler:[a-z0-9-]+:\d{12}:schedule-group/[\w.-]{1,64}`),
);
/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export const SCHEDULE_EXPRESSION: Rule = {
  ...matching(
    "be rate(N minutes), rate(N hours), rate(N days), at(YYYY-MM-DDThh:mm:ss) with a time that exists, or " +
      `cron(MINUTES HOURS DAYS-OF-MONTH MONTHS DAYS-OF-WEEK YEARS) ${ONE_KIND_OF_DAYS}`,
    String.raw`(rate\([1-9]\d* (minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|` +
      String.raw`cron\([\d,*/-]+ [\d,*/-]+ ${DAYS_AND_MONTHS} [\d,*/-]+\))`,
  ),
  maxLength: 256,
  ...SCHEDULE_EXISTS,
};
export const TIME_ZONE: Rule = {
  ...matching(
    "be a time zone of the IANA database, such as Europe/Berlin",
    String.raw`[A-Za-z][\w+-]*(/[A-Za-z][\w+-]*){0,2}`,
  ),
  maxLength: 50,
};
export const QUERY_DESCRIPTION = text(1, 512);
export const WINDOW_IN_MINUTES = integer(1, 1440);
export const EVENT_AGE_IN_SECONDS = integer(60, 86_400);
export const RETRY_ATTEMPTS = integer(0, 185);
/** The largest statement of the Data API, 100 KB: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
const MAX_SQL_BYTES = 102_400;
export const SQL: Rule = {
  must: `be an SQL statement of 1 to ${MAX_SQL_BYTES} bytes`,
  test: (value) => typeof value === "string" && value.trim() !== "" && Buffer.byteLength(value) <= MAX_SQL_BYTES,
};
/**
 * The most statements of one request:
 * https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
 */
export const MAX_BATCH_STATEMENTS = 40;
export const STATEMENT_NAME = text(1, 2048);
export const QUEUE_NAME = matching("be 1 to 80 letters, digits, hyphens or underscores", String.raw`[\w-]{1,80}`);
export const LOG_GROUP_PREFIX = matching(
  "be /aws/redshift/cluster/IDENTIFIER or /aws/redshift/NAMESPACE",
  "/aws/redshift/(cluster/)?[a-z0-9-]{1,64}",
);
export const LOG_RETENTION = oneOf([
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
export const TOPIC_NAME = matching("be 1 to 256 letters, digits, hyphens or underscores", String.raw`[\w-]{1,256}`);
export const TOPIC_ARN = matching("be the ARN of an SNS topic", arn(String.raw`sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}`));
export const RULE_ARN = matching(
  "be the ARN of an EventBridge rule",
  arn(String.raw`events:[a-z0-9-]+:\d{12}:rule/[\w./-]+`),
);
export const EMAIL = matching("be an e-mail address", String.raw`[^\s@]+@[^\s@][^\s@.]*\.[^\s@]+`);
export const ALARM_NAME_PREFIX = matching("be 1 to 200 letters, digits or any of _.-", String.raw`[\w.-]{1,200}`);
export const RULE_NAME_PREFIX = matching("be 1 to 45 letters, digits or any of _.-", String.raw`[\w.-]{1,45}`);
export const PERCENTAGE = integer(1, 100);
export const ENDPOINT_NAME = hyphenated(30);
export const INTEGRATION_SOURCE_ARN: Rule = {
  ...matching("be the ARN of an integration's source", arn(String.raw`[a-z0-9-]+:[a-z0-9-]*:\d{12}:[\w/:.+=@-]+`)),
  hint: (value) => (value.includes("*") ? "name every source, without wildcards" : undefined),
};
export const INTEGRATION_NAME: Rule = {
  ...matching(
    "be 1 to 63 letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row",
    "[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*",
  ),
  maxLength: 63,
};
export const INTEGRATION_DESCRIPTION = text(1, 1000);
const DYNAMODB_TABLE = String.raw`dynamodb:[a-z0-9-]+:\d{12}:table/[\w.-]{3,255}`;
const DATABASE = String.raw`rds:[a-z0-9-]+:\d{12}:(cluster|db):[a-z][a-z0-9-]{0,62}`;
export const ZERO_ETL_SOURCE_ARN = matching(
  "be the ARN of a DynamoDB table, an Aurora cluster or an RDS database",
  arn(`(${DYNAMODB_TABLE}|${DATABASE})`),
);
export const DATA_FILTER: Rule = {
  ...matching('be 1 to 25,600 letters, digits, spaces or any of _"\\-$,*.:?+/', String.raw`[\w "\\$,*.:?+/-]+`),
  maxLength: 25_600,
};
/** At most 6 pairs: the encryption context of a grant has at most 8, and Redshift and RDS add two. */
export const ADDITIONAL_ENCRYPTION_CONTEXT: Rule = {
  must: "have 1 to 6 pairs, each a key and a value that are not empty",
  test: (value) => {
    const pairs = typeof value === "object" && value !== null ? Object.entries(value).flat() : [];
    return pairs.length >= 2 && pairs.length <= 12 && pairs.every((part) => typeof part === "string" && part !== "");
  },
};
export const SERVERLESS_SNAPSHOT_ARN: Rule = {
  ...matching("be the ARN of a snapshot of a serverless namespace", arn(SERVERLESS_SNAPSHOT)),
  hint: (value) => (value.includes(":namespace") ? "name the ARN of a snapshot, not of its namespace" : undefined),
};
export const EVENT_CATEGORIES = ["configuration", "management", "monitoring", "pending", "security"];
export const EVENT_CATEGORY = oneOfOrNewer(EVENT_CATEGORIES, "[a-z]+");
export const EVENT_SEVERITY = oneOfOrNewer(["ERROR", "INFO"], "[A-Z]+");
export const SUBSCRIPTION_NAME = FINAL_SNAPSHOT_IDENTIFIER;
export const VPC_ENDPOINT_SERVICE = matching(
  "be the name of a VPC endpoint service of the Data API, such as com.amazonaws.us-east-1.redshift-data",
  String.raw`[a-z0-9-]+(\.[a-z0-9-]+)+\.redshift-data(-fips)?`,
);
export const ROTATION_DAYS = integer(1, 1000);
export const ROTATION_DURATION = matching("be 1h to 24h", String.raw`([1-9]|1\d|2[0-4])h`);
export const ROTATION_SCHEDULE: Rule = {
  ...matching(
    "be rate(N days), rate(N hours) of 4 or more, or cron(0 HOURS DAYS-OF-MONTH MONTHS DAYS-OF-WEEK *)",
    String.raw`(rate\(([1-9]\d{0,2} days?|([4-9]|[1-9]\d{1,2}) hours)\)|cron\(0 [\d,*/-]+ [\dLW,*/?-]+ [\dA-Z,*/-]+ [\dA-Z,*/?#-]+ \*\))`,
  ),
  ...SCHEDULE_EXISTS,
};
export const CERTIFICATE_ARN = matching(
  "be the ARN of an ACM certificate",
  arn(String.raw`acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+`),
);
export const DOMAIN_NAME: Rule = {
  ...matching(
    "be a domain name such as warehouse.example.com",
    String.raw`([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}`,
  ),
  maxLength: 253,
};
export const DATASHARE_NAME = matching(
  "be 1 to 127 letters, digits or any of _$-, beginning with a letter or an underscore",
  String.raw`[A-Za-z_][\w$-]{0,126}`,
);
export const DATASHARE_ARN = matching(
  "be the ARN of a datashare, arn:PARTITION:redshift:REGION:ACCOUNT:datashare:NAMESPACE/NAME",
  arn(String.raw`redshift:[a-z0-9-]+:\d{12}:datashare:[0-9a-f-]{36}/[A-Za-z_][\w$-]{0,126}`),
);
export const DATASHARE_CONSUMER = matching(
  "be an account of 12 digits, DataCatalog/ACCOUNT or ADX",
  String.raw`((DataCatalog/)?\d{12}|ADX)`,
);

// ARNs of encryption contexts.
export const CLUSTER_ARN: Rule = {
  ...matching(
    "be the ARN of a Redshift cluster, arn:PARTITION:redshift:REGION:ACCOUNT:cluster:IDENTIFIER",
    arn(String.raw`redshift:[a-z0-9-]+:\d{12}:cluster:[a-z][a-z0-9-]{0,62}`),
  ),
  hint: (value) =>
    value.includes(":redshift-serverless:") ? "for the ARN of a namespace, use forNamespace" : undefined,
};
// The service returns namespace/UUID, and the Data API page shows namespace:UUID. Both are accepted, and neither is changed.
export const NAMESPACE_ARN: Rule = {
  ...matching(
    "be the ARN of a Redshift Serverless namespace, arn:PARTITION:redshift-serverless:REGION:ACCOUNT:namespace/ID",
    arn(String.raw`redshift-serverless:[a-z0-9-]+:\d{12}:namespace[/:][0-9a-f-]{36}`),
  ),
  hint: (value) =>
    /:workgroup[/:]/.test(value)
      ? "the encryption context has the ARN of the namespace, not of the workgroup"
      : value.includes(":cluster:")
        ? "for the ARN of a cluster, use forCluster"
        : undefined,
};

// Existing warehouses.
export const CLUSTER_NAMESPACE_ARN = matching(
  "be the ARN of a cluster's namespace, arn:PARTITION:redshift:REGION:ACCOUNT:namespace:ID",
  arn(String.raw`redshift:[a-z0-9-]+:\d{12}:namespace:[0-9a-f-]{36}`),
);
export const WORKGROUP_ARN = matching(
  "be the ARN of a workgroup, arn:PARTITION:redshift-serverless:REGION:ACCOUNT:workgroup/ID",
  arn(String.raw`redshift-serverless:[a-z0-9-]+:\d{12}:workgroup/[0-9a-f-]{36}`),
);
export const ENDPOINT_ADDRESS = matching(
  "be a host name without a port, such as analytics.abc123xyz789.us-east-1.redshift.amazonaws.com",
  String.raw`[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`,
);
export const HOSTNAME = matching(
  "be a host name such as app.terraform.io",
  String.raw`[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?`,
);
/**
 * https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html: clusters of older node types may have any of
 * these ports.
 */
export const EXISTING_PORT = integer(1150, 65_535);
