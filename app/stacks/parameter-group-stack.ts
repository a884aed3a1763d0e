import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ClusterParameterGroup } from "../../modules";
import { Problems } from "../config/problems";
import type { ParameterGroupConfiguration } from "../config/schema";
import { addEnvironment, type SharedProps } from "./environment";
import { output } from "./outputs";

/** The stack of a parameter group that several clusters share. It is deployed before the stacks of the clusters. */
export class ParameterGroupStack extends TerraformStack {
  /** The parameter group. It has the name of the stack. */
  public readonly parameterGroup: ClusterParameterGroup;

  /** @throws StackError with every value that breaks a rule of the construct */
  public constructor(
    scope: Construct,
    public readonly entry: ParameterGroupConfiguration,
    props: SharedProps,
  ) {
    super(scope, entry.name);
    const problems = new Problems();
    addEnvironment(this, entry, props, problems);
    const { name, parameters } = entry;
    this.parameterGroup = problems.require(
      [],
      () => new ClusterParameterGroup(this, "ParameterGroup", { clusterParameterGroupName: name, parameters }),
    );
    output(this, "parameter_group_name", "The name that clusters take the group by", this.parameterGroup.resource.name);
  }
}
