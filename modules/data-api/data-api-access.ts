import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Annotations, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { type IDataApiRole, ROLE } from "../iam/data-api-role";
import { checkIdentityStack } from "../iam/identity";
import { keyUseStatement } from "../kms/key-policy";
import { arnPart, check, checkAs, checkPartition, fail, isOfOtherAccount, known } from "../private/checks";
import { defined } from "../private/defined";
import { otherWriter } from "../private/creators";
import {
  checkProps,
  code,
  decision,
  flag,
  type PropRules,
  propRules,
  required,
  text,
  withPresets,
} from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import type { Rule } from "../private/rule";
import { POLICY_NAME } from "../private/rules";
import { dependables, replaceTriggers } from "../private/stack-boundary";
import {
  canonical,
  knownCharacters,
  MAX_INLINE_POLICIES,
  mergeStatements,
  policyJson,
  type PolicyStatement,
} from "../private/statement";
import { accountOf, type ICluster, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";
import {
  checkDatabaseCredentials,
  DATABASE_CREDENTIAL_PROPS,
  type DatabaseCredentialProps,
} from "./database-credentials";

/** The IAM actions of a role on the warehouse itself. */
export const STATEMENT_ACTIONS = [
  "redshift-data:ExecuteStatement",
  "redshift-data:BatchExecuteStatement",
  "redshift-data:ListDatabases",
  "redshift-data:ListSchemas",
  "redshift-data:ListTables",
  "redshift-data:DescribeTable",
] as const;
/** The IAM actions of a role on statements that were run. They accept no resource but `*`. */
export const RESULT_ACTIONS = [
  "redshift-data:DescribeStatement",
  "redshift-data:GetStatementResult",
  "redshift-data:CancelStatement",
  "redshift-data:ListStatements",
] as const;
/** The IAM action that lists sessions. It accepts no resource but `*`. */
export const LIST_SESSIONS = "redshift-data:ListSessions";

/** A part of the ARN of each secret that Redshift manages, which is the secret of a warehouse's admin. */
const ADMIN_SECRET = ":secret:redshift!";
const SESSION_OWNER = { "redshift-data:session-owner-iam-userid": "${aws:userid}" };
const STATEMENT_OWNER = { "redshift-data:statement-owner-iam-userid": "${aws:userid}" };

/** A role, the warehouse that the role uses, and the role's database user. */
export interface DataApiAccessOptions extends DatabaseCredentialProps, ResourceProps {
  /** The role that gets the permissions. */
  readonly role: IDataApiRole;
  /** The warehouse that the role uses. */
  readonly warehouse: IWarehouse;
  /**
   * Whether the role sees, cancels and fetches the results of its own statements only, and runs SQL in its own sessions of
   * the Data API only. "Own" is `aws:userid`, the role's ID with its session name: a client must keep that name to see its
   * earlier statements. The caller of AssumeRole chooses the name: `sessionNames` of DataApiRole limits it.
   *
   * @default true
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
   */
  readonly ownStatementsOnly?: boolean | undefined;
  /**
   * The name of the role's inline policy: 1 to 128 characters. A role gets one policy for each name that is given.
   *
   * @default - that of the first policy of the role in the stack; for the first, the construct's path, in which hyphens
   * replace characters that a name must not have; a path that is longer needs a name
   */
  readonly policyName?: string | undefined;
}

/** @internal */
export const DATA_API_ACCESS_PROPS = propRules("DataApiAccessOptions", {
  role: required(code(ROLE)),
  warehouse: required(code(WAREHOUSE)),
  ...DATABASE_CREDENTIAL_PROPS,
  ownStatementsOnly: decision(flag(true)),
  policyName: text(POLICY_NAME),
  ...RESOURCE_PROPS,
} satisfies PropRules<DataApiAccessOptions>);

/** The rule that a prop must be an access. */
export const ACCESS: Rule = {
  must: "be a DataApiAccess",
  test: (value) => (value as Partial<DataApiAccess> | null | undefined)?.statements !== undefined,
};

/** The props of an access. Only access to a cluster can be limited to databases and a user. */
export type DataApiAccessProps =
  PropsFor<ICluster, DataApiAccessOptions> | PropsFor<IWarehouse, DataApiAccessOptions, "databases" | "databaseUser">;

/** The inline policy of a role, and the statements in it. */
interface InlinePolicy {
  readonly resource: IamRolePolicy;
  readonly statements: readonly PolicyStatement[];
}

const INLINE_POLICIES = new WeakMap<IDataApiRole, readonly InlinePolicy[]>();

/**
 * The permissions that a role needs to use one warehouse through the Data API, as an inline policy of the role. The role becomes a
 * user of the warehouse's key. A role gets one policy in a stack: further accesses add their statements to it. If the literal ARN
 * of the key is of another account, the policy also lets the role use the key, through Redshift only: KMS then requires the IAM
 * policy and the key policy. A role that only AWS may change, of a permission set or service-linked, gets no policy: its permission
 * set needs `policyJson`.
 *
 * @example
 * new DataApiAccess(stack, "Access", { role, warehouse });
 * new DataApiAccess(stack, "LoaderAccess", { databases: ["sales"], databaseUser: "loader", role, warehouse: cluster });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export class DataApiAccess extends Construct {
  /**
   * The database user of the role's SQL statements: `databaseUser` if it is set, or else `IAMR:` and the name of the role.
   * Undefined if a secret names the user, or the role's name is unknown at synthesis, as for a permission set.
   *
   * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html
   */
  public readonly databaseUserName: string | undefined;
  /** The statements of the role's policy. */
  public readonly statements: readonly PolicyStatement[];
  /** The policy document, as a role or a permission set accepts it: JSON for Terraform. */
  public readonly policyJson: string;
  /** The role's policy, which other accesses of the role in the stack may share; undefined if only AWS may change the role. */
  public readonly resource: IamRolePolicy | undefined;

  /** @throws if a prop breaks its rule, or two ways to get credentials are given */
  public constructor(scope: Construct, id: string, props: DataApiAccessProps) {
    super(scope, id);
    const defaultPolicyName = this.node.path.replace(/[^\w+=,.@-]+/g, "-");
    checkProps(
      this,
      props,
      DATA_API_ACCESS_PROPS,
      (props) => check(this, "policyName", props.policyName ?? defaultPolicyName, POLICY_NAME),
      (props) => this.checkAccount(props),
      ({ role }) => checkIdentityStack(this, "role", role.identity),
      (props) => checkDatabaseCredentials(this, props),
      (props) => this.checkSecret(props),
    );
    const { ownStatementsOnly, policyName = defaultPolicyName } = withPresets(props, DATA_API_ACCESS_PROPS);
    this.databaseUserName = databaseUserNameOf(props);
    this.statements = [
      {
        Sid: "RunStatements",
        Effect: "Allow",
        Action: [
          ...STATEMENT_ACTIONS,
          ...(usesWorkgroupCredentials(props) ? ["redshift-serverless:GetCredentials"] : []),
        ],
        Resource: props.warehouse.warehouseArn,
        // IfExists, because a request outside of a session has no session owner.
        ...(ownStatementsOnly ? { Condition: { StringEqualsIfExists: SESSION_OWNER } } : {}),
      },
      ...(ownStatementsOnly
        ? [
            statementOnAll("FollowStatements", [...RESULT_ACTIONS], { StringEquals: STATEMENT_OWNER }),
            statementOnAll("ListSessions", LIST_SESSIONS, { StringEquals: SESSION_OWNER }),
          ]
        : [statementOnAll("FollowStatements", [...RESULT_ACTIONS, LIST_SESSIONS])]),
      ...credentials(props),
      ...(usesForeignKey(props) ? [keyUseStatement(props.warehouse.key)] : []),
    ];
    this.policyJson = policyJson(mergeStatements(this.statements));
    this.resource = props.role.identity.isUnmodifiable ? undefined : this.addToRole(props, policyName);
    checkAs(this, "role", () => props.warehouse.key.addUser(props.role.identity));
    this.warn(props);
  }

  /**
   * Adds the statements to the inline policy that earlier accesses of the role in this stack have created. Creates the policy if
   * there is none.
   */
  private addToRole(props: DataApiAccessProps, name: string): IamRolePolicy {
    const { identity, roleName: role } = props.role;
    const policies = INLINE_POLICIES.get(props.role) ?? [];
    const first = policies.find(
      ({ resource }) =>
        TerraformStack.of(resource) === TerraformStack.of(this) &&
        resource.provider === props.provider &&
        (props.policyName === undefined || props.policyName === resource.nameInput),
    );
    const statements = [...(first?.statements ?? []), ...this.statements];
    const others = policies.filter((policy) => policy !== first);
    this.checkSize([statements, ...others.map((policy) => policy.statements)]);
    const policy = policyJson(mergeStatements(statements));
    if (first) {
      first.resource.policy = policy;
      INLINE_POLICIES.set(props.role, [...others, { resource: first.resource, statements }]);
      return first.resource;
    }
    this.claimPolicy(identity.arn, name);
    const { dependable } = identity;
    const replaceTriggeredBy = replaceTriggers(this, [
      dependable instanceof IamRole ? dependable : undefined,
      "unique_id",
    ]);
    const resource = new IamRolePolicy(
      this,
      "Resource",
      defined({
        dependsOn: dependables(this, [identity]),
        // IAM deletes no role that has an inline policy, so the policy is replaced together with the role.
        lifecycle: replaceTriggeredBy && { replaceTriggeredBy },
        name,
        policy,
        provider: props.provider,
        role,
      }),
    );
    INLINE_POLICIES.set(props.role, [...policies, { resource, statements }]);
    return resource;
  }

  /** Refuses the name of a policy that another construct or stack writes for the same role. */
  private claimPolicy(roleArn: string, name: string): void {
    const first = otherWriter(this, roleArn, name);
    if (first !== undefined) {
      const must =
        `differ from the name of the policy that ${first} writes for the same role, because each policy would ` +
        "replace the other: give another name or role, or use one role construct for both in one stack";
      fail(this, "policyName", must, name);
    }
  }

  private warn({ databaseUser, role, secretArn, warehouse }: DataApiAccessProps): void {
    const { adminSecretArn, adminUsername, kind } = warehouse;
    const warnings = Annotations.of(this);
    if (databaseUser !== undefined && databaseUser === adminUsername) {
      warnings.addWarning(
        `'databaseUser' is ${adminUsername}, the warehouse's admin, who may do everything: give the role another database user`,
      );
    }
    if (secretArn !== undefined && (secretArn === adminSecretArn || secretArn.includes(ADMIN_SECRET))) {
      warnings.addWarning(
        "'secretArn' is the secret of a warehouse's admin, who may do everything: give the role the secret of another user",
      );
    }
    if (kind === "serverless") {
      return;
    }
    if (role.databaseRoles !== undefined) {
      warnings.addWarning(
        "AWS documents 'databaseRoles' of an IAM role for serverless warehouses only: for a cluster, give 'databaseGroups'",
      );
    }
    if (role.databaseGroups !== undefined && databaseUser === undefined) {
      warnings.addWarning("only a 'databaseUser' joins the 'databaseGroups' of a role: give a 'databaseUser'");
    }
  }

  private checkAccount({ role, warehouse }: DataApiAccessProps): void {
    // The account and the partition are parts of the ARN, arn:PARTITION:SERVICE:REGION:ACCOUNT:…; a serverless ARN is a token.
    const { accountId, arn } = role.identity;
    checkPartition(this, "role", arn, arnPart(warehouse.warehouseArn, 1));
    if (isOfOtherAccount(warehouse.warehouseArn, accountId)) {
      fail(this, "role", `be a role of the warehouse's account, ${arnPart(warehouse.warehouseArn, 4)}`, arn);
    }
    const { accountId: keyAccountId } = warehouse.key;
    if (accountId !== undefined && [accountId, keyAccountId].every(known) && accountId !== keyAccountId) {
      const must = `be a role of ${keyAccountId}, the 'accountId' of the warehouse's key: no other account may use the key`;
      fail(this, "role", must, arn);
    }
  }

  /** Refuses inline policies of a role that are together larger than IAM allows. */
  private checkSize(policies: readonly (readonly PolicyStatement[])[]): void {
    const total = policies.reduce(
      (sum, statements) => sum + knownCharacters(policyJson(mergeStatements(statements))),
      0,
    );
    if (total > MAX_INLINE_POLICIES) {
      const isAlone = knownCharacters(this.policyJson) > MAX_INLINE_POLICIES;
      const remedy = isAlone ? "name fewer databases" : "use another role for some of its warehouses";
      const must = `keep the role's inline policies within ${MAX_INLINE_POLICIES} characters, which is IAM's quota: ${remedy}`;
      fail(this, isAlone ? "databases" : "role", must, `${total} characters`);
    }
  }

  private checkSecret(props: DataApiAccessProps): void {
    checkPartition(this, "secretArn", props.secretArn, props.role.identity.partition);
    checkPartition(this, "secretKeyArn", props.secretKeyArn, props.role.identity.partition);
  }
}

