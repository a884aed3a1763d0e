import { isLimited } from "../../policy/condition";
import { appliesToMadeUp, MADE_UP_SECRETS, MADE_UP_SHARES } from "../../policy/resource-pattern";
import { titleOf } from "../../policy/statement";
import { allows, statementRule } from "../role";
import type { Rule } from "../rule";

/** Condition keys that limit the secret. */
const SECRET_LIMITS = ["aws:ResourceTag/", "secretsmanager:ResourceTag/", "secretsmanager:SecretId"];
/** Condition keys that limit the accounts or the warehouses of a sharing. */
const SHARING_LIMITS = ["aws:ResourceTag/", "redshift:ConsumerIdentifier"];
/** The actions that let other accounts have the data of a warehouse. */
export const SHARING_ACTIONS = [
  "redshift:AuthorizeDataShare",
  "redshift:AuthorizeEndpointAccess",
  "redshift:AuthorizeSnapshotAccess",
  "redshift:PutResourcePolicy",
  "redshift-serverless:PutResourcePolicy",
];

/** The rules of permissions that reach the data past the Data API. */
export const REACH_RULES: readonly Rule[] = [
  statementRule({
    id: "role-reads-every-secret",
    title: "A role may read secrets that it does not name",
    see: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
    faultOf: (statement) =>
      allows(statement, "secretsmanager:GetSecretValue") &&
      appliesToMadeUp(statement, () => MADE_UP_SECRETS) &&
      !isLimited(statement, SECRET_LIMITS) && {
        consequence: `${titleOf(statement)} lets the role read secrets that it does not name. They can include the admin passwords of warehouses.`,
        remedy: "Name the ARN of the secret as the resource.",
      },
  }),
  statementRule({
    id: "role-shares-data",
    severity: "warning",
    title: "A role may share the data of every warehouse",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/managing-snapshots-console.html",
    faultOf: (statement) => {
      const actions = SHARING_ACTIONS.filter((action) => allows(statement, action));
      return (
        actions.length > 0 &&
        appliesToMadeUp(statement, () => MADE_UP_SHARES) &&
        !isLimited(statement, SHARING_LIMITS) && {
          consequence: `${titleOf(statement)} lets the role give other accounts the data of every warehouse (${actions.join(", ")}).`,
          remedy: "Name the ARN of the resource, or take these actions out.",
        }
      );
    },
  }),
];
