import { onItsKey } from "../../review/model/key-policy";
import { accessTo, principalsOf } from "../../review/policy/key-access";
import { isClass, isRoot, isUniqueId } from "../../review/policy/principals";
import { statementsOf } from "../../review/policy/statement";
import { isPossible } from "../../review/rules/key-policy/statements";
import type { WarehouseKind } from "./facts";

/**
 * The way in which a key policy lets the Data API create a grant for a caller who does not administer the key. IAM policies are
 * not read. `by-documented-service-name`: only through redshift.amazonaws.com, and AWS does not document whether the Data API
 * sends this name.
 */
export type GrantMaking =
  "allowed" | "by-administrators-only" | "by-documented-service-name" | "left-to-iam" | "not-shown" | "refused";

/** The service name that the Data API's page shows: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html */
const DOCUMENTED_SERVICE = "redshift.amazonaws.com";
const PREFIXES = { cluster: "redshift", namespace: "redshift-serverless" } as const;

/** The KMS actions that a caller of the Data API needs. */
const ACTIONS = ["kms:CreateGrant", "kms:DescribeKey"];

/** The account, kind and Region of a warehouse, and its key. */
export interface Place {
  readonly account: string;
  readonly keyArn: string;
  readonly kind: WarehouseKind;
  readonly region: string;
}

/** Returns the way in which a key policy lets the Data API create a grant for a warehouse. */
export function grantMakingBy(policy: string, { account, keyArn, kind, region }: Place): GrantMaking {
  const parsed = statementsOf(policy);
  if (parsed === undefined) {
    return "not-shown";
  }
  const statements = parsed.map((statement) => onItsKey(statement, keyArn));
  const keyAccount = keyArn.split(":")[4];
  const isAble = (
    principal: string,
    service: string | null,
    how: "granted" | "leftToIam",
    actions = ACTIONS,
  ): boolean =>
    actions.every((action) =>
      isPossible(accessTo(statements, principal, action, keyAccount), action, service, account, [how]),
    );
  const principals = principalsOf(statements).filter((principal) => !isUniqueId(principal) && !isRoot(principal));
  const isAdministrator = (principal: string): boolean =>
    !isClass(principal) && isAble(principal, null, "granted", ["kms:PutKeyPolicy"]);
  const users = principals.filter((principal) => !isAdministrator(principal));
  const service = `${PREFIXES[kind]}.${region}.amazonaws.com`;
  if (users.some((user) => isAble(user, service, "granted"))) {
    return "allowed";
  }
  if (principalsOf(statements).some((principal) => isRoot(principal) && isAble(principal, service, "leftToIam"))) {
    return "left-to-iam";
  }
  if (users.some((user) => isAble(user, DOCUMENTED_SERVICE, "granted"))) {
    return "by-documented-service-name";
  }
  return principals.some((one) => isAble(one, service, "granted")) ? "by-administrators-only" : "refused";
}
