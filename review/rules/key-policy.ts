import type { Key, Model, Warehouse } from "../model/model";
import { isThere, type PlannedResource, textOf } from "../plan/plan";
import { isLimited, limitOf, outcomeOf } from "../policy/condition";
import { type Access, accessTo, accountOf, isPattern, isPlaced, isWhole, principalsOf } from "../policy/key-access";
import { awsPrincipals, matchesAction, type Statement, titleOf } from "../policy/statement";
import type { Fault, Rule } from "./rule";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";
const DEFAULT = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html";
const OTHER_ACCOUNTS =
  "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html";
const PRINCIPALS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const PUT = "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html";
const SEPARATION = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html";
const VIA_SERVICE =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

const DOCUMENTED_SERVICE = "redshift.amazonaws.com";

/** Condition keys that keep other accounts out, if everybody is named. */
const ACCOUNT_KEYS = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:SourceAccount",
  "aws:SourceVpc",
  "aws:SourceVpce",
  "aws:userid",
  "kms:CallerAccount",
];
/** Condition keys that keep out principals of the account that do not come by a service, or are not meant. */
const WAY_KEYS = ["aws:CalledVia", "aws:PrincipalTag/", "aws:SourceVpce", "aws:userid", "kms:ViaService"];

/** The rules of key policies, as they are after the change. */
export const KEY_POLICY_RULES: readonly Rule[] = [
  {
    check: (model) =>
      withoutDataApi(model)
        .filter(({ services }) => !services.includes(DOCUMENTED_SERVICE))
        .map(({ key, warehouse }) => ({
          address: key.address,
          consequence: `Nobody but administrators can make ${serviceOf(warehouse)} create a grant on the key, so the Data API fails for everybody else who uses ${warehouse.resource.address}.`,
          remedy: `Allow kms:CreateGrant and kms:DescribeKey where kms:ViaService is ${serviceOf(warehouse)} and kms:CallerAccount is the account.`,
        })),
    id: "key-policy-no-data-api-grant",
    see: DATA_API,
    severity: "error",
    title: "The Data API cannot create its grant",
  },
  {
    check: (model) =>
      withoutDataApi(model)
        .filter(({ services }) => services.includes(DOCUMENTED_SERVICE))
        .map(({ key, warehouse }) => ({
          address: key.address,
          consequence: `kms:ViaService admits ${DOCUMENTED_SERVICE}, as the Data API's page has it, and not ${serviceOf(warehouse)}, by which KMS knows the service, so the Data API cannot create its grant for ${warehouse.resource.address}.`,
          remedy: `Add ${serviceOf(warehouse)} to the values of kms:ViaService.`,
        })),
    id: "key-policy-documented-service-name",
    see: VIA_SERVICE,
    severity: "error",
    title: "kms:ViaService names the service without its Region",
  },
  {
    check: (model) =>
      ofKeys(shown(model), ({ account, policy }) =>
        [...principalsOf(policy.after.statements)].some((one) => canChange(policy.after.statements, one, account)) ||
        hasOtherAdministrators(policy.after.statements)
          ? undefined
          : {
              consequence:
                "The policy lets nobody change it again: KMS refuses it or, where its lockout check is bypassed, the key can be managed with the help of AWS Support only.",
              remedy: "Allow kms:* to an administrator's role or to the root of the account.",
            },
      ),
    id: "key-policy-locks-out-everyone",
    see: PUT,
    severity: "error",
    title: "Nobody can change the key policy",
  },
  {
    check: (model) =>
      ofKeys(shown(model).filter(isPut), (key) => {
        const { callerArn } = model;
        const { statements } = key.policy.after;
        const administrators = principalsOf(statements).filter((one) => canChange(statements, one, key.account));
        const isSure = callerArn !== undefined && administrators.length > 0 && !hasOtherAdministrators(statements);
        // A principal that is named and cannot is denied, whatever the account's root or everybody may.
        const isDenied = principalsOf(statements).some(
          (one) => isSure && /:(role|user)\//.test(one) && isCaller(one, callerArn) && !administrators.includes(one),
        );
        return isSure && !bypasses(key) && (isDenied || !administrators.some((one) => isCaller(one, callerArn)))
          ? {
              consequence: `KMS refuses the policy, for it would not let the caller of this plan, ${callerArn}, change it again.`,
              remedy:
                "Apply as an administrator of the key, or allow kms:PutKeyPolicy to the caller's role or to the root of the account.",
            }
          : undefined;
      }),
    id: "key-policy-locks-out-caller",
    see: PUT,
    severity: "error",
    title: "The caller of the plan could not change the key policy",
  },
  {
    check: (model) =>
      ofKeys(model.keys.filter(isPut), (key) =>
        bypasses(key)
          ? {
              consequence: "KMS takes a policy under which its caller, or everybody, is locked out of the key.",
              remedy: "Leave bypass_policy_lockout_safety_check out.",
            }
          : undefined,
      ),
    id: "key-policy-lockout-check-bypassed",
    see: PUT,
    severity: "warning",
    title: "KMS does not check for a lockout",
  },
  {
    check: (model) =>
      ofKeys(shown(model), (key) => {
        const allowed = [...principalsAllowed(key), ...accountsAdmitted(key)];
        const accounts = new Map(allowed.map((one) => [one, accountOf(one)]));
        const all = [...new Set([...accounts.values()].filter((one) => one !== undefined))].sort();
        const others = [...accounts].filter(([, of]) => of !== undefined && of !== key.account).map(([one]) => one);
        const remedy = "Take out the principals of other accounts, unless they are meant to have the key.";
        if (key.account !== undefined) {
          return others.length === 0
            ? undefined
            : { consequence: `Principals of another account than the key's may use it: ${others.join(", ")}.`, remedy };
        }
        return all.length < 2
          ? undefined
          : { consequence: `Principals of several accounts may use the key: ${all.join(", ")}.`, remedy };
      }),
    id: "key-policy-other-account",
    see: OTHER_ACCOUNTS,
    severity: "warning",
    title: "Another account may use the key",
  },
  {
    check: (model) =>
      withEverybody(model, (statement) => !isLimited(statement, ACCOUNT_KEYS)).map(([key, statement]) => ({
        address: key.address,
        consequence: `${titleOf(statement)} lets principals of every AWS account do ${[statement.Action ?? "almost anything"].flat().join(", ")}.`,
        remedy: "Limit it with kms:CallerAccount, or name the principals.",
      })),
    id: "key-policy-public",
    see: PRINCIPALS,
    severity: "error",
    title: "Every AWS account may use the key",
  },
  {
    check: (model) =>
      withEverybody(
        model,
        (statement) =>
          isLimited(statement, ACCOUNT_KEYS) && !isLimited(statement, WAY_KEYS) && !namesPrincipals(statement),
      ).map(([key, statement]) => ({
        address: key.address,
        consequence: `${titleOf(statement)} lets everybody within its conditions do ${[statement.Action ?? "almost anything"].flat().join(", ")}, directly, whatever the IAM policies of the account say.`,
        remedy: "Limit it with kms:ViaService, or name the principals.",
      })),
    id: "key-policy-everybody-directly",
    see: VIA_SERVICE,
    severity: "error",
    title: "Everybody of an account or organization may use the key without a service",
  },
  {
    check: (model) =>
      naming(model, isGone, ({ address }, arn) => ({
        consequence: `The policy names ${arn}, which this plan destroys (${address}): KMS refuses such a policy, and keeps an ID that nobody has in one that it has already.`,
        remedy: "Take the principal out of the policy, and destroy it after that.",
      })),
    id: "key-policy-deleted-principal",
    see: PRINCIPALS,
    severity: "error",
    title: "The key policy names a principal that the plan destroys",
  },
  {
    check: (model) =>
      naming(model, isMadeAnew, ({ address }, arn) => ({
        consequence: `This plan makes ${arn} anew (${address}), and the policy, which does not change, stays with the ID of the old one, so the new one has no access.`,
        remedy:
          "Rename the role or user in place of replacing it, or change the policy in a second apply, so that KMS looks the name up again.",
      })).filter(({ address }) => !isPut(model.keys.find((key) => key.address === address)!)),
    id: "key-policy-replaced-principal",
    see: PRINCIPALS,
    severity: "error",
    title: "The key policy keeps the ID of a principal that is created again",
  },
  {
    check: (model) =>
      ofKeys(shown(model), (key) => {
        const ids = principalsAllowed(key).filter(isUniqueId);
        return ids.length === 0
          ? undefined
          : {
              consequence: `${ids.join(", ")} is the ID of a role or user that is deleted: nobody has this access any more, and KMS refuses a policy that names it.`,
              remedy: "Name the ARN of the role or user that is meant, or take it out.",
            };
      }),
    id: "key-policy-orphaned-id",
    see: PRINCIPALS,
    severity: "error",
    title: "The key policy names a principal that is deleted",
  },
  {
    check: (model) =>
      ofKeys(shown(model), (key) => {
        const patterns = principalsAllowed(key).filter(isPattern);
        return patterns.length === 0
          ? undefined
          : {
              consequence: `KMS refuses the policy: ${patterns.join(", ")} has a wildcard, and a principal is everybody or one that exists.`,
              remedy: 'Name the principals, or "*" with a condition on aws:PrincipalArn.',
            };
      }),
    id: "key-policy-principal-pattern",
    see: PRINCIPALS,
    severity: "error",
    title: "The key policy names principals by a pattern",
  },
  {
    check: (model) =>
      ofKeys(shown(model), (key) => {
        const both = administratorsThatUse(key);
        return both.length === 0
          ? undefined
          : {
              consequence: `${both.join(", ")} may both manage the key and, by a statement of its own, read the data under it, so that no second person is needed for either.`,
              remedy: "Name administrators and users apart.",
            };
      }),
    id: "key-policy-administrator-is-user",
    see: SEPARATION,
    severity: "warning",
    title: "An administrator of the key is named as its user, too",
  },
  {
    check: (model) =>
      ofKeys(model.keys, ({ policies, policy, resource }) => {
        if (policy.after.kind !== "hidden") {
          return undefined;
        }
        const [of] = [...policies.after, resource];
        const unknown = of
          ? model.references.origins(of, "policy").filter(({ resource: { action } }) => action !== "none")
          : [];
        const names = unknown.map(({ attribute, resource: { address } }) =>
          [address, attribute ?? []].flat().join("."),
        );
        const from = [...new Set(names)].join(", ");
        return {
          consequence: `The policy after the change is not shown (${policy.after.why}), so nobody can tell from this plan who will have the key.`,
          remedy:
            from === ""
              ? "Write the policy so that the plan shows it."
              : `Write what the plan knows, such as an ARN by account and name, in place of ${from}.`,
        };
      }),
    id: "key-policy-not-shown",
    see: SEPARATION,
    severity: "error",
    title: "The plan does not show the key policy",
  },
  {
    check: (model) =>
      ofKeys(model.keys, ({ policies, resource }) => {
        const standing = policies.after;
        const isOwn = resource !== undefined && model.references.isConfigured(resource, "policy") === true;
        const owners = [...(isOwn ? [resource] : []), ...standing].map(({ address }) => address);
        return owners.length < 2 || (resource && !isThere(resource, "after"))
          ? undefined
          : {
              consequence: `${owners.join(" and ")} each set the one policy of the key, and undo each other at every apply.`,
              remedy: "Keep the policy in one place.",
            };
      }),
    id: "key-policy-two-owners",
    see: SEPARATION,
    severity: "error",
    title: "Two resources own the key policy",
  },
  {
    check: (model) =>
      ofKeys(model.keys, ({ policies, policy }) => {
        const [gone] = policies.before.filter((one) => !isThere(one, "after"));
        const [made] = policies.after.filter((one) => !isThere(one, "before"));
        if (gone && policy.after.kind === "default") {
          return {
            consequence:
              "Destroying the policy puts KMS's default back, under which the IAM policies of the account decide who has the key.",
            remedy: "Keep the policy, or set bypass_policy_lockout_safety_check so that what stands is left alone.",
          };
        }
        return gone && made
          ? {
              consequence: `Destroying ${gone.address} puts KMS's default back, maybe after ${made.address} has set the new policy, for nothing orders the two.`,
              remedy: "Say in a moved block that the one is the other.",
            }
          : undefined;
      }),
    id: "key-policy-reset",
    see: DEFAULT,
    severity: "error",
    title: "The key falls back to the default policy",
  },
];

