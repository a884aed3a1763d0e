import { isMap } from "../../plan/predicates";
import { asArray, type Statement } from "../../policy/statement";
import { groupOfMember, permissionSetOf } from "./identity-arn";

/**
 * Reads the resource type, the name, the account and the path of a role or user from its ARN. The path is undefined for a session,
 * whose ARN has none.
 */
export function partsOfPrincipal(principal: string) {
  const [, , , , account, resource = ""] = principal.split(":");
  const [kind, ...rest] = resource.split("/");
  const isSession = kind === "assumed-role";
  const name = (isSession ? rest[0] : rest.at(-1)) ?? "";
  const permissionSet = permissionSetOf(name);
  if (permissionSet !== undefined) {
    // Permission sets are in the account of Identity Center.
    return { name: permissionSet, type: "aws_ssoadmin_permission_set" };
  }
  const group = groupOfMember(name);
  if (group !== undefined) {
    return { account, name: group, type: "aws_iam_group" };
  }
  const type = kind === "user" ? "aws_iam_user" : kind === "role" || isSession ? "aws_iam_role" : "";
  return { account, name, path: isSession ? undefined : ["", ...rest.slice(0, -1), ""].join("/"), type };
}

/** Whether a statement names the role of a principal. The principal is the role itself, or a session of the role. */
export function namesRoleOf({ Principal }: Statement, principal: string): boolean {
  const names = asArray(isMap(Principal) ? Principal.AWS : Principal);
  const { name, type } = partsOfPrincipal(principal);
  return (
    type === "aws_iam_role" &&
    !(principal.includes(":assumed-role/") && names.includes(principal)) &&
    names.some((one) => one.includes(":role/") && partsOfPrincipal(one).name === name)
  );
}
