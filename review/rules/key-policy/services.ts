import { partitionOf } from "../../../modules/private/partition";
import type { Key } from "../../model/key";
import type { Model } from "../../model/model";
import type { PlannedResource } from "../../plan/plan";
import { stringOf } from "../../plan/attributes";
import { conditionTests, type Facts, isLimited, outcomeOf } from "../../policy/condition";
import { SOURCE_LIMITS } from "../../policy/principals";
import { mistypedServiceFor } from "../../policy/service-names";
import { AS_SERVICE, requiresSource } from "../../policy/service-requests";
import {
  inSentence,
  isDenial,
  isEvaluable,
  isForEverybody,
  matchesAction,
  type Principals,
  servicePrincipals,
  type Statement,
  titleOf,
} from "../../policy/statement";
import { hiddenKeyPolicies } from "../not-shown";
import { type NotJudged, type Rule, rule } from "../rule";
import { allowStatements, partlyShownKeys } from "./statements";

export const CONFUSED_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html";

/** The actions of CloudWatch Logs with the key of a log group. */
const LOG_ACTIONS = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"];

/** An ID of the length that Terraform adds to a prefix. */
const SAMPLE_ID = "0".repeat(26);

/** The rules about AWS services in a key policy. */
export const SERVICE_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-service-without-source",
    severity: "warning",
    title: "A service may use the key for every account",
    see: CONFUSED_DEPUTY,
    notShown: hiddenKeyPolicies,
    subjects: serviceStatements,
    faultOf: ({ others, services, statement }) =>
      !requiresSource(statement, others, namesSource) && {
        consequence: `${titleOf(statement)} lets ${services.join(", ")} use the key, and no condition names an account or a resource. The service may then use the key for a resource of another account.`,
        remedy: "Add a condition on aws:SourceAccount or aws:SourceArn, or on the encryption context of a resource.",
      },
  }),
  rule({
    id: "key-policy-service-name",
    severity: "warning",
    title: "The name of a service seems mistyped",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service",
    notShown: hiddenKeyPolicies,
    subjects: (model) =>
      partlyShownKeys(model).flatMap((key) =>
        key.policy.after.statements.map((statement) => ({ address: key.address, statement })),
      ),
    faultOf: ({ statement }) => {
      const isMistyped = (name: string): boolean => mistypedServiceFor(name) !== undefined;
      const named = [...viaServices(statement, false), ...servicePrincipals(statement.Principal)].find(isMistyped);
      const name =
        named ?? [...viaServices(statement, true), ...servicePrincipals(statement.NotPrincipal)].find(isMistyped);
      const [verb, effect] =
        named === undefined
          ? [
              "excepts",
              `, so the statement seems to ${isDenial(statement) ? "deny" : "allow"} the service that is meant`,
            ]
          : ["names", ""];
      return (
        name !== undefined && {
          consequence: `${titleOf(statement)} ${verb} ${name}, which is not in the review's list of service names. No request seems to match it${effect}.`,
          remedy: `Name ${mistypedServiceFor(name)}, if that is meant.`,
        }
      );
    },
  }),
  rule({
    id: "key-policy-no-cloudwatch-logs",
    title: "CloudWatch Logs cannot use the key of a log group",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    notShown: (model) => [...hiddenKeyPolicies(model), ...logGroupsWithoutKey(model)],
    subjects: logGroupsOfPolicies,
    unjudged: ({ resource }, model) => model.whyHidden(resource, "name", "name_prefix"),
    faultOf: ({ key, logGroup, name, region }) => {
      const facts = requestFacts(key, region, name);
      const denial = key.policy.after.statements.find((statement) => deniesLogs(statement, facts, region));
      const denied = LOG_ACTIONS.filter((action) => denial !== undefined && matchesAction(denial, action));
      const isAllowed = LOG_ACTIONS.every((action) => allowsLogs(key, action, facts, region));
      return (
        !(isAllowed && denied.length === 0) && {
          consequence: `The key policy does not let logs.${region ?? "REGION"}.amazonaws.com encrypt and decrypt for ${logGroup}, so CloudWatch Logs cannot use the key.`,
          remedy: isAllowed
            ? `Except CloudWatch Logs from ${inSentence(titleOf(denial!))}, which denies it ${denied.join(", ")}.`
            : "Allow kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey to the service principal logs.REGION.amazonaws.com in the key policy.",
        }
      );
    },
  }),
];

/** Returns the services in tests of kms:ViaService: in the negated tests, or in the tests that are not negated. */
function viaServices(statement: Statement, areNegated: boolean): readonly string[] {
  return conditionTests(statement)
    .filter(({ isNegated, key }) => key === "kms:viaservice" && isNegated === areNegated)
    .flatMap(({ values }) => values);
}

