import { type Rule, rule } from "../rule";
import { isOtherKey, whyKeyHidden } from "./encryption";

/** The rule about a new key of a namespace, which gets it without a replacement. */
export const NAMESPACE_KEY_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-namespace-key-changed",
    severity: "warning",
    title: "The key of a namespace changes",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroups-and-namespaces-rotate-kms-key.html",
    subjects: ({ warehouses }) => warehouses,
    unjudged: ({ key, kind, resource }) =>
      kind === "namespace" && resource.action === "update"
        ? (whyKeyHidden(key.before) ?? whyKeyHidden(key.after))
        : undefined,
    faultOf: ({ key, kind, resource }) =>
      kind === "namespace" &&
      resource.action === "update" &&
      isOtherKey(key.before, key.after) && {
        consequence:
          key.before.kind === "none" || key.after.kind === "none"
            ? "The key before or after this change is one that AWS owns. AWS may refuse the change, so the apply can fail."
            : "Redshift Serverless encrypts the namespace with the other key. The namespace may not be available meanwhile.",
        remedy:
          "Keep kms_key_id, or apply the change while nobody uses the namespace, and keep the old key until the change is done.",
      },
  }),
];
