import { DataAwsIamRole } from "@cdktf/provider-aws/lib/data-aws-iam-role";
import { DataAwsIamUser } from "@cdktf/provider-aws/lib/data-aws-iam-user";
import { Op, TerraformSelf, type TerraformStack } from "cdktf";
import { principalParts } from "../../modules/private/rules";

/**
 * Adds a data source that looks up a role or a user of the account. The plan fails if no principal has the name, or if the
 * principal has another path.
 */
export function lookUpPrincipal(stack: TerraformStack, account: string, arn: string): void {
  const { accountId, roleName, userName } = principalParts(arn)!;
  const [kind, name] = roleName === undefined ? ["user", userName] : ["role", roleName];
  const id = `Principal-${kind}-${name}`;
  // An account root has no name, and another account cannot be looked up.
  if (accountId !== account || name === undefined || stack.node.tryFindChild(id)) {
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
    new DataAwsIamRole(stack, id, { lifecycle, name });
  } else {
    new DataAwsIamUser(stack, id, { lifecycle, userName: name });
  }
}
