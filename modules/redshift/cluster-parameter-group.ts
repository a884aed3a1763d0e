import {
  RedshiftParameterGroup,
  type RedshiftParameterGroupConfig,
} from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { Construct, type IConstruct } from "constructs";
import { check, checkRequired, fail, type Where } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  decision,
  map,
  type PropRules,
  propRules,
  required,
  text,
  unique,
  warnOfUnknownValues,
} from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import {
  CLUSTER_PARAMETERS,
  GROUP_NAME,
  PARAMETER_GROUP_NAME,
  PARAMETER_NAME,
  PARAMETER_VALUE,
} from "../private/rules";
import { referable } from "../private/stack-boundary";

/** A parameter group of clusters: created by a construct, or existing. */
export interface IClusterParameterGroup extends IConstruct {
  /** The group's name. */
  readonly clusterParameterGroupName: string;
  /**
   * The resource of the group.
   *
   * @default - none: the group exists
   */
  readonly resource?: RedshiftParameterGroup | undefined;
}

/** A parameter group that clusters share. */
export interface ClusterParameterGroupProps extends TaggedResourceProps {
  /**
   * The group's name: 1 to 255 lowercase letters, digits or hyphens. Another name replaces the group, which AWS refuses
   * while a cluster has the group.
   */
  readonly clusterParameterGroupName: string;
  /**
   * Parameters beside `require_ssl` and `enable_user_activity_logging`, which are always on. A change of some parameters
   * takes effect when a cluster reboots.
   *
   * @default - none
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** @internal */
export const CLUSTER_PARAMETER_GROUP_PROPS = propRules("ClusterParameterGroupProps", {
  clusterParameterGroupName: unique(required(text(PARAMETER_GROUP_NAME))),
  parameters: decision(map()),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<ClusterParameterGroupProps>);

/**
 * A parameter group that several clusters share: AWS allows 20 groups in an account and Region. Its clusters require TLS and log
 * the activity of users.
 *
 * @example
 * const parameterGroup = new ClusterParameterGroup(stack, "Parameters", { clusterParameterGroupName: "standard" });
 * new EncryptedCluster(stack, "Sales", { clusterIdentifier: "sales", key, nodeType: "ra3.large", parameterGroup });
 * new EncryptedCluster(stack, "Orders", { clusterIdentifier: "orders", key, nodeType: "ra3.large", parameterGroup });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
 */
export class ClusterParameterGroup extends Construct implements IClusterParameterGroup {
  /**
   * Returns an existing group. No resource is created for it. Its owner decides whether TLS is required.
   *
   * @param clusterParameterGroupName - the group's name; a token passes unchecked
   * @throws if the name breaks its rule
   */
  public static fromClusterParameterGroupName(
    scope: Construct,
    id: string,
    clusterParameterGroupName: string,
  ): IClusterParameterGroup {
    return new ExistingParameterGroup(scope, id, clusterParameterGroupName);
  }

  public readonly clusterParameterGroupName: string;
  /** The wrapped resource. */
  public readonly resource: RedshiftParameterGroup;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: ClusterParameterGroupProps) {
    super(scope, id);
    checkProps(this, props, CLUSTER_PARAMETER_GROUP_PROPS, (props) => checkParameters(this, props.parameters));
    const { clusterParameterGroupName: name, parameters, provider, tags } = props;
    this.clusterParameterGroupName = name;
    this.resource = new RedshiftParameterGroup(
      this,
      "Resource",
      defined({
        description: "Parameters of clusters",
        name,
        provider,
        tags,
        ...parameterGroupSettings(this, parameters),
      }),
    );
  }
}

class ExistingParameterGroup extends Construct implements IClusterParameterGroup {
  public constructor(
    scope: Construct,
    id: string,
    public readonly clusterParameterGroupName: string,
  ) {
    super(scope, id);
    checkRequired(this, "clusterParameterGroupName", clusterParameterGroupName, GROUP_NAME);
  }
}

/** The parameters that each group created here has. */
const REQUIRED_PARAMETERS: Readonly<Record<string, string>> = {
  enable_user_activity_logging: "true",
  require_ssl: "true",
};

/** Checks the parameters that the props of a group give. Refuses REQUIRED_PARAMETERS, because their values are fixed. */
export function checkParameters(where: Where, parameters: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (Object.hasOwn(REQUIRED_PARAMETERS, name)) {
      fail(where, `parameters.${name}`, "be left out: it is always true", value);
    }
    check(where, `parameters.${name}`, name, PARAMETER_NAME);
    check(where, `parameters.${name}`, value, PARAMETER_VALUE);
    // Terraform evaluates an expression, so that its value cannot be checked here.
    if (Object.hasOwn(CLUSTER_PARAMETERS, name) && !value.includes("${")) {
      check(where, `parameters.${name}`, value, CLUSTER_PARAMETERS[name]!);
    }
  }
}

/**
 * Returns the Terraform arguments of a group: its family, and its parameters sorted by name. Warns of a name that AWS does not
 * document, because AWS refuses an unknown parameter.
 */
export function parameterGroupSettings(
  scope: Construct,
  parameters: Readonly<Record<string, string>> | undefined,
): Pick<RedshiftParameterGroupConfig, "family" | "parameter"> {
  for (const name of Object.keys(parameters ?? {})) {
    warnOfUnknownValues(scope, `parameters.${name}`, name, Object.keys(CLUSTER_PARAMETERS));
  }
  return {
    family: "redshift-2.0",
    parameter: Object.entries({ ...REQUIRED_PARAMETERS, ...parameters })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
  };
}

/**
 * Returns the name of the shared parameter group of a cluster; undefined if it has none. If the group is in the same stack, the
 * name is a reference, so that Terraform creates the group first.
 */
export function parameterGroupNameFor(scope: Construct, group: IClusterParameterGroup | undefined): string | undefined {
  return referable(scope, group?.resource)?.name ?? group?.clusterParameterGroupName;
}
