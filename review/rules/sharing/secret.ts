import { groupBy } from "../../../modules/private/group-by";
import type { IamPolicy, Model } from "../../model/model";
import { attributeOf, exists, stringOf } from "../../plan/attributes";
import { memoizedByObject } from "../../plan/memoized";
import type { PlannedResource } from "../../plan/plan";
import type { Origin } from "../../plan/references";
import { isLimited } from "../../policy/condition";
import { publicUsers } from "../../policy/federation";
import { CALLER_LIMITS, foreignCallers, foreignCallersText, SOURCE_LIMITS } from "../../policy/principals";
import { requiresSource } from "../../policy/service-requests";
import { isForEverybody, matchesAction, servicePrincipals, titleOf } from "../../policy/statement";
import { CONFUSED_DEPUTY } from "../key-policy/services";
import { lostDenials } from "../lost-denials";
import { hiddenPolicies, hiddenPolicyFault } from "../not-shown";
import { refusedPrincipalsRule } from "../refused-principals";
import { type NotJudged, type Rule, rule } from "../rule";
import { unreadChanges } from "../unread";

const SECRET_POLICY =
  "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html";
/** The types of resources that set the policy of a secret, each with the attribute that has the ARN of the secret. */
const SECRET_TYPES = { aws_secretsmanager_secret: "arn", aws_secretsmanager_secret_policy: "secret_arn" } as const;
/** The attributes with the password of the admin of a warehouse. */
const PASSWORDS = ["master_password", "master_password_wo", "admin_user_password", "admin_user_password_wo"];
/** The attributes of a secret's version that have the value of the secret. */
const SECRET_STRINGS = ["secret_string", "secret_string_wo"];
/** The attributes of warehouses with the ARN of the secret that Redshift manages. */
const SECRET_ARNS = ["master_password_secret_arn", "admin_password_secret_arn"];
const WAREHOUSE_TYPES = ["aws_redshift_cluster", "aws_redshiftserverless_namespace"];
/** The types of resources with the ARN of a secret. */
const ARN_TYPES = [...WAREHOUSE_TYPES, "aws_secretsmanager_secret"];
/** The rules about the policies of secrets that have the admin's password of a warehouse. */
export const SECRET_RULES: readonly Rule[] = [
  rule({
    id: "sharing-secret",
    severity: "warning",
    title: "Another account may read the password of a warehouse's admin",
    see: SECRET_POLICY,
    notShown: hiddenSecrets,
    subjects: readingStatements,
    faultOf: ({ account, reads, statement }) => {
      const others = [...foreignCallers(statement, account), ...publicUsers(statement)];
      return (
        others.length > 0 && {
          consequence: `${titleOf(statement)} lets ${foreignCallersText(account, others)} ${reads} the secret with the password of a warehouse's admin.`,
          remedy: "Take the principals out of the policy, unless they are meant to have the password.",
        }
      );
    },
  }),
  rule({
    id: "sharing-secret-public",
    title: "Everybody may read the password of a warehouse's admin",
    see: SECRET_POLICY,
    notShown: hiddenSecrets,
    subjects: readingStatements,
    faultOf: ({ reads, statement }) =>
      isForEverybody(statement) &&
      !isLimited(statement, CALLER_LIMITS) && {
        consequence: `${titleOf(statement)} lets principals of every AWS account ${reads} the secret with the password of a warehouse's admin.`,
        remedy: "Name the principals, or add a condition on aws:PrincipalOrgID or aws:PrincipalArn.",
      },
  }),
  rule({
    id: "sharing-secret-service-without-source",
    severity: "warning",
    title: "A service may read the password of a warehouse's admin for every account",
    see: CONFUSED_DEPUTY,
    notShown: hiddenSecrets,
    subjects: readingStatements,
    faultOf: ({ others, reads, statement }) => {
      const services = servicePrincipals(statement.Principal);
      return (
        services.length > 0 &&
        !requiresSource(statement, others, (one) => isLimited(one, SOURCE_LIMITS)) && {
          consequence: `${titleOf(statement)} lets ${services.join(", ")} ${reads} the secret with the password of a warehouse's admin, and no condition names an account or a resource. The service may then read it for a resource of another account.`,
          remedy: "Add a condition on aws:SourceAccount or aws:SourceArn.",
        }
      );
    },
  }),
  refusedPrincipalsRule({
    id: "sharing-secret-not-a-principal",
    title: "The policy of a secret names a group or another thing that is not a principal",
    policies: secretPolicies,
    service: "Secrets Manager",
  }),
  rule({
    id: "sharing-secret-not-shown",
    title: "The plan does not show the policy of a secret of a warehouse's admin",
    see: SECRET_POLICY,
    notShown: (model, { standing }) => [
      ...unreadChanges(model, "SecretsManager"),
      ...lostDenials(secretPolicies(model), secretPolicies(standing()), model),
    ],
    subjects: secretPolicies,
    faultOf: hiddenPolicyFault("policy", "who may read the password"),
  }),
];

