export { AlarmTopic, type AlarmTopicProps } from "./alarm-topic";
export { AuditLogGroups, type AuditLogGroupsProps } from "./audit-log-groups";
export { EncryptedCluster, type EncryptedClusterProps } from "./cluster";
export {
  ClusterParameterGroup,
  type ClusterParameterGroupProps,
  type IClusterParameterGroup,
} from "./cluster-parameter-group";
export { DataApiAccess, type DataApiAccessProps } from "./data-api-access";
export { DataApiEndpoint, type DataApiEndpointProps } from "./data-api-endpoint";
export { DataApiGrant, type DataApiGrantProps } from "./data-api-grant";
export {
  DataApiKey,
  type DataApiKeyProps,
  ExistingDataApiKey,
  type ExistingDataApiKeyProps,
  type IDataApiKey,
} from "./data-api-key";
export { DataApiKeyReplica, type DataApiKeyReplicaProps } from "./data-api-key-replica";
export { DataApiProof, type DataApiProofProps } from "./data-api-proof";
export { DataApiRole, type DataApiRoleProps, type IDataApiRole, type PermissionSetRoleProps } from "./data-api-role";
export {
  DatashareAssociation,
  type DatashareAssociationProps,
  DatashareAuthorization,
  type DatashareAuthorizationProps,
} from "./datashare";
export {
  type ClusterEncryptionContextProps,
  EncryptionContext,
  type NamespaceEncryptionContextProps,
} from "./encryption-context";
export { EndpointAccess, type EndpointAccessProps } from "./endpoint-access";
export { EventSubscription, type EventSubscriptionProps } from "./event-subscription";
export { Identity, type IdentityDependable, type PermissionSetIdentityProps, type RoleIdentityProps } from "./identity";
export { IntegrationPolicy, type IntegrationPolicyProps } from "./integration-policy";
export { DataApiKeyPolicy, type DataApiKeyPolicyProps, type RequiredStatementsProps } from "./key-policy";
export {
  type AlarmStatementProps,
  type EventStatementProps,
  KeyStatements,
  type LogGroupStatementProps,
  type LogReaderStatementProps,
} from "./key-statements";
export type { PolicyStatement } from "./private/statement";
export { ScheduledAction, type ScheduledActionProps } from "./scheduled-action";
export { SecretRotation, type SecretRotationProps } from "./secret-rotation";
export { EncryptedServerless, type EncryptedServerlessProps } from "./serverless";
export { ServerlessCustomDomain, type ServerlessCustomDomainProps } from "./serverless-custom-domain";
export { ServerlessSnapshotPolicy, type ServerlessSnapshotPolicyProps } from "./serverless-snapshot-policy";
export { SnapshotCopy, type SnapshotCopyProps } from "./snapshot-copy";
export { SnapshotSchedule, type SnapshotScheduleProps } from "./snapshot-schedule";
export { UsageLimit, type UsageLimitProps } from "./usage-limit";
export type { CredentialScope, IWarehouse } from "./warehouse";
export { WarehouseAlarms, type WarehouseAlarmsProps } from "./warehouse-alarms";
