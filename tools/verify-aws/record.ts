import { mkdirSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { dirname } from "node:path";

/**
 * The answers of a real account. Every identifier is a placeholder: ACCOUNT, REGION, KEY_ID, NAMESPACE_ID and those of `redacted`.
 * The emulator reads this record (emulator/records.py).
 */
export interface VerifiedRecord {
  /** The day of the run, in UTC. */
  readonly date: string;
  /** The grants that the key got by the user's first statement. */
  readonly grants: readonly RecordedGrant[];
  readonly partition: string;
  readonly region: string;
  /** The answer of the Data API about the user's statement after the revocation of these grants: an error's name, or a status. */
  readonly revoked: Readonly<Record<"DescribeStatement" | "GetStatementResult", string>>;
  /**
   * The result of a statement while the key policy had only this kms:ViaService for Redshift: FINISHED, another status, or an
   * error's name. Empty if `withoutViaService` is FINISHED.
   */
  readonly viaServices: Readonly<Record<string, string>>;
  /** The result of a statement while the key policy had no kms:ViaService of Redshift: the control of `viaServices`. */
  readonly withoutViaService: string;
  readonly workgroup: {
    readonly baseCapacity: number | null;
    readonly configParameters: Readonly<Record<string, string>>;
    readonly pricePerformanceTarget: Readonly<Record<string, unknown>> | null;
  };
}

/** A grant, as ListGrants shows it. */
export interface RecordedGrant {
  readonly constraints: Readonly<Record<string, unknown>>;
  /** The CreateGrant as CloudTrail shows it; null if it showed nothing in time. */
  readonly event: RecordedEvent | null;
  readonly grantee: string | null;
  readonly operations: readonly string[];
  readonly retiring: string | null;
}

/** The service that called KMS, as CloudTrail shows it. */
export interface RecordedEvent {
  readonly invokedBy: string | null;
  readonly sourceIPAddress: string | null;
  readonly userAgent: string | null;
  readonly userIdentityType: string | null;
}

/** The identifiers of a run. */
export interface Identifiers {
  readonly account: string;
  readonly keyId: string;
  readonly namespaceId: string;
  readonly region: string;
}

/** Patterns of identifiers that differ in each run. Their order matters, because the name of a principal can have digits. */
const PATTERNS: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns; AWS names service-linked roles.
  [/(?<=:)(assumed-role|federated-user|role|user)\/(?!aws-service-role\/)[\w+=,.@/-]+/g, "$1/PRINCIPAL"],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  [/\bA[A-Z]{3}[A-Z0-9]{12,}\b(:[\w+=,.@-]+)?/g, "PRINCIPAL_ID"],
  [/\b[\w.+-]+@[\w-]+\.[\w.-]+/g, "EMAIL"],
  [/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi, "UUID"],
  [/\b[\da-f]{64}\b/g, "GRANT_ID"],
  [/(?<!\d)\d{12}(?!\d)/g, "OTHER_ACCOUNT"],
  [/(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])/g, "IP_ADDRESS"],
];

/** Returns a value in which placeholders replace all identifiers. The keys of maps are sorted. */
export function redacted(value: unknown, identifiers: Identifiers): unknown {
  if (typeof value === "string") {
    return redactedText(value, identifiers);
  }
  if (Array.isArray(value)) {
    return value.map((item) => redacted(item, identifiers));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, member]) => [redactedText(key, identifiers), redacted(member, identifiers)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  return value;
}

function redactedText(text: string, { account, keyId, namespaceId, region }: Identifiers): string {
  if (isIP(text)) {
    return "IP_ADDRESS";
  }
  const withoutIds = text
    .replaceAll(keyId, "KEY_ID")
    .replaceAll(namespaceId, "NAMESPACE_ID")
    .replaceAll(region, "REGION")
    .replaceAll(account, "ACCOUNT");
  return PATTERNS.reduce((rest, [pattern, placeholder]) => rest.replace(pattern, placeholder), withoutIds);
}

/** Writes a record to a file, with its identifiers replaced by placeholders. */
export function writeRecord(file: string, record: VerifiedRecord, identifiers: Identifiers): void {
  const { date, partition, region } = record;
  mkdirSync(dirname(file), { recursive: true });
  // The date, partition and Region name no account, and stay readable.
  const content = { ...(redacted(record, identifiers) as VerifiedRecord), date, partition, region };
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
