import { attributeOf, blocksOf, exists, stringOf } from "../plan/attributes";
import type { PlannedResource, Side } from "../plan/plan";
import { asText } from "../plan/predicates";
import { keyName, type KeyUse } from "./key";
import type { Model, Warehouse } from "./model";

/** A pair of an encryption context, with its value or the reason for which the value is not shown. */
export interface ContextPair {
  readonly key: string;
  readonly notShown?: string;
  readonly value?: string;
}

/** The effect of a plan on the encryption context of a warehouse. This context limits the Data API's grants on the warehouse's key. */
export interface ContextReport {
  readonly action: PlannedResource["action"];
  readonly address: string;
  /** The context on each side; undefined if the warehouse does not exist on that side. */
  readonly context: Readonly<Record<Side, readonly ContextPair[] | undefined>>;
  /** The name of the key in a report. */
  readonly key: Readonly<Record<Side, string | undefined>>;
  /** The addresses of grants in the plan whose encryption context no request has after the change. */
  readonly orphanedGrants: readonly string[];
  /**
   * Whether this is also true for the grants that Redshift itself created: no request has their encryption context after the
   * change. No plan shows these grants.
   */
  readonly orphansOwnGrants: boolean;
}

export function contextReport(warehouse: Warehouse, model: Model): ContextReport {
  const { key, resource } = warehouse;
  const sides = <T>(read: (side: Side) => T): Record<Side, T | undefined> => ({
    after: exists(resource, "after") ? read("after") : undefined,
    before: exists(resource, "before") ? read("before") : undefined,
  });
  return {
    action: resource.action,
    address: resource.address,
    context: sides((side) => contextOf(warehouse, side, model)),
    key: sides((side) => keyText(key[side])),
    orphanedGrants: orphanedGrants(warehouse, model).map(({ address }) => address),
    orphansOwnGrants: endsContext(warehouse),
  };
}

/**
 * Returns the encryption context that the Data API uses for a warehouse.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
function contextOf(warehouse: Warehouse, side: Side, model: Model): readonly ContextPair[] {
  const { kind, resource } = warehouse;
  const service = { key: "serviceName", value: "RedshiftDataAPI" };
  const value = model.arnOfWarehouse(warehouse, side);
  const arnValue = value === undefined ? { notShown: attributeOf(resource, side, "arn").kind } : { value };
  return kind === "cluster"
    ? [
        { key: "aws:redshift:arn", ...arnValue },
        { key: "aws:redshift:createtime", notShown: "no attribute of Terraform has it" },
        service,
      ]
    : [{ key: "aws:redshift-serverless:arn", ...arnValue }, service];
}

function keyText(use: KeyUse): string {
  switch (use.kind) {
    case "planned":
      return keyName(use.key);
    case "elsewhere":
      return use.name;
    case "hidden":
      return use.why;
    case "none":
      return "one that AWS owns";
  }
}

/** Whether a change ends the encryption context of a warehouse: its creation time or its ARN changes. */
function endsContext({ resource: { action } }: Warehouse): boolean {
  return action === "replace" || action === "destroy";
}

/** Returns the grants that stay although the plan ends the encryption context to which they are limited. */
export function orphanedGrants(warehouse: Warehouse, model: Model): readonly PlannedResource[] {
  const { kind, resource } = warehouse;
  const arn = stringOf(resource, "before", "arn");
  if (arn === undefined || !endsContext(warehouse)) {
    return [];
  }
  const [before, after] = (["before", "after"] as const).map((side) => stringOf(resource, side, "cluster_identifier"));
  // A cluster of the same identifier has the same ARN. Only the creation time differs.
  const keepsArn = kind === "cluster" && resource.action === "replace" && before === after;
  return model.withType("aws_kms_grant").filter((grant) => {
    const pairs = grantContext(grant, "after");
    return Object.values(pairs).includes(arn) && (!keepsArn || "aws:redshift:createtime" in pairs);
  });
}

/** Returns the encryption context that limits a grant; empty if no context does, or if the plan does not show the context. */
export function grantContext(grant: PlannedResource, side: Side): Readonly<Record<string, string>> {
  const [constraints] = blocksOf(grant, side, "constraints") ?? [];
  const pairs = {
    ...(constraints?.encryption_context_equals ?? {}),
    ...(constraints?.encryption_context_subset ?? {}),
  };
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, asText(value)]));
}
