import { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Annotations, Fn, type TerraformProvider, Token, TerraformSelf } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { accountIdOf, checkEnvironment, literalPartition, partitionFor } from "../private/aws-environment";
import {
  check,
  checkAll,
  checkEach,
  checkKnownList,
  checkNotEmpty,
  checkObject,
  checkPartition,
  checkRequired,
  fail,
  known,
} from "../private/checks";
import { defined } from "../private/defined";
import { Released } from "../private/released";
import type { Rule } from "../private/rule";
import {
  DATABASE_GROUP,
  DATABASE_ROLE,
  EXTERNAL_ID,
  MAX_SESSION_DURATION,
  PERMISSION_SET_NAME,
  POLICY_ARN,
  ROLE_ARN,
  ROLE_DESCRIPTION,
  ROLE_NAME,
  ROLE_PATH,
  SERVICE_PRINCIPAL,
  TAGS,
  TRUSTED_SESSION_NAME,
} from "../private/rules";
import { dependables } from "../private/stack-boundary";
import {
  canonical,
  DEFAULT_TRUST_POLICY,
  knownCharacters,
  MAX_TRUST_POLICY,
  policyJson,
  type PolicyStatement,
} from "../private/statement";
import { checkIdentities, Identity } from "./identity";

/** A role that administers a key or uses the Data API: one that DataApiRole makes, or one that exists. */
export interface IDataApiRole extends IConstruct {
  /** The role as a principal of a key policy. */
  readonly identity: Identity;
  /** The role's name. */
  readonly roleName: string;
  /**
   * The database groups of the role's tag.
   *
   * @default - none, or not known
   */
  readonly databaseGroups?: readonly string[] | undefined;
  /**
   * The database roles of the role's tag.
   *
   * @default - none, or not known
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
  readonly partition?: string | undefined;
  /**
   * The provider that looks the role up.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/** An IAM role and whom it trusts. */
export interface DataApiRoleProps {
  /** The role's name: 1 to 64 characters. */
  readonly roleName: string;
  /**
   * The role's account: 12 digits.
   *
   * @default - the account of the provider's credentials, by a data source
   */
  readonly accountId?: string | undefined;
  /**
   * The database groups that its `databaseUser` joins in every cluster, by the role's tag `RedshiftDbGroups`: 256 characters
   * at most, with a colon between two. The databases must have them. A principal that may tag the role decides about them, too.
   *
   * @default - none: no such tag
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-dbgroups.html
   */
  readonly databaseGroups?: readonly string[] | undefined;
  /**
   * The database roles that the role has in every serverless warehouse that it uses as its own IAM identity, by the role's tag
   * `RedshiftDbRoles`: 256 characters at most, with a colon between two. The databases must have them. A principal that may
   * tag the role decides about them, too. For clusters, see `databaseGroups`.
   *
   * @default - none: no such tag
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-federated-db-roles.html
   */
  readonly databaseRoles?: readonly string[] | undefined;
  /**
   * The purpose of the role: at most 1,000 characters.
   *
   * @default - no description
   */
  readonly description?: string | undefined;
  /**
   * The value that a trusted principal must give as `sts:ExternalId`: 2 to 1,224 characters.
   *
   * @default - none is asked for
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
   */
  readonly externalId?: string | undefined;
  /**
   * How long a session lasts at most, in seconds: 3,600 to 43,200.
   *
   * @default 3600
   */
  readonly maxSessionDuration?: number | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - the provider's, by a data source
   */
  readonly partition?: string | undefined;
  /**
   * The role's path: it begins and ends with a slash.
   *
   * @default "/"
   */
  readonly path?: string | undefined;
  /**
   * The ARN of the policy that limits what the role may ever do.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * The provider that makes the role.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * The session names that a trusted principal may give: 2 to 64 characters, or `${aws:username}`, the name of the IAM user
   * that assumes the role. The Data API's owner of a statement is the role with its session name, and the caller of
   * AssumeRole chooses that name: without this, each trusted principal can take the name of another one, and with it the
   * other one's statements.
   *
   * @default - any
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
   */
  readonly sessionNames?: readonly string[] | undefined;
  /**
   * The role's tags.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The principals that may assume the role. An account root leaves it to the IAM policies of that account.
   *
   * @default - none; then there are trusted services
   */
  readonly trustedPrincipals?: readonly Identity[] | undefined;
  /**
   * The AWS services that may assume the role for its account, such as lambda.amazonaws.com.
   *
   * @default - none; then there are trusted principals
   */
  readonly trustedServices?: readonly string[] | undefined;
}

/** The tags that Redshift reads, and the props that they have. */
const DATABASE_TAGS = { databaseGroups: "RedshiftDbGroups", databaseRoles: "RedshiftDbRoles" } as const;
const MAX_TAG = 256;

/**
 * An IAM role that people or services assume. It has no permissions of its own: a key policy names its identity, and
 * DataApiAccess lets it use a warehouse.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
 */
export class DataApiRole extends Construct implements IDataApiRole {
  /**
   * A role that exists. Nothing is made for it. One that a DataApiRole of the same scope and id has made stays, and
   * Terraform forgets it.
   *
   * @param roleArn - the role's ARN; a token passes unchecked
   * @throws if the ARN is not a role's
   */
  public static fromRoleArn(scope: Construct, id: string, roleArn: string): IDataApiRole {
    return new ExistingRole(scope, id, roleArn);
  }

