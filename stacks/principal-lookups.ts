import { DataAwsIamRole } from "@cdktf/provider-aws/lib/data-aws-iam-role";
import { DataAwsIamUser } from "@cdktf/provider-aws/lib/data-aws-iam-user";
import { Op, TerraformSelf, type TerraformStack } from "cdktf";
import { principalParts } from "../modules/private/rules";

/** Looks a role or a user of the account up. The plan fails if there is none of its name, or if it has another path. */
export function lookUpPrincipal(stack: TerraformStack, account: string, arn: string): void {
  const { accountId, kind, name } = partsOf(arn);
  const id = `Principal-${kind}-${name}`;
  if (accountId !== account || kind === "root" || stack.node.tryFindChild(id)) {
    return;
  }
  const lifecycle = {
    postcondition: [
      {
        condition: Op.eq(TerraformSelf.getString("arn"), arn),
        errorMessage: `${arn} is named in the configuration, but the ${kind} ${name} has the ARN ${TerraformSelf.getString("arn")}.`,
      },
    ],
  };
  if (kind === "role") {
    new DataAwsIamRole(stack, id, { lifecycle, name: name! });
  } else {
    new DataAwsIamUser(stack, id, { lifecycle, userName: name! });
  }
}

/** The account of a principal, whether it is a role, a user or the root, and its name without the path. */
function partsOf(arn: string): { readonly accountId?: string; readonly kind: string; readonly name?: string } {
  const [kind, ...names] = arn.split(":").at(-1)!.split("/") as [string, ...string[]];
  return { accountId: principalParts(arn)?.accountId, kind, name: names.at(-1) };
}
