import { CLUSTER_ARN_PAIR, CREATE_TIME_PAIR, NAMESPACE_ARN_PAIR, SERVICE_NAME } from "../../modules/kms/context-pairs";
import { partitionOf } from "../../modules/private/partition";
import { follows } from "../../modules/private/rule";
import { CLUSTER_ARN, NAMESPACE_ARN } from "../../modules/private/rules";
import { isUniqueId } from "../../review/policy/principals";
import type { Answer, ConfiguredWarehouse, Grant, KeyFacts, Warehouse, WarehouseKind } from "./facts";
import { type GrantMaking, grantMakingBy } from "./grant-making";
import { hasUnknowns, type PolicyDifference, policyDifferences } from "./policy-difference";

/** The relation of a grant to the warehouse in its encryption context. */
export type GrantStatus =
  | "matches"
  /** The context has another creation time than the cluster, and the cluster was created after the grant. */
  | "earlier-cluster"
  /**
   * The context has another creation time than the cluster, and the cluster is older than the grant. AWS does not document which
   * time the Data API sends.
   */
  | "other-creation-time"
  /** The context is not the one that AWS documents for the Data API. */
  | "other-context"
  | "other-key"
  /** The warehouse in the context does not exist. */
  | "orphaned"
  | "without-warehouse"
  | "not-judged";

/** A grant of the Data API. */
export interface GrantReport {
  /** Whether a request must have exactly the encryption context of the grant (`equals`), or may have more pairs (`subset`). */
  readonly constraint: "equals" | "subset";
  readonly created: string | null;
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly grantee: string;
  readonly id: string;
  readonly name: string | null;
  readonly operations: readonly string[];
  readonly retiringPrincipal: string | null;
  readonly status: GrantStatus;
  /** The ARN of the warehouse in the encryption context; null if there is none. */
  readonly warehouse: string | null;
}

/** A warehouse under a key. */
export interface WarehouseReport {
  readonly arn: string;
  /** The way in which the key policy lets the Data API create a grant. */
  readonly grantMaking: GrantMaking;
  /**
   * Whether the Data API has a grant for the warehouse. Null if the grants are not shown, or differ only in the creation time.
   */
  readonly hasGrant: boolean | null;
}

export interface Finding {
  readonly id:
    | "grant-deleted-grantee"
    | "grant-earlier-cluster"
    | "grant-orphaned"
    | "grant-other-context"
    | "grant-other-key"
    | "grant-without-warehouse"
    | "key-missing"
    | "key-pending-deletion"
    | "key-unusable"
    | "not-shown"
    | "policy-deleted-principal"
    | "policy-differs"
    | "policy-not-compared"
    | "warehouse-missing"
    | "warehouse-other-key"
    | "warehouse-without-grant";
  readonly message: string;
  /** The ID of a grant, the ARN of a warehouse or a key, or the name of a stack. */
  readonly subject: string;
}

export interface KeyReport {
  readonly arn: string;
  readonly deletionDate: string | null;
  readonly findings: readonly Finding[];
  /** The grants of the Data API; null if KMS does not show the grants. */
  readonly grants: readonly GrantReport[] | null;
  /** The IDs of grants that are not for the Data API. */
  readonly otherGrants: readonly string[];
  /** The differences. Null if a policy is not shown, or if the configuration has no policy or a policy with values that only a plan has. */
  readonly policyDifferences: readonly PolicyDifference[] | null;
  readonly region: string;
  readonly stack: string | null;
  /** The state of the key; null if KMS does not show the key. */
  readonly state: string | null;
  readonly warehouses: readonly WarehouseReport[];
}

const ARN_PAIRS = { cluster: CLUSTER_ARN_PAIR, namespace: NAMESPACE_ARN_PAIR } as const;
const PAIRS = {
  cluster: [ARN_PAIRS.cluster, CREATE_TIME_PAIR, "serviceName"],
  namespace: [ARN_PAIRS.namespace, "serviceName"],
} as const;
const ARN_RULES = { cluster: CLUSTER_ARN, namespace: NAMESPACE_ARN } as const;
/** Matches the ARN of a role or user, with its account as group 1, but not a service-linked role, which only AWS uses. */
const IAM_PRINCIPAL =
  /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(?:role|user|assumed-role|federated-user)\/(?!aws-service-role\/)/;
const KINDS = ["cluster", "namespace"] as const;