function databaseUserNameOf({ databaseUser, role, secretArn }: DataApiAccessProps): string | undefined {
  const { roleName } = role.identity;
  if (secretArn !== undefined) {
    return undefined;
  }
  return databaseUser ?? (roleName !== undefined && known(roleName) ? iamRoleUser(roleName) : undefined);
}

/**
 * Returns the name of the database user of an IAM role. Redshift creates this user when the role logs in for the first time; SQL
 * can create it before.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-prereq-structured.html
 */
export function iamRoleUser(roleName: string): string {
  return `IAMR:${roleName}`;
}

function statementOnAll(
  Sid: string,
  Action: PolicyStatement["Action"],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource: "*", ...(Condition && { Condition }) };
}

/** Returns whether the key is of another account than the role and the warehouse, which are of one account. */
function usesForeignKey({ role, warehouse }: DataApiAccessProps): boolean {
  const { accountId } = role.identity;
  const account = accountId !== undefined && known(accountId) ? accountId : accountOf(warehouse);
  return isOfOtherAccount(warehouse.key.keyArn, account);
}

/** Returns whether the role gets temporary credentials of the workgroup. The resource of `GetCredentials` is the ARN of the warehouse. */
function usesWorkgroupCredentials({ secretArn, warehouse }: DataApiAccessProps): boolean {
  return secretArn === undefined && warehouse.kind === "serverless";
}

