import { asArray, matchesPattern, type Statement } from "./statement";

/** A resource with made-up names, as the service and the last part of its ARN. */
type MadeUp = readonly [service: string, resource: string];

/** Returns the resources with made-up names to compare with a pattern. */
type MadeUpFor = (pattern: string) => readonly MadeUp[];

/** Maps each action to the made-up resources on which a statement may allow it. */
export type ResourcesByAction = Readonly<Record<string, MadeUpFor>>;

/** The name of a cluster, workgroup or another resource that nobody has. */
export const MADE_UP_NAME = "zq-7x";
/** One ID for each first digit, so that a pattern such as `key/a*` matches one of them. */
const IDS = [..."0123456789abcdef"].map((digit) => `${digit}f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`);
const [ID] = IDS as [string];

/** Keys of one Region. */
export const MADE_UP_SINGLE_REGION_KEYS: readonly MadeUp[] = IDS.map((id) => ["kms", `key/${id}`]);
export const MADE_UP_MULTI_REGION_KEYS: readonly MadeUp[] = IDS.map((id) => [
  "kms",
  `key/mrk-${id.replaceAll("-", "")}`,
]);
export const MADE_UP_KEYS: readonly MadeUp[] = [...MADE_UP_SINGLE_REGION_KEYS, ...MADE_UP_MULTI_REGION_KEYS];
export const MADE_UP_CLUSTERS: readonly MadeUp[] = [["redshift", `cluster:${MADE_UP_NAME}`]];
export const MADE_UP_NAMESPACES: readonly MadeUp[] = IDS.map((id) => ["redshift-serverless", `namespace/${id}`]);
export const MADE_UP_WORKGROUPS: readonly MadeUp[] = IDS.map((id) => ["redshift-serverless", `workgroup/${id}`]);
export const MADE_UP_WAREHOUSES: readonly MadeUp[] = [
  ...MADE_UP_CLUSTERS,
  ...MADE_UP_NAMESPACES,
  ...MADE_UP_WORKGROUPS,
];

/** Maps each action to the made-up keys. */
export function onKeys(actions: readonly string[]): ResourcesByAction {
  return Object.fromEntries(actions.map((action) => [action, () => MADE_UP_KEYS]));
}

/** The resources of warehouses that can be shared with other accounts. */
export const MADE_UP_SHARES: readonly MadeUp[] = [
  ...MADE_UP_WAREHOUSES,
  ["redshift", `datashare:${ID}/${MADE_UP_NAME}`],
  ["redshift", `namespace:${ID}`],
  ["redshift", `snapshot:${MADE_UP_NAME}/${MADE_UP_NAME}`],
  ["redshift-serverless", `snapshot/${ID}`],
];
/** A secret, and one of a warehouse's admin as Redshift names it. */
export const MADE_UP_SECRETS: readonly MadeUp[] = [
  ["secretsmanager", `secret:${MADE_UP_NAME}-0f1e2d`],
  ["secretsmanager", `secret:redshift!${MADE_UP_NAME}-admin-0f1e2d`],
];

/** Returns a user with a made-up name, in the cluster that a pattern names or in a made-up one. */
export function madeUpDatabaseUsers(pattern: string): readonly MadeUp[] {
  const [, cluster = MADE_UP_NAME] = /:dbuser:([^/*?]+)\//.exec(pattern) ?? [];
  return [["redshift", `dbuser:${cluster}/${MADE_UP_NAME}`]];
}

export const MADE_UP_GROUPS: readonly MadeUp[] = [["iam", `group/${MADE_UP_NAME}`]];
export const MADE_UP_POLICIES: readonly MadeUp[] = [["iam", `policy/${MADE_UP_NAME}`]];
export const MADE_UP_ROLES: readonly MadeUp[] = [["iam", `role/${MADE_UP_NAME}`]];
export const MADE_UP_USERS: readonly MadeUp[] = [["iam", `user/${MADE_UP_NAME}`]];
/** Returns a database of a made-up cluster, with the database name of a pattern or a made-up one. */
export function madeUpDatabases(pattern: string): readonly MadeUp[] {
  const [, database = MADE_UP_NAME] = /:dbname:[^/]*\/([^/*?$]+)$/.exec(pattern) ?? [];
  return [["redshift", `dbname:${MADE_UP_NAME}/${database}`]];
}

/** A role and a user with made-up names. */
export const MADE_UP_IDENTITIES: readonly MadeUp[] = [...MADE_UP_ROLES, ...MADE_UP_USERS];

/**
 * Whether a resource pattern of IAM matches one of these resources. If the pattern names a partition, a Region or an account, the
 * resources are in it.
 */
export function matchesMadeUp(pattern: string, resources: readonly MadeUp[]): boolean {
  const text = withoutVariables(pattern);
  const [first, ...parts] = text.split(":");
  const [partition = "aws", , region = "us-east-1", account = "111122223333"] =
    first === "arn" ? parts.map(withoutWildcards) : [];
  return resources.some(([service, resource]) =>
    matchesPattern(text, ["arn", partition, service, region, account, resource].join(":")),
  );
}

/**
 * Whether a statement applies to one of these made-up resources: a pattern of Resource matches it, or NotResource does not except
 * it. Then it applies to resources that it does not name.
 */
export function appliesToMadeUp({ NotResource, Resource }: Statement, madeUp: MadeUpFor): boolean {
  if (NotResource === undefined) {
    return asArray(Resource).some((pattern) => matchesMadeUp(pattern, madeUp(pattern)));
  }
  const excepted = asArray(NotResource);
  return madeUp("").some((resource) => !excepted.some((pattern) => matchesMadeUp(pattern, [resource])));
}

/** Whether the caller of a request chooses the value of a condition key. */
export function isChosenByCaller(key: string): boolean {
  return /^(?:aws:(?:request|resource)|kms|redshift|secretsmanager)/i.test(key);
}

/** Replaces each policy variable in a pattern: by a wildcard if the caller chooses its value, and otherwise by a letter. */
function withoutVariables(pattern: string): string {
  return pattern.replace(/\$\{([^}]*)\}/g, (_, key: string) => (isChosenByCaller(key) || key === "*" ? "*" : "x"));
}

/** Returns the shortest text that a part of a pattern matches. */
function withoutWildcards(part: string): string {
  return part.replaceAll("*", "").replaceAll("?", "0");
}
