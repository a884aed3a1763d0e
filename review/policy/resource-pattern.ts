import { asArray, hasWildcard, matchesPattern, resourcesOf, type Statement } from "./statement";

/** A resource with sample names, as the service and the last part of its ARN. */
type Sample = readonly [service: string, resource: string];

/** The account, the Region and the partition of a resource. A part is undefined if the plan does not show it. */
export interface Place {
  readonly account?: string | undefined;
  readonly partition?: string | undefined;
  readonly region?: string | undefined;
}

/** Returns the resources with sample names to compare with a pattern. */
type SamplesFor = (pattern: string) => readonly Sample[];

/** Maps each action to the sample resources on which a statement may allow it. */
export type ResourcesByAction = Readonly<Record<string, SamplesFor>>;

/**
 * The name of a role, cluster or another resource that nobody has, because AWS refuses spaces. A pattern such as `z*`, which names some
 * resources, does not match it.
 */
export const SAMPLE_NAME = " zq7x ";
/** A short and a long name, so that a pattern such as `cluster:??????*` or `cluster:*-*` matches one of them. */
const NAMES = [SAMPLE_NAME, `${SAMPLE_NAME}-`.repeat(11) + SAMPLE_NAME];
/**
 * More names that AWS accepts, one for each letter, of different lengths. A pattern such as `a*` does not match the sample name, but
 * many patterns of this kind can match most names.
 */
const OTHER_NAMES = [..."abcdefghijklmnopqrstuvwxyz"].map((letter, index) => letter.repeat(index + 8));
/** Matches the text of a pattern without its wildcards, if the pattern may match one of OTHER_NAMES. */
const ONE_LETTER = /(?:^|[:/])(.?)\1*$/;
/** With this many patterns or more, none is compared with OTHER_NAMES. IAM refuses such a policy, because it is too large. */
const TOO_MANY_PATTERNS = 1000;
const DIGITS = "0123456789abcdef";
/**
 * IDs of the form that AWS creates: UUIDs of version 4. At most positions, all IDs have different digits, so that a pattern such as
 * `key/a*` or `key/*a` matches one of them.
 */
const IDS = [...DIGITS].map((_, shift) => {
  const shifted = (digits: string): string =>
    digits.replace(/[0-9a-f]/g, (digit) => DIGITS[(DIGITS.indexOf(digit) + shift) % DIGITS.length]!);
  return `${shifted("0f1e2d3c-4b5a")}-4${shifted("978")}-${"89ab"[shift % 4]}${shifted("796-a5b4c3d2e1f0")}`;
});
const [ID] = IDS as [string];

/** Keys of one Region. */
export const SAMPLE_SINGLE_REGION_KEYS: readonly Sample[] = IDS.map((id) => ["kms", `key/${id}`]);
export const SAMPLE_MULTI_REGION_KEYS: readonly Sample[] = IDS.map((id) => [
  "kms",
  `key/mrk-${id.replaceAll("-", "")}`,
]);
export const SAMPLE_KEYS: readonly Sample[] = [...SAMPLE_SINGLE_REGION_KEYS, ...SAMPLE_MULTI_REGION_KEYS];
export const SAMPLE_CLUSTERS: readonly Sample[] = NAMES.map((name) => ["redshift", `cluster:${name}`]);
export const SAMPLE_NAMESPACES: readonly Sample[] = IDS.map((id) => ["redshift-serverless", `namespace/${id}`]);
export const SAMPLE_WORKGROUPS: readonly Sample[] = IDS.map((id) => ["redshift-serverless", `workgroup/${id}`]);
export const SAMPLE_WAREHOUSES: readonly Sample[] = [...SAMPLE_CLUSTERS, ...SAMPLE_NAMESPACES, ...SAMPLE_WORKGROUPS];

/** Maps each action to the sample keys. */
export function onKeys(actions: readonly string[]): ResourcesByAction {
  return Object.fromEntries(actions.map((action) => [action, () => SAMPLE_KEYS]));
}

/** Snapshots of warehouses. */
const SAMPLE_SNAPSHOTS: readonly Sample[] = [
  ...NAMES.map((name) => ["redshift", `snapshot:${name}/${name}`] as const),
  ...IDS.map((id) => ["redshift-serverless", `snapshot/${id}`] as const),
];
/** The resources from which a warehouse can be restored: snapshots and recovery points. */
export const SAMPLE_BACKUPS: readonly Sample[] = [
  ...SAMPLE_SNAPSHOTS,
  ...IDS.map((id) => ["redshift-serverless", `recoverypoint/${id}`] as const),
];