/** The keys whose policy after the change is shown. */
function shown(model: Model): readonly Key[] {
  return model.keys.filter(({ policy }) => policy.after.kind === "shown");
}

/** A fault of every key that has one. */
function ofKeys(keys: readonly Key[], check: (key: Key) => Omit<Fault, "address"> | undefined): readonly Fault[] {
  return keys.flatMap((key) => {
    const fault = check(key);
    return fault ? [{ address: key.address, ...fault }] : [];
  });
}

function allowing({ policy }: Key): readonly Statement[] {
  return policy.after.statements.filter(({ Effect }) => Effect === "Allow");
}

/** Whether a statement is limited to ARNs of principals, and not merely to those of an account. */
function namesPrincipals(statement: Statement): boolean {
  const arns = limitOf(statement, "aws:PrincipalArn");
  return arns !== undefined && arns.every((arn) => !/:(\*|(role|user)\/\*)$/.test(arn));
}

/** The ID of a role or user, which KMS puts in place of the ARN of one that is deleted. */
function isUniqueId(principal: string): boolean {
  return /^A(?:IDA|ROA)[A-Z0-9]+$/.test(principal);
}

/** The value of kms:ViaService for a warehouse. */
function serviceOf({ kind, region }: Warehouse): string {
  return `${kind === "cluster" ? "redshift" : "redshift-serverless"}.${region ?? "REGION"}.amazonaws.com`;
}