  /**
   * The role that IAM Identity Center made for a permission set, looked up when Terraform plans. The plan fails unless
   * there is exactly one. The role's permissions are the permission set's: Terraform changes neither.
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
    checkObject(this, "props", props, "be given");
    checkAll(
      () => checkEnvironment(this, props),
      () => checkRequired(this, "roleName", props.roleName, ROLE_NAME),
      () => check(this, "path", props.path, ROLE_PATH),
      () => check(this, "description", props.description, ROLE_DESCRIPTION),
      () => check(this, "maxSessionDuration", props.maxSessionDuration, MAX_SESSION_DURATION),
      () => check(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN),
      () => checkPartition(this, "permissionsBoundary", props.permissionsBoundary, literalPartition(props)),
      () => this.checkTags(props),
      () => this.checkTrust(props),
    );
    this.resource = new IamRole(
      this,
      "Resource",
      defined({
        assumeRolePolicy: this.trustPolicy(props),
        dependsOn: dependables(this, props.trustedPrincipals),
        description: props.description,
        maxSessionDuration: props.maxSessionDuration,
        name: props.roleName,
        path: props.path,
        permissionsBoundary: props.permissionsBoundary,
        provider: props.provider,
        tags: tagsOf(props),
      }),
    );
    this.databaseGroups = props.databaseGroups;
    this.databaseRoles = props.databaseRoles;
    this.roleName = props.roleName;
    this.identity = Identity.forRole(
      {
        accountId: accountIdOf(this, props),
        dependable: this.resource,
        partition: partitionFor(this, props),
        path: props.path,
        roleName: props.roleName,
      },
      this,
    );
  }

  private checkTags(props: DataApiRoleProps): void {
    check(this, "tags", props.tags, TAGS);
    this.checkDatabaseTag(props, "databaseGroups", DATABASE_GROUP, "group");
    this.checkDatabaseTag(props, "databaseRoles", DATABASE_ROLE, "role");
    check(this, "tags", tagsOf(props), TAGS);
  }

  private checkDatabaseTag(
    { tags = {}, ...props }: DataApiRoleProps,
    prop: keyof typeof DATABASE_TAGS,
    rule: Rule,
    element: string,
  ): void {
    const { [prop]: names } = props;
    if (names === undefined) {
      return;
    }
    if (!known(names)) {
      fail(this, prop, "be a list of known length, because it is written into one tag", "a list token");
    }
    checkEach(this, prop, names, rule);
    checkNotEmpty(this, prop, names, element);
    const both = Object.keys(tags).find((key) => key.toLowerCase() === DATABASE_TAGS[prop].toLowerCase());
    if (both !== undefined) {
      fail(this, `tags.${both}`, `be left out, because '${prop}' is given`, tags[both]);
    }
    const tag = names.join(":");
    if (known(tag) && tag.length > MAX_TAG) {
      fail(this, prop, `have at most ${MAX_TAG} characters, with a colon between two`, names);
    }
  }

  private checkTrust(props: DataApiRoleProps): void {
    const { externalId, sessionNames, trustedPrincipals = [], trustedServices = [] } = props;
    checkIdentities(this, "trustedPrincipals", trustedPrincipals);
    trustedPrincipals.forEach(({ arn }, index) =>
      checkPartition(this, `trustedPrincipals[${index}]`, arn, literalPartition(props)),
    );
    checkKnownList(this, "trustedServices", trustedServices);
    checkEach(this, "trustedServices", trustedServices, SERVICE_PRINCIPAL);
    check(this, "externalId", externalId, EXTERNAL_ID);
    checkKnownList(this, "sessionNames", sessionNames);
    checkEach(this, "sessionNames", sessionNames, TRUSTED_SESSION_NAME);
    checkNotEmpty(this, "sessionNames", sessionNames, "session name");
    if (trustedPrincipals.length === 0 && trustedServices.length === 0) {
      fail(this, "trustedPrincipals", "name who may assume the role, unless 'trustedServices' does", trustedPrincipals);
    }
    if (externalId !== undefined && trustedPrincipals.length === 0) {
      fail(this, "externalId", "come with 'trustedPrincipals', because services give none", externalId);
    }
    if (sessionNames !== undefined && trustedPrincipals.length === 0) {
      fail(this, "sessionNames", "come with 'trustedPrincipals', because services choose their own", sessionNames);
    }
  }

  /** The trust policy. Refuses one that IAM would refuse, and warns of one that needs a raised quota. */
  private trustPolicy(props: DataApiRoleProps): string {
    const json = policyJson(this.trust(props));
    const characters = knownCharacters(json);
    if (characters > MAX_TRUST_POLICY) {
      const must =
        `make a trust policy of at most ${MAX_TRUST_POLICY} characters, which is IAM's largest: name fewer principals, ` +
        "or the root of their account, which leaves it to their IAM policies";
      fail(this, "trustedPrincipals", must, `${characters} characters`);
    }
    if (characters > DEFAULT_TRUST_POLICY) {
      Annotations.of(this).addWarning(
        `the trust policy has ${characters} characters: IAM allows ${DEFAULT_TRUST_POLICY}, unless the account's quota for the ` +
          `length of trust policies is raised, to ${MAX_TRUST_POLICY} at most`,
      );
    }
    return json;
  }

