import { checkIdentities, identities, type Identity } from "../iam/identity";
import { check, checkKnownList, checkObject, fail, isPlain, type Where } from "../private/checks";
import { checkProps, code, decision, list, propRules, type PropRules, required, text } from "../private/prop-rules";
import type { Partition } from "../private/resource-props";
import { ACCOUNT_ID, EFFECT, PARTITION, VIA_SERVICE } from "../private/rules";
import { canonical, knownBytes, policyJson, type PolicyStatement } from "../private/statement";
import type { IDataApiKey } from "./key";

/** The actions that every principal of the account gets, but only in requests through Redshift. */
const REDSHIFT_ACTIONS = ["kms:DescribeKey", "kms:CreateGrant"] as const;
/** The actions of an administrator of the key. */
const ADMINISTRATOR_ACTIONS = "kms:*";
/** The actions of a user of the key. */
const USER_ACTIONS = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncrypt*",
  "kms:GenerateDataKey*",
  "kms:DescribeKey",
] as const;
/** The actions by which a deployer creates, restores and changes a warehouse and its managed admin secret. */
const DEPLOYER_ACTIONS = [
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:RetireGrant",
] as const;
/** The size of the largest key policy that KMS accepts, in bytes. */
export const MAX_POLICY_BYTES = 32768;

const REDSHIFT_SID = "Allow access to principals authorized to use Amazon Redshift";
const ADMINISTRATOR_SID = "AllowKeyAdministratorsAccess";
const USER_SID = "AllowKeyUseForExampleRole";
const DEPLOYER_SID = "AllowDeployers";
const DEPLOYER_GRANTS_SID = "AllowDeployersGrantsForAwsServices";
/** The Sids that the statements for Redshift and for principals have. */
const SIDS = [REDSHIFT_SID, ADMINISTRATOR_SID, USER_SID, DEPLOYER_SID, DEPLOYER_GRANTS_SID];

/** The inputs of the statements that the owner of a key must add to the key policy. */
export interface RequiredStatementsProps {
  /** The account whose principals may use the key through Redshift: 12 digits. */
  readonly accountId: string;
  /**
   * The IAM principals that create, restore and change warehouses under the key. An administrator or a user of the key
   * needs no entry here.
   *
   * @default - nobody: the statements for deployers are left out
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-kms-customer-managed-key.html
   */
  readonly deployers?: readonly Identity[] | undefined;
  /**
   * The key's partition. Principals of another partition are refused, as in KMS.
   *
   * @default "aws"
   */
  readonly partition?: Partition | undefined;
  /**
   * The IAM principals that use the Data API with this key.
   *
   * @default - nobody: the statement for users is left out
   */
  readonly users?: readonly Identity[] | undefined;
  /** The values of `kms:ViaService` that count as Redshift: at least one. */
  readonly viaServices: readonly string[];
}

/** The inputs of a key policy. */
export interface DataApiKeyPolicyProps extends RequiredStatementsProps {
  /** The IAM principals that administer the key: at least one. */
  readonly administrators: readonly Identity[];
  /**
   * The last statements of the policy. Each has a Sid that no other statement has.
   *
   * @default - none
   */
  readonly additionalStatements?: readonly PolicyStatement[] | undefined;
}

/** The rules of those members of `DataApiKeyPolicyProps` that are also props of a key. */
export const KEY_POLICY_RULES = {
  additionalStatements: { ...code(), check: checkAdditional },
  administrators: required(identities("administrator")),
  deployers: identities(),
  users: identities(),
  viaServices: decision(list(VIA_SERVICE, "service")),
};
const { deployers, users, viaServices } = KEY_POLICY_RULES;
const REQUIRED_STATEMENTS_PROPS = propRules("RequiredStatementsProps", {
  accountId: required(text(ACCOUNT_ID)),
  deployers,
  partition: text(PARTITION, "aws"),
  users,
  viaServices: required(viaServices),
} satisfies PropRules<RequiredStatementsProps>);
const DATA_API_KEY_POLICY_PROPS = propRules("DataApiKeyPolicyProps", {
  ...KEY_POLICY_RULES,
  ...REQUIRED_STATEMENTS_PROPS.rules,
} satisfies PropRules<DataApiKeyPolicyProps>);

