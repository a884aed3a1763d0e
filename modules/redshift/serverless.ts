import {
  RedshiftserverlessNamespace,
  type RedshiftserverlessNamespaceConfig,
} from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import {
  RedshiftserverlessWorkgroup,
  type RedshiftserverlessWorkgroupConfig,
  type RedshiftserverlessWorkgroupConfigParameter,
  type RedshiftserverlessWorkgroupPricePerformanceTarget,
} from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { callerMayDeploy } from "../kms/caller-conditions";
import { type IDataApiKey, replacedWith, warnOfServices } from "../kms/key";
import { EncryptionContext } from "../kms/encryption-context";
import { known } from "../private/checks";
import { defined } from "../private/defined";
import { address } from "../private/expression";
import { type WithPresets, withPresets } from "../private/prop-rules";
import { type AuditLogGroups, logGroupsOf } from "./audit-log-groups";
import { DEFAULT_CONFIG_PARAMETERS } from "./config-parameters";
import { ExistingServerless, lookUpWorkgroup, type WorkgroupAttributes } from "./existing-serverless";
import type { ExistingWarehouseProps } from "./existing-warehouse";
import { checkServerlessProps, ENCRYPTED_SERVERLESS_PROPS, type EncryptedServerlessProps } from "./serverless-props";
import type { IServerless, WithAdminSecret } from "./warehouse";

type Settings = WithPresets<EncryptedServerlessProps, typeof ENCRYPTED_SERVERLESS_PROPS>;

/**
 * A Redshift Serverless namespace under a customer managed key, and the workgroup that serves it.
 *
 * @example
 * const key = DataApiKey.fromAliasName(stack, "Key", "alias/analytics");
 * new EncryptedServerless(stack, "Warehouse", { baseCapacity: 8, key, namespaceName: "analytics" });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-namespace.html
 */
export class EncryptedServerless extends Construct implements IServerless {
  /**
   * Returns a namespace and its workgroup that exist, by their attributes. A plan does not look them up. No resource is created for
   * them. Terraform forgets the namespace, the workgroup and the log groups that an EncryptedServerless of the same scope and id has
   * created. They stay in AWS.
   *
   * @example
   * const warehouse = EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", {
   *   endpointAddress: "analytics.111122223333.us-east-1.redshift-serverless.amazonaws.com",
   *   key,
   *   namespaceArn: "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/1234abcd-12ab-34cd-56ef-1234567890ab",
   *   workgroupArn: "arn:aws:redshift-serverless:us-east-1:111122223333:workgroup/0987dcba-09fe-87dc-65ba-ab0987654321",
   *   workgroupName: "analytics",
   * });
   * new DataApiAccess(stack, "Access", { role, warehouse });
   *
   * @throws if an attribute breaks its rule
   */
  public static fromWorkgroupAttributes(
    scope: Construct,
    id: string,
    attributes: WithAdminSecret<WorkgroupAttributes>,
  ): WithAdminSecret<IServerless>;
  public static fromWorkgroupAttributes(scope: Construct, id: string, attributes: WorkgroupAttributes): IServerless;
  public static fromWorkgroupAttributes(scope: Construct, id: string, attributes: WorkgroupAttributes): IServerless {
    return new ExistingServerless(scope, id, attributes);
  }

  /**
   * Returns an existing workgroup and its namespace, by the workgroup's name. Terraform looks both up when it plans. The plan fails
   * if there is no such workgroup, or if the namespace is not encrypted with `key`. The rest is as in `fromWorkgroupAttributes`.
   *
   * @example
   * const warehouse = EncryptedServerless.fromWorkgroupName(stack, "Warehouse", "analytics", { key });
   * new DataApiAccess(stack, "Access", { role, warehouse });
   *
   * @throws if the name or a prop breaks its rule
   */
  public static fromWorkgroupName(
    scope: Construct,
    id: string,
    workgroupName: string,
    props: WithAdminSecret<ExistingWarehouseProps>,
  ): WithAdminSecret<IServerless>;
  public static fromWorkgroupName(
    scope: Construct,
    id: string,
    workgroupName: string,
    props: ExistingWarehouseProps,
  ): IServerless;
  public static fromWorkgroupName(
    scope: Construct,
    id: string,
    workgroupName: string,
    props: ExistingWarehouseProps,
  ): IServerless {
    return lookUpWorkgroup(scope, id, workgroupName, props);
  }

  public readonly kind = "serverless";
  public readonly databaseName: string;
  public readonly encryptionContext: EncryptionContext;
  public readonly key: IDataApiKey;
  /** The workgroup's ARN. */
  public readonly warehouseArn: string;
  public readonly workgroupName: string;
  /** The namespace's ARN, which is in the encryption context. */
  public readonly namespaceArn: string;
  /** The namespace's name, known once the workgroup exists. */
  public readonly namespaceName: string;
  /** The ARN of the secret with the admin's password, or undefined if the password was given. */
  public readonly adminSecretArn: string | undefined;
  public readonly adminUsername: string;
  /** The `configParameters` of the props. */
  public readonly parameters: Readonly<Record<string, string>>;
  /** The host name and port to connect to, with a colon between them. */
  public readonly endpoint: string;
  public readonly endpointAddress: string;
  public readonly endpointPort: number;
  /** The log groups of the audit log, or undefined if Redshift creates them. */
  public readonly logGroups: AuditLogGroups | undefined;
  /** The wrapped namespace. */
  public readonly namespace: RedshiftserverlessNamespace;
  /** The wrapped workgroup. */
  public readonly workgroup: RedshiftserverlessWorkgroup;