/** Creates the report about a key from the answers of AWS. */
export function reportOf(facts: KeyFacts): KeyReport {
  const { grants, metadata, target } = facts;
  const shownMetadata = metadata.kind === "shown" ? metadata.value : undefined;
  const arn = shownMetadata?.arn ?? target.keyId;
  const isDataApi = ({ context }: Grant): boolean => context.serviceName === SERVICE_NAME;
  const shownGrants = grants.kind === "shown" ? grants.value : undefined;
  const grantReports =
    shownGrants
      ?.filter(isDataApi)
      .map((grant) => grantReportOf(grant, arn, facts))
      .sort(byWarehouse) ?? null;
  const warehouses = warehousesUnder(arn, facts).map((warehouse) =>
    warehouseReportOf(warehouse, grantReports, arn, facts),
  );
  const differences = differencesOf(facts);
  return {
    arn,
    deletionDate: shownMetadata?.deletionDate ?? null,
    findings: [
      ...keyFindings(arn, facts),
      ...notShownFindings(arn, facts),
      ...(grantReports ?? []).flatMap((grant) => grantFindings(grant, arn)),
      ...warehouses.flatMap((warehouse) => grantMakingFindings(warehouse)),
      ...target.warehouses.flatMap((warehouse) => configuredFindings(warehouse, arn, facts)),
      ...policyFindings(differences, arn, facts),
    ],
    grants: grantReports,
    otherGrants: (shownGrants ?? [])
      .filter((grant) => !isDataApi(grant))
      .map(({ id }) => id)
      .sort(),
    policyDifferences: differences,
    region: target.region,
    stack: target.stack ?? null,
    state: shownMetadata?.state ?? null,
    warehouses,
  };
}

/**
 * Returns the findings about the key policy, compared with the configured one. `differences` is null if the two policies cannot be
 * compared.
 */
function policyFindings(
  differences: readonly PolicyDifference[] | null,
  arn: string,
  { policy, target }: KeyFacts,
): readonly Finding[] {
  if (policy.kind === "shown" && target.configuredPolicy !== undefined && differences === null) {
    return [
      finding(
        "policy-not-compared",
        arn,
        "The key policy of the configuration has values that only a plan has. Compare the policies with terraform plan.",
      ),
    ];
  }
  return (differences ?? []).map((difference) => differenceFinding(difference, arn));
}

function finding(id: Finding["id"], subject: string, message: string): Finding {
  return { id, message, subject };
}

function byWarehouse(one: GrantReport, other: GrantReport): number {
  const [key, otherKey] = [one, other].map(({ id, warehouse }) => `${warehouse ?? ""} ${id}`) as [string, string];
  return key < otherKey ? -1 : 1;
}

/**
 * Returns an ARN with `:namespace/` in place of `:namespace:`. AWS documents `:namespace:` for encryption contexts, and the service
 * returns `:namespace/`.
 */
function sameForm(arn: string): string {
  return arn.replace(":namespace:", ":namespace/");
}

function isUnder(warehouse: Warehouse, keyArn: string): boolean {
  return warehouse.key !== undefined && (warehouse.key === keyArn || keyArn.endsWith(`:key/${warehouse.key}`));
}

function warehousesUnder(keyArn: string, { warehouses }: KeyFacts): readonly Warehouse[] {
  return KINDS.flatMap((kind) => valueOf(warehouses[kind]) ?? [])
    .filter((warehouse) => isUnder(warehouse, keyArn))
    .sort((one, other) => (one.arn < other.arn ? -1 : 1));
}

function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.kind === "shown" ? answer.value : undefined;
}

function grantReportOf(grant: Grant, keyArn: string, facts: KeyFacts): GrantReport {
  const { context, created, grantee, id, isExact, name, operations, retiringPrincipal } = grant;
  const kind = KINDS.find((kind) => context[ARN_PAIRS[kind]] !== undefined);
  return {
    constraint: isExact ? "equals" : "subset",
    created: created?.toISOString() ?? null,
    encryptionContext: Object.fromEntries(Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1))),
    grantee,
    id,
    name: name ?? null,
    operations,
    retiringPrincipal: retiringPrincipal ?? null,
    status: kind === undefined ? "without-warehouse" : statusOf(grant, kind, keyArn, facts),
    warehouse: kind === undefined ? null : context[ARN_PAIRS[kind]]!,
  };
}