/** Keys of whose warehouses one cannot have a grant made, with the services that may. */
function withoutDataApi(
  model: Model,
): readonly { readonly key: Key; readonly services: readonly string[]; readonly warehouse: Warehouse }[] {
  return shown(model)
    .filter(({ policy }) => policy.after.statements.every(isPlaced))
    .flatMap((key) => {
      const services = allowing(key)
        .filter((statement) => matchesAction(statement, "kms:CreateGrant"))
        .flatMap((statement) => limitOf(statement, "kms:ViaService") ?? []);
      const without = model.usersOf(key, "after").filter((one) => {
        const service = serviceOf(one);
        // In a Region that is not known, any that is named may be the one.
        const pattern = new RegExp(`^${service.replace("REGION", "[a-z]+(-[a-z]+)+-[0-9]+")}$`);
        return ![service, ...services.filter((name) => pattern.test(name))].some((name) => admits(key, name));
      });
      return without.map((warehouse) => ({ key, services, warehouse }));
    });
}

/** Whether anybody but administrators, to whom all is allowed, can make a service create a grant. */
function admits({ account, policy }: Key, service: string): boolean {
  const { statements } = policy.after;
  const isAdministrator = (principal: string): boolean =>
    principal !== "*" && !/\broot\b/.test(principal) && canChange(statements, principal, account);
  return principalsOf(statements)
    .filter((principal) => !isAdministrator(principal) && !isUniqueId(principal))
    .some((principal) => isOpen(accessTo(statements, principal, "kms:CreateGrant", account), service, account));
}

