import { KEY_TYPES, type KeyUse } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { attributeOf, exists, stringOf, valueOf } from "../../plan/attributes";
import type { PlannedResource, Side } from "../../plan/plan";
import type { Origin } from "../../plan/references";
import { asText } from "../../plan/predicates";
import { type Rule, rule } from "../rule";

const ENCRYPTION = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html";
const MODIFY_CLUSTER = "https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html";

/** The rules about the encryption of clusters and namespaces. */
export const ENCRYPTION_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-key-changed",
    title: "The key of an encrypted cluster changes",
    see: MODIFY_CLUSTER,
    subjects: remainingWarehouses,
    unjudged: ({ key, kind, resource }, model) =>
      kind === "cluster" && resource.action === "update"
        ? (model.whyHidden(resource, "encrypted") ?? whyKeyHidden(key.before) ?? whyKeyHidden(key.after))
        : undefined,
    faultOf: ({ key, kind, resource }) =>
      kind === "cluster" &&
      resource.action === "update" &&
      encryptedOf(resource, "before") === "true" &&
      isOtherKey(key.before, key.after) && {
        consequence:
          "AWS does not document that an encrypted cluster can get another key, and has refused it. The apply can fail after other changes.",
        remedy: "Keep kms_key_id, or unload the data and load it into a new cluster with the other key.",
      },
  }),
  rule({
    id: "warehouse-key-not-arn",
    title: "The key is not given by its ARN",
    see: MODIFY_CLUSTER,
    subjects: remainingWarehouses,
    unjudged: ({ resource }, model) =>
      unknownKeyOf(model, resource)?.attribute !== undefined ? undefined : model.whyHidden(resource, "kms_key_id"),
    faultOf: ({ resource }, model) => {
      const key = stringOf(resource, "after", "kms_key_id") ?? "";
      const isArn = /^$|^AWS_OWNED_KMS_KEY$|^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(key);
      const id = idBehind(model, resource);
      if (id !== undefined) {
        return {
          consequence: `The AWS provider refuses ${id.key}.${id.attribute} during the apply: "is an invalid ARN".`,
          remedy: `Set kms_key_id to ${id.key}.arn.`,
        };
      }
      const name = isArn ? aliasBehind(model, resource)?.address : key;
      return (
        name !== undefined && {
          consequence: `AWS answers with the key's ARN for ${name}, so every plan shows a change. The apply of that change can fail.`,
          remedy: "Set kms_key_id to the key's ARN, such as aws_kms_key.arn or data.aws_kms_alias.target_key_arn.",
        }
      );
    },
  }),
  rule({
    id: "warehouse-not-encrypted",
    title: "The cluster is not encrypted",
    see: ENCRYPTION,
    subjects: remainingWarehouses,
    unjudged: ({ resource }, model) => model.whyHidden(resource, "encrypted"),
    faultOf: (warehouse) =>
      isUnencryptedCluster(warehouse) && {
        consequence: "The cluster's data and snapshots are not encrypted with a key of yours.",
        remedy: "Set encrypted to true, and kms_key_id to the key's ARN.",
      },
  }),
  rule({
    id: "warehouse-aws-owned-key",
    severity: "warning",
    title: "The warehouse is encrypted with a key that AWS owns",
    see: ENCRYPTION,
    subjects: remainingWarehouses,
    unjudged: ({ key }) => whyKeyHidden(key.after),
    faultOf: (warehouse) =>
      warehouse.key.after.kind === "none" &&
      !isUnencryptedCluster(warehouse) && {
        consequence:
          "The data, and the results that the Data API stores, are encrypted with a key that AWS owns. You cannot limit, audit or revoke its use.",
        remedy: "Set kms_key_id to the ARN of a customer managed key.",
      },
  }),
];

export function whyKeyHidden(use: KeyUse): string | undefined {
  return use.kind === "hidden" ? `kms_key_id is ${use.why}` : undefined;
}

function remainingWarehouses({ warehouses }: Model): readonly Warehouse[] {
  return warehouses.filter(({ resource }) => exists(resource, "after"));
}

/** Returns the attribute `encrypted` as a string, because it is a boolean or a string in different versions of the provider. */
export function encryptedOf(resource: PlannedResource, side: Side): string {
  return asText(valueOf(resource, side, "encrypted"));
}

function isUnencryptedCluster({ kind, resource }: Warehouse): boolean {
  return kind === "cluster" && encryptedOf(resource, "after") === "false";
}

/** Whether two uses are certainly of different keys, or of a key that the plan replaces. */
export function isOtherKey(before: KeyUse, after: KeyUse): boolean {
  if (before.kind === "planned" && after.kind === "planned") {
    return before.key !== after.key || before.key.resource?.action === "replace";
  }
  if (before.kind === "elsewhere" && after.kind === "elsewhere") {
    return before.name !== after.name && [before.name, after.name].every((name) => name.includes(":key/"));
  }
  return before.kind !== after.kind && before.kind !== "hidden" && after.kind !== "hidden";
}

/**
 * Returns the alias to which an unknown kms_key_id refers. A reference to target_key_arn of the alias does not count, because this
 * attribute is the ARN of the key.
 */
function aliasBehind(model: Model, resource: PlannedResource): PlannedResource | undefined {
  const link = unknownKeyOf(model, resource);
  return link?.resource.type === "aws_kms_alias" && link.attribute !== "target_key_arn" ? link.resource : undefined;
}

/** Returns the key and the attribute if an unknown kms_key_id refers to the ID of a key of the plan in place of its ARN. */
function idBehind(model: Model, resource: PlannedResource) {
  const link = unknownKeyOf(model, resource);
  const isId =
    link !== undefined && KEY_TYPES.includes(link.resource.type) && ["id", "key_id"].includes(link.attribute ?? "");
  return isId ? { attribute: link.attribute, key: link.resource.address } : undefined;
}

/** Returns the key or alias to which an unknown kms_key_id refers. The target_key_id of an alias has the value that it is given. */
function unknownKeyOf({ references }: Model, resource: PlannedResource): Origin | undefined {
  const isUnknown = attributeOf(resource, "after", "kms_key_id").kind === "unknown until apply";
  const link = isUnknown ? references.linkOf(resource, "kms_key_id", [...KEY_TYPES, "aws_kms_alias"]) : undefined;
  const target = "target_key_id";
  return link?.attribute === target ? references.linkOf(link.resource, target, KEY_TYPES) : link;
}
