import { CONTEXT_RULES } from "./context";
import { DRIFT_RULES } from "./drift";
import { GRANT_RULES } from "./grant";
import { KEY_RULES } from "./key";
import { DATA_API_RULES } from "./key-policy/data-api";
import { EVERYBODY_RULES } from "./key-policy/everybody";
import { LOCKOUT_RULES } from "./key-policy/lockout";
import { PRINCIPAL_RULES } from "./key-policy/principals";
import { SOURCE_RULES } from "./key-policy/source";
import { ROLE_RULES } from "./role";
import { ADMINISTRATOR_RULES } from "./role/administrator";
import { FEDERATION_RULES } from "./role/federation";
import type { Rule } from "./rule";
import { ENCRYPTION_RULES } from "./warehouse/encryption";
import { EXPOSURE_RULES } from "./warehouse/exposure";
import { LOSS_RULES, WORKGROUP_RULES } from "./warehouse/loss";
import { NOT_SHOWN_RULES } from "./warehouse/not-shown";
import { SNAPSHOT_COPY_RULES } from "./warehouse/snapshot-copy";

/** All rules, in the order of their findings. */
export const RULES: readonly Rule[] = [
  ...DATA_API_RULES,
  ...LOCKOUT_RULES,
  ...EVERYBODY_RULES,
  ...PRINCIPAL_RULES,
  ...SOURCE_RULES,
  ...KEY_RULES,
  ...CONTEXT_RULES,
  ...GRANT_RULES,
  ...ENCRYPTION_RULES,
  ...LOSS_RULES,
  ...EXPOSURE_RULES,
  ...SNAPSHOT_COPY_RULES,
  ...WORKGROUP_RULES,
  ...NOT_SHOWN_RULES,
  ...ROLE_RULES,
  ...ADMINISTRATOR_RULES,
  ...FEDERATION_RULES,
  ...DRIFT_RULES,
];
