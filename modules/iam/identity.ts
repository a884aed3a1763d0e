import type { IConstruct } from "constructs";
import {
  check,
  checkKnownList,
  checkObject,
  checkPartition,
  checkRequired,
  fail,
  known,
  type Where,
} from "../private/checks";
import { isToken } from "../private/expression";
import { list, type OptionalRule } from "../private/prop-rules";
import type { Partition } from "../private/resource-props";
import {
  ACCOUNT_ID,
  PARTITION,
  PERMISSION_SET_NAME,
  PRINCIPAL_ARN,
  principalParts,
  RESERVED_ROLE,
  ROLE_ARN,
  ROLE_NAME,
  ROLE_PATH,
} from "../private/rules";
import { deployAfter } from "../private/stack-boundary";

/** A Terraform resource that a policy must wait for, such as the role that the policy names. */
export interface IdentityDependable {
  /** The fully qualified name of the Terraform resource. */
  readonly fqn: string;
}

/** The parts that an IAM role's ARN is composed of. */
export interface RoleIdentityProps {
  /** The role's name: 1 to 64 characters. */
  readonly roleName: string;
  /** The role's account: 12 digits. */
  readonly accountId: string;
  /**
   * The role's path: it begins and ends with a slash.
   *
   * @default "/"
   */
  readonly path?: string | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default "aws"
   */
  readonly partition?: Partition | undefined;
  /**
   * The resource that must exist before a policy names this role: KMS refuses principals that do not exist.
   *
   * @default - nothing: the role exists
   */
  readonly dependable?: IdentityDependable | undefined;
}

/** The role that IAM Identity Center created in an account for a permission set. */
export interface PermissionSetIdentityProps {
  /** The role's ARN: an expression that Terraform reads when it plans. */
  readonly arn: string;
  /** The name of the permission set: 1 to 32 characters. */
  readonly permissionSetName: string;
  /**
   * The role's account: 12 digits.
   *
   * @default - unknown at synthesis
   */
  readonly accountId?: string | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - unknown at synthesis
   */
  readonly partition?: Partition | undefined;
}

