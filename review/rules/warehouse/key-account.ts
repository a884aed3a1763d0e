import type { KeyUse } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { exists } from "../../plan/attributes";
import { type Rule, rule } from "../rule";
import { whyKeyHidden } from "./encryption";

/** The rule of the account of a warehouse and its key. */
export const KEY_ACCOUNT_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-key-of-other-account",
    severity: "warning",
    title: "The key of a warehouse is of another account",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    subjects: ({ warehouses }) => warehouses.filter(({ resource }) => exists(resource, "after")),
    unjudged: whyNotJudged,
    faultOf: ({ key, resource }, model) => {
      const [account, keyAccount] = [model.accountOf(resource), accountOfKey(key.after)];
      return (
        account !== undefined &&
        keyAccount !== undefined &&
        account !== keyAccount && {
          consequence: `The warehouse is of the account ${account}, and its key of ${keyAccount}. If that account disables or deletes the key, the warehouse cannot be queried.`,
          remedy:
            "Set kms_key_id to the ARN of a key of the account, unless the other account is meant to own the key.",
        }
      );
    },
  }),
];

/** The account of a key; undefined if there is none, or it is unknown. */
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

/** Why the accounts cannot be compared; undefined if they can, or if one provider has the key and the warehouse. */
function whyNotJudged({ address, key: { after }, resource }: Warehouse, model: Model): string | undefined {
  const { references } = model;
  const key = after.kind === "planned" ? after.key.resource : undefined;
  const hasSameProvider = key !== undefined && references.providerOf(key) === references.providerOf(resource);
  // A key without an ARN is of the account of the warehouse.
  const isOfAccount = after.kind === "elsewhere" && !after.name.startsWith("arn:");
  if (after.kind === "hidden" || after.kind === "none" || hasSameProvider || isOfAccount) {
    return whyKeyHidden(after);
  }
  if (model.accountOf(resource) === undefined) {
    return `the account of ${address} is unknown`;
  }
  return accountOfKey(after) === undefined ? "the account of its key is unknown" : undefined;
}
