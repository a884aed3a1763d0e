/** An answer of AWS: its value, or the reason why it is not shown. */
export type Answer<T> = { readonly kind: "shown"; readonly value: T } | NotShown;

export interface NotShown {
  readonly kind: "notShown";
  readonly reason: string;
}

/** A warehouse that, in the configuration, is under a key. */
export interface ConfiguredWarehouse {
  readonly kind: WarehouseKind;
  /** The identifier of the cluster, or the name of the namespace or of the workgroup. */
  readonly name: string;
  readonly nameOf: "cluster" | "namespace" | "workgroup";
  readonly stack: string;
}

export type WarehouseKind = "cluster" | "namespace";

/** A key to read. */
export interface KeyTarget {
  /** The account of the warehouses. */
  readonly account: string;
  /** The key policy of the configuration, as a string of Terraform. Undefined if the configuration has none. */
  readonly configuredPolicy: string | undefined;
  /** An ARN, or an alias of the account and Region. */
  readonly keyId: string;
  readonly region: string;
  /** The stack of the key. Undefined if --key names it. */
  readonly stack: string | undefined;
  readonly warehouses: readonly ConfiguredWarehouse[];
}

/** Returns whether the key is in the account of its warehouses. A key that is given by its alias is always in that account. */
export function isOfItsAccount({ account, keyId }: KeyTarget): boolean {
  return !keyId.startsWith("arn:") || keyId.split(":")[4] === account;
}

/** A key, as DescribeKey describes it. */
export interface KeyMetadata {
  readonly arn: string;
  readonly deletionDate: string | undefined;
  readonly state: string;
}

/** A grant, as ListGrants lists it. */
export interface Grant {
  /** Undefined if KMS returns no creation date. */
  readonly created: Date | undefined;
  readonly context: Readonly<Record<string, string>>;
  readonly grantee: string;
  readonly id: string;
  /** Whether a request must have exactly the pairs of the context (`EncryptionContextEquals`), and not more. */
  readonly isExact: boolean;
  readonly name: string | undefined;
  readonly operations: readonly string[];
  readonly retiringPrincipal: string | undefined;
}

/** A cluster or a namespace, as its service describes it. */
export interface Warehouse {
  readonly arn: string;
  /** The ClusterCreateTime of a cluster. */
  readonly created: Date | undefined;
  /** The creation time in the encryption context, if AWS uses the ClusterCreateTime there. */
  readonly createTime: string | undefined;
  /** The ARN of the key; undefined if AWS owns the key. */
  readonly key: string | undefined;
  readonly kind: WarehouseKind;
  readonly name: string;
  /** The names of its workgroups that are in the configuration. */
  readonly workgroups: readonly string[];
}

/** The answers about the warehouses of a Region, by their kinds. */
export type Warehouses = Readonly<Record<WarehouseKind, Answer<readonly Warehouse[]>>>;

/** The answers about a key. */
export interface KeyAnswers {
  readonly grants: Answer<readonly Grant[]>;
  /** The description of the key; its value is undefined if the key does not exist. */
  readonly metadata: Answer<KeyMetadata | undefined>;
  readonly policy: Answer<string>;
  readonly target: KeyTarget;
}

/** The answers about a key, and about the warehouses of its Region. */
export interface KeyFacts extends KeyAnswers {
  readonly warehouses: Warehouses;
}