/**
 * A checked principal of a KMS key policy: an IAM role, an IAM user or an account root.
 *
 * @example
 * const administrator = Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole");
 * const administrators = [administrator, Identity.forAccountRoot("111122223333")];
 * new DataApiKey(stack, "Key", { administrators, alias: "alias/analytics" });
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export class Identity {
  /**
   * Returns the identity of an existing principal, by its ARN.
   *
   * @param arn - the ARN of an IAM role, an IAM user or an account root; a token passes unchecked
   * @param where - the construct or class that an error names
   * @throws if the ARN is of anything else, such as an assumed-role session, a group, an account ID or `*`
   */
  public static fromArn(arn: string, where: Where = "Identity"): Identity {
    checkRequired(where, "arn", arn, PRINCIPAL_ARN);
    const parts = principalParts(arn);
    return new Identity(arn, parts?.partition, parts?.accountId, parts?.roleName);
  }

  /**
   * Returns the identity of an account root. A policy that names it leaves the decision to the IAM policies of that account.
   *
   * @param accountId - 12 digits
   * @param partition - aws, aws-cn or aws-us-gov, for instance
   * @throws if the account or the partition is malformed
   */
  public static forAccountRoot(accountId: string, partition = "aws"): Identity {
    checkRequired("Identity", "accountId", accountId, ACCOUNT_ID);
    check("Identity", "partition", partition, PARTITION);
    return new Identity(`arn:${partition}:iam::${accountId}:root`, partition, accountId);
  }

  /**
   * Returns the identity of a role by its name, path and account. The ARN is composed, not read from the resource, so that a plan
   * shows it before the role exists.
   *
   * @throws if a part is malformed
   */
  public static forRole(props: RoleIdentityProps, where: Where = "Identity"): Identity {
    checkObject(where, "props", props, "be given");
    const { roleName, accountId, path = "/", partition = "aws", dependable } = props;
    checkRequired(where, "roleName", roleName, ROLE_NAME);
    checkRequired(where, "accountId", accountId, ACCOUNT_ID);
    check(where, "path", path, ROLE_PATH);
    check(where, "partition", partition, PARTITION);
    const arn = `arn:${partition}:iam::${accountId}:role${path}${roleName}`;
    return new Identity(arn, partition, accountId, roleName, dependable);
  }

  /**
   * Returns the identity of the role of a permission set, which `DataApiRole.fromPermissionSetName` looks up.
   *
   * @throws if a prop breaks its rule
   */
  public static forPermissionSet(props: PermissionSetIdentityProps, where: Where = "Identity"): Identity {
    checkObject(where, "props", props, "be given");
    const { accountId, arn, partition, permissionSetName } = props;
    checkRequired(where, "arn", arn, ROLE_ARN);
    checkRequired(where, "permissionSetName", permissionSetName, PERMISSION_SET_NAME);
    check(where, "accountId", accountId, ACCOUNT_ID);
    check(where, "partition", partition, PARTITION);
    return new Identity(arn, partition, accountId, undefined, undefined, permissionSetName);
  }

  private constructor(
    /** The principal's ARN. */
    public readonly arn: string,
    /** The partition, or undefined if the ARN is a token. */
    public readonly partition: string | undefined,
    /** The account, or undefined if the ARN is a token. */
    public readonly accountId: string | undefined,
    /** The role's name, or undefined if this is no role or the ARN is a token. */
    public readonly roleName?: string,
    /** The resource that must exist before a policy names this principal, or undefined if the principal exists. */
    public readonly dependable?: IdentityDependable,
    /** The name of the permission set by which Terraform looks the role up; undefined for other principals. */
    public readonly permissionSetName?: string,
  ) {}

  /** Whether IAM lets only AWS change the role, which is under `/aws-reserved/` or `/aws-service-role/`; false for a token. */
  public get isUnmodifiable(): boolean {
    return this.permissionSetName !== undefined || RESERVED_ROLE.test(this.arn);
  }

  /** The text by which an error names the principal: its ARN, or its name if the ARN is unknown at synthesis. */
  public get label(): string {
    const name = this.permissionSetName === undefined ? this.roleName : `the permission set ${this.permissionSetName}`;
    return known(this.arn) ? this.arn : (name ?? this.arn);
  }
}

/** Returns the rule of a prop that is a list of principals: a list of Identity in code, and a list of ARNs in YAML. */
export function identities(atLeastOne?: string): OptionalRule<readonly string[]> {
  return {
    ...list(PRINCIPAL_ARN, atLeastOne),
    check: (where: Where, prop: string, value: unknown) => checkIdentities(where, prop, value as readonly Identity[]),
  };
}

/** Checks that each item is an Identity, because untyped code may give ARNs or roles, and that its partition is `partition`. */
export function checkIdentities(
  where: Where,
  prop: string,
  principals: readonly Identity[] | undefined,
  partition?: string,
): void {
  checkKnownList(where, prop, principals);
  principals?.forEach((identity, index) => checkIdentity(where, `${prop}[${index}]`, identity, partition));
}

/** Checks that a value is an Identity, and that its partition is `partition`, if both are known. */
export function checkIdentity(where: Where, prop: string, identity: unknown, partition?: string): void {
  if (identity instanceof Identity) {
    checkPartition(where, prop, identity.arn, partition);
    return;
  }
  const isOfOtherCopy = (identity as object | null | undefined)?.constructor?.name === Identity.name;
  const must = isOfOtherCopy
    ? "be an Identity of the same copy of the package: two copies are installed, and npm ls shows both"
    : "be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity";
  fail(where, prop, must, identity);
}

/**
 * Makes the stack of a scope depend on the stacks that a principal needs. Refuses a principal of a stack that already depends on
 * the scope's stack.
 */
export function checkIdentityStack(scope: IConstruct, prop: string, { arn, dependable, label }: Identity): void {
  const order = deployAfter(scope, arn, dependable);
  if (order) {
    const { later, stack } = order;
    const must =
      `be in the stack ${stack}, or in a stack that is deployed before ${stack}: AWS refuses a policy that names a ` +
      `missing role, and the stack ${later} is deployed after ${stack}. Create the role, or look it up, in the stack ` +
      `${stack}`;
    fail(scope, prop, must, isToken(label) ? "a token" : label);
  }
}
