import { groupBy } from "../../modules/private/group-by";
import { exists, stringOf } from "../plan/attributes";
import { memoized, memoizedByObject } from "../plan/memoized";
import type { PlannedResource } from "../plan/plan";
import { instanceOf } from "../policy/gain";
import { beyondHiddenBoundary, type Identity, permissionOf, type ResourceMatch } from "../policy/identity-permission";
import {
  CALLER_ACCOUNT,
  type Place,
  SAMPLE_NAME,
  SAMPLE_WORKGROUPS,
  matchesSamples,
  patternOutcome,
} from "../policy/resource-pattern";
import { PatternIndex } from "../policy/pattern-index";
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

/** A warehouse as the resource of an action. */
interface Target {
  readonly isNamedBy: ResourceMatch;
  /** The texts with which the last part of the warehouse's ARNs can begin, such as `cluster:NAME`. */
  readonly names: readonly string[];
  readonly warehouse: Warehouse;
}

/** The beginning of the actions of the Data API. */
export const DATA_API_ACTIONS = "redshift-data:";

/** Finds the warehouses whose databases an identity may enter by its IAM policies after the change. */
export class WarehouseReach {
  public static readonly inModel = memoizedByObject((model: Model) => new WarehouseReach(model));

  /** Returns the warehouses that a statement may allow an identity to enter. Only actions that begin with the prefix count. */
  private readonly allowedBy = memoized((prefix) =>
    memoizedByObject((statement: Statement) => this.readAllowed(statement, prefix)),
  );
  /** Cache: the warehouses that a resource pattern matches, by a string of the action and the pattern. */
  private readonly matching = memoized((request) => this.warehousesMatching(request));
  private readonly targets: ReadonlyMap<string, TargetIndex>;
  private readonly warehouses: readonly Warehouse[];
  private readonly workgroups: ReadonlyMap<PlannedResource, readonly PlannedResource[]>;

  private constructor(private readonly model: Model) {
    this.warehouses = model.warehouses.filter(({ resource }) => exists(resource, "after"));
    const workgroups = model.withType(WORKGROUP).filter((workgroup) => exists(workgroup, "after"));
    const pairs = workgroups.flatMap((workgroup) =>
      this.namespacesOf(workgroup).map((namespace) => ({ namespace, workgroup })),
    );
    this.workgroups = new Map(
      [...groupBy(pairs, ({ namespace }) => namespace)].map(([namespace, group]) => [
        namespace,
        group.map(({ workgroup }) => workgroup),
      ]),
    );
    const targets = this.warehouses.flatMap((warehouse) =>
      ENTRIES[warehouse.kind].map(([action, kind]) => ({ action, ...this.targetOf(warehouse, kind) })),
    );
    const byAction = groupBy(targets, ({ action }) => action);
    this.targets = new Map([...byAction].map(([action, group]) => [action, new TargetIndex(group)]));
  }

  /**
   * Returns the warehouses whose databases an identity may enter. Identities with the same statements share one array.
   *
   * @param prefix - the beginning of the actions that count; by default, all actions that give access to a database count
   */
  public reachedBy(identity: Identity, prefix = ""): readonly Warehouse[] {
    const statements = identity.policies.flatMap((policy) => policy.statements);
    const allowed = new Set(statements.map(this.allowedBy(prefix)).filter(({ length }) => length > 0));
    const [first = [], ...others] = allowed;
    const candidates = others.length === 0 ? first : [...new Set([...allowed].flat())];
    const isCompared =
      identity.boundary !== undefined ||
      statements.some((one) => one.Effect === "Deny" || one.NotResource !== undefined);
    return isCompared ? candidates.filter((warehouse) => this.isAllowed(warehouse, identity, prefix)) : candidates;
  }

  private readAllowed(statement: Statement, prefix: string): readonly Warehouse[] {
    const actions = ENTRY_ACTIONS.filter(
      (action) => action.startsWith(prefix) && statement.Effect === "Allow" && matchesAction(statement, action),
    );
    if (statement.NotResource !== undefined) {
      return actions.length === 0 ? [] : this.warehouses;
    }
    const patterns = asArray(statement.Resource);
    return [...new Set(actions.flatMap((action) => patterns.flatMap((one) => this.matching(`${action} ${one}`))))];
  }

  private warehousesMatching(request: string): readonly Warehouse[] {
    const [action, pattern] = [request.slice(0, request.indexOf(" ")), request.slice(request.indexOf(" ") + 1)];
    const candidates = this.targets.get(action)?.candidates(pattern) ?? [];
    return candidates.filter(({ isNamedBy }) => isNamedBy(pattern) === "met").map(({ warehouse }) => warehouse);
  }

  private isAllowed(warehouse: Warehouse, identity: Identity, prefix: string): boolean {
    const actions = ENTRIES[warehouse.kind].filter(([action]) => action.startsWith(prefix));
    return actions.some(([action, kind]) => {
      const permission = permissionOf(identity, action, this.targetOf(warehouse, kind).isNamedBy, {});
      return beyondHiddenBoundary(permission).kind === "allowed";
    });
  }

