import { CONTEXT_RULES } from "./context";
import { GRANT_RULES } from "./grant";
import { KEY_RULES } from "./key";
import { KEY_POLICY_RULES } from "./key-policy";
import { ROLE_RULES } from "./role";
import type { Rule } from "./rule";
import { WAREHOUSE_RULES } from "./warehouse";

/** All rules, by what they are about. */
export const RULES: readonly Rule[] = [
  ...KEY_POLICY_RULES,
  ...KEY_RULES,
  ...CONTEXT_RULES,
  ...GRANT_RULES,
  ...WAREHOUSE_RULES,
  ...ROLE_RULES,
];
