import { grantContext, orphanedGrants } from "../model/encryption-context";
import type { Model } from "../model/model";
import { blocksOf, exists, stringOf, valueOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { DECRYPTING_ACTIONS } from "../policy/abilities";
import { type Rule, rule } from "./rule";

const grants = (model: Model): readonly PlannedResource[] => model.withType("aws_kms_grant");

/** The rules about the constraints of grants, and about grants whose warehouse or grantee is gone. */
export const GRANT_RULES: readonly Rule[] = [
  rule({
    id: "grant-orphaned",
    severity: "warning",
    notShown: (model) =>
      grants(model).flatMap((grant) => {
        const reason = exists(grant, "before") ? model.whyHidden(grant, "constraints") : undefined;
        return reason === undefined ? [] : [{ address: grant.address, reason }];
      }),
    title: "A grant is for a warehouse that is gone",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html",
    subjects: (model) =>
      model.warehouses.flatMap((warehouse) =>
        orphanedGrants(warehouse, model).map(({ address }) => ({ address, warehouse: warehouse.address })),
      ),
    faultOf: ({ warehouse }) => ({
      consequence: `The grant is limited to the encryption context of the old ${warehouse}, so it allows nothing any more.`,
      remedy: "Set constraints to the context of the new warehouse, or remove the grant.",
    }),
  }),
  rule({
    id: "grant-unconstrained",
    severity: "warning",
    title: "A grant is limited to no encryption context",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html",
    subjects: grants,
    unjudged: (grant, model) => model.whyHidden(grant, "operations", "constraints") ?? hiddenKeyOf(grant, model),
    faultOf: (grant, model) => {
      return (
        isOfWarehouse(grant, model) &&
        isUnlimited(grant) && {
          consequence:
            "The grant lets its grantee decrypt everything that the key has encrypted, including the data of the warehouses under the key.",
          remedy: "Set encryption_context_equals or encryption_context_subset in constraints.",
        }
      );
    },
  }),
  rule({
    id: "grant-deleted-grantee",
    severity: "warning",
    title: "A grant is for a principal that the plan destroys",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    subjects: grants,
    unjudged: (grant, model) => (exists(grant, "before") ? model.whyHidden(grant, "grantee_principal") : undefined),
    faultOf: (grant, model) => {
      const grantee = exists(grant, "before") ? stringOf(grant, "after", "grantee_principal") : undefined;
      const principal = model
        .withType("aws_iam_role", "aws_iam_user")
        .filter(({ action }) => action === "destroy" || action === "replace")
        .find((one) => grantee !== undefined && stringOf(one, "before", "arn") === grantee);
      return (
        principal && {
          consequence: `The grant is for ${grantee}, which this plan destroys (${principal.address}). The grant keeps an ID that nobody has.`,
          remedy: "Replace the grant together with the role or user, or remove it.",
        }
      );
    },
  }),
];

/** Whether a warehouse of the plan uses the key of a grant. The key itself may be in another plan. */
function isOfWarehouse(grant: PlannedResource, model: Model): boolean {
  const use = model.keyUses(grant, "key_id").after;
  switch (use.kind) {
    case "planned":
      return model.warehousesOf(use.key, "after").length > 0;
    case "elsewhere": {
      const { ids, names } = warehouseKeys(model);
      // The grant and the warehouse may each name the key by its ARN or by its ID.
      return [use.name, idIn(use.name)].some((name) => names.has(name)) || ids.has(use.name);
    }
    default:
      return false;
  }
}

const WAREHOUSE_KEYS = new WeakMap<Model, ReturnType<typeof readWarehouseKeys>>();

/** Returns the names and the IDs of keys that warehouses use, and that are not in the plan. They are computed once. */
function warehouseKeys(model: Model): ReturnType<typeof readWarehouseKeys> {
  const keys = WAREHOUSE_KEYS.get(model) ?? readWarehouseKeys(model);
  WAREHOUSE_KEYS.set(model, keys);
  return keys;
}

function readWarehouseKeys({ warehouses }: Model) {
  const names = warehouses.flatMap(({ key: { after } }) => (after.kind === "elsewhere" ? [after.name] : []));
  return { ids: new Set(names.map(idIn)), names: new Set(names) };
}

/** Returns the ID in the ARN of a key, or the name itself if it is no ARN. */
function idIn(name: string): string {
  return name.replace(/^arn:.*:key\//, "");
}

/** Returns why the key of a grant is not shown; undefined if it is shown. Without the key, the warehouses under it are unknown, too. */
function hiddenKeyOf(grant: PlannedResource, model: Model): string | undefined {
  const use = model.keyUses(grant, "key_id").after;
  return use.kind === "hidden" ? `key_id is ${use.why}` : undefined;
}

function isUnlimited(grant: PlannedResource): boolean {
  const operations = valueOf(grant, "after", "operations");
  const canDecrypt =
    Array.isArray(operations) && DECRYPTING_ACTIONS.some((action) => operations.includes(action.replace("kms:", "")));
  const isShown = blocksOf(grant, "after", "constraints") !== undefined;
  return canDecrypt && isShown && Object.keys(grantContext(grant, "after")).length === 0;
}