const SECRET_POLICIES = new WeakMap<Model, readonly IamPolicy[]>();

/** Returns the policies of secrets with the admin's password of a warehouse. They are computed once for all rules. */
function secretPolicies(model: Model): readonly IamPolicy[] {
  const policies = SECRET_POLICIES.get(model) ?? readSecretPolicies(model);
  SECRET_POLICIES.set(model, policies);
  return policies;
}

function readSecretPolicies(model: Model): readonly IamPolicy[] {
  return Object.entries(SECRET_TYPES).flatMap(([type, attribute]) =>
    model
      .withType(type)
      .filter((resource) => exists(resource, "after") && hasPolicy(resource, model))
      .filter((resource) => isOfWarehouse(resource, attribute, model))
      .map((resource) => model.policyOf(resource, "policy")),
  );
}

function hiddenSecrets(model: Model): readonly NotJudged[] {
  return [
    ...hiddenPolicies(secretPolicies(model)),
    ...policiesOfUnknownSecrets(model),
    ...policiesBesideEphemeral(model),
  ];
}

/**
 * An ephemeral resource may read the password of a warehouse from a secret. The configuration in a plan has no ephemeral resources,
 * so any secret may be that secret. Returns the policies of these secrets.
 */
function policiesBesideEphemeral(model: Model): readonly NotJudged[] {
  const { inputs, resources } = passwordSources(model);
  const reader = [...inputs].find((input) => input.includes(" ephemeral.aws_secretsmanager_secret_version."))?.trim();
  const isFollowed = [...resources].some(({ type }) => type === "aws_secretsmanager_secret");
  return reader === undefined || isFollowed
    ? []
    : Object.entries(SECRET_TYPES).flatMap(([type, attribute]) =>
        model
          .withType(type)
          .filter((resource) => exists(resource, "after") && hasPolicy(resource, model))
          .filter((resource) => !isOfWarehouse(resource, attribute, model))
          .map(({ address }) => ({
            address,
            reason: `the plan does not show the secret of ${reader}, which has the password of a warehouse`,
          })),
      );
}

/** Returns the policies whose secret comes from a local value that the plan does not show. It may be the secret of a warehouse. */
function policiesOfUnknownSecrets(model: Model): readonly NotJudged[] {
  return model
    .withType("aws_secretsmanager_secret_policy")
    .filter(
      (policy) =>
        model.warehouses.length > 0 &&
        attributeOf(policy, "after", "secret_arn").kind === "unknown until apply" &&
        model.references.resourcesBehind(policy, "secret_arn").length === 0 &&
        model.references.linksOf(policy, "secret_arn", ARN_TYPES).length === 0,
    )
    .map(({ address }) => ({ address, reason: "secret_arn is unknown until apply" }));
}

/** The actions by which a caller reads a secret, each with the words for it. A policy of the caller's choice lets the caller read it. */
const READING_ACTIONS = [
  { action: "secretsmanager:GetSecretValue", reads: "read" },
  { action: "secretsmanager:PutResourcePolicy", reads: "get, by secretsmanager:PutResourcePolicy, the right to read" },
];

/**
 * Returns the statements that let their principals read a secret. Each has all statements of its policy, and the account of the
 * secret, which is undefined if it is unknown.
 */
function readingStatements(model: Model) {
  return secretPolicies(model).flatMap(({ address, resource, statements }) =>
    statements
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap((statement) => {
        const way = READING_ACTIONS.find(({ action }) => matchesAction(statement, action));
        const account = stringOf(resource, "after", "secret_arn")?.split(":")[4] ?? model.accountOf(resource);
        return way === undefined ? [] : [{ account, address, others: statements, reads: way.reads, statement }];
      }),
  );
}

/**
 * Whether a resource sets a policy. A new secret always has an unknown `policy`, so its configuration decides. If another resource
 * sets the policy, the provider reads it into `policy` of the secret, also if the plan changes or removes it.
 */
function hasPolicy(resource: PlannedResource, model: Model): boolean {
  const { kind } = attributeOf(resource, "after", "policy");
  const isOfOther =
    model.references.configuration.isConfigured(resource, "policy") !== true && model.hasSecretPolicy(resource);
  return kind === "unknown until apply"
    ? model.whyHidden(resource, "policy") !== undefined
    : kind !== "absent" && !isOfOther;
}

