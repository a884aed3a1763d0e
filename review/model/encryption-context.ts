import { attributeOf, blocksOf, isThere, type PlannedResource, type Side, textOf } from "../plan/plan";
import { keyName, type KeyUse, type Model, type Warehouse } from "./model";

/** A pair of an encryption context: its value, or why it is not shown. */
export interface ContextPair {
  readonly key: string;
  readonly notShown?: string;
  readonly value?: string;
}

/** The effect of a plan on the encryption context of a warehouse, which binds the Data API's grants on its key. */
export interface ContextReport {
  readonly action: PlannedResource["action"];
  readonly address: string;
  /** Undefined if there is no warehouse. */
  readonly context: Readonly<Record<Side, readonly ContextPair[] | undefined>>;
  /** The key, in words. */
  readonly key: Readonly<Record<Side, string | undefined>>;
  /** The grants of the plan that no request matches any more. */
  readonly orphanedGrants: readonly string[];
  /** Whether the grants that Redshift has made by itself, which no plan shows, match no request any more. */
  readonly orphansOwnGrants: boolean;
}

/** The encryption context of a warehouse, before and after. */
export function contextReport(warehouse: Warehouse, model: Model): ContextReport {
  const { key, resource } = warehouse;
  const sides = <T>(read: (side: Side) => T): Record<Side, T | undefined> => ({
    after: isThere(resource, "after") ? read("after") : undefined,
    before: isThere(resource, "before") ? read("before") : undefined,
  });
  return {
    action: resource.action,
    address: resource.address,
    context: sides((side) => contextOf(warehouse, side)),
    key: sides((side) => keyWords(key[side])),
    orphanedGrants: orphanedGrants(warehouse, model).map(({ address }) => address),
    orphansOwnGrants: endsContext(warehouse),
  };
}

/**
 * The encryption context that the Data API uses for a warehouse.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
function contextOf({ kind, resource }: Warehouse, side: Side): readonly ContextPair[] {
  const service = { key: "serviceName", value: "RedshiftDataAPI" };
  const arn = attributeOf(resource, side, "arn");
  const shown = arn.kind === "known" ? { value: String(arn.value) } : { notShown: arn.kind };
  return kind === "cluster"
    ? [
        { key: "aws:redshift:arn", ...shown },
        { key: "aws:redshift:createtime", notShown: "no attribute of Terraform tells it" },
        service,
      ]
    : [{ key: "aws:redshift-serverless:arn", ...shown }, service];
}

function keyWords(use: KeyUse): string {
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

/** Whether no request has a warehouse's context of before any more: the creation time or the ARN is another. */
function endsContext({ resource: { action } }: Warehouse): boolean {
  return action === "replace" || action === "destroy";
}

/** The grants that are there after the plan, and match no request once a warehouse is another one or gone. */
export function orphanedGrants(warehouse: Warehouse, model: Model): readonly PlannedResource[] {
  const { kind, resource } = warehouse;
  const arn = textOf(resource, "before", "arn");
  if (arn === undefined || !endsContext(warehouse)) {
    return [];
  }
  const [before, after] = (["before", "after"] as const).map((side) => textOf(resource, side, "cluster_identifier"));
  // A cluster of the same identifier has the same ARN, so that the two differ only by their creation time.
  const keepsArn = kind === "cluster" && resource.action === "replace" && before === after;
  return model.ofType("aws_kms_grant").filter((grant) => {
    const pairs = grantContext(grant, "after");
    return Object.values(pairs).includes(arn) && (!keepsArn || "aws:redshift:createtime" in pairs);
  });
}

/** The encryption context that a grant is limited to; empty if it is not, or if that is not shown. */
export function grantContext(grant: PlannedResource, side: Side): Readonly<Record<string, string>> {
  const [constraints] = blocksOf(grant, side, "constraints") ?? [];
  const pairs = {
    ...(constraints?.encryption_context_equals ?? {}),
    ...(constraints?.encryption_context_subset ?? {}),
  };
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, String(value)]));
}
