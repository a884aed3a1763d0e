import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import type { Precondition, TerraformProvider } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Identity } from "../iam/identity";
import { callerIdentity, partOfArn } from "../private/aws-environment";
import { check, checkObject, fail, type Where } from "../private/checks";
import { operand } from "../private/expression";
import { KEY_ARN } from "../private/rules";
import { referable, replaceTriggers } from "../private/stack-boundary";
import { DataApiKeyPolicy } from "./key-policy";

/** A customer managed key that warehouses are encrypted with: one that DataApiKey makes, or one that exists. */
export interface IDataApiKey extends IConstruct {
  /** The key's ARN, the one spelling in which warehouses name their key. */
  readonly keyArn: string;
  /** The key's ID. */
  readonly keyId: string;
  /**
   * The values of `kms:ViaService` that count as Redshift, for the IAM policies of users of another account than the key's.
   *
   * @default - the regional names of Redshift and Redshift Serverless in the key's Region, and redshift.amazonaws.com
   */
  readonly viaServices?: readonly string[] | undefined;
  /**
   * The principals that may create, restore and change warehouses under the key: its administrators, users and deployers. A
   * plan of a warehouse whose caller is none of them fails.
   *
   * @default - not known: no plan fails
   */
  readonly warehouseDeployers?: readonly Identity[] | undefined;
}

/** The hint of a message about a role whose path the caller's session does not have. */
export const WITH_PATH =
  "with the role's path before its name, if it has one (a role of IAM Identity Center has " +
  "/aws-reserved/sso.amazonaws.com/ or /aws-reserved/sso.amazonaws.com/REGION/)";

/**
 * The condition that the caller of a plan, or the root of its account, is one of several principals. The ARN of a session
 * has the name of its role but not the path, so the condition compares without paths; role names are unique in an account.
 */
export function callerIsOneOf(
  scope: Construct,
  principals: readonly Identity[],
  partition: string,
  provider: TerraformProvider | undefined,
): { readonly arn: string; readonly condition: string; readonly role: string; readonly root: string } {
  const { accountId, arn } = callerIdentity(scope, provider);
  const arns = principals.map((principal) => operand(principal.arn)).join(", ");
  const role = `replace(${arn}, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3")`;
  const root = `arn:${partition}:iam::${accountId}:root`;
  const withoutPaths = `[for arn in [${arns}] : replace(arn, "/:role/.*//", ":role/")]`;
  const condition = `\${length(setintersection(${withoutPaths}, [${role}, ${operand(root)}])) > 0}`;
  return { arn, condition, role, root };
}

/**
 * The precondition of a warehouse: the caller of the plan may create it under the key. AWS would refuse it at apply.
 * Undefined if the key's principals are not known, or if the key's own precondition is stricter.
 */
export function callerMayDeploy(
  scope: Construct,
  key: Pick<IDataApiKey, "keyArn" | "warehouseDeployers">,
  provider: TerraformProvider | undefined,
): Precondition[] | undefined {
  const { warehouseDeployers } = key;
  const isAdministrator = madeResource(scope, key)?.lifecycle?.precondition !== undefined;
  if (warehouseDeployers === undefined || isAdministrator) {
    return undefined;
  }
  const { arn, condition, role } = callerIsOneOf(scope, warehouseDeployers, partOfArn(key.keyArn, 1), provider);
  return [
    {
      condition,
      errorMessage:
        `The caller of this plan, ${arn}, may not create a warehouse under the key ${key.keyArn}: Redshift uses the key ` +
        `with the permissions of its caller. Add \${${role}} to 'deployers' of the key, ${WITH_PATH}.`,
    },
  ];
}

/**
 * Replaces a warehouse together with its key: `replace_triggered_by`. The plan of a key's replacement does not show the new
 * ARN, so that only this makes the plan of a protected warehouse fail before the old key is scheduled for deletion.
 */
export function replacedWith(scope: Construct, key: IDataApiKey): string[] | undefined {
  return replaceTriggers(scope, [madeResource(scope, key), "arn"]);
}

/** The resource of a key or of a replica; undefined for a key that exists, or that another stack makes. */
export function madeResource(scope: Construct, key: object): KmsKey | KmsReplicaKey | undefined {
  const { resource } = key as { readonly resource?: unknown };
  const made = resource instanceof KmsKey || resource instanceof KmsReplicaKey ? resource : undefined;
  return referable(scope, made);
}

/** Checks a key that a warehouse or its snapshots take. */
export function checkKey(where: Where, key: IDataApiKey, prop = "key"): void {
  checkObject(where, prop, key, "be a DataApiKey, or what DataApiKey.fromKeyArn gives", "keyArn");
  check(where, `${prop}.keyArn`, key.keyArn, KEY_ARN);
}

/** Refuses a key that is made here and whose policy does not let an AWS service use it, as such a key would not work. */
export function checkServiceUse(where: Where, key: IDataApiKey, service: string, remedy: string): void {
  const { aliasName, policy } = key as { readonly aliasName?: string | undefined; readonly policy?: unknown };
  if (!(policy instanceof DataApiKeyPolicy)) {
    return;
  }
  const principals = policy.statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Principal }) => Principal?.Service ?? []);
  if (!principals.some((principal) => principal.startsWith(`${service}.`))) {
    const must = `let the service ${service} use it: add ${remedy} to its 'additionalStatements'`;
    fail(where, "key", must, aliasName);
  }
}
