import { groupBy } from "../../modules/private/group-by";
import { exists, stringOf } from "../plan/attributes";
import { memoized } from "../plan/memoized";
import type { PlannedResource } from "../plan/plan";
import { instanceOf } from "../policy/gain";
import { type Identity, permissionOf, type ResourceMatch } from "../policy/identity-permission";
import { MADE_UP_NAME, matchesMadeUp } from "../policy/resource-pattern";
import { asArray, matchesAction, matchesPattern, type Statement } from "../policy/statement";
import type { Model, Warehouse } from "./model";

type ResourceKind = "cluster" | "dbname" | "dbuser" | "workgroup";

/**
 * The actions that give access to a database, each with the kind of resource that its request names.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshift.html
 */
const ENTRIES: Readonly<Record<Warehouse["kind"], readonly (readonly [action: string, resource: ResourceKind])[]>> = {
  cluster: [
    ["redshift-data:BatchExecuteStatement", "cluster"],
    ["redshift-data:ExecuteStatement", "cluster"],
    ["redshift:GetClusterCredentials", "dbuser"],
    ["redshift:GetClusterCredentialsWithIAM", "dbname"],
  ],
  namespace: [
    ["redshift-data:BatchExecuteStatement", "workgroup"],
    ["redshift-data:ExecuteStatement", "workgroup"],
    ["redshift-serverless:GetCredentials", "workgroup"],
  ],
};

const ENTRY_ACTIONS = [...new Set(Object.values(ENTRIES).flatMap((entries) => entries.map(([action]) => action)))];

const NAMESPACE = "aws_redshiftserverless_namespace";
const WORKGROUP = "aws_redshiftserverless_workgroup";

/** Finds the warehouses whose databases an identity may enter by its IAM policies after the change. */
export class WarehouseReach {
  /** Cache: the warehouses that each statement may allow to enter. Policies with the same text share their statements. */
  private readonly allowed = new WeakMap<Statement, readonly Warehouse[]>();
  /** Cache: the warehouses that a resource pattern matches, by a string of the action and the pattern. */
  private readonly matching = memoized((request) => this.warehousesMatching(request));
  private readonly warehouses: readonly Warehouse[];
  private readonly workgroups: ReadonlyMap<PlannedResource | undefined, readonly PlannedResource[]>;

  public constructor(private readonly model: Model) {
    this.warehouses = model.warehouses.filter(({ resource }) => exists(resource, "after"));
    const workgroups = model.ofType(WORKGROUP).filter((workgroup) => exists(workgroup, "after"));
    this.workgroups = groupBy(workgroups, (workgroup) => this.namespaceOf(workgroup));
  }

  /** Returns the warehouses whose databases an identity may enter. Identities with the same statements share one array. */
  public reachedBy(identity: Identity): readonly Warehouse[] {
    const statements = identity.policies.flatMap((policy) => policy.statements);
    const allowed = new Set(
      statements.map((statement) => this.allowedBy(statement)).filter(({ length }) => length > 0),
    );
    const [first = [], ...others] = allowed;
    const candidates = others.length === 0 ? first : [...new Set([...allowed].flat())];
    const isCompared =
      identity.boundary !== undefined ||
      statements.some((one) => one.Effect === "Deny" || one.NotResource !== undefined);
    return isCompared ? candidates.filter((warehouse) => this.isAllowed(warehouse, identity)) : candidates;
  }

  /** Returns the warehouses that a statement may allow an identity to enter. */
  private allowedBy(statement: Statement): readonly Warehouse[] {
    const allowed = this.allowed.get(statement) ?? this.readAllowed(statement);
    this.allowed.set(statement, allowed);
    return allowed;
  }

  private readAllowed(statement: Statement): readonly Warehouse[] {
    const actions = ENTRY_ACTIONS.filter((action) => statement.Effect === "Allow" && matchesAction(statement, action));
    if (statement.NotResource !== undefined) {
      return actions.length === 0 ? [] : this.warehouses;
    }
    const patterns = asArray(statement.Resource);
    return [...new Set(actions.flatMap((action) => patterns.flatMap((one) => this.matching(`${action} ${one}`))))];
  }

  private warehousesMatching(request: string): readonly Warehouse[] {
    const [action, pattern] = [request.slice(0, request.indexOf(" ")), request.slice(request.indexOf(" ") + 1)];
    return this.warehouses.filter((warehouse) =>
      entriesOf(warehouse, action).some(([, kind]) => this.matchOf(warehouse, kind)(pattern)),
    );
  }

  private isAllowed(warehouse: Warehouse, identity: Identity): boolean {
    return ENTRIES[warehouse.kind].some(
      ([action, kind]) => permissionOf(identity, action, this.matchOf(warehouse, kind), {}).kind === "allowed",
    );
  }

  /**
   * Returns a function that checks if a resource pattern matches a warehouse. A new one has no ARN, so the pattern is compared with
   * a made-up ARN.
   */
  private matchOf({ kind, resource }: Warehouse, resourceKind: ResourceKind): ResourceMatch {
    if (kind === "namespace") {
      const matches = (this.workgroups.get(resource) ?? []).map(matchOfWorkgroup);
      return (pattern) =>
        matches.length === 0
          ? matchesMadeUp(pattern, [["redshift-serverless", `workgroup/${MADE_UP_NAME}`]])
          : matches.some((isWorkgroup) => isWorkgroup(pattern));
    }
    const name = `${resourceKind}:${stringOf(resource, "after", "cluster_identifier") ?? MADE_UP_NAME}`;
    const arn = stringOf(resource, "after", "arn")?.split(":").slice(0, 5);
    return (pattern) => {
      // A pattern for one user or database of the cluster gives access, too, so the compared ARN has the name in the pattern.
      const requested = resourceKind === "cluster" ? name : `${name}/${instanceOf(pattern.split("/").at(-1)!)}`;
      return (
        pattern === `${resource.address}.arn` ||
        (arn === undefined
          ? matchesMadeUp(pattern, [["redshift", requested]])
          : matchesPattern(pattern, [...arn, requested].join(":")))
      );
    };
  }

  private namespaceOf(workgroup: PlannedResource): PlannedResource | undefined {
    const name = stringOf(workgroup, "after", "namespace_name");
    const { references } = this.model;
    const behind = references.resourcesBehind(workgroup, "namespace_name");
    const namesakes = name === undefined ? [] : this.model.withValue(NAMESPACE, "namespace_name", name);
    const ofProvider = namesakes.filter((one) => references.providerOf(one) === references.providerOf(workgroup));
    return behind.find(({ type }) => type === NAMESPACE) ?? ofProvider[0];
  }
}

function entriesOf({ kind }: Warehouse, action: string) {
  return ENTRIES[kind].filter(([name]) => name === action);
}

function matchOfWorkgroup(workgroup: PlannedResource): ResourceMatch {
  const arn = stringOf(workgroup, "after", "arn");
  return (pattern) =>
    pattern === `${workgroup.address}.arn` ||
    (arn === undefined
      ? matchesMadeUp(pattern, [["redshift-serverless", `workgroup/${MADE_UP_NAME}`]])
      : matchesPattern(pattern, arn));
}