function serviceStatements(model: Model) {
  return partlyShownKeys(model).flatMap((key) =>
    allowStatements(key)
      .map((statement) => ({
        address: key.address,
        others: key.policy.after.statements,
        services: servicePrincipals(statement.Principal),
        statement,
      }))
      .filter(({ services }) => services.length > 0),
  );
}

/** Whether a condition names an account or a resource for which the service uses the key. */
function namesSource(statement: Statement): boolean {
  return isLimited(statement, [...SOURCE_LIMITS, "kms:CallerAccount"]) || namesAccountInContext(statement);
}

/** Whether a condition requires an encryption context with the ARN of a resource in an account. */
function namesAccountInContext(statement: Statement): boolean {
  return conditionTests(statement).some(
    ({ ifExists, isNegated, key, quantifier, values }) =>
      key.startsWith("kms:encryptioncontext:") &&
      !ifExists &&
      !isNegated &&
      quantifier !== "ForAllValues" &&
      values.every((value) => /^arn:[^:]*:[^:]+:[^:]*:\d{12}:/.test(value)),
  );
}

/** Returns the log groups whose key is unknown, or is not in the plan. */
function logGroupsWithoutKey(model: Model): readonly NotJudged[] {
  return model.withType("aws_cloudwatch_log_group").flatMap((group) => {
    const { address } = group;
    const use = model.keyUses(group, "kms_key_id").after;
    switch (use.kind) {
      case "elsewhere":
        return [{ address, reason: `its key ${use.name} is not in the plan` }];
      case "hidden":
        return [{ address, reason: `kms_key_id is ${use.why}` }];
      default:
        return [];
    }
  });
}

/** Returns the log groups under keys of the plan whose policies are shown. */
function logGroupsOfPolicies(model: Model) {
  return model.withType("aws_cloudwatch_log_group").flatMap((group) => {
    const use = model.keyUses(group, "kms_key_id").after;
    const isShown = use.kind === "planned" && use.key.policy.after.kind !== "hidden";
    return isShown
      ? [
          {
            address: use.key.address,
            key: use.key,
            logGroup: group.address,
            name: nameOf(group, model),
            region: model.references.providers.regionOf(group),
            resource: group,
          },
        ]
      : [];
  });
}

/** Returns the name of a log group, or a sample if Terraform adds an ID to its prefix; undefined if the plan does not show it. */
function nameOf(group: PlannedResource, model: Model): string | undefined {
  const isGenerated = model.references.configuration.isConfigured(group, "name") === false;
  const prefix = stringOf(group, "after", "name_prefix") ?? "terraform-";
  const isPrefixShown = model.whyHidden(group, "name_prefix") === undefined;
  return stringOf(group, "after", "name") ?? (isGenerated && isPrefixShown ? `${prefix}${SAMPLE_ID}` : undefined);
}

/** Returns the known part of a request of CloudWatch Logs for a log group. */
function requestFacts(key: Key, region: string | undefined, name: string | undefined): Facts {
  return key.account === undefined || region === undefined || name === undefined
    ? AS_SERVICE
    : {
        ...AS_SERVICE,
        // The encryption context of a log group has no other pair.
        "kms:encryptioncontext": null,
        "kms:encryptioncontextkeys": "aws:logs:arn",
        "kms:encryptioncontext:aws:logs:arn": `arn:${partitionOf(region)}:logs:${region}:${key.account}:log-group:${name}`,
      };
}

/** Whether a statement may let CloudWatch Logs do an action for a log group. */
function allowsLogs(key: Key, action: string, facts: Facts, region: string | undefined): boolean {
  return allowStatements(key).some(
    (statement) =>
      namesLogs(statement.Principal, region) &&
      matchesAction(statement, action) &&
      outcomeOf(statement, facts) !== "unmet",
  );
}

/** Whether a statement surely denies CloudWatch Logs an action for a log group. */
function deniesLogs(statement: Statement, facts: Facts, region: string | undefined): boolean {
  const { NotPrincipal, Principal } = statement;
  const isForLogs = isForEverybody(statement)
    ? !namesLogs(NotPrincipal, region)
    : region !== undefined && namesLogs(Principal, region);
  return (
    isForLogs &&
    isDenial(statement) &&
    isEvaluable(statement) &&
    LOG_ACTIONS.some((action) => matchesAction(statement, action)) &&
    outcomeOf(statement, facts) === "met"
  );
}

/** Whether one of the principals may be CloudWatch Logs in a Region. */
function namesLogs(principals: Principals | undefined, region: string | undefined): boolean {
  return servicePrincipals(principals).some((service) =>
    region === undefined
      ? /^logs\..*amazonaws\.com/.test(service)
      : [`logs.${region}.amazonaws.com`, `logs.${region}.amazonaws.com.cn`, "logs.amazonaws.com"].includes(service),
  );
}
