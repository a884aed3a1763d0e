import { isLimited } from "../../policy/condition";
import {
  appliesToSamples,
  SAMPLE_KEYS,
  SAMPLE_WAREHOUSES,
  sampleDatabaseUsers,
  sampleSecrets,
  onKeys,
  type ResourcesByAction,
} from "../../policy/resource-pattern";
import { hasWildcard, matchesAction, serviceOf, servicesOf, type Statement, titleOf } from "../../policy/statement";
import { statementRule } from "../role";
import type { Rule } from "../rule";
import { LOSS_ACTIONS } from "./loss";
import { LIMIT_ACTIONS, PERMISSION_ACTIONS } from "./permissions";
import { CONTROL_ACTIONS, COPYING_ACTIONS, LOGIN_ACTIONS, SHARING_ACTIONS } from "./reach";

/** The main actions that reach the data of a warehouse, each with sample resources to compare with resource patterns. */
const DATA_ACTIONS: ResourcesByAction = {
  "kms:Decrypt": () => SAMPLE_KEYS,
  "redshift-data:ExecuteStatement": () => SAMPLE_WAREHOUSES,
  "redshift:GetClusterCredentials": sampleDatabaseUsers,
  "secretsmanager:GetSecretValue": sampleSecrets,
};
/** Other actions by which a role can reach or destroy the data. They are reported only if a statement allows none of DATA_ACTIONS. */
const OTHER_ACTIONS: ResourcesByAction = {
  ...onKeys(["kms:CreateGrant", "kms:PutKeyPolicy", "kms:ReEncryptFrom"]),
  "redshift-data:BatchExecuteStatement": () => SAMPLE_WAREHOUSES,
  ...LOGIN_ACTIONS,
  ...SHARING_ACTIONS,
  ...COPYING_ACTIONS,
  ...CONTROL_ACTIONS,
  ...LOSS_ACTIONS,
  ...PERMISSION_ACTIONS,
  ...LIMIT_ACTIONS,
};

/** The rule about policies that allow actions without the name of a service. */
export const ADMINISTRATOR_RULES: readonly Rule[] = [
  statementRule({
    id: "role-does-everything",
    title: "A role may do everything with every key and warehouse",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    faultOf: (statement) => {
      const [actions] = [DATA_ACTIONS, OTHER_ACTIONS]
        .map((resources) => unnamedActions(statement, resources))
        .filter(({ length }) => length > 0);
      return (
        actions !== undefined &&
        !isLimited(statement, ["aws:ResourceTag/"]) && {
          consequence: `${titleOf(statement)} allows actions of services that it does not name, on resources that it does not name: ${actions.join(", ")} are among them.`,
          remedy: "Name the actions and the resources that the role needs.",
        }
      );
    },
  }),
];

/** Returns the actions that a statement allows without the name of their service, on resources that it does not name. */
function unnamedActions(statement: Statement, resources: ResourcesByAction): readonly string[] {
  const services = servicesOf(statement);
  // Most statements have no wildcard for services, and need no comparison with each action.
  return services.some(hasWildcard)
    ? Object.keys(resources).filter(
        (action) =>
          !services.includes(serviceOf(action)) &&
          matchesAction(statement, action) &&
          appliesToSamples(statement, resources[action]!),
      )
    : [];
}
