import type { KeyUse } from "../../model/key";
import { type Rule, rule } from "../rule";
import { whyNotCompared } from "./key-place";

/** The rule about a key in another account than its warehouse. */
export const KEY_ACCOUNT_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-key-of-other-account",
    severity: "warning",
    title: "The key of a warehouse is in another account",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    subjects: ({ warehouses }) => warehouses,
    unjudged: (warehouse, model) => {
      const { after } = warehouse.key;
      // A key that is named by its ID or alias is of the account of the warehouse.
      if (after.kind === "elsewhere" && !after.name.startsWith("arn:")) {
        return undefined;
      }
      const places = { keyPlace: accountOfKey(after), warehousePlace: model.accountOf(warehouse.resource) };
      return whyNotCompared(warehouse, { kind: "account", ...places }, model);
    },
    faultOf: ({ key, resource }, model) => {
      const [account, keyAccount] = [model.accountOf(resource), accountOfKey(key.after)];
      return (
        account !== undefined &&
        keyAccount !== undefined &&
        account !== keyAccount && {
          consequence: `The warehouse is in the account ${account}, and its key is in the account ${keyAccount}. If ${keyAccount} disables or deletes the key, the warehouse cannot be queried.`,
          remedy:
            "Set kms_key_id to the ARN of a key in the account of the warehouse, unless the other account is meant to own the key.",
        }
      );
    },
  }),
];

/** Returns the account of a key; undefined if AWS owns the key, or the account is unknown. */
function accountOfKey(use: KeyUse): string | undefined {
  switch (use.kind) {
    case "planned":
      return use.key.account;
    case "elsewhere":
      return /^arn:[^:]+:kms:[^:]*:(\d{12}):/.exec(use.name)?.[1];
    default:
      return undefined;
  }
}
