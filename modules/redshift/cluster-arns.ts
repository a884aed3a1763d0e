import type { Construct } from "constructs";
import { accountIdOf, partitionFor, regionOf } from "../private/aws-environment";
import type { EnvironmentProps, ResourceProps } from "../private/resource-props";
import type { CredentialScope } from "./warehouse";

/** The ARNs that are composed with the identifier of a cluster. */
export interface ClusterArns {
  /** The cluster's own ARN. */
  readonly warehouseArn: string;
  /** The prefixes of the ARNs to which IAM limits temporary credentials of the cluster. */
  readonly credentialScope: CredentialScope;
}

/** Composes the ARNs of a cluster. Data sources give the account, the Region and the partition if the props do not. */
export function clusterArns(
  scope: Construct,
  props: EnvironmentProps & ResourceProps & { readonly clusterIdentifier: string },
): ClusterArns {
  const partition = partitionFor(scope, props);
  const region = regionOf(scope, props);
  const accountId = accountIdOf(scope, props);
  const arnOf = (type: string) => `arn:${partition}:redshift:${region}:${accountId}:${type}:${props.clusterIdentifier}`;
  return {
    credentialScope: {
      databaseArnPrefix: `${arnOf("dbname")}/`,
      databaseGroupArnPrefix: `${arnOf("dbgroup")}/`,
      databaseUserArnPrefix: `${arnOf("dbuser")}/`,
    },
    warehouseArn: arnOf("cluster"),
  };
}
