import { CONDITION_RULES } from "./condition";
import { CONTEXT_RULES } from "./context";
import { DRIFT_RULES } from "./drift";
import { GRANT_RULES } from "./grant";
import { GRANTEE_RULES } from "./grant/grantee";
import { KEY_RULES } from "./key";
import { DATA_API_RULES } from "./key-policy/data-api";
import { DEPLOYER_RULES } from "./key-policy/deployer";
import { EVERYBODY_RULES } from "./key-policy/everybody";
import { EXCEPTION_RULES } from "./key-policy/exceptions";
import { KEY_FEDERATION_RULES } from "./key-policy/federation";
import { LOCKOUT_RULES } from "./key-policy/lockout";
import { MOVED_RULES } from "./key-policy/moved";
import { PRINCIPAL_RULES } from "./key-policy/principals";
import { ROLE_PATH_RULES } from "./key-policy/role-path";
import { SERVICE_RULES } from "./key-policy/services";
import { SIZE_RULES as KEY_POLICY_SIZE_RULES } from "./key-policy/size";
import { SOURCE_RULES } from "./key-policy/source";
import { PROMISE_RULES } from "./promise";
import { ROLE_RULES } from "./role";
import { ADMINISTRATOR_RULES } from "./role/administrator";
import { DATABASE_ADMIN_RULES } from "./role/database-admin";
import { CREDENTIALS_RULES } from "./role/credentials";
import { FEDERATION_RULES } from "./role/federation";
import { LOSS_RULES as KEY_LOSS_RULES } from "./role/loss";
import { NOT_SHOWN_RULES as ROLE_NOT_SHOWN_RULES } from "./role/not-shown";
import { PERMISSION_RULES } from "./role/permissions";
import { REACH_RULES } from "./role/reach";
import { SIZE_RULES as ROLE_SIZE_RULES } from "./role/size";
import { TRUST_RULES } from "./role/trust";
import type { Rule } from "./rule";
import { SHARING_RULES } from "./sharing";
import { SECRET_RULES } from "./sharing/secret";
import { ENCRYPTION_RULES } from "./warehouse/encryption";
import { EXPOSURE_RULES } from "./warehouse/exposure";
import { KEY_ACCOUNT_RULES } from "./warehouse/key-account";
import { KEY_REGION_RULES } from "./warehouse/key-region";
import { LOSS_RULES, WORKGROUP_RULES } from "./warehouse/loss";
import { NAMESPACE_KEY_RULES } from "./warehouse/namespace-key";
import { NETWORK_RULES } from "./warehouse/network";
import { NOT_SHOWN_RULES } from "./warehouse/not-shown";
import { ROTATION_RULES } from "./warehouse/rotation";
import { SNAPSHOT_COPY_RULES } from "./warehouse/snapshot-copy";

/** The rules that apply without --forbid or --reference. */
export const PLAN_RULES: readonly Rule[] = [
  ...DATA_API_RULES,
  ...LOCKOUT_RULES,
  ...EVERYBODY_RULES,
  ...PRINCIPAL_RULES,
  ...MOVED_RULES,
  ...EXCEPTION_RULES,
  ...KEY_FEDERATION_RULES,
  ...ROLE_PATH_RULES,
  ...DEPLOYER_RULES,
  ...SERVICE_RULES,
  ...KEY_POLICY_SIZE_RULES,
  ...SOURCE_RULES,
  ...KEY_RULES,
  ...CONTEXT_RULES,
  ...CONDITION_RULES,
  ...GRANT_RULES,
  ...GRANTEE_RULES,
  ...ENCRYPTION_RULES,
  ...KEY_REGION_RULES,
  ...KEY_ACCOUNT_RULES,
  ...NAMESPACE_KEY_RULES,
  ...LOSS_RULES,
  ...EXPOSURE_RULES,
  ...NETWORK_RULES,
  ...ROTATION_RULES,
  ...SNAPSHOT_COPY_RULES,
  ...WORKGROUP_RULES,
  ...NOT_SHOWN_RULES,
  ...ROLE_RULES,
  ...ROLE_NOT_SHOWN_RULES,
  ...ADMINISTRATOR_RULES,
  ...DATABASE_ADMIN_RULES,
  ...FEDERATION_RULES,
  ...REACH_RULES,
  ...KEY_LOSS_RULES,
  ...PERMISSION_RULES,
  ...CREDENTIALS_RULES,
  ...TRUST_RULES,
  ...ROLE_SIZE_RULES,
  ...SHARING_RULES,
  ...SECRET_RULES,
  ...DRIFT_RULES,
];

/** All rules, in the order of their findings. */
export const RULES: readonly Rule[] = [...PLAN_RULES, ...PROMISE_RULES];
