import { grantContext, orphanedGrants } from "../model/encryption-context";
import { blocksOf, isThere, type PlannedResource, textOf, valueOf } from "../plan/plan";
import type { Rule } from "./rule";

const CONSTRAINTS = "https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html";
const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";
const GRANTS = "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html";

/** The rules of grants. */
export const GRANT_RULES: readonly Rule[] = [
  {
    check: (model) =>
      model.warehouses.flatMap((warehouse) =>
        orphanedGrants(warehouse, model).map(({ address }) => ({
          address,
          consequence: `The grant is limited to the encryption context of the old ${warehouse.resource.address}, so it allows nothing any more.`,
          remedy: "Limit it to the context of the new one, or take it out.",
        })),
      ),
    id: "grant-orphaned",
    see: DATA_API,
    severity: "warning",
    title: "A grant is for a warehouse that is gone",
  },
  {
    check: (model) =>
      model
        .ofType("aws_kms_grant")
        .filter((grant) => {
          const use = model.keyUses(grant, "key_id").after;
          const isOfWarehouse = use.kind === "planned" && model.usersOf(use.key, "after").length > 0;
          return isOfWarehouse && isUnlimited(grant);
        })
        .map(({ address }) => ({
          address,
          consequence:
            "The grant lets its grantee decrypt whatever the key has encrypted, the data of its warehouses among it.",
          remedy: "Limit it with constraints to an encryption context.",
        })),
    id: "grant-unconstrained",
    see: CONSTRAINTS,
    severity: "warning",
    title: "A grant is limited to no encryption context",
  },
  {
    check: (model) => {
      const destroyed = [...model.ofType("aws_iam_role"), ...model.ofType("aws_iam_user")].filter(
        ({ action }) => action === "destroy" || action === "replace",
      );
      return model.ofType("aws_kms_grant").flatMap((grant) => {
        const grantee = isThere(grant, "before") ? textOf(grant, "after", "grantee_principal") : undefined;
        const role = destroyed.find((one) => grantee !== undefined && textOf(one, "before", "arn") === grantee);
        return role
          ? [
              {
                address: grant.address,
                consequence: `The grant is for ${grantee}, which this plan destroys (${role.address}), and stays with an ID that nobody has.`,
                remedy: "Replace the grant with the role, or take it out.",
              },
            ]
          : [];
      });
    },
    id: "grant-deleted-grantee",
    see: GRANTS,
    severity: "warning",
    title: "A grant is for a principal that the plan destroys",
  },
];

function isUnlimited(grant: PlannedResource): boolean {
  const operations = valueOf(grant, "after", "operations");
  const decrypts = Array.isArray(operations) && operations.includes("Decrypt");
  const isShown = blocksOf(grant, "after", "constraints") !== undefined;
  return decrypts && isShown && Object.keys(grantContext(grant, "after")).length === 0;
}
