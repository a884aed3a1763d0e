import type { Key } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { accessTo } from "../../policy/key-access";
import { hiddenLinks } from "../not-shown";
import { type Rule, rule } from "../rule";
import { isPossible, shownKeys } from "./statements";

/** The KMS actions that Redshift does with the permissions of the caller who creates a warehouse under a key. */
const ACTIONS = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"];

/** The rules about the permissions of the caller who runs the plan. */
export const DEPLOYER_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-deployer-cannot-use",
    severity: "warning",
    title: "The caller of the plan may not use the key of a warehouse that it creates",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-kms-customer-managed-key.html",
    notShown: hiddenLinks,
    subjects: createdWarehouses,
    unjudged: ({ caller, warehouse: { address, region } }) =>
      caller === undefined
        ? "no aws_caller_identity of its provider shows the caller"
        : region === undefined
          ? `the Region of ${address} is unknown`
          : undefined,
    faultOf: ({ caller, key, warehouse }, model) => {
      const missing =
        caller === undefined ? [] : ACTIONS.filter((action) => !isPermitted(key, caller, action, warehouse, model));
      return (
        missing.length > 0 && {
          consequence: `The caller of this plan, ${caller}, is not allowed ${missing.join(", ")} with the key, which AWS requires of the caller who creates ${warehouse.address}.`,
          remedy: "Allow these actions to the caller's role in the key policy, or apply as a user of the key.",
        }
      );
    },
  }),
];

/** Returns the warehouses that the plan creates, each with its key and the caller of the plan. */
function createdWarehouses(model: Model) {
  return shownKeys(model).flatMap((key) => {
    const caller = model.callerOf(key);
    const created = model
      .warehousesOf(key, "after")
      .filter(({ resource }) => resource.action === "create" || resource.action === "replace");
    return created.map((warehouse) => ({ address: key.address, caller, key, warehouse }));
  });
}

/** Whether the caller may have an action, directly or through Redshift, by the key policy or by IAM policies. */
function isPermitted(key: Key, caller: string, action: string, { kind, region }: Warehouse, model: Model): boolean {
  const prefix = kind === "cluster" ? "redshift" : "redshift-serverless";
  const service = region === undefined ? undefined : `${prefix}.${region}.amazonaws.com`;
  const access = accessTo(key.policy.after.statements, caller, action, key.account);
  const isAllowedByIam = model.identities.permission(caller, action, key).kind !== "not allowed";
  const kinds = isAllowedByIam ? (["granted", "leftToIam"] as const) : (["granted"] as const);
  return [null, service].some((via) => isPossible(access, action, via, key.account, kinds));
}