/** Whether a principal can change a policy again, by itself and not through a service. */
function canChange(statements: readonly Statement[], principal: string, account: string | undefined): boolean {
  return isOpen(accessTo(statements, principal, "kms:PutKeyPolicy", account), null, account);
}

/** Whether an access may be had through a service, or by oneself. */
function isOpen(access: Access | undefined, service: string | null, account: string | undefined): boolean {
  const facts = { "kms:viaservice": service, ...(account !== undefined && { "kms:calleraccount": account }) };
  return (
    access !== undefined &&
    access.ways.some(({ statement }) => outcomeOf(statement, facts) !== "fails") &&
    access.unless.every((denial) => outcomeOf(denial, facts) !== "holds")
  );
}

/** Whether a policy may have administrators besides the principals that it names. */
function hasOtherAdministrators(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === "Allow" &&
      statement.Resource !== undefined &&
      !isWhole(statement) &&
      !isOfServices(statement) &&
      matchesAction(statement, "kms:PutKeyPolicy"),
  );
}

function isOfServices({ Principal }: Statement): boolean {
  return typeof Principal === "object" && Object.keys(Principal).every((kind) => kind === "Service");
}

/** Whether a principal of a policy is the caller: itself, its session's role (whose path no session has), or its account. */
function isCaller(principal: string, caller: string): boolean {
  const [, , , , account, session = ""] = caller.split(":");
  const [, , , , of, name = ""] = principal.split(":");
  const [, role] = /^assumed-role\/([^/]+)\//.exec(session) ?? [];
  const isRole = name.startsWith("role/") && name.split("/").at(-1) === role;
  return principal === "*" || principal === caller || (of === account && (name === "root" || isRole));
}

