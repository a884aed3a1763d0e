import { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Annotations, Fn, type TerraformProvider, Token, TerraformSelf } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { accountIdOf, checkEnvironment, partitionFor } from "../private/aws-environment";
import { checkAll, checkObject, checkRequired, fail, known } from "../private/checks";
import { defined } from "../private/defined";
import { Released } from "../private/released";
import type { Partition } from "../private/resource-props";
import type { Rule } from "../private/rule";
import { PERMISSION_SET_NAME, ROLE_ARN } from "../private/rules";
import { checkProvider, dependables } from "../private/stack-boundary";
import { DEFAULT_TRUST_POLICY, knownCharacters, MAX_TRUST_POLICY, policyJson } from "../private/statement";
import { checkRoleProps, type DataApiRoleProps, tagsOf } from "./data-api-role-props";
import { checkIdentityStack, Identity } from "./identity";
import { trustStatements } from "./trust-statements";

/** A role that administers a key or uses the Data API: one that is created here, or one that exists. */
export interface IDataApiRole extends IConstruct {
  /** The role as a principal of a key policy. */
  readonly identity: Identity;
  /** The role's name. */
  readonly roleName: string;
  /**
   * The database groups in the role's tag.
   *
   * @default - none, or unknown
   */
  readonly databaseGroups?: readonly string[] | undefined;
  /**
   * The database roles in the role's tag.
   *
   * @default - none, or unknown
   */
  readonly databaseRoles?: readonly string[] | undefined;
}

/** The account and the partition of the role of a permission set. */
export interface PermissionSetRoleProps {
  /**
   * The role's account: 12 digits.
   *
   * @default - the account of the provider's credentials
   */
  readonly accountId?: string | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - the provider's
   */
  readonly partition?: Partition | undefined;
  /**
   * The provider that looks the role up.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/**
 * An IAM role that people or services assume. It has no permissions at first: a key policy names its identity, and DataApiAccess
 * lets the role use a warehouse.
 *
 * @example
 * const reader = new DataApiRole(stack, "Reader", {
 *   roleName: "AnalyticsReader",
 *   trustedServices: ["lambda.amazonaws.com"],
 * });
 * new DataApiAccess(stack, "ReaderAccess", { role: reader, warehouse });
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
 */
export class DataApiRole extends Construct implements IDataApiRole {
  /**
   * Adopts a role that exists. No resource is created for it. If a DataApiRole of the same scope and id has created the role,
   * Terraform forgets the role, which stays in AWS.
   *
   * @param roleArn - the role's ARN; a token passes unchecked
   * @throws if the ARN is not a role's
   */
  public static fromRoleArn(scope: Construct, id: string, roleArn: string): IDataApiRole {
    return new ExistingRole(scope, id, roleArn);
  }

  /**
   * Adopts the role that IAM Identity Center created for a permission set. Terraform looks the role up when it plans. The plan
   * fails unless there is exactly one such role. Terraform changes neither the role nor the permission set, which has the role's
   * permissions.
   *
   * @param permissionSetName - the permission set's name: 1 to 32 characters
   * @throws if the name or a prop breaks its rule
   * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
   */
  public static fromPermissionSetName(
    scope: Construct,
    id: string,
    permissionSetName: string,
    props: PermissionSetRoleProps = {},
  ): IDataApiRole {
    return new PermissionSetRole(scope, id, permissionSetName, props);
  }

  public readonly databaseGroups?: readonly string[] | undefined;
  public readonly databaseRoles?: readonly string[] | undefined;
  public readonly identity: Identity;
  public readonly roleName: string;
  /** The wrapped resource. */
  public readonly resource: IamRole;

  /** @throws if a prop breaks its rule, or nobody is trusted */
  public constructor(scope: Construct, id: string, props: DataApiRoleProps) {
    super(scope, id);
    checkRoleProps(this, props);
    this.checkStacks(props);
    const { databaseGroups, databaseRoles, path, roleName } = props;
    const accountId = accountIdOf(this, props);
    this.resource = new IamRole(
      this,
      "Resource",
      defined({
        assumeRolePolicy: this.trustPolicy(props, accountId),
        dependsOn: dependables(this, [
          ...(props.trustedPrincipals ?? []),
          ...(props.principalTrusts ?? []).flatMap(({ principals }) => principals),
        ]),
        description: props.description,
        maxSessionDuration: props.maxSessionDuration,
        name: roleName,
        path,
        permissionsBoundary: props.permissionsBoundary,
        provider: props.provider,
        tags: tagsOf(props),
      }),
    );
    this.databaseGroups = databaseGroups;
    this.databaseRoles = databaseRoles;
    this.roleName = roleName;
    const partition = partitionFor(this, props);
    this.identity = Identity.forRole({ accountId, dependable: this.resource, partition, path, roleName }, this);
  }

