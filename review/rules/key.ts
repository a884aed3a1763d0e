import type { Key } from "../model/key";
import type { Model } from "../model/model";
import { attributeOf, stringOf, valueOf, waitingDays } from "../plan/attributes";
import type { PlannedResource, Side } from "../plan/plan";
import { hiddenFault, warehousesWithoutKey } from "./not-shown";
import { type Rule, rule } from "./rule";

const INACCESSIBLE = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html";

/** The days after which Redshift deletes a warehouse that cannot use its key. */
const INACCESSIBLE_DAYS = 14;

/** The attributes of a key without which a warehouse cannot use it. */
const USABILITY = ["is_enabled", "enabled", "customer_master_key_spec", "key_usage", "valid_to"];

/** The rules about keys and their aliases. */
export const KEY_RULES: readonly Rule[] = [
  rule({
    id: "key-destroyed",
    title: "The key is scheduled for deletion",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    subjects: (model) => plannedKeys(model, "before"),
    faultOf: ({ key, resource, warehouses }, model) => {
      // The loss of a replica loses no data: the primary and the other replicas can decrypt it.
      const isReplica = resource.type.includes("_kms_replica_");
      const loss = isReplica
        ? "Nothing in the Region of the key can use the key after that"
        : "Everything that it has encrypted is then lost";
      const isPrimary = !isReplica && valueOf(resource, "before", "multi_region") === true;
      const wait = isPrimary
        ? " If the key has a replica, KMS waits until the last replica is deleted. Meanwhile, nothing in the key's Region can use the key."
        : "";
      const warehouseText = warehouses && `${warehouses}${isReplica ? "" : ", with snapshots and stored results"}`;
      const isDeleted = resource.action === "destroy" || resource.action === "replace";
      const lost = isDeleted ? [warehouseText, ...snapshotsOf(key, model)].filter((text) => text !== "") : [];
      const addresses = lost.length === 0 ? "" : `: ${lost.join("; ")}`;
      return (
        isDeleted && {
          consequence: `KMS deletes the key after its waiting period (${waitingDays(resource)} days). ${loss}${addresses}.${wait}`,
          remedy:
            "Keep the key, or let Terraform forget it with a removed block, until nothing that is encrypted with it is needed.",
        }
      );
    },
  }),
  rule({
    id: "key-disabled",
    title: "The key of a warehouse is disabled",
    see: INACCESSIBLE,
    notShown: warehousesWithoutKey,
    subjects: usedKeys,
    unjudged: ({ resource }, model) => model.whyHidden(resource, "is_enabled", "enabled"),
    faultOf: ({ resource, warehouses }) =>
      ["is_enabled", "enabled"].some((name) => valueOf(resource, "after", name) === false) && {
        consequence: `${warehouses} cannot be queried while the key is disabled. Redshift deletes a warehouse if it cannot use the key for ${INACCESSIBLE_DAYS} days.`,
        remedy: "Set is_enabled (enabled in awscc_kms_key) to true.",
      },
  }),
  rule({
    id: "key-deletion-window",
    severity: "warning",
    title: "The key of a warehouse can be gone within days",
    see: INACCESSIBLE,
    notShown: warehousesWithoutKey,
    subjects: usedKeys,
    unjudged: ({ resource }, model) => model.whyHidden(resource, "deletion_window_in_days"),
    faultOf: ({ resource, warehouses }) => {
      const days = valueOf(resource, "after", "deletion_window_in_days");
      return (
        typeof days === "number" &&
        days < INACCESSIBLE_DAYS && {
          consequence: `If the key is deleted by mistake, ${days} days are left to cancel that. Redshift keeps ${warehouses} for ${INACCESSIBLE_DAYS} days without its key.`,
          remedy: `Set deletion_window_in_days to ${INACCESSIBLE_DAYS} or more; 30 is the most.`,
        }
      );
    },
  }),
  rule({
    id: "key-material-expires",
    title: "The key material of a warehouse's key expires",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html",
    notShown: warehousesWithoutKey,
    subjects: usedKeys,
    unjudged: ({ resource }, model) => model.whyHidden(resource, "valid_to"),
    faultOf: ({ resource, warehouses }) => {
      const time = stringOf(resource, "after", "valid_to") ?? "";
      return (
        time !== "" && {
          consequence: `KMS deletes the key material at ${time}. ${warehouses} cannot be queried after that, and Redshift deletes a warehouse if it cannot use the key for ${INACCESSIBLE_DAYS} days.`,
          remedy: "Leave valid_to out. If the material must expire, import the same material again before that time.",
        }
      );
    },
  }),
  rule({
    id: "key-rotation-off",
    severity: "warning",
    title: "The key is not rotated",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    subjects: (model) => model.withType("aws_kms_key", "awscc_kms_key"),
    unjudged: (key, model) => model.whyHidden(key, "enable_key_rotation", "custom_key_store_id"),
    faultOf: (key, model) =>
      key.action !== "forget" &&
      isSymmetric(key) &&
      !valueOf(key, "after", "custom_key_store_id") &&
      [undefined, "AWS_KMS"].includes(stringOf(key, "after", "origin")) &&
      isRotationOff(key, model) && {
        consequence: "The key keeps the same key material for as long as it is used.",
        remedy: "Set enable_key_rotation to true. The ARN stays, and nothing has to be encrypted again.",
      },
  }),
  rule({
    id: "key-asymmetric",
    title: "The key of a warehouse is not symmetric",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/services-redshift.html",
    notShown: warehousesWithoutKey,
    subjects: usedKeys,
    unjudged: ({ resource }, model) => model.whyHidden(resource, "customer_master_key_spec", "key_usage"),
    faultOf: ({ resource, warehouses }) =>
      !isSymmetric(resource) && {
        consequence: `Redshift encrypts with symmetric keys only, so ${warehouses} cannot use this one.`,
        remedy: "Create a key with the spec SYMMETRIC_DEFAULT and the usage ENCRYPT_DECRYPT.",
      },
  }),
  rule({
    id: "key-not-shown",
    title: "The plan hides whether a warehouse can use its key",
    see: INACCESSIBLE,
    subjects: usedKeys,
    faultOf: ({ resource, warehouses }, model) => {
      const attribute = USABILITY.find((name) => model.whyHidden(resource, name) !== undefined);
      return (
        attribute !== undefined &&
        hiddenFault(
          model,
          resource,
          attribute,
          `The value after the change is not shown (${model.whyHidden(resource, attribute)}), so this plan does not show whether ${warehouses} can use the key.`,
        )
      );
    },
  }),
  rule({
    id: "key-alias-moved",
    severity: "warning",
    title: "An alias is moved to another key",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html",
    subjects: movedAliases,
    unjudged: ({ alias }, model) => model.whyHidden(alias, "target_key_id"),
    faultOf: ({ alias, target }) =>
      stringOf(alias, "after", "target_key_id") !== target && {
        consequence: `Requests by ${stringOf(alias, "after", "name") ?? "the alias"} then use another key, and an encrypted warehouse keeps its key.`,
        remedy: "Create another aws_kms_alias for the other key, unless all users of this alias are meant to move.",
      },
  }),
];