function statusOf(grant: Grant, kind: WarehouseKind, keyArn: string, { target, warehouses }: KeyFacts): GrantStatus {
  const { context, created } = grant;
  if (!isOfDataApi(grant, kind)) {
    return "other-context";
  }
  const arn = sameForm(context[ARN_PAIRS[kind]]!);
  const [, partition, , region, account] = arn.split(":");
  const isNear = partition === partitionOf(target.region) && region === target.region && account === target.account;
  const sameKind = valueOf(warehouses[kind]);
  if (sameKind === undefined || !isNear || !follows(arn, ARN_RULES[kind])) {
    return "not-judged";
  }
  const warehouse = sameKind.find((one) => one.arn === arn);
  if (warehouse === undefined) {
    return "orphaned";
  }
  if (!isUnder(warehouse, keyArn)) {
    return "other-key";
  }
  const { [CREATE_TIME_PAIR]: createTime } = context;
  if (createTime === undefined || createTime === warehouse.createTime) {
    return "matches";
  }
  const isOlder = created !== undefined && warehouse.created !== undefined && created < warehouse.created;
  return isOlder ? "earlier-cluster" : "other-creation-time";
}

/** Returns whether a grant is for the encryption context that AWS documents for the Data API and a kind of warehouse. */
function isOfDataApi({ context, isExact }: Grant, kind: WarehouseKind): boolean {
  const [pairs, names]: readonly (readonly string[])[] = [PAIRS[kind], Object.keys(context)];
  return names!.every((name) => pairs!.includes(name)) && (!isExact || names!.length === pairs!.length);
}

function warehouseReportOf(
  { arn, kind }: Warehouse,
  grants: readonly GrantReport[] | null,
  keyArn: string,
  { policy, target: { account, region } }: KeyFacts,
): WarehouseReport {
  // AWS does not document the grantee of the Data API's grant. But a grant for a role or a user of the account is a grant of that
  // principal.
  const serviceGrants = grants?.filter(
    ({ grantee, warehouse }) =>
      warehouse !== null && sameForm(warehouse) === arn && IAM_PRINCIPAL.exec(grantee)?.[1] !== account,
  );
  const statuses = serviceGrants?.map(({ status }) => status);
  const isUnclear = statuses?.some((status) => status === "earlier-cluster" || status === "other-creation-time");
  return {
    arn,
    grantMaking: policy.kind === "shown" ? grantMakingBy(policy.value, { account, keyArn, kind, region }) : "not-shown",
    hasGrant: statuses === undefined ? null : statuses.includes("matches") || (isUnclear ? null : false),
  };
}

function differencesOf({ policy, target: { configuredPolicy } }: KeyFacts): readonly PolicyDifference[] | null {
  const isComparable = policy.kind === "shown" && configuredPolicy !== undefined && !hasUnknowns(configuredPolicy);
  return isComparable ? policyDifferences(configuredPolicy, policy.value) : null;
}

function keyFindings(arn: string, { metadata }: KeyFacts): readonly Finding[] {
  if (metadata.kind === "notShown") {
    return [];
  }
  if (metadata.value === undefined) {
    return [
      finding(
        "key-missing",
        arn,
        "There is no such key in the account and Region. Deploy the stack, or correct the ARN.",
      ),
    ];
  }
  const { deletionDate, state } = metadata.value;
  const isDying = state === "PendingDeletion" || state === "PendingReplicaDeletion";
  const date = deletionDate === undefined ? "once its last replica is deleted" : `on ${deletionDate}`;
  return isDying
    ? [
        finding(
          "key-pending-deletion",
          arn,
          `KMS deletes the key ${date}. Then nobody can decrypt the data under it. To keep it: aws kms cancel-key-deletion, then enable-key.`,
        ),
      ]
    : state === "Enabled"
      ? []
      : [
          finding(
            "key-unusable",
            arn,
            `The state of the key is ${state}. Redshift deletes a warehouse whose key is inaccessible for 14 days. ${REMEDIES[state] ?? "Find out why."}`,
          ),
        ];
}

const REMEDIES: Readonly<Record<string, string>> = {
  Disabled: "Run aws kms enable-key.",
  PendingImport: "Import the key material.",
};

function notShownFindings(arn: string, { grants, metadata, policy, warehouses }: KeyFacts): readonly Finding[] {
  if (metadata.kind === "shown" && metadata.value === undefined) {
    return [];
  }
  const reasons = [metadata, policy, grants, ...KINDS.map((kind) => warehouses[kind])].flatMap((answer) =>
    answer.kind === "notShown" ? [answer.reason] : [],
  );
  return [...new Set(reasons)].map((reason) =>
    finding("not-shown", arn, `A part of the report is not shown: ${reason}.`),
  );
}

