import { Annotations, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { DataApiEndpoint } from "../../modules";
import { fail } from "../../modules/private/checks";
import { Problems } from "../config/problems";
import { endpointWarning } from "../config/provider-version";
import type { DataApiEndpointConfiguration } from "../config/schema";
import { addEnvironment, type SharedProps } from "./environment";
import { output } from "./outputs";
import { securityGroupIdsOf, subnetIdsOf } from "./network";

/** The stack of an endpoint of the Data API in a VPC. The endpoint has a stack of its own, because several warehouses share it. */
export class DataApiEndpointStack extends TerraformStack {
  /** @throws StackError if values break rules of the stack or of the construct */
  public constructor(
    scope: Construct,
    private readonly entry: DataApiEndpointConfiguration,
    props: SharedProps,
  ) {
    super(scope, entry.name);
    const problems = new Problems();
    addEnvironment(this, entry, props, problems);
    const warning = endpointWarning(props.awsProviderVersion);
    if (warning !== undefined) {
      Annotations.of(this).addWarning(warning);
    }
    const { privateDnsEnabled, region, serviceName, vpcId } = entry;
    problems.at([], () => {
      if (serviceName !== undefined && !serviceName.includes(`.${region}.`)) {
        fail(this, "serviceName", `be a service of ${region}`, serviceName);
      }
    });
    const endpoint = problems.require(
      [],
      () =>
        new DataApiEndpoint(this, "Endpoint", {
          privateDnsEnabled,
          region,
          securityGroupIds: securityGroupIdsOf(this, this.inVpc("securityGroupIds")),
          serviceName,
          subnetIds: subnetIdsOf(this, this.inVpc("subnetIds"), 1)!,
          vpcId,
        }),
    );
    const { dnsEntry, id } = endpoint.resource;
    output(this, "vpc_endpoint_id", "The endpoint's ID", id);
    output(this, "dns_name", "The endpoint's own DNS name, which leads to it in any case", dnsEntry.get(0).dnsName);
  }

  /** Returns the setting for subnets or security groups. A lookup gets the VPC of the endpoint. */
  private inVpc<P extends "securityGroupIds" | "subnetIds">(prop: P): DataApiEndpointConfiguration[P] {
    const { [prop]: setting, vpcId } = this.entry;
    if (setting === undefined || Array.isArray(setting)) {
      return setting;
    }
    if (setting.vpcId !== undefined && setting.vpcId !== vpcId) {
      fail(this, `${prop}.vpcId`, `be left out, or be the VPC of the endpoint, ${vpcId}`, setting.vpcId);
    }
    return { ...setting, vpcId };
  }
}