  /** Returns a warehouse as the resource of a request. The caller is in the account of the warehouse. */
  private targetOf(warehouse: Warehouse, resourceKind: ResourceKind): Target {
    const target = this.readTarget(warehouse, resourceKind);
    return {
      ...target,
      isNamedBy: (pattern, quantifier) => target.isNamedBy(pattern.replace(CALLER_ACCOUNT, "*"), quantifier),
    };
  }

  /** Returns a warehouse as a resource. If its ARN is unknown, patterns are compared with a sample ARN. */
  private readTarget(warehouse: Warehouse, resourceKind: ResourceKind): Target {
    const { kind, resource } = warehouse;
    if (kind === "namespace") {
      const place = this.model.placeOf(resource);
      const workgroups = this.workgroups.get(resource)?.map((one) => targetOfWorkgroup(one, place)) ?? [
        targetOfNewWorkgroup(place),
      ];
      return {
        isNamedBy: (pattern, quantifier = "some") => {
          const outcomes = workgroups.map(({ isNamedBy }) => isNamedBy(pattern, quantifier));
          return outcomes.includes("met") ? "met" : outcomes.includes("depends") ? "depends" : "unmet";
        },
        names: workgroups.map(({ name }) => name),
        warehouse,
      };
    }
    const arn = this.model.arnOfWarehouse(warehouse, "after")?.split(":");
    const place = this.model.placeOf(resource);
    const name = `${resourceKind}:${stringOf(resource, "after", "cluster_identifier") ?? arn?.[6] ?? SAMPLE_NAME}`;
    return {
      isNamedBy: (pattern, quantifier = "some") =>
        patternOutcome(pattern, (one) => {
          // A pattern for one user or database of the cluster gives access, too. So the compared ARN ends with the name from the
          // pattern.
          const child = quantifier === "some" ? instanceOf(one.split("/").at(-1)!) : SAMPLE_NAME;
          const requested = resourceKind === "cluster" ? name : `${name}/${child}`;
          return (
            one === `${resource.address}.arn` ||
            (arn === undefined
              ? matchesSamples(one, [["redshift", requested]], quantifier, place)
              : matchesPattern(one, [...arn.slice(0, 5), requested].join(":")))
          );
        }),
      names: [name],
      warehouse,
    };
  }

  /** Returns the namespace of a workgroup, or all candidates: a reference to each.value does not show which namespace it means. */
  private namespacesOf(workgroup: PlannedResource): readonly PlannedResource[] {
    const name = stringOf(workgroup, "after", "namespace_name");
    const { references } = this.model;
    const behind = references
      .resourcesBehind(workgroup, "namespace_name")
      .filter((one) => one.type === NAMESPACE && [undefined, stringOf(one, "after", "namespace_name")].includes(name));
    const namesakes = name === undefined ? [] : this.model.withValue(NAMESPACE, "namespace_name", name);
    const inSameProvider = namesakes.filter(
      (one) => references.configuration.providerOf(one) === references.configuration.providerOf(workgroup),
    );
    return behind.length > 0 ? behind : inSameProvider.slice(0, 1);
  }
}

/** Finds the targets that a resource pattern may match. */
class TargetIndex {
  private readonly byName: PatternIndex<Target>;

  public constructor(private readonly targets: readonly Target[]) {
    this.byName = new PatternIndex(targets.flatMap((value) => value.names.map((pattern) => ({ pattern, value }))));
  }

  public candidates(pattern: string): readonly Target[] {
    const [, literal = "", rest] = NAME_IN_PATTERN.exec(pattern) ?? [];
    // A pattern without wildcards can match only a target whose name is the beginning of the pattern's last part.
    return rest === ""
      ? [...new Set(this.byName.candidates(literal))]
      : this.targets.filter(({ names }) => names.some((name) => canBegin(name, literal)));
  }
}

interface WorkgroupTarget {
  readonly isNamedBy: ResourceMatch;
  readonly name: string;
}

/** @param place - the place of the namespace, in which the workgroup is, too */
function targetOfWorkgroup(workgroup: PlannedResource, place: Place): WorkgroupTarget {
  const arn = stringOf(workgroup, "after", "arn");
  const { isNamedBy, name } =
    arn === undefined
      ? targetOfNewWorkgroup(place)
      : {
          isNamedBy: (pattern: string) => patternOutcome(pattern, (one) => matchesPattern(one, arn)),
          name: arn.split(":").slice(5).join(":"),
        };
  return {
    isNamedBy: (pattern, quantifier) =>
      pattern === `${workgroup.address}.arn` ? "met" : isNamedBy(pattern, quantifier),
    name,
  };
}

function targetOfNewWorkgroup(place: Place): WorkgroupTarget {
  return {
    isNamedBy: (pattern, quantifier) =>
      patternOutcome(pattern, (one) => matchesSamples(one, SAMPLE_WORKGROUPS, quantifier, place)),
    name: "workgroup/",
  };
}

/**
 * Matches a pattern for ARNs: the literal beginning of its last part, and the rest. The earlier parts must have no wildcard,
 * because a wildcard can match several parts. An address does not match.
 */
const NAME_IN_PATTERN = /^arn:(?:[^:*?$]*:){4}([^*?$]*)(.*)$/s;

/** Whether a text can begin both with a name and with a literal. */
function canBegin(name: string, literal: string): boolean {
  return name.startsWith(literal) || literal.startsWith(name);
}