/**
 * The key policy that the Amazon Redshift Data API needs: statements for principals authorized for Redshift, administrators, users
 * and deployers.
 *
 * @example
 * const policy = new DataApiKeyPolicy({
 *   accountId: "111122223333",
 *   administrators: [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")],
 *   users: [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleUserRole")],
 *   viaServices: DataApiKeyPolicy.viaServicesFor("us-east-1"),
 * });
 * new TerraformOutput(stack, "key_policy", { value: policy.json });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiKeyPolicy {
  /**
   * Returns the service names that count as Redshift by default: the regional names in the KMS developer guide, and the name in the
   * example of the Data API page.
   *
   * @param region - the key's Region
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
   */
  public static viaServicesFor(region: string): readonly string[] {
    return [
      "redshift.amazonaws.com",
      `redshift.${region}.amazonaws.com`,
      `redshift-serverless.${region}.amazonaws.com`,
    ];
  }

  /**
   * Returns the statements that the policy of an existing key must have, besides the statements for administrators.
   *
   * @param where - the construct or class that an error names
   * @throws if the account or a service name is malformed, there is no service name, or a principal is of another partition
   */
  public static requiredStatements(
    props: RequiredStatementsProps,
    where: Where = "DataApiKeyPolicy",
  ): readonly PolicyStatement[] {
    checkProps(where, props, REQUIRED_STATEMENTS_PROPS, (given) => checkPartitions(where, given));
    const { accountId, deployers, users, viaServices } = props;
    return policyStatements({ accountId, deployers, users, viaServices });
  }

  /** The statements, in order. */
  public readonly statements: readonly PolicyStatement[];
  /** The policy document as a string for Terraform: `${…}` variables of IAM are escaped, tokens are not. */
  public readonly json: string;
  /** Warnings of inputs that are allowed but unwise. */
  public readonly warnings: readonly string[];

  /**
   * @param where - the construct or class that an error names
   * @throws if there is no administrator, the account, a service name or an additional statement is malformed, a
   *   principal is of another partition, a Sid is used twice, a list is a token, or the policy is larger than 32,768 bytes
   */
  public constructor(props: DataApiKeyPolicyProps, where: Where = "DataApiKeyPolicy") {
    checkProps(where, props, DATA_API_KEY_POLICY_PROPS, (given) => checkPartitions(where, given));
    const { administrators, additionalStatements = [], users = [] } = props;
    this.statements = policyStatements(props);
    this.json = policyJson(this.statements);
    const bytes = knownBytes(this.json);
    if (bytes > MAX_POLICY_BYTES) {
      fail(where, "policy", `be at most ${MAX_POLICY_BYTES} bytes`, bytes);
    }
    const administratorArns = administrators.map(({ arn }) => arn);
    const both = new Set(users.filter(({ arn }) => administratorArns.includes(arn)).map(({ label }) => label));
    this.warnings = [
      ...[...both].map(
        (label) => `${label} is both an administrator and a user of the key: separate the duties, or choose one`,
      ),
      ...additionalStatements
        .filter(({ Condition, Effect, Principal }) => Effect === "Allow" && !Condition && isEverybody(Principal))
        .map(({ Sid }) => `the statement ${Sid} allows every AWS account, without a condition`),
    ];
  }
}

/**
 * Returns the statement that the IAM policy of a user must have for a key of another account. KMS requires it besides the key
 * policy.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export function keyUseStatement({ keyArn, viaServices }: Pick<IDataApiKey, "keyArn" | "viaServices">): PolicyStatement {
  return {
    Sid: "UseKey",
    Effect: "Allow",
    // CreateGrant is not in USER_ACTIONS: another statement of the key policy allows it to all principals through Redshift.
    Action: ["kms:CreateGrant", ...USER_ACTIONS],
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": canonical(viaServices) } },
  };
}

/**
 * Returns the statements of a key policy, in order: for Redshift, for administrators, users and deployers, and the additional
 * ones.
 */
