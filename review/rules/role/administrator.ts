import { isLimited } from "../../policy/condition";
import {
  appliesToMadeUp,
  MADE_UP_KEYS,
  MADE_UP_SECRETS,
  MADE_UP_WAREHOUSES,
  madeUpDatabaseUsers,
} from "../../policy/resource-pattern";
import { asArray, matchesAction, type Statement, titleOf } from "../../policy/statement";
import { hiddenPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";

/** The actions that reach the data of a warehouse, each with the resources that a pattern may be for. */
const DATA_ACTIONS = {
  "kms:Decrypt": () => MADE_UP_KEYS,
  "redshift-data:ExecuteStatement": () => MADE_UP_WAREHOUSES,
  "redshift:GetClusterCredentials": madeUpDatabaseUsers,
  "secretsmanager:GetSecretValue": () => MADE_UP_SECRETS,
} as const;

/** The rule of policies that allow the actions of every service. */
export const ADMINISTRATOR_RULES: readonly Rule[] = [
  rule({
    id: "role-does-everything",
    title: "A role may do everything with every key and warehouse",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    notShown: ({ iamPolicies }) => hiddenPolicies(iamPolicies),
    subjects: ({ iamPolicies }) =>
      iamPolicies.flatMap(({ address, statements }) =>
        statements.filter(({ Effect }) => Effect === "Allow").map((statement) => ({ address, statement })),
      ),
    faultOf: ({ statement }) => {
      const actions = Object.entries(DATA_ACTIONS)
        .filter(([action, madeUp]) => allowsUnnamed(statement, action) && appliesToMadeUp(statement, madeUp))
        .map(([action]) => action);
      return (
        actions.length > 0 &&
        !isLimited(statement, ["aws:ResourceTag/"]) && {
          consequence: `${titleOf(statement)} allows actions of services that it does not name, on resources that it does not name: ${actions.join(", ")} are among them.`,
          remedy: "Name the actions and the resources that the role needs.",
        }
      );
    },
  }),
];

/** Whether a statement allows an action by a wildcard for services, or by NotAction. */
function allowsUnnamed(statement: Statement, action: string): boolean {
  const service = action.slice(0, action.indexOf(":") + 1);
  const namesService = asArray(statement.Action).some((pattern) => pattern.toLowerCase().startsWith(service));
  return !namesService && matchesAction(statement, action);
}