function grantFindings({ grantee, id, status, warehouse }: GrantReport, keyArn: string): readonly Finding[] {
  const [statusId, message] = STATUS_FINDINGS[status] ?? [];
  return [
    ...(statusId ? [finding(statusId, id, message!(warehouse ?? "", keyArn))] : []),
    ...(isUniqueId(grantee)
      ? [
          finding(
            "grant-deleted-grantee",
            id,
            `The grantee ${grantee} is the ID of a deleted role or user. Nobody uses the grant.`,
          ),
        ]
      : []),
  ];
}

const STATUS_FINDINGS: Readonly<
  Partial<Record<GrantStatus, readonly [Finding["id"], (warehouse: string, key: string) => string]>>
> = {
  "not-judged": [
    "not-shown",
    (warehouse) =>
      `The warehouse ${warehouse} is not shown: it is in another account or Region, it is no ARN of a warehouse, or a call is denied.`,
  ],
  orphaned: [
    "grant-orphaned",
    (warehouse) => `There is no warehouse ${warehouse}. Revoke the grant with --revoke orphans.`,
  ],
  "earlier-cluster": [
    "grant-earlier-cluster",
    (warehouse) =>
      `${warehouse} was created after the grant, and at another time than the grant has. The grant may be for an earlier cluster of this name.`,
  ],
  "other-context": [
    "grant-other-context",
    (warehouse) =>
      `The encryption context is not the one that AWS documents for the Data API and ${warehouse}. Find out who created the grant.`,
  ],
  "other-key": [
    "grant-other-key",
    (warehouse, key) => `${warehouse} is not under the key ${key} any more. Only earlier results use the grant.`,
  ],
  "without-warehouse": ["grant-without-warehouse", () => "The encryption context of the grant names no warehouse."],
};

function grantMakingFindings({ arn, grantMaking, hasGrant }: WarehouseReport): readonly Finding[] {
  const message = hasGrant === false ? GRANT_MAKING_MESSAGES[grantMaking] : undefined;
  return message === undefined ? [] : [finding("warehouse-without-grant", arn, message)];
}

const GRANT_MAKING_MESSAGES: Readonly<Partial<Record<GrantMaking, string>>> = {
  "by-administrators-only":
    "The Data API has no grant for the warehouse, and the key policy allows a new grant only to administrators. The Data API fails for everybody else.",
  "by-documented-service-name":
    "The Data API has no grant for the warehouse, and the key policy allows a new grant only through redshift.amazonaws.com. AWS does not document whether the Data API sends this name.",
  "left-to-iam":
    "The Data API has no grant for the warehouse, and the key policy leaves a new grant to IAM policies, which are not read.",
  refused:
    "The Data API has no grant for the warehouse, and the key policy allows nobody a new grant. The Data API fails.",
};

function configuredFindings(
  { kind, name, nameOf, stack }: ConfiguredWarehouse,
  keyArn: string,
  { warehouses }: KeyFacts,
): readonly Finding[] {
  const sameKind = valueOf(warehouses[kind]);
  if (sameKind === undefined) {
    return [];
  }
  const warehouse = sameKind.find((one) =>
    nameOf === "workgroup" ? one.workgroups.includes(name) : one.name === name,
  );
  if (warehouse === undefined) {
    return [
      finding("warehouse-missing", stack, `There is no ${nameOf} ${name} in the account and Region. Deploy the stack.`),
    ];
  }
  return isUnder(warehouse, keyArn)
    ? []
    : [
        finding(
          "warehouse-other-key",
          warehouse.arn,
          `The configuration has the key ${keyArn}, and the warehouse is under ${warehouse.key ?? "a key that AWS owns"}.`,
        ),
      ];
}

function differenceFinding({ change, deletedPrincipals, statement }: PolicyDifference, arn: string): Finding {
  const ids = deletedPrincipals.join(", ");
  const text = {
    added: "is in the key policy, and not in the configuration",
    changed: "differs from the configuration",
    removed: "is in the configuration, and not in the key policy",
  }[change];
  return deletedPrincipals.length > 0
    ? finding(
        "policy-deleted-principal",
        arn,
        `${statement} ${text}. It names ${ids}, which KMS puts in place of the ARN of a deleted role or user. Deploy the stack.`,
      )
    : finding(
        "policy-differs",
        arn,
        `${statement} ${text}. Deploy the stack, or take the change into the configuration.`,
      );
}