/**
 * Whether a secret has the admin's password of a warehouse: Redshift manages the secret, or the secret and the warehouse get the
 * password from the same source. A secret that the plan hides counts, so that a change cannot hide its policy.
 */
function isOfWarehouse(resource: PlannedResource, attribute: string, model: Model): boolean {
  const arn = stringOf(resource, "after", attribute);
  const links = model.references.linksOf(resource, attribute, ARN_TYPES);
  const isHidden = attributeOf(resource, "after", attribute).kind === "sensitive";
  const isManaged =
    arn?.includes(":secret:redshift!") === true ||
    (arn !== undefined && managedSecrets(model).has(arn)) ||
    links.some(
      // A reference to all instances of a warehouse has no attribute. A warehouse has only the ARN of the secret with its password.
      ({ attribute, resource: link }) =>
        SECRET_ARNS.includes(attribute ?? "") || (attribute === undefined && link.type !== "aws_secretsmanager_secret"),
    );
  const secrets = [
    resource,
    ...links.map((link) => link.resource),
    ...(arn === undefined ? [] : model.withValue("aws_secretsmanager_secret", "arn", arn)),
  ];
  // A warehouse refers to the secret itself if a data source or an ephemeral resource reads the secret's value.
  const { inputs, resources } = passwordSources(model);
  const isRead = model.references
    .inputsBehind(resource, attribute)
    .some((input) => / data\./.test(input) && inputs.has(input));
  return (
    isHidden || isManaged || isRead || secrets.some((secret) => resources.has(secret) || hasPassword(secret, model))
  );
}

/** The ARNs of the secrets that Redshift manages for the warehouses of a plan. */
const managedSecrets = memoizedByObject(
  ({ warehouses }: Model): ReadonlySet<string> =>
    new Set(
      warehouses.flatMap(({ resource }) => SECRET_ARNS.flatMap((name) => stringOf(resource, "after", name) ?? [])),
    ),
);

/** Whether a version of a secret has the password of a warehouse: one is the source of the other, or both have the same source. */
function hasPassword(secret: PlannedResource, model: Model): boolean {
  const { references } = model;
  const passwords = passwordSources(model);
  return [secret, stringOf(secret, "after", "id")]
    .flatMap((key) => versionsBySecret(model).get(key!) ?? [])
    .some(
      (version) =>
        passwords.resources.has(version) ||
        SECRET_STRINGS.some(
          (name) =>
            references.origins(version, name).some((one) => passwords.resources.has(one.resource) || isPassword(one)) ||
            references
              .inputsBehind(version, name)
              .some(
                (one) =>
                  passwords.inputs.has(one) || passwords.inputs.has(variableOf(one)) || passwords.variables.has(one),
              ),
        ),
    );
}

/** Whether an origin is the password of a warehouse. A reference to all instances of a warehouse has no attribute. */
function isPassword({ attribute, resource: { type } }: Origin): boolean {
  return WAREHOUSE_TYPES.includes(type) && (attribute === undefined || PASSWORDS.includes(attribute));
}

/** The versions by the ID of their secret, or by the secret if its ID is unknown. */
const versionsBySecret = memoizedByObject((model: Model) => {
  const entries = model.withType("aws_secretsmanager_secret_version").flatMap((version) => {
    const id = stringOf(version, "after", "secret_id");
    const links = model.references.linksOf(version, "secret_id", ARN_TYPES);
    const keys = id === undefined ? new Set(links.map(({ resource }) => resource)) : [id];
    return [...keys].map((key) => ({ key, version }));
  });
  return new Map([...groupBy(entries, ({ key }) => key)].map(([key, group]) => [key, group.map((one) => one.version)]));
});

/** Returns the resources and the inputs from which the warehouses of a plan get their passwords. */
const passwordSources = memoizedByObject((model: Model) => {
  const { references, warehouses } = model;
  const passwords = warehouses.flatMap(({ resource }) =>
    PASSWORDS.filter((name) => maySet(resource, name)).map((name) => ({ name, resource })),
  );
  const inputs = new Set(passwords.flatMap(({ name, resource }) => references.inputsBehind(resource, name)));
  return {
    inputs,
    resources: new Set(passwords.flatMap(({ name, resource }) => references.resourcesBehind(resource, name))),
    variables: new Set([...inputs].map(variableOf)),
  };
});

/** Whether a warehouse may have a password. A plan has no values of write-only attributes. */
function maySet(warehouse: PlannedResource, name: string): boolean {
  return name.endsWith("_wo") || attributeOf(warehouse, "after", name).kind !== "absent";
}

/** Reduces a reference to its variable or local value: `var.a` for `var.a.b`. */
function variableOf(reference: string): string {
  return /^(?:var|.* local)\.[^.[]+/.exec(reference)?.[0] ?? reference;
}