/**
 * Returns the aliases that keep their name and may change their key, each with its former key. A plan can move an alias by two
 * resources: it destroys one resource, and creates the other with the same name.
 */
function movedAliases(model: Model) {
  const aliases = model.withType("aws_kms_alias");
  const departing = aliases.filter(({ action }) => action === "destroy" || action === "replace");
  return aliases
    .filter(({ action }) => action !== "none")
    .flatMap((alias) => {
      const name = stringOf(alias, "after", "name");
      const isOfRegion = (other: PlannedResource): boolean =>
        new Set([alias, other].flatMap((one) => model.references.providers.regionOf(one) ?? [])).size < 2;
      const departed = departing.find(
        (other) => name !== undefined && stringOf(other, "before", "name") === name && isOfRegion(other),
      );
      const former = alias.action === "update" ? alias : departed;
      return former === undefined
        ? []
        : [{ address: alias.address, alias, target: stringOf(former, "before", "target_key_id") }];
    });
}

/** Returns the keys of the plan, each with the addresses of the warehouses that use it on a side. */
function plannedKeys(model: Model, side: Side) {
  return model.keys.flatMap((key) => {
    const warehouses = model.warehousesOf(key, side).map(({ address }) => address);
    return key.resource
      ? [{ address: key.address, key, resource: key.resource, warehouses: warehouses.join(", ") }]
      : [];
  });
}

/** The types of snapshots, each with the attribute that has their key. */
const SNAPSHOTS = { aws_redshift_cluster_snapshot: "kms_key_id", aws_redshiftserverless_snapshot: "kms_key_arn" };

/** Returns the addresses of the snapshots that a key encrypts before the change. */
function snapshotsOf(key: Key, model: Model): readonly string[] {
  return Object.entries(SNAPSHOTS).flatMap(([type, attribute]) =>
    model
      .withType(type)
      .filter((snapshot) => {
        const { before } = model.keyUses(snapshot, attribute);
        return before.kind === "planned" && before.key === key;
      })
      .map(({ address }) => address),
  );
}

function usedKeys(model: Model) {
  return plannedKeys(model, "after").filter(({ warehouses }) => warehouses !== "");
}

/** Whether a key is not rotated. In awscc, the value of a new key is unknown if the configuration does not set it. */
function isRotationOff(key: PlannedResource, { references }: Model): boolean {
  const rotation = attributeOf(key, "after", "enable_key_rotation");
  return rotation.kind === "known"
    ? rotation.value === false
    : rotation.kind === "unknown until apply" &&
        references.configuration.isConfigured(key, "enable_key_rotation") === false;
}

function isSymmetric(key: PlannedResource): boolean {
  const spec = stringOf(key, "after", "customer_master_key_spec") ?? "SYMMETRIC_DEFAULT";
  const usage = stringOf(key, "after", "key_usage") ?? "ENCRYPT_DECRYPT";
  return spec === "SYMMETRIC_DEFAULT" && usage === "ENCRYPT_DECRYPT";
}