  private trust(props: DataApiRoleProps): readonly PolicyStatement[] {
    const { externalId, sessionNames, trustedPrincipals = [], trustedServices = [] } = props;
    const statement = (
      Sid: string,
      Principal: PolicyStatement["Principal"],
      Condition: PolicyStatement["Condition"],
    ): PolicyStatement => ({
      Sid,
      Effect: "Allow",
      Principal,
      Action: "sts:AssumeRole",
      ...(Condition && { Condition }),
    });
    const requested = {
      ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
      ...(sessionNames === undefined ? {} : { "sts:RoleSessionName": canonical(sessionNames) }),
    };
    const arns = trustedPrincipals.map((principal) => principal.arn);
    return [
      ...(arns.length === 0
        ? []
        : [
            statement(
              "AllowTrustedPrincipals",
              { AWS: canonical(arns) },
              Object.keys(requested).length === 0 ? undefined : { StringEquals: requested },
            ),
          ]),
      ...(trustedServices.length === 0
        ? []
        : [
            statement(
              "AllowTrustedServices",
              { Service: canonical(trustedServices) },
              // A service may give the account that it works for. Then it must be the role's.
              { StringEqualsIfExists: { "aws:SourceAccount": accountIdOf(this, props) } },
            ),
          ]),
    ];
  }
}

/** The role's tags, with those of its database groups and roles. */
function tagsOf({ tags, ...props }: DataApiRoleProps): Readonly<Record<string, string>> | undefined {
  const databaseTags = Object.entries(DATABASE_TAGS).flatMap(([prop, tag]) => {
    const names = props[prop as keyof typeof DATABASE_TAGS];
    return names === undefined ? [] : [[tag, names.join(":")] as const];
  });
  return databaseTags.length === 0 ? tags : { ...tags, ...Object.fromEntries(databaseTags) };
}

/** The rule of a role that a construct takes. */
export const ROLE: Rule = {
  must: "be a DataApiRole, or what DataApiRole.fromRoleArn gives",
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
    // A role that DataApiRole made, under this id, is let go of and not deleted.
    new Released(this, "Resource", IamRole);
    this.identity = Identity.fromArn(roleArn, this);
    // The name follows the last slash. If the ARN is a token, Terraform reads the name from it.
    this.roleName = this.identity.roleName ?? Token.asString(Fn.element(Fn.reverse(Fn.split("/", roleArn)), 0));
  }
}

class PermissionSetRole extends Construct implements IDataApiRole {
  public readonly identity: Identity;
  public readonly roleName: string;

  public constructor(scope: Construct, id: string, permissionSetName: string, props: PermissionSetRoleProps) {
    super(scope, id);
    checkAll(
      () => checkRequired(this, "permissionSetName", permissionSetName, PERMISSION_SET_NAME),
      () => checkEnvironment(this, props),
    );
    const { accountId, partition, provider } = props;
    // A name may have two characters that are special in a regular expression.
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
