import { asArray, matchesPattern, type Statement } from "./statement";

/** A resource with made-up names, as the service and the last part of its ARN. */
type MadeUp = readonly [service: string, resource: string];

const NAME = "zq-7x";
const ID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

export const MADE_UP_KEYS: readonly MadeUp[] = [["kms", `key/${ID}`]];
export const MADE_UP_WAREHOUSES: readonly MadeUp[] = [
  ["redshift", `cluster:${NAME}`],
  ["redshift-serverless", `namespace/${ID}`],
  ["redshift-serverless", `workgroup/${ID}`],
];

/** The resources of warehouses that can be shared with other accounts. */
export const MADE_UP_SHARES: readonly MadeUp[] = [
  ...MADE_UP_WAREHOUSES,
  ["redshift", `datashare:${ID}/${NAME}`],
  ["redshift", `namespace:${ID}`],
  ["redshift", `snapshot:${NAME}/${NAME}`],
  ["redshift-serverless", `snapshot/${ID}`],
];
/** A secret, and one of a warehouse's admin as Redshift names it. */
export const MADE_UP_SECRETS: readonly MadeUp[] = [
  ["secretsmanager", `secret:${NAME}-0f1e2d`],
  ["secretsmanager", `secret:redshift!${NAME}-admin-0f1e2d`],
];

/** A user with a made-up name, of the cluster that a pattern names or of a made-up one. */
export function madeUpDatabaseUsers(pattern: string): readonly MadeUp[] {
  const [, cluster = NAME] = /:dbuser:([^/*?]+)\//.exec(pattern) ?? [];
  return [["redshift", `dbuser:${cluster}/${NAME}`]];
}

/** A role and a user with made-up names. */
export const MADE_UP_IDENTITIES: readonly MadeUp[] = [
  ["iam", `role/${NAME}`],
  ["iam", `user/${NAME}`],
];

/** Whether a resource pattern of IAM matches one of these resources in a partition, Region and account that it allows. */
export function matchesMadeUp(pattern: string, resources: readonly MadeUp[]): boolean {
  const text = withoutVariables(pattern);
  const [first, ...parts] = text.split(":");
  const [partition = "aws", , region = "us-east-1", account = "111122223333"] =
    first === "arn" ? parts.map(withoutWildcards) : [];
  return resources.some(([service, resource]) =>
    matchesPattern(text, ["arn", partition, service, region, account, resource].join(":")),
  );
}

/** Whether a statement is for a resource that it does not name: one of these, of which it has a pattern, or does not except it. */
export function appliesToMadeUp(
  { NotResource, Resource }: Statement,
  madeUp: (pattern: string) => readonly MadeUp[],
): boolean {
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

/** A pattern with a wildcard in place of a variable that the caller chooses, and a letter in place of another one. */
function withoutVariables(pattern: string): string {
  return pattern.replace(/\$\{([^}]*)\}/g, (_, key: string) => (isChosenByCaller(key) || key === "*" ? "*" : "x"));
}

/** The shortest text that a part of a pattern matches. */
function withoutWildcards(part: string): string {
  return part.replaceAll("*", "").replaceAll("?", "0");
}
