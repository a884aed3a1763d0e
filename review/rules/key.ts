import type { Key, Model } from "../model/model";
import { textOf, valueOf, waitingDays } from "../plan/plan";
import type { Fault, Rule } from "./rule";

const ALIASES = "https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html";
const DELETING = "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html";
const INACCESSIBLE = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html";
const REDSHIFT = "https://docs.aws.amazon.com/kms/latest/developerguide/services-redshift.html";
const ROTATION = "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html";

/** Redshift deletes a warehouse whose key it has not had for so many days. */
const INACCESSIBLE_DAYS = 14;

/** The rules of keys and their aliases. */
export const KEY_RULES: readonly Rule[] = [
  {
    check: (model) =>
      ofKeys(model, (key, resource) => {
        if (resource.action !== "destroy" && resource.action !== "replace") {
          return undefined;
        }
        const users = model.usersOf(key, "before").map((user) => user.resource.address);
        const when = `KMS deletes the key after its waiting period (${waitingDays(resource)} days)`;
        // The primary and the other replicas decrypt the data that a replica has encrypted.
        const isReplica = resource.type.startsWith("aws_kms_replica_");
        const [what, of] = isReplica
          ? ["whoever uses it in its Region cannot any more", ""]
          : ["whatever it has encrypted is lost", ", their snapshots and stored results"];
        return {
          consequence: `${when}, and ${isReplica ? "" : "with it "}${what}${users.length === 0 ? "" : `: ${users.join(", ")}${of}`}.`,
          remedy:
            "Keep the key, or let Terraform forget it with a removed block, until nothing that is encrypted with it is needed.",
        };
      }),
    id: "key-destroyed",
    see: DELETING,
    severity: "error",
    title: "The key is scheduled for deletion",
  },
  {
    check: (model) =>
      ofUsedKeys(model, (key, users) => {
        const isOff = ["is_enabled", "enabled"].some((name) => valueOf(key.resource!, "after", name) === false);
        return isOff
          ? {
              consequence: `${users} cannot be queried while the key is disabled, and Redshift deletes a warehouse whose key it has not had for ${INACCESSIBLE_DAYS} days.`,
              remedy: "Leave the key enabled.",
            }
          : undefined;
      }),
    id: "key-disabled",
    see: INACCESSIBLE,
    severity: "error",
    title: "The key of a warehouse is disabled",
  },
  {
    check: (model) =>
      ofUsedKeys(model, (key, users) => {
        const days = valueOf(key.resource!, "after", "deletion_window_in_days");
        return typeof days === "number" && days < INACCESSIBLE_DAYS
          ? {
              consequence: `Should the key be deleted by mistake, ${days} days are left to notice it, fewer than the ${INACCESSIBLE_DAYS} for which Redshift keeps ${users} without its key.`,
              remedy: `Set deletion_window_in_days to ${INACCESSIBLE_DAYS} or more; 30 is the most.`,
            }
          : undefined;
      }),
    id: "key-deletion-window",
    see: INACCESSIBLE,
    severity: "warning",
    title: "The key of a warehouse can be gone within days",
  },
  {
    check: (model) =>
      ofKeys(model, (key, { action, type }) =>
        type === "aws_kms_key" &&
        action !== "forget" &&
        isSymmetric(key) &&
        !valueOf(key.resource!, "after", "custom_key_store_id") &&
        valueOf(key.resource!, "after", "enable_key_rotation") === false
          ? {
              consequence: "The key keeps the same key material for as long as it is used.",
              remedy: "Set enable_key_rotation to true: the ARN stays, and nothing has to be encrypted again.",
            }
          : undefined,
      ),
    id: "key-rotation-off",
    see: ROTATION,
    severity: "warning",
    title: "The key is not rotated",
  },
  {
    check: (model) =>
      ofUsedKeys(model, (key, users) =>
        isSymmetric(key)
          ? undefined
          : {
              consequence: `Redshift encrypts with symmetric keys only, so ${users} cannot use this one.`,
              remedy: "Make a key of SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT.",
            },
      ),
    id: "key-asymmetric",
    see: REDSHIFT,
    severity: "error",
    title: "The key of a warehouse is not symmetric",
  },
  {
    check: (model) =>
      model.ofType("aws_kms_alias").flatMap((alias): readonly Fault[] => {
        const [before, after] = [textOf(alias, "before", "target_key_id"), textOf(alias, "after", "target_key_id")];
        return alias.action === "update" && before !== after
          ? [
              {
                address: alias.address,
                consequence: `Whoever encrypts by ${textOf(alias, "before", "name") ?? "the alias"} does so with another key from then on, which a warehouse that is encrypted does not follow.`,
                remedy: "Give the other key an alias of its own, unless all who use this one are meant to move.",
              },
            ]
          : [];
      }),
    id: "key-alias-moved",
    see: ALIASES,
    severity: "warning",
    title: "An alias is moved to another key",
  },
];

/** A fault of every key of the plan that has one. */
function ofKeys(
  model: Model,
  check: (key: Key, resource: NonNullable<Key["resource"]>) => Omit<Fault, "address"> | undefined,
): readonly Fault[] {
  return model.keys.flatMap((key) => {
    const fault = key.resource && check(key, key.resource);
    return fault ? [{ address: key.address, ...fault }] : [];
  });
}

/** Of every key that a warehouse uses after the change, with the addresses of the warehouses. */
function ofUsedKeys(
  model: Model,
  check: (key: Key, users: string) => Omit<Fault, "address"> | undefined,
): readonly Fault[] {
  return ofKeys(model, (key) => {
    const users = model.usersOf(key, "after").map((user) => user.resource.address);
    return users.length > 0 ? check(key, users.join(", ")) : undefined;
  });
}

function isSymmetric({ resource }: Key): boolean {
  const spec = resource && textOf(resource, "after", "customer_master_key_spec");
  const usage = resource && textOf(resource, "after", "key_usage");
  return (spec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" && (usage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT";
}