export function policyStatements(
  props: RequiredStatementsProps & Partial<DataApiKeyPolicyProps>,
): readonly PolicyStatement[] {
  const { accountId, additionalStatements = [], administrators = [], deployers = [], users = [], viaServices } = props;
  return [
    {
      Sid: REDSHIFT_SID,
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [...REDSHIFT_ACTIONS],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": canonical(viaServices), "kms:CallerAccount": accountId } },
    },
    ...statementFor(ADMINISTRATOR_SID, administrators, ADMINISTRATOR_ACTIONS),
    ...statementFor(USER_SID, users, [...USER_ACTIONS]),
    ...statementFor(DEPLOYER_SID, deployers, [...DEPLOYER_ACTIONS]),
    // A separate statement, because only CreateGrant has the condition key kms:GrantIsForAWSResource.
    ...statementFor(DEPLOYER_GRANTS_SID, deployers, "kms:CreateGrant", {
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
    ...additionalStatements,
  ];
}

/** Returns a statement for the principals, as a list of one; an empty list if there are no principals. */
function statementFor(
  Sid: string,
  principals: readonly Identity[],
  Action: PolicyStatement["Action"],
  Condition?: PolicyStatement["Condition"],
): readonly PolicyStatement[] {
  const AWS = canonical(principals.map(({ arn }) => arn));
  const statement = { Sid, Effect: "Allow", Principal: { AWS }, Action, Resource: "*" } as const;
  return principals.length === 0 ? [] : [Condition === undefined ? statement : { ...statement, Condition }];
}

/** Refuses a principal of another partition than the key's, as KMS does. */
function checkPartitions(where: Where, props: RequiredStatementsProps & Partial<DataApiKeyPolicyProps>): void {
  for (const list of ["administrators", "users", "deployers"] as const) {
    checkIdentities(where, list, props[list], props.partition ?? "aws");
  }
}

/** Returns whether a value is undefined, an empty string, or an array or object with nothing but such values. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (typeof value === "object" && Object.values(value!).every(isEmpty));
}

/**
 * Returns whether a value has only parts that JSON can have: no construct, no Identity, no `undefined` in a list, and no token of
 * another type than string.
 */
export function isJson(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every(isJson);
  }
  return isPlain(value)
    ? Object.values(value as object).every((part) => part === undefined || isJson(part))
    : ["boolean", "number", "string"].includes(typeof value);
}

/** Returns whether the principals of a statement include `*`, which is everybody. */
function isEverybody(principal: PolicyStatement["Principal"]): boolean {
  return Object.values(principal ?? {}).some((value) => [value].flat().includes("*"));
}

/** Checks the additional statements of a key policy, as `checkStatement` does. */
export function checkAdditional(where: Where, prop: string, statements: unknown): void {
  checkKnownList(where, prop, statements as readonly unknown[]);
  (statements as readonly PolicyStatement[]).forEach((statement, index, all) =>
    checkStatement(where, `${prop}[${index}]`, statement, all.slice(0, index)),
  );
}

/** Checks the elements of a statement, and that no other statement has its Sid. */
export function checkStatement(
  where: Where,
  prop: string,
  statement: PolicyStatement,
  others: readonly PolicyStatement[],
): void {
  checkObject(where, prop, statement, "be a statement");
  const { Effect, Sid } = statement;
  if (typeof Sid !== "string" || Sid === "") {
    fail(where, `${prop}.Sid`, "be a string that is not empty", Sid);
  }
  if (SIDS.includes(Sid) || others.some((other) => other.Sid === Sid)) {
    fail(where, `${prop}.Sid`, "not reuse the Sid of another statement", Sid);
  }
  if (!isJson(statement)) {
    const must =
      "have only strings, and lists and maps of strings: for a principal, use identity.arn; for a token, Token.asString(token)";
    fail(where, prop, must, Sid);
  }
  for (const element of ["Effect", "Principal", "Action", "Resource"] as const) {
    if (isEmpty(statement[element])) {
      fail(where, `${prop}.${element}`, "be present in a statement of a key policy", statement[element]);
    }
  }
  check(where, `${prop}.Effect`, Effect, EFFECT);
  const json = JSON.stringify(statement);
  if (/[^\t\n\r\x20-\xff]/.test(json)) {
    fail(where, prop, "have no character beyond Latin-1, which KMS refuses", Sid);
  }
  if (json.includes("#{TfToken[")) {
    fail(where, prop, "have no list token, because its length is unknown at synthesis", Sid);
  }
}
