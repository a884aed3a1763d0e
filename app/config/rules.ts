import { matching, text } from "../../modules/private/rule";
import { CLUSTER_IDENTIFIER } from "../../modules/private/rules";

export const STACK_NAME = CLUSTER_IDENTIFIER;
export const KEY_ID = matching(
  "be the ID of a KMS key, not an ARN and not an alias",
  "(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})",
);
export const ROLE_POLICY = matching(
  "be ROLE:POLICY, the name of a role and the name of its inline policy",
  String.raw`[\w+=,.@-]{1,64}:[\w+=,.@-]{1,128}`,
);
export const SECURITY_GROUP_NAME = text(1, 255);
/** HCP Terraform allows 90 characters for the name of a workspace, which is this prefix and the name of the stack. */
export const WORKSPACE_PREFIX = matching("be 1 to 27 letters, digits or any of _-", String.raw`[\w-]{1,27}`);
export const STATE_KEY_PREFIX = matching(
  "end with /, not begin with /, and have no two / in a row",
  "[!-~]{1,512}/",
  "^/",
  "//",
);
export const ORGANIZATION = matching(
  "be the name of an organization: letters, digits or any of _-",
  String.raw`[\w-]+`,
);
export const PROJECT = matching("be 3 to 40 letters, digits, spaces or any of _-", String.raw`[\w -]{3,40}`);
export const SQL_FILE = matching(
  "be the name of a file in or below the working directory that ends with .sql, such as sql/nightly.sql",
  String.raw`[\w.@-][\w .@/-]*\.sql`,
  "//",
  String.raw`(^|/)\.\.?/`,
);
export const VERSION_CONSTRAINT = matching(
  "be a Terraform version constraint in quotes, such as ~> 6.25",
  String.raw`\s*((=|!=|>=?|<=?|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?(\s*,\s*((=|!=|>=?|<=?|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?)*\s*`,
);
