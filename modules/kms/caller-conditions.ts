import { Lazy, type Precondition, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { Identity } from "../iam/identity";
import { arnPartExpression, callerIdentity } from "../private/aws-environment";
import { operand } from "../private/expression";
import { referable } from "../private/stack-boundary";
import type { IDataApiKey } from "./key";

/** The end of an error that asks for a role's ARN: the caller's session does not show the path of its role. */
export const WITH_PATH =
  "with the role's path before its name, if it has one (a role of IAM Identity Center has " +
  "/aws-reserved/sso.amazonaws.com/ or /aws-reserved/sso.amazonaws.com/REGION/)";

/**
 * Returns the Terraform condition that the caller of a plan, or the root of the caller's account, is one of the principals. Also
 * returns the parts of an error message. The condition ignores the paths of roles, because the ARN of a session has only the role's
 * name. This name is unique in an account.
 */
export function callerIsOneOf(
  scope: Construct,
  principals: () => readonly Identity[],
  partition: string,
  provider: TerraformProvider | undefined,
): { readonly arn: string; readonly condition: string; readonly role: string; readonly root: string } {
  const { accountId, arn } = callerIdentity(scope, provider);
  const role = `replace(${arn}, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3")`;
  const root = `arn:${partition}:iam::${accountId}:root`;
  // Lazy, because principals are added to a key after its warehouses are created.
  const condition = Lazy.stringValue({
    produce: () => {
      const arns = principals().map((principal) => operand(principal.arn));
      const withoutPaths = `[for arn in [${arns.join(", ")}] : replace(arn, "/:role/.*//", ":role/")]`;
      return `\${length(setintersection(${withoutPaths}, [${role}, ${operand(root)}])) > 0}`;
    },
  });
  return { arn, condition, role, root };
}

/**
 * Returns a precondition for a warehouse: the caller of the plan may create the warehouse under the key. Without this precondition,
 * AWS would refuse only at apply. Undefined if the principals of the key are unknown, or if the key is of the same stack and has a
 * stricter precondition.
 */
export function callerMayDeploy(
  scope: Construct,
  key: Pick<IDataApiKey, "keyArn" | "resource" | "warehouseDeployers">,
  provider: TerraformProvider | undefined,
): Precondition[] | undefined {
  const hasPrecondition = referable(scope, key.resource)?.lifecycle?.precondition !== undefined;
  if (key.warehouseDeployers === undefined || hasPrecondition) {
    return undefined;
  }
  const deployers = () => key.warehouseDeployers!;
  const { arn, condition, role } = callerIsOneOf(scope, deployers, arnPartExpression(key.keyArn, 1), provider);
  return [
    {
      condition,
      errorMessage:
        `The caller of this plan, ${arn}, may not create a warehouse under the key ${key.keyArn}: Redshift uses the ` +
        `key with the permissions of the caller. Add \${${role}} to 'deployers' of the key, ${WITH_PATH}.`,
    },
  ];
}
