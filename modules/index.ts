export { EncryptedCluster, type EncryptedClusterProps } from "./cluster";
export { DataApiAccess, type DataApiAccessProps } from "./data-api-access";
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
export { DataApiRole, type DataApiRoleProps, type IDataApiRole } from "./data-api-role";
export {
  type ClusterEncryptionContextProps,
  EncryptionContext,
  type NamespaceEncryptionContextProps,
} from "./encryption-context";
export { Identity, type IdentityDependable, type RoleIdentityProps } from "./identity";
export { DataApiKeyPolicy, type DataApiKeyPolicyProps, type RequiredStatementsProps } from "./key-policy";
export type { PolicyStatement } from "./private/statement";
export { EncryptedServerless, type EncryptedServerlessProps } from "./serverless";
export { SnapshotCopy, type SnapshotCopyProps } from "./snapshot-copy";
export type { CredentialScope, IWarehouse } from "./warehouse";