  /** Refuses a trusted principal of a stack that is deployed after the role's stack. */
  private checkStacks({ principalTrusts = [], trustedPrincipals = [] }: DataApiRoleProps): void {
    trustedPrincipals.forEach((identity, index) => checkIdentityStack(this, `trustedPrincipals[${index}]`, identity));
    principalTrusts.forEach(({ principals }, at) =>
      principals.forEach((identity, index) =>
        checkIdentityStack(this, `principalTrusts[${at}].principals[${index}]`, identity),
      ),
    );
  }

  /** Returns the trust policy. Refuses a policy larger than IAM allows, and warns if the policy needs a raised quota. */
  private trustPolicy(props: DataApiRoleProps, accountId: string): string {
    const json = policyJson(trustStatements(props, accountId));
    const characters = knownCharacters(json);
    if (characters > MAX_TRUST_POLICY) {
      const must =
        `lead to a trust policy of at most ${MAX_TRUST_POLICY} characters, which is IAM's limit: name fewer ` +
        "principals, or name the root of their account, whose IAM policies then decide";
      fail(this, "trustedPrincipals", must, `${characters} characters`);
    }
    if (characters > DEFAULT_TRUST_POLICY) {
      Annotations.of(this).addWarning(
        `the trust policy has ${characters} characters: IAM allows ${DEFAULT_TRUST_POLICY}, or up to ` +
          `${MAX_TRUST_POLICY} if the account's quota for the length of trust policies is raised`,
      );
    }
    return json;
  }
}

/** The rule that a prop must be a role. */
export const ROLE: Rule = {
  must: "be a DataApiRole, or a role that DataApiRole.fromRoleArn returns",
  test: (value) => {
    const { identity, roleName } = (value ?? {}) as Partial<IDataApiRole>;
    return identity !== undefined && roleName !== undefined;
  },
};

class ExistingRole extends Construct implements IDataApiRole {
  public readonly identity: Identity;
  public readonly roleName: string;

  public constructor(scope: Construct, id: string, roleArn: string) {
    super(scope, id);
    checkRequired(this, "roleArn", roleArn, ROLE_ARN);
    // If an earlier version of the stack created the role under this ID, Terraform forgets it and does not delete it.
    new Released(this, "Resource", IamRole);
    this.identity = Identity.fromArn(roleArn, this);
    // The name is the part after the last slash. For an ARN that is a token, Terraform splits it.
    this.roleName = this.identity.roleName ?? Token.asString(Fn.element(Fn.reverse(Fn.split("/", roleArn)), 0));
  }
}

class PermissionSetRole extends Construct implements IDataApiRole {
  public readonly identity: Identity;
  public readonly roleName: string;

  public constructor(scope: Construct, id: string, permissionSetName: string, props: PermissionSetRoleProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    checkAll(
      () => checkRequired(this, "permissionSetName", permissionSetName, PERMISSION_SET_NAME),
      () => checkEnvironment(this, props),
      () => props.provider !== undefined && checkProvider(this, "provider", props.provider),
    );
    const { accountId, partition, provider } = props;
    // Escapes the dot and the plus sign, which the name of a permission set may have.
    const pattern = known(permissionSetName)
      ? permissionSetName.replace(/[+.]/g, "[$&]")
      : Fn.replace(permissionSetName, "/[+.]/", "[$0]");
    const roles = new DataAwsIamRoles(
      this,
      "Roles",
      defined({
        lifecycle: {
          postcondition: [
            {
              condition: `\${length(${TerraformSelf.getString("arns")}) == 1}`,
              errorMessage:
                `The permission set ${permissionSetName} must have exactly one role in this account, got: ` +
                "${length(self.arns)}. Assign the permission set to the account, or correct its name.",
            },
          ],
        },
        nameRegex: `^AWSReservedSSO_${pattern}_[0-9a-f]{16}$`,
        pathPrefix: "/aws-reserved/sso.amazonaws.com/",
        provider,
      }),
    );
    this.identity = Identity.forPermissionSet(
      { accountId, arn: Token.asString(Fn.one(roles.arns)), partition, permissionSetName },
      this,
    );
    this.roleName = Token.asString(Fn.one(roles.names));
  }
}
