// The resources that the app makes of bench/fleet.mjs, written by hand as bare provider constructs: what the framework costs
// without this library. bench/scale.mjs checks that they are the same.
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftParameterGroup } from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import { RedshiftserverlessWorkgroup } from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { App, LocalBackend, TerraformOutput, TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** As bench/fleet.mjs spreads the warehouses. */
const [FIRST_ACCOUNT, WAREHOUSES_OF_ACCOUNT] = [111122223333, 40];
const STATEMENT_OWNER = { StringEquals: { "redshift-data:statement-owner-iam-userid": "$${aws:userid}" } };
const SESSION_OWNER = { "redshift-data:session-owner-iam-userid": "$${aws:userid}" };
const LOGS = ["connectionlog", "useractivitylog", "userlog"];
const WORKGROUP_PARAMETERS = {
  auto_mv: "true",
  datestyle: "ISO, MDY",
  enable_case_sensitive_identifier: "false",
  enable_user_activity_logging: "true",
  max_query_execution_time: "14400",
  query_group: "default",
  require_ssl: "true",
  search_path: "$user, public",
  use_fips_ssl: "false",
};

const policy = (Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** The address of a resource's attribute. */
const attribute = (resource: TerraformResource, name: string): string =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}.${name}`;

class Stack extends TerraformStack {
  private readonly account: string;
  private readonly admin: string;
  private readonly warehouse = new Construct(this, "Default");

  public constructor(app: App, index: number) {
    const name = `warehouse-${index}`;
    super(app, name);
    this.account = String(FIRST_ACCOUNT + Math.floor(index / WAREHOUSES_OF_ACCOUNT));
    this.admin = `arn:aws:iam::${this.account}:role/ExampleAdminRole`;
    new LocalBackend(this, { path: `../../../terraform.${name}.tfstate` });
    const provider = { allowedAccountIds: [this.account], region: "us-east-1" };
    new AwsProvider(this, "Aws", provider);
    new AwsProvider(this, "ProofAws", { ...provider, alias: "proof" });
    this.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: "~> 6.25" });
    this.addOverride("removed", [
      { from: "aws_iam_role.Role-ExampleAdminRole_31E9D3E2", lifecycle: [{ destroy: false }] },
    ]);
    const roleName = `WarehouseUser${index}`;
    const role = new IamRole(new Construct(this, `Role-${roleName}`), "Resource", {
      assumeRolePolicy: policy([
        {
          Sid: "AllowTrustedPrincipals",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${this.account}:root` },
          Action: "sts:AssumeRole",
        },
      ]),
      description: `Uses the Data API of ${name}`,
      name: roleName,
    });
    const roleArn = `arn:aws:iam::${this.account}:role/${roleName}`;
    const key = this.key(name, role, roleArn);
    const outputs = index % 2 === 0 ? this.cluster(name, key, role) : this.serverless(name, key, role);
    const values = {
      administrator_arns: [this.admin],
      key_alias: `alias/${name}`,
      key_arn: key.arn,
      key_id: key.keyId,
      user_role_arns: [roleArn],
      ...outputs,
    };
    for (const [output, value] of Object.entries(values)) {
      new TerraformOutput(this, output, { description: `The ${output}`, value });
    }
  }

  private key(name: string, role: IamRole, roleArn: string): KmsKey {
    const scope = new Construct(this, "Key");
    const caller = new DataAwsCallerIdentity(scope, "Caller", {});
    const callerRole = `replace(${caller.arn}, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3")`;
    const key = new KmsKey(scope, "Resource", {
      bypassPolicyLockoutSafetyCheck: false,
      deletionWindowInDays: 30,
      dependsOn: [role],
      description: `Amazon Redshift and its Data API: ${name}`,
      enableKeyRotation: true,
      lifecycle: {
        precondition: [
          {
            condition: `\${length(setintersection([for arn in ["${this.admin}"] : replace(arn, "/:role/.*//", ":role/")], [${callerRole}, join("", ["arn:aws:iam::", ${caller.accountId}, ":root"])])) > 0}`,
            errorMessage:
              `The caller of this plan, ${caller.arn}, is not an administrator of this key, and ` +
              "KMS refuses a key policy that its caller could not change again. Three ways out: " +
              `(1) add \${${callerRole}} to 'administrators', with the role's path before its name, if it has one (a role of IAM ` +
              "Identity Center has /aws-reserved/sso.amazonaws.com/ or /aws-reserved/sso.amazonaws.com/REGION/); " +
              `(2) add the account root, arn:aws:iam::${caller.accountId}:root, to 'administrators', so that the IAM policies of the account decide; ` +
              "(3) set 'bypassPolicyLockoutSafetyCheck' to true, if the key is meant to be out of this caller's hands.",
          },
        ],
        preventDestroy: true,
      },
      policy: policy([
        {
          Sid: "Allow access to principals authorized to use Amazon Redshift",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["kms:DescribeKey", "kms:CreateGrant"],
          Resource: "*",
          Condition: {
            StringEquals: {
              "kms:ViaService": [
                "redshift-serverless.us-east-1.amazonaws.com",
                "redshift.amazonaws.com",
                "redshift.us-east-1.amazonaws.com",
              ],
              "kms:CallerAccount": this.account,
            },
          },
        },
        {
          Sid: "AllowKeyAdministratorsAccess",
          Effect: "Allow",
          Principal: { AWS: this.admin },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "AllowKeyUseForExampleRole",
          Effect: "Allow",
          Principal: { AWS: roleArn },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
          Resource: "*",
        },
      ]),
    });
    new KmsAlias(scope, "Alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    return key;
  }

  private cluster(name: string, key: KmsKey, role: IamRole): Record<string, unknown> {
    const scope = new Construct(this.warehouse, "Cluster");
    const arn = `arn:aws:redshift:us-east-1:${this.account}:cluster:${name}`;
    const parameters = new RedshiftParameterGroup(scope, "ParameterGroup", {
      description: `Parameters of the cluster ${name}`,
      family: "redshift-2.0",
      name,
      parameter: [
        { name: "enable_user_activity_logging", value: "true" },
        { name: "require_ssl", value: "true" },
      ],
    });
    const immutable = new TerraformResource(scope, "Immutable", {
      lifecycle: { ignoreChanges: ["input"] },
      terraformResourceType: "terraform_data",
    });
    immutable.addOverride("input", { cluster_identifier: name, key_arn: key.arn, key_made: true });
    const [keyArn, identifier] = ["key_arn", "cluster_identifier"].map((field) =>
      immutable.getStringAttribute(`output.${field}`),
    ) as [string, string];
    const wayOut =
      "Create another warehouse, move the data, and destroy this one. If there is no data to lose, or the cluster was never " +
      "created, set 'deletionProtection' to false.";
    const another = (which: string): string =>
      `The key of this cluster cannot become ${which}: AWS refuses another key for an encrypted cluster, which stays under ${keyArn}. ${wayOut}`;
    const cluster = new RedshiftCluster(scope, "Resource", {
      automatedSnapshotRetentionPeriod: 7,
      availabilityZoneRelocationEnabled: true,
      clusterIdentifier: name,
      clusterParameterGroupName: parameters.name,
      databaseName: "dev",
      encrypted: "true",
      enhancedVpcRouting: true,
      finalSnapshotIdentifier: `${name}-final`,
      kmsKeyId: key.arn,
      lifecycle: {
        precondition: [
          { condition: `\${(${keyArn} == ${key.arn})}`, errorMessage: another(key.arn) },
          {
            condition: immutable.getStringAttribute("output.key_made"),
            errorMessage: another("a key that this plan creates"),
          },
          {
            condition: `\${(${identifier} == "${name}")}`,
            errorMessage: `This cluster cannot become ${name}: its ARN would change, and every grant and statement that is bound to the ARN of ${identifier} would be lost. ${wayOut}`,
          },
        ],
        preventDestroy: true,
        replaceTriggeredBy: [attribute(key, "arn")],
      },
      manageMasterPassword: true,
      masterPasswordSecretKmsKeyId: key.arn,
      masterUsername: "warehouse_admin",
      multiAz: false,
      nodeType: "ra3.large",
      numberOfNodes: 2,
      port: 5439,
      publiclyAccessible: false,
      skipFinalSnapshot: false,
    });
    new RedshiftLogging(scope, "Logging", {
      clusterIdentifier: cluster.id,
      logDestinationType: "cloudwatch",
      logExports: LOGS,
    });
    const database = `arn:aws:redshift:us-east-1:${this.account}:dbname:${name}/dev`;
    this.access(
      name,
      role,
      arn,
      [],
      [{ Effect: "Allow", Action: "redshift:GetClusterCredentialsWithIAM", Resource: database }],
    );
    return {
      admin_secret_arn: cluster.masterPasswordSecretArn,
      encryption_context: { "aws:redshift:arn": arn, serviceName: "RedshiftDataAPI" },
      endpoint: cluster.endpoint,
      warehouse_arn: arn,
    };
  }

  private serverless(name: string, key: KmsKey, role: IamRole): Record<string, unknown> {
    const scope = new Construct(this.warehouse, "Serverless");
    const namespace = new RedshiftserverlessNamespace(scope, "Resource", {
      adminPasswordSecretKmsKeyId: key.arn,
      adminUsername: "warehouse_admin",
      dbName: "dev",
      kmsKeyId: key.arn,
      lifecycle: { preventDestroy: true, replaceTriggeredBy: [attribute(key, "arn")] },
      logExports: LOGS,
      manageAdminPassword: true,
      namespaceName: name,
    });
    const workgroup = new RedshiftserverlessWorkgroup(scope, "Workgroup", {
      baseCapacity: 8,
      configParameter: Object.entries(WORKGROUP_PARAMETERS).map(([parameterKey, parameterValue]) => ({
        parameterKey,
        parameterValue,
      })),
      enhancedVpcRouting: true,
      lifecycle: {
        ignoreChanges: ["config_parameter"],
        preventDestroy: true,
        replaceTriggeredBy: [attribute(namespace, "namespace_id")],
      },
      maxCapacity: 64,
      namespaceName: namespace.namespaceName,
      port: 5439,
      pricePerformanceTarget: { enabled: false },
      publiclyAccessible: false,
      trackName: "current",
      workgroupName: name,
    });
    this.access(name, role, workgroup.arn, ["redshift-serverless:GetCredentials"]);
    const endpoint = workgroup.endpoint.get(0);
    return {
      admin_secret_arn: namespace.adminPasswordSecretArn,
      encryption_context: { "aws:redshift-serverless:arn": namespace.arn, serviceName: "RedshiftDataAPI" },
      endpoint: `${endpoint.address}:${endpoint.port}`,
      namespace_arn: namespace.arn,
      warehouse_arn: workgroup.arn,
      workgroup_arn: workgroup.arn,
    };
  }

  private access(
    name: string,
    role: IamRole,
    arn: string,
    moreActions: readonly string[],
    credentials: readonly object[] = [],
  ): void {
    new IamRolePolicy(new Construct(this.warehouse, `Access-${role.nameInput}`), "Resource", {
      dependsOn: [role],
      lifecycle: { replaceTriggeredBy: [attribute(role, "unique_id")] },
      name: `${name}-data-api`,
      policy: policy([
        {
          Effect: "Allow",
          Action: [
            "redshift-data:ExecuteStatement",
            "redshift-data:BatchExecuteStatement",
            "redshift-data:ListDatabases",
            "redshift-data:ListSchemas",
            "redshift-data:ListTables",
            "redshift-data:DescribeTable",
            ...moreActions,
          ],
          Resource: arn,
          Condition: { StringEqualsIfExists: SESSION_OWNER },
        },
        {
          Effect: "Allow",
          Action: [
            "redshift-data:DescribeStatement",
            "redshift-data:GetStatementResult",
            "redshift-data:CancelStatement",
            "redshift-data:ListStatements",
          ],
          Resource: "*",
          Condition: STATEMENT_OWNER,
        },
        {
          Effect: "Allow",
          Action: "redshift-data:ListSessions",
          Resource: "*",
          Condition: { StringEquals: SESSION_OWNER },
        },
        ...credentials,
      ]),
      role: role.nameInput!,
    });
  }
}

const app = new App({ stackTraces: false });
for (let index = 0; index < Number(process.argv[2]); index += 1) {
  new Stack(app, index);
}
app.synth();
