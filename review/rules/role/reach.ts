import {
  SAMPLE_BACKUPS,
  SAMPLE_CLUSTERS,
  SAMPLE_NAMESPACES,
  SAMPLE_SHARES,
  SAMPLE_WORKGROUPS,
  sampleDatabases,
  sampleSecrets,
  matchesSamples,
  type ResourcesByAction,
} from "../../policy/resource-pattern";
import { limitingValues } from "../../policy/condition";
import { titleOf } from "../../policy/statement";
import { statementRule } from "../role";
import type { Rule } from "../rule";
import { broadActions } from "./broad-actions";

/** Condition keys that limit which secret is read. */
const SECRET_LIMITS = ["aws:ResourceTag/", "secretsmanager:ResourceTag/"];
/** The actions that read a secret or set its policy. A role of the secret's account can read the secret if this policy alone allows it. */
const SECRET_ACTIONS: ResourcesByAction = {
  "secretsmanager:GetSecretValue": sampleSecrets,
  "secretsmanager:PutResourcePolicy": sampleSecrets,
};
/** Condition keys that limit which data is shared, or with which account. */
const SHARING_LIMITS = ["aws:ResourceTag/", "redshift:ConsumerIdentifier"];
/** The actions that give other accounts access to a warehouse or its data. */
export const SHARING_ACTIONS: ResourcesByAction = {
  "redshift:AuthorizeDataShare": () => SAMPLE_SHARES,
  "redshift:AuthorizeEndpointAccess": () => SAMPLE_SHARES,
  "redshift:AuthorizeSnapshotAccess": () => SAMPLE_SHARES,
  "redshift:PutResourcePolicy": () => SAMPLE_SHARES,
  "redshift-serverless:PutResourcePolicy": () => SAMPLE_SHARES,
};
/** The actions that copy the data of a snapshot or a recovery point into a warehouse of the caller's choice. */
export const COPYING_ACTIONS: ResourcesByAction = {
  "redshift:RestoreFromClusterSnapshot": () => SAMPLE_BACKUPS,
  "redshift-serverless:RestoreFromRecoveryPoint": () => SAMPLE_BACKUPS,
  "redshift-serverless:RestoreFromSnapshot": () => SAMPLE_BACKUPS,
};
/** The actions that return credentials of the database user that belongs to the role. */
export const LOGIN_ACTIONS: ResourcesByAction = {
  "redshift:GetClusterCredentialsWithIAM": sampleDatabases,
  "redshift-serverless:GetCredentials": () => SAMPLE_WORKGROUPS,
};
/** The actions that delete a warehouse, or set its admin's password, key or network. */
export const CONTROL_ACTIONS: ResourcesByAction = {
  "redshift:DeleteCluster": () => SAMPLE_CLUSTERS,
  "redshift:ModifyCluster": () => SAMPLE_CLUSTERS,
  "redshift-serverless:DeleteNamespace": () => SAMPLE_NAMESPACES,
  "redshift-serverless:UpdateNamespace": () => SAMPLE_NAMESPACES,
};

/** Whether a value of secretsmanager:SecretId matches secrets of warehouses that the value does not name. */
function isOfAnyWarehouse(id: string): boolean {
  const pattern = id.startsWith("arn:") ? id : `arn:*:secretsmanager:*:*:secret:${id}`;
  return [pattern, `${pattern}-*`].some((one) => matchesSamples(one, sampleSecrets(one)));
}

/** The rules about permissions that reach the data by another way than the Data API. */
export const REACH_RULES: readonly Rule[] = [
  statementRule({
    id: "role-logs-in-everywhere",
    title: "A role may log in to every warehouse",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentialsWithIAM.html",
    faultOf: (statement) => {
      const actions = broadActions(statement, LOGIN_ACTIONS, ["aws:ResourceTag/"]);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role log in to warehouses that it does not name (${actions.join(", ")}), as a database user of its own.`,
          remedy: "Name the database (dbname:CLUSTER/DATABASE) or the workgroup as the resource.",
        }
      );
    },
  }),
  statementRule({
    id: "role-controls-every-warehouse",
    severity: "warning",
    title: "A role may change or delete every warehouse",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html",
    faultOf: (statement) => {
      const actions = broadActions(statement, CONTROL_ACTIONS, ["aws:ResourceTag/"]);
      const changes = actions.some((action) => /:(?:Modify|Update)/.test(action))
        ? " A change can set another password of the admin, who may read and change everything."
        : "";
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} on warehouses that it does not name.${changes}`,
          remedy: "Name the ARN of the cluster or the namespace as the resource.",
        }
      );
    },
  }),
  statementRule({
    id: "role-reads-every-secret",
    title: "A role may read secrets that it does not name",
    see: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
    faultOf: (statement) => {
      const [action] = broadActions(statement, SECRET_ACTIONS, SECRET_LIMITS);
      const reads = action === "secretsmanager:GetSecretValue" ? "read" : `allow itself, by ${action}, to read`;
      return (
        action !== undefined &&
        limitingValues(statement, "secretsmanager:SecretId")?.some(isOfAnyWarehouse) !== false && {
          consequence: `${titleOf(statement)} lets the role ${reads} secrets that it does not name. They can include the admin passwords of warehouses.`,
          remedy: "Name the ARN of the secret as the resource.",
        }
      );
    },
  }),
  statementRule({
    id: "role-shares-data",
    severity: "warning",
    title: "A role may share the data of every warehouse",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/managing-snapshots-console.html",
    faultOf: (statement) => {
      const actions = broadActions(statement, SHARING_ACTIONS, SHARING_LIMITS);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role give other accounts the data of every warehouse (${actions.join(", ")}).`,
          remedy: "Name the ARN of the resource, or take these actions out.",
        }
      );
    },
  }),
  statementRule({
    id: "role-copies-data",
    severity: "warning",
    title: "A role may copy the data of every warehouse",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_RestoreFromClusterSnapshot.html",
    faultOf: (statement) => {
      const actions = broadActions(statement, COPYING_ACTIONS, ["aws:ResourceTag/"]);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role copy the data of every warehouse from its snapshots into another warehouse (${actions.join(", ")}). The network and the policies of the other warehouse decide who reads the copy.`,
          remedy:
            "Name the snapshots as the resource (snapshot:CLUSTER/* for those of a cluster), or take these actions out.",
        }
      );
    },
  }),
];
