export { AlarmTopic, type AlarmTopicProps } from "./operations/alarm-topic";
export { AuditLogGroups, type AuditLogGroupsProps } from "./redshift/audit-log-groups";
export { EncryptedCluster } from "./redshift/cluster";
export type { EncryptedClusterProps } from "./redshift/cluster-props";
export {
  ClusterParameterGroup,
  type ClusterParameterGroupProps,
  type IClusterParameterGroup,
} from "./redshift/cluster-parameter-group";
export { DataApiAccess, type DataApiAccessOptions, type DataApiAccessProps } from "./data-api/data-api-access";
export { DataApiEndpoint, type DataApiEndpointProps } from "./data-api/data-api-endpoint";
export type { DatabaseCredentialProps, DatabaseUserProps } from "./data-api/database-credentials";
export { DataApiGrant, type DataApiGrantProps } from "./data-api/data-api-grant";
export type { CreatedDataApiKey } from "./kms/created-data-api-key";
export { DataApiKey } from "./kms/data-api-key";
export type { DataApiKeyBase, KeyPrincipals } from "./kms/data-api-key-base";
export type { CreatedDataApiKeyProps, DataApiKeyProps } from "./kms/data-api-key-props";
export { type DataApiKeyLookupProps, ExistingDataApiKey, type ExistingDataApiKeyProps } from "./kms/existing-key";
export type { IDataApiKey } from "./kms/key";
export { DataApiKeyReplica, type DataApiKeyReplicaProps } from "./kms/data-api-key-replica";
export { DataApiProof, type DataApiProofOptions, type DataApiProofProps } from "./data-api/data-api-proof";
export { DataApiRole, type IDataApiRole, type PermissionSetRoleProps } from "./iam/data-api-role";
export type { DataApiRoleProps } from "./iam/data-api-role-props";
export type { OidcTrust, PrincipalTrust, SamlTrust, TrustedSessionOptions } from "./iam/role-trust";
export {
  DataApiWarehouse,
  type DataApiWarehouseOptions,
  type DataApiWarehouseProps,
  type DataApiWarehouseUser,
} from "./data-api-warehouse";
export {
  type DatabaseGrant,
  type DatabasePrivilege,
  type DatabaseRole,
  DatabaseRoles,
  type DatabaseRolesProps,
  type DefaultPrivilege,
  type SchemaGrant,
  type SchemaPrivilege,
  type TableGrant,
  type TablePrivilege,
} from "./data-api/database-roles";
export {
  DatashareAssociation,
  type DatashareAssociationProps,
  DatashareAuthorization,
  type DatashareAuthorizationProps,
} from "./sharing/datashare";
export {
  type ClusterEncryptionContextProps,
  EncryptionContext,
  type NamespaceEncryptionContextProps,
} from "./kms/encryption-context";
export { KeyUsageAlarms, type KeyUsageAlarmsProps } from "./operations/key-usage-alarms";
export { EndpointAccess, type EndpointAccessOptions, type EndpointAccessProps } from "./sharing/endpoint-access";
export { EndpointAuthorization, type EndpointAuthorizationProps } from "./sharing/endpoint-authorization";
export { EventSubscription, type EventSubscriptionProps } from "./operations/event-subscription";
export {
  Identity,
  type IdentityDependable,
  type PermissionSetIdentityProps,
  type RoleIdentityProps,
} from "./iam/identity";
export { IntegrationPolicy, type IntegrationPolicyProps } from "./sharing/integration-policy";
export { DataApiKeyPolicy, type DataApiKeyPolicyProps, type RequiredStatementsProps } from "./kms/key-policy";
export {
  type AlarmStatementProps,
  type EventStatementProps,
  type IntegrationStatementProps,
  KeyStatements,
  type LogGroupStatementProps,
  type LogReaderStatementProps,
} from "./kms/key-statements";
export { ManualSnapshot, type ManualSnapshotOptions, type ManualSnapshotProps } from "./operations/manual-snapshot";
export type { OrNewer } from "./private/rule";
export type { PolicyStatement } from "./private/statement";
export type { EnvironmentProps, Partition, ResourceProps, TaggedResourceProps } from "./private/resource-props";
export { ScheduledAction, type ScheduledActionProps } from "./operations/scheduled-action";
export { ScheduledQuery, type ScheduledQueryProps } from "./data-api/scheduled-query";
export {
  ScheduledQueryGroup,
  type ScheduledQueryGroupOptions,
  type ScheduledQueryGroupProps,
} from "./data-api/scheduled-query-group";
export { ScheduledQueryRole, type ScheduledQueryRoleProps } from "./data-api/scheduled-query-role";
export { SecretRotation, type SecretRotationProps } from "./operations/secret-rotation";
export { EncryptedServerless } from "./redshift/serverless";
export type { ClusterAttributes, ClusterLookupProps } from "./redshift/existing-cluster";
export type { WorkgroupAttributes } from "./redshift/existing-serverless";
export type { ExistingWarehouseAttributes, ExistingWarehouseProps } from "./redshift/existing-warehouse";
export type { EncryptedServerlessProps } from "./redshift/serverless-props";
export type { WarehouseProps } from "./redshift/warehouse-props";
export { ServerlessCustomDomain, type ServerlessCustomDomainProps } from "./sharing/serverless-custom-domain";
export { ServerlessSnapshotPolicy, type ServerlessSnapshotPolicyProps } from "./sharing/serverless-snapshot-policy";
export { SnapshotCopy, type SnapshotCopyProps } from "./operations/snapshot-copy";
export { SnapshotSchedule, type SnapshotScheduleProps } from "./operations/snapshot-schedule";
export { UsageLimit, type UsageLimitOptions, type UsageLimitProps } from "./operations/usage-limit";
export type {
  CredentialScope,
  ICluster,
  IServerless,
  IWarehouse,
  IWarehouseBase,
  PropsFor,
  WithAdminSecret,
} from "./redshift/warehouse";
export { WarehouseAlarms, type WarehouseAlarmsOptions, type WarehouseAlarmsProps } from "./operations/warehouse-alarms";
export { ZeroEtlIntegration, type ZeroEtlIntegrationProps } from "./sharing/zero-etl-integration";