/** The resources of warehouses that can be shared with other accounts. */
export const SAMPLE_SHARES: readonly Sample[] = [
  ...SAMPLE_WAREHOUSES,
  ...NAMES.map((name) => ["redshift", `datashare:${ID}/${name}`] as const),
  ...IDS.map((id) => ["redshift", `namespace:${id}`] as const),
  ...SAMPLE_SNAPSHOTS,
];

/**
 * Returns sample secrets: with a sample name, and with the name that Redshift gives to the secret of a warehouse's admin. The admin
 * is the one that the pattern names, or a sample.
 */
export function sampleSecrets(pattern: string): readonly Sample[] {
  const [, admin = "admin"] = /:secret:redshift!.*[*?]-([^*?]+?)-?[*?]+$/.exec(pattern) ?? [];
  return NAMES.flatMap((name) =>
    [name, `redshift!${name}-${admin}`].map((secret) => ["secretsmanager", `secret:${secret}-0f1e2d`] as const),
  );
}

/** Returns users with sample names. They are in the cluster that a pattern names, or in sample clusters. */
export function sampleDatabaseUsers(pattern: string): readonly Sample[] {
  const [, cluster] = /:dbuser:([^/*?]+)\//.exec(pattern) ?? [];
  return NAMES.map((name) => ["redshift", `dbuser:${cluster ?? name}/${name}`]);
}

export const SAMPLE_GROUPS: readonly Sample[] = NAMES.map((name) => ["iam", `group/${name}`]);
export const SAMPLE_POLICIES: readonly Sample[] = NAMES.map((name) => ["iam", `policy/${name}`]);
export const SAMPLE_ROLES: readonly Sample[] = NAMES.map((name) => ["iam", `role/${name}`]);
export const SAMPLE_USERS: readonly Sample[] = NAMES.map((name) => ["iam", `user/${name}`]);
export const SAMPLE_SAML_PROVIDERS: readonly Sample[] = NAMES.map((name) => ["iam", `saml-provider/${name}`]);
/** Permission sets of IAM Identity Center. */
export const SAMPLE_PERMISSION_SETS: readonly Sample[] = [
  ["sso", "permissionSet/ssoins-0f1e2d3c4b5a6978/ps-0f1e2d3c4b5a6978"],
];
/** Groups and users of IAM Identity Center. */
export const SAMPLE_IDENTITY_STORE: readonly Sample[] = IDS.flatMap((id) =>
  ["group", "user"].map((kind) => ["identitystore", `${kind}/${id}`] as const),
);
/** Returns the root of an account, unless a pattern names the account. */
export function sampleRoot(pattern: string): readonly Sample[] {
  return /:\d{12}:root$/.test(pattern) ? [] : [["iam", "root"]];
}
/** Returns databases of sample clusters. Their names are the database name in a pattern, or sample names. */
export function sampleDatabases(pattern: string): readonly Sample[] {
  const [, database] = /:dbname:[^/]*\/([^/*?$]+)$/.exec(pattern) ?? [];
  return NAMES.map((name) => ["redshift", `dbname:${name}/${database ?? name}`]);
}

/** Roles and users with sample names. */
export const SAMPLE_IDENTITIES: readonly Sample[] = [...SAMPLE_ROLES, ...SAMPLE_USERS];

/**
 * Whether a resource pattern of IAM matches one of these resources or, with the quantifier `every`, each of them. The resources are
 * in the given place. If a part of it is unknown, they are in the partition, the Region or the account that the pattern names.
 */
export function matchesSamples(
  pattern: string,
  resources: readonly Sample[],
  quantifier: "every" | "some" = "some",
  place: Place = {},
): boolean {
  if (pattern === "*") {
    return resources.length > 0 || quantifier === "every";
  }
  return withoutVariables(pattern).some((text) => {
    const [first, ...parts] = text.split(":");
    // The wildcards that these parts have match themselves.
    const [partition = "aws", , region = "us-east-1", account = "111122223333"] = first === "arn" ? parts : [];
    return resources[quantifier](([service, resource]) =>
      matchesPattern(
        text,
        ["arn", place.partition ?? partition, service, place.region ?? region, place.account ?? account, resource].join(
          ":",
        ),
      ),
    );
  });
}

/** Whether a resource pattern of IAM matches an ARN. */
export function matchesArn(pattern: string, arn: string): boolean {
  return withoutVariables(pattern).some((text) => matchesPattern(text, arn));
}

/**
 * Returns the outcome for a resource pattern that `matches` compares with a resource; `depends` if the value of a policy variable
 * decides about the match.
 */
export function patternOutcome(pattern: string, matches: (pattern: string) => boolean) {
  const isOpen = hasVariable(pattern);
  const outcome = isOpen ? ("depends" as const) : ("met" as const);
  return matches(isOpen ? pattern.replace(VARIABLE, "*") : pattern) ? outcome : ("unmet" as const);
}

/**
 * Whether a statement applies to one of these sample resources, and so to resources that it does not name. A pattern of Resource
 * matches the sample, or NotResource does not except the sample. Patterns that match most of OTHER_NAMES count, too.
 */
export function appliesToSamples({ NotResource, Resource }: Statement, samples: SamplesFor): boolean {
  if (NotResource === undefined) {
    const patterns = asArray(Resource).flatMap(withoutVariables).filter(hasWildcard);
    return patterns.some((pattern) => matchesSamples(pattern, samples(pattern))) || matchMostNames(patterns, samples);
  }
  const excepted = asArray(NotResource);
  const resources = samples("");
  return [...resources, ...OTHER_NAMES.flatMap((name) => renamed(resources, name))].some(
    (resource) => !excepted.some((pattern) => matchesSamples(pattern, [resource])),
  );
}

function matchMostNames(patterns: readonly string[], samples: SamplesFor): boolean {
  const most = OTHER_NAMES.length / 2;
  const candidates = patterns.filter((pattern) => ONE_LETTER.test(pattern.replace(/[*?]/g, "")));
  const isMatched = (name: string): boolean =>
    candidates.some((pattern) => matchesSamples(pattern, renamed(samples(pattern), name)));
  return (
    candidates.length > most && candidates.length < TOO_MANY_PATTERNS && OTHER_NAMES.filter(isMatched).length > most
  );
}

/** Returns the sample resources that have a sample name. Another name replaces the sample name. */
function renamed(resources: readonly Sample[], name: string): readonly Sample[] {
  return resources
    .filter(([, resource]) => resource.includes(SAMPLE_NAME))
    .map(([service, resource]) => [service, resource.replaceAll(SAMPLE_NAME, name)]);
}

/** Whether the caller of a request chooses the value of a condition key. */
export function isChosenByCaller(key: string): boolean {
  return /^(?:aws:(?:request|resource)|kms|redshift|secretsmanager)/i.test(key);
}

/** Matches a policy variable: its key, and its default value. The time is linear: no other division of its spaces is tried. */
const VARIABLE = /\$\{\s*(?!\s)([^{},\s]*)\s*(?:,\s*'([^']*)'\s*)?\}/g;

/** Matches the policy variable with the account of the caller. */
export const CALLER_ACCOUNT = /\$\{\s*aws:PrincipalAccount\s*\}/gi;

export function hasVariable(pattern: string): boolean {
  return pattern.includes("${");
}

/** Replaces the policy variables in a pattern by their values, if the facts of a request have these values. */
export function withFacts(pattern: string, facts: Readonly<Record<string, string | null>>): string {
  return pattern.replace(VARIABLE, (variable, key: string) => {
    const name = key.toLowerCase();
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
    // A caller that stands for several has a pattern in place of its ARN.
    return typeof value === "string" && !hasWildcard(value) ? value : variable;
  });
}

/** Returns the resource patterns of a statement that have a policy variable. */
export function variableResources(statement: Statement): readonly string[] {
  return resourcesOf(statement).filter(hasVariable);
}

/**
 * Returns a pattern with each policy variable replaced: by a wildcard if the caller chooses its value, and otherwise by a letter or by
 * its default value.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function withoutVariables(pattern: string): readonly string[] {
  if (!hasVariable(pattern)) {
    return [pattern];
  }
  const replaced = (other: (fallback: string | undefined) => string): string =>
    pattern.replace(VARIABLE, (_, key: string, fallback: string | undefined) =>
      isChosenByCaller(key) || key === "*" ? "*" : other(fallback),
    );
  return [...new Set([replaced(() => "x"), replaced((fallback = "x") => fallback)])];
}