/** Whether KMS is given the policy: with a new key, or another policy. */
function isPut({ policies, policy, resource }: Key): boolean {
  const of = policies.after[0] ?? resource;
  const isNew = of?.action === "create" || of?.action === "replace";
  return isNew || policy.before !== policy.after;
}

function bypasses({ policies, resource }: Key): boolean {
  return [resource, ...policies.after].some((one) => one?.change.after?.bypass_policy_lockout_safety_check === true);
}

/** The principals to whom anything is allowed, as they are written. */
function principalsAllowed(key: Key): readonly string[] {
  return [...new Set(allowing(key).flatMap(({ Principal }) => awsPrincipals(Principal)))].sort();
}

/** The accounts that conditions admit if everybody is named. */
function accountsAdmitted(key: Key): readonly string[] {
  return allowing(key)
    .filter(({ Principal }) => awsPrincipals(Principal).includes("*"))
    .flatMap((statement) =>
      ["aws:PrincipalAccount", "kms:CallerAccount"].flatMap((name) => limitOf(statement, name) ?? []),
    );
}

/** The statements that allow everybody and have a fault, each with its key. */
function withEverybody(
  model: Model,
  isFault: (statement: Statement) => boolean,
): readonly (readonly [Key, Statement])[] {
  return shown(model).flatMap((key) =>
    allowing(key)
      .filter((statement) => awsPrincipals(statement.Principal).includes("*") && isFault(statement))
      .map((statement) => [key, statement] as const),
  );
}

/** Whether a role or user is no more under its ARN. */
function isGone(principal: PlannedResource): boolean {
  return principal.action === "destroy" || (principal.action === "replace" && !isMadeAnew(principal));
}

/** Whether a role or user is replaced by one of the same ARN, which is another one to KMS. */
function isMadeAnew({ action, change: { after, before } }: PlannedResource): boolean {
  return action === "replace" && before?.name === after?.name && before?.path === after?.path;
}

/** Faults of the keys that name a role or user of the plan. */
function naming(
  model: Model,
  isMeant: (principal: PlannedResource) => boolean,
  fault: (principal: PlannedResource, arn: string) => Omit<Fault, "address">,
): readonly Fault[] {
  const meant = [...model.ofType("aws_iam_role"), ...model.ofType("aws_iam_user")].filter(isMeant);
  return shown(model).flatMap((key) => {
    const principals = principalsAllowed(key);
    return meant.flatMap((principal) => {
      const arn = textOf(principal, "before", "arn");
      return arn !== undefined && principals.includes(arn) ? [{ address: key.address, ...fault(principal, arn) }] : [];
    });
  });
}

/** The principals that administer by one statement, and use the key by another. */
function administratorsThatUse(key: Key): readonly string[] {
  const [administering, others] = [true, false].map((does) =>
    allowing(key).filter((statement) => matchesAction(statement, "kms:PutKeyPolicy") === does),
  );
  const administrators = administering!.flatMap(({ Principal }) => awsPrincipals(Principal));
  const users = others!
    .filter((statement) => matchesAction(statement, "kms:Decrypt"))
    .flatMap(({ Principal }) => awsPrincipals(Principal));
  return [...new Set(users)].filter((user) => user !== "*" && administrators.includes(user)).sort();
}
