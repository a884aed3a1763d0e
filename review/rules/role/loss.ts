import { onKeys } from "../../policy/resource-pattern";
import { titleOf } from "../../policy/statement";
import { statementRule } from "../role";
import type { Rule } from "../rule";
import { broadActions, KEY_LIMITS, keysIn } from "./broad-actions";

/** The actions after which nobody can use a key, at once or after its waiting period. */
export const LOSS_ACTIONS = onKeys(["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"]);

/** The rule about permissions to delete or disable keys, which makes the data under them unreadable. */
export const LOSS_RULES: readonly Rule[] = [
  statementRule({
    id: "role-disables-every-key",
    severity: "warning",
    title: "A role may delete or disable every key",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-adding-permission.html",
    faultOf: (statement) => {
      const actions = broadActions(statement, LOSS_ACTIONS, KEY_LIMITS);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} on every key ${keysIn(statement, actions)}. Nobody can read the data of a key that is deleted.`,
          remedy: "Name the key's ARN as the resource, or take these actions out.",
        }
      );
    },
  }),
];
