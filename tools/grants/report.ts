import { CLUSTER_ARN_PAIR, CREATE_TIME_PAIR, NAMESPACE_ARN_PAIR, SERVICE_NAME } from "../../modules/kms/context-pairs";
import { partitionOf } from "../../modules/private/partition";
import { follows } from "../../modules/private/rule";
import { CLUSTER_ARN, NAMESPACE_ARN } from "../../modules/private/rules";
import { isUniqueId } from "../../review/policy/principals";
import type { Answer, ConfiguredWarehouse, Grant, KeyFacts, Warehouse, WarehouseKind } from "./facts";
import { type GrantMaking, grantMakingBy } from "./grant-making";
import { hasUnknowns, type PolicyDifference, policyDifferences } from "./policy-difference";

/** Whether the warehouse in the context of a grant is one that uses the grant. */
export type GrantStatus =
  | "matches"
  /** The context has another creation time than the cluster, which is younger than the grant. */
  | "earlier-cluster"
  /** The context has another creation time than the cluster, which is not younger: AWS does not document which time it takes. */
  | "other-creation-time"
  /** Not the context that AWS documents for the Data API. */
  | "other-context"
  | "other-key"
  /** There is no such warehouse. */
  | "orphaned"
  | "without-warehouse"
  | "not-judged";

/** A grant of the Data API. */
export interface GrantReport {
  /** Whether a request must have exactly the encryption context, or at least. */
  readonly constraint: "equals" | "subset";
  readonly created: string | null;
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly grantee: string;
  readonly id: string;
  readonly name: string | null;
  readonly operations: readonly string[];
  readonly retiringPrincipal: string | null;
  readonly status: GrantStatus;
  /** The ARN in the context. */
  readonly warehouse: string | null;
}

/** A warehouse under a key. */
export interface WarehouseReport {
  readonly arn: string;
  /** Whether the key policy lets the Data API make a grant. */
  readonly grantMaking: GrantMaking;
  /** Whether the Data API has a grant. Null if the grants are not shown, or have another creation time. */
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
  /** Null if the grants are not shown. */
  readonly grants: readonly GrantReport[] | null;
  /** The IDs of the grants that are not the Data API's. */
  readonly otherGrants: readonly string[];
  /** Null if one of the policies is not shown, or there is no configuration. */
  readonly policyDifferences: readonly PolicyDifference[] | null;
  readonly region: string;
  readonly stack: string | null;
  /** Null if the key is not shown. */
  readonly state: string | null;
  readonly warehouses: readonly WarehouseReport[];
}

const ARN_PAIRS = { cluster: CLUSTER_ARN_PAIR, namespace: NAMESPACE_ARN_PAIR } as const;
const PAIRS = {
  cluster: [ARN_PAIRS.cluster, CREATE_TIME_PAIR, "serviceName"],
  namespace: [ARN_PAIRS.namespace, "serviceName"],
} as const;
const ARN_RULES = { cluster: CLUSTER_ARN, namespace: NAMESPACE_ARN } as const;
/** A role or user of an account. Group 1 is the account. AWS alone uses the roles of services. */
const IAM_PRINCIPAL =
  /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(?:role|user|assumed-role|federated-user)\/(?!aws-service-role\/)/;
const KINDS = ["cluster", "namespace"] as const;

/** Judges the answers about a key. */
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

/** The findings about the key policy, compared with the one of the configuration; `differences` is null if it is not comparable. */
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

/** AWS documents `namespace:ID` in a context. The service returns `namespace/ID`. */
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
  const ofKind = valueOf(warehouses[kind]);
  if (ofKind === undefined || !isNear || !follows(arn, ARN_RULES[kind])) {
    return "not-judged";
  }
  const warehouse = ofKind.find((one) => one.arn === arn);
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

/** Whether a grant serves requests with the encryption context that AWS documents for a kind of warehouse. */
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
  // AWS does not document the grantee of the Data API's grant. It is no role or user of the account, which has a grant for itself.
  const ofService = grants?.filter(
    ({ grantee, warehouse }) =>
      warehouse !== null && sameForm(warehouse) === arn && IAM_PRINCIPAL.exec(grantee)?.[1] !== account,
  );
  const statuses = ofService?.map(({ status }) => status);
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
      `The warehouse ${warehouse} is not shown: it is of another account or Region, it is no ARN of a warehouse, or a call is denied.`,
  ],
  orphaned: [
    "grant-orphaned",
    (warehouse) => `There is no warehouse ${warehouse}. Revoke the grant with --revoke orphans.`,
  ],
  "earlier-cluster": [
    "grant-earlier-cluster",
    (warehouse) =>
      `${warehouse} was created at another time, and after the grant. The grant may be of an earlier cluster of this name.`,
  ],
  "other-context": [
    "grant-other-context",
    (warehouse) =>
      `The encryption context is not the one that AWS documents for the Data API and ${warehouse}. Find out who made the grant.`,
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
    "The Data API has no grant for it, and the key policy lets only administrators make one. The Data API fails for everybody else.",
  "by-documented-service-name":
    "The Data API has no grant for it, and the key policy lets one be made through redshift.amazonaws.com only. AWS does not document whether the Data API sends this name.",
  "left-to-iam": "The Data API has no grant for it, and the key policy leaves it to IAM policies, which are not read.",
  refused: "The Data API has no grant for it, and the key policy lets nobody make one. The Data API fails.",
};

function configuredFindings(
  { kind, name, nameOf, stack }: ConfiguredWarehouse,
  keyArn: string,
  { warehouses }: KeyFacts,
): readonly Finding[] {
  const ofKind = valueOf(warehouses[kind]);
  if (ofKind === undefined) {
    return [];
  }
  const warehouse = ofKind.find((one) => (nameOf === "workgroup" ? one.workgroups.includes(name) : one.name === name));
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
