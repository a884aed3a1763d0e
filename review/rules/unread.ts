import type { Model } from "../model/model";
import { stringOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import type { NotJudged } from "./rule";

/** The services of security groups, keys, identities, warehouses and secrets, as CloudFormation types name them. */
type Service = "EC2" | "IAM" | "KMS" | "Redshift" | "SecretsManager";

const CLOUD_CONTROL = "aws_cloudcontrolapi_resource";
/** The resource types that deploy a template, which can have resources of every service. */
const TEMPLATE_TYPES = [
  "aws_cloudformation_stack",
  "aws_cloudformation_stack_instances",
  "aws_cloudformation_stack_set",
  "aws_cloudformation_stack_set_instance",
  "aws_servicecatalog_provisioned_product",
  "awscc_cloudformation_stack",
  "awscc_cloudformation_stack_set",
  "awscc_servicecatalog_cloudformation_provisioned_product",
];
/**
 * The beginnings of resource types that change keys, identities, warehouses, secrets or security groups, but that the review does
 * not read.
 */
const UNREAD_TYPES: Readonly<Record<Service, readonly string[]>> = {
  EC2: ["awscc_ec2_prefix_list", "awscc_ec2_security_group"],
  // The users of an identity provider, and the holders of certificates, assume the roles that trust these.
  IAM: ["aws_iam_saml_provider", "aws_rolesanywhere_", "awscc_iam_", "awscc_identitystore_", "awscc_sso_"],
  KMS: ["awscc_kms_alias"],
  Redshift: ["awscc_redshift_", "awscc_redshiftserverless_"],
  SecretsManager: ["awscc_secretsmanager_"],
};

/** The beginnings of the CloudFormation types of each service. IAM includes the permission sets of IAM Identity Center. */
const CLOUDFORMATION: Readonly<Record<Service, readonly string[]>> = {
  EC2: ["AWS::EC2::PrefixList", "AWS::EC2::SecurityGroup"],
  IAM: ["AWS::IAM", "AWS::IdentityStore", "AWS::SSO"],
  KMS: ["AWS::KMS"],
  Redshift: ["AWS::Redshift"],
  SecretsManager: ["AWS::SecretsManager"],
};

/** Whether the review does not read the resources of a type, which can have keys, identities, warehouses, secrets or security groups. */
export function isUnread(type: string): boolean {
  return (
    [CLOUD_CONTROL, ...TEMPLATE_TYPES].includes(type) ||
    Object.values(UNREAD_TYPES)
      .flat()
      .some((start) => type.startsWith(start))
  );
}

/** Returns the resources of a service that the plan changes and that the review does not read. They are not judged. */
export function unreadChanges(model: Model, service: Service): readonly NotJudged[] {
  const notRead = (resources: readonly PlannedResource[], content: string): readonly NotJudged[] =>
    resources
      .filter(({ action }) => action !== "none")
      .map(({ address }) => ({ address, reason: `the review does not read ${content}` }));
  const isOfService = (resource: PlannedResource): boolean => {
    const type = stringOf(resource, "after", "type_name") ?? stringOf(resource, "before", "type_name");
    return type === undefined || CLOUDFORMATION[service].some((start) => type.startsWith(start));
  };
  return [
    ...notRead(model.withType(...TEMPLATE_TYPES), "its template"),
    ...notRead(model.withType(CLOUD_CONTROL).filter(isOfService), "its desired_state"),
    ...model
      .typesWith(UNREAD_TYPES[service])
      .flatMap((type) => notRead(model.withType(type), `resources of the type ${type}`)),
  ];
}
