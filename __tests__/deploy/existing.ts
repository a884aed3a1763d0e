import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateClusterCommand,
  CreateClusterParameterGroupCommand,
  CreateClusterSubnetGroupCommand,
  EnableLoggingCommand,
} from "@aws-sdk/client-redshift";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { ACCOUNT } from "../support/arns";
import { ec2 } from "./ec2";
import { type Caller, EVERYTHING, makeRole } from "./endpoint";

/** The password of each admin, which no file may have. */
export const PASSWORD = "Secret-password-1";

const LOADER = "ExistingLoader";
const LOADER_ARN = `arn:aws:iam::${ACCOUNT}:role/${LOADER}`;

/** A customer managed key as the console makes it: its policy is the account's. It has no default of DataApiKey. */
export async function createKey({ kms }: Caller, name: string): Promise<{ readonly arn: string; readonly id: string }> {
  const policy = {
    Statement: [
      {
        Action: "kms:*",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Resource: "*",
        Sid: "Enable IAM User Permissions",
      },
    ],
    Version: "2012-10-17",
  };
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      Description: `The key of ${name}`,
      Policy: JSON.stringify(policy),
      Tags: [{ TagKey: "owner", TagValue: "console" }],
    }),
  );
  const { Arn: arn, KeyId: id } = KeyMetadata!;
  await kms.send(new CreateAliasCommand({ AliasName: `alias/keys/${name}`, TargetKeyId: id! }));
  return { arn: arn!, id: id! };
}

/** A role with an inline policy, none of whose settings is a default of DataApiRole. */
export async function createReader({ iam }: Caller, RoleName: string, PolicyName: string): Promise<void> {
  const document = (statement: object) => JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
  const trust = { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } };
  await iam.send(
    new CreateRoleCommand({
      AssumeRolePolicyDocument: document(trust),
      Description: "Reads reports",
      MaxSessionDuration: 7200,
      RoleName,
      Tags: [{ Key: "owner", Value: "console" }],
    }),
  );
  const PolicyDocument = document({ Action: "s3:ListAllMyBuckets", Effect: "Allow", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ PolicyDocument, PolicyName, RoleName }));
}

async function createNetwork(cidr: string): Promise<{ readonly groupId: string; readonly subnetIds: string[] }> {
  const vpcId = await ec2("CreateVpc", { CidrBlock: `${cidr}.0.0/16` }, "vpcId");
  const subnetIds = [];
  for (const [index, zone] of ["a", "b", "c"].entries()) {
    const subnet = {
      AvailabilityZone: `us-east-1${zone}`,
      CidrBlock: `${cidr}.${index}.0/24`,
      VpcId: vpcId,
    };
    subnetIds.push(await ec2("CreateSubnet", subnet, "subnetId"));
  }
  const group = { GroupDescription: "Clients", GroupName: "clients", VpcId: vpcId };
  return { groupId: await ec2("CreateSecurityGroup", group, "groupId"), subnetIds };
}

/** A cluster, none of whose settings is a default of EncryptedCluster. Returns its key. */
export async function createCluster(admin: Caller, name: string) {
  const key = await createKey(admin, name);
  const { groupId, subnetIds } = await createNetwork("10.50");
  await makeRole(LOADER, EVERYTHING);
  const { redshift } = admin;
  await redshift.send(
    new CreateClusterSubnetGroupCommand({
      ClusterSubnetGroupName: `${name}-subnets`,
      Description: "Subnets",
      SubnetIds: subnetIds,
    }),
  );
  await redshift.send(
    new CreateClusterParameterGroupCommand({
      Description: "Parameters",
      ParameterGroupFamily: "redshift-1.0",
      ParameterGroupName: `${name}-parameters`,
    }),
  );
  await redshift.send(
    new CreateClusterCommand({
      AllowVersionUpgrade: false,
      AutomatedSnapshotRetentionPeriod: 14,
      AvailabilityZoneRelocation: false,
      ClusterIdentifier: name,
      ClusterParameterGroupName: `${name}-parameters`,
      ClusterSubnetGroupName: `${name}-subnets`,
      ClusterType: "multi-node",
      DBName: "sales",
      DefaultIamRoleArn: LOADER_ARN,
      Encrypted: true,
      EnhancedVpcRouting: false,
      IamRoles: [LOADER_ARN],
      KmsKeyId: key.arn,
      MaintenanceTrackName: "trailing",
      ManualSnapshotRetentionPeriod: 90,
      MasterUserPassword: PASSWORD,
      MasterUsername: "boss",
      NodeType: "ra3.large",
      NumberOfNodes: 3,
      Port: 5444,
      PreferredMaintenanceWindow: "sat:04:00-sat:05:30",
      PubliclyAccessible: true,
      Tags: [{ Key: "owner", Value: "console" }],
      VpcSecurityGroupIds: [groupId],
    }),
  );
  const logging = { ClusterIdentifier: name, LogDestinationType: "cloudwatch" as const, LogExports: ["userlog"] };
  await redshift.send(new EnableLoggingCommand(logging));
  return key;
}

/** A namespace and a workgroup, none of whose settings is a default of EncryptedServerless. Returns their key. */
export async function createServerless(admin: Caller, name: string) {
  const key = await createKey(admin, name);
  const { groupId, subnetIds } = await createNetwork("10.51");
  await makeRole(LOADER, EVERYTHING);
  const tags = [{ key: "owner", value: "console" }];
  await admin.serverless.send(
    new CreateNamespaceCommand({
      adminUserPassword: PASSWORD,
      adminUsername: "boss",
      dbName: "sales",
      defaultIamRoleArn: LOADER_ARN,
      iamRoles: [LOADER_ARN],
      kmsKeyId: key.arn,
      logExports: ["userlog"],
      namespaceName: name,
      tags,
    }),
  );
  await admin.serverless.send(
    new CreateWorkgroupCommand({
      baseCapacity: 16,
      configParameters: [{ parameterKey: "max_query_execution_time", parameterValue: "600" }],
      enhancedVpcRouting: false,
      maxCapacity: 64,
      namespaceName: name,
      port: 5444,
      publiclyAccessible: true,
      securityGroupIds: [groupId],
      subnetIds,
      tags,
      trackName: "trailing",
      workgroupName: `${name}-group`,
    }),
  );
  return key;
}