  /** @throws if a prop breaks its rule, or two props contradict each other */
  public constructor(scope: Construct, id: string, props: EncryptedServerlessProps) {
    super(scope, id);
    checkServerlessProps(this, props);
    const settings = withPresets(props, ENCRYPTED_SERVERLESS_PROPS);
    this.key = props.key;
    warnOfServices(this, this.key, "redshift-serverless");
    this.adminUsername = settings.adminUsername;
    this.databaseName = settings.databaseName;
    this.parameters = settings.configParameters ?? {};
    this.logGroups = logGroupsOf(this, settings, `/aws/redshift/${settings.namespaceName}`);
    this.namespace = new RedshiftserverlessNamespace(this, "Resource", this.namespaceConfig(settings));
    this.workgroup = new RedshiftserverlessWorkgroup(this, "Workgroup", this.workgroupConfig(settings));
    this.namespaceArn = this.namespace.arn;
    this.namespaceName = this.workgroup.namespaceName;
    this.warehouseArn = this.workgroup.arn;
    this.workgroupName = this.workgroup.workgroupName;
    this.encryptionContext = EncryptionContext.forNamespace({ namespaceArn: this.namespaceArn }, this);
    this.adminSecretArn = isPasswordManaged(props) ? this.namespace.adminPasswordSecretArn : undefined;
    const endpoint = this.workgroup.endpoint.get(0);
    this.endpoint = `${endpoint.address}:${endpoint.port}`;
    this.endpointAddress = endpoint.address;
    this.endpointPort = endpoint.port;
    this.warn(settings);
  }

  private namespaceConfig(settings: Settings): RedshiftserverlessNamespaceConfig {
    const { deletionProtection, key, provider } = settings;
    const isManaged = isPasswordManaged(settings);
    return defined({
      adminPasswordSecretKmsKeyId: isManaged ? (settings.adminSecretKeyArn ?? key.keyArn) : undefined,
      adminUserPasswordWo: settings.adminUserPasswordWo,
      adminUserPasswordWoVersion: settings.adminUserPasswordWoVersion,
      adminUsername: settings.adminUsername,
      dbName: settings.databaseName,
      defaultIamRoleArn: settings.defaultIamRoleArn,
      dependsOn: this.logGroups && [...this.logGroups.resources],
      iamRoles: settings.iamRoles && [...settings.iamRoles],
      kmsKeyId: key.keyArn,
      lifecycle: defined({
        precondition: callerMayDeploy(this, key, provider),
        preventDestroy: deletionProtection,
        replaceTriggeredBy: replacedWith(this, key),
      }),
      logExports: [...settings.logExports],
      manageAdminPassword: isManaged ? true : undefined,
      namespaceName: settings.namespaceName,
      provider,
      tags: settings.tags,
    });
  }

  private workgroupConfig(settings: Settings): RedshiftserverlessWorkgroupConfig {
    return defined({
      baseCapacity: settings.baseCapacity,
      configParameter: configParametersOf(settings),
      enhancedVpcRouting: settings.enhancedVpcRouting,
      // AWS deletes no namespace that has a workgroup, so the workgroup is replaced together with the namespace.
      lifecycle: defined({
        ignoreChanges: settings.ignoreConfigParameterChanges ? ["config_parameter"] : undefined,
        preventDestroy: settings.deletionProtection,
        replaceTriggeredBy: [address(this.namespace, "namespace_id")],
      }),
      maxCapacity: settings.maxCapacity,
      namespaceName: this.namespace.namespaceName,
      port: settings.port,
      pricePerformanceTarget: targetOf(settings),
      provider: settings.provider,
      publiclyAccessible: false,
      securityGroupIds: settings.securityGroupIds && [...settings.securityGroupIds],
      subnetIds: settings.subnetIds && [...settings.subnetIds],
      tags: settings.tags,
      trackName: settings.trackName,
      workgroupName: settings.workgroupName ?? settings.namespaceName,
    });
  }

  private warn({ enhancedVpcRouting, subnetIds }: Settings): void {
    if (enhancedVpcRouting && known(subnetIds) && subnetIds?.length === 2) {
      Annotations.of(this).addWarning("with enhanced VPC routing, AWS wants subnets in three Availability Zones");
    }
  }
}

/** Returns whether Redshift creates the admin's password and keeps it in Secrets Manager. */
function isPasswordManaged({ adminUserPasswordWo }: EncryptedServerlessProps): boolean {
  return adminUserPasswordWo === undefined;
}

/** Returns the configuration parameters of the workgroup, AWS's defaults included, sorted by name. */
function configParametersOf({
  configParameters,
}: EncryptedServerlessProps): RedshiftserverlessWorkgroupConfigParameter[] {
  return Object.entries({ ...DEFAULT_CONFIG_PARAMETERS, ...configParameters })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([parameterKey, parameterValue]) => ({ parameterKey, parameterValue }));
}

/**
 * Returns the price-performance target: the given level, or a disabled target if there is a base capacity, so that the provider
 * from version 6.29 changes an existing workgroup from a target to a base capacity. Undefined if there is neither: AWS decides.
 */
function targetOf(props: EncryptedServerlessProps): RedshiftserverlessWorkgroupPricePerformanceTarget | undefined {
  const { baseCapacity, pricePerformanceLevel } = props;
  if (pricePerformanceLevel !== undefined) {
    return { enabled: true, level: pricePerformanceLevel };
  }
  return baseCapacity === undefined ? undefined : { enabled: false };
}