/**
 * Returns the statements by which the role gets database credentials. With a secret, the role reads the secret. Without one, the role
 * gets temporary credentials of a cluster, for itself or for a database user. Returns none for a serverless warehouse without a secret.
 */
function credentials(props: DataApiAccessProps): readonly PolicyStatement[] {
  const { databases, databaseUser, role, secretArn, secretKeyArn, warehouse } = props;
  if (secretArn !== undefined) {
    return secretStatements(secretArn, secretKeyArn);
  }
  const statement = (Action: string, Resource: PolicyStatement["Resource"]): readonly PolicyStatement[] => [
    { Sid: "GetCredentials", Effect: "Allow", Action, Resource },
  ];
  if (warehouse.kind === "serverless") {
    return [];
  }
  const { databaseArnPrefix, databaseGroupArnPrefix, databaseUserArnPrefix } = warehouse.credentialScope;
  const databaseArns = (databases ?? [warehouse.databaseName]).map((name) => databaseArnPrefix + name);
  if (databaseUser === undefined) {
    return statement("redshift:GetClusterCredentialsWithIAM", canonical(databaseArns));
  }
  return [
    ...statement("redshift:GetClusterCredentials", canonical([...databaseArns, databaseUserArnPrefix + databaseUser])),
    ...(role.databaseGroups === undefined
      ? []
      : [
          {
            Sid: "JoinGroups",
            Effect: "Allow" as const,
            Action: "redshift:JoinGroup",
            Resource: canonical(role.databaseGroups.map((group) => databaseGroupArnPrefix + group)),
          },
        ]),
  ];
}

function secretStatements(secretArn: string, secretKeyArn: string | undefined): readonly PolicyStatement[] {
  const readSecret: PolicyStatement = {
    Sid: "ReadSecret",
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: secretArn,
  };
  if (secretKeyArn === undefined) {
    return [readSecret];
  }
  return [
    readSecret,
    {
      Sid: "DecryptSecret",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: secretKeyArn,
      // Secrets Manager encrypts with the secret's ARN in the encryption context, so the role can decrypt only this secret.
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
    },
  ];
}
