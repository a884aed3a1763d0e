import { EndpointAccess, type EndpointAccessProps } from "../../../modules";
import { outputMap } from "../outputs";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed endpoint, zone and hour, and GB
 * @magnitude about 10 a month for a zone
 * @prices [PrivateLink](https://aws.amazon.com/privatelink/pricing/)
 */
export const endpointAccess: AddOn<"endpoints"> = {
  section: "endpoints",
  add(context, endpoints) {
    const { stack, warehouse } = context;
    const added = addEach(
      context,
      endpoints,
      ({ endpointName }) => `Endpoint-${endpointName}`,
      // The cast is safe: the schema of a serverless warehouse requires the subnets, and refuses a subnet group.
      (id, endpoint) => new EndpointAccess(stack, id, { ...endpoint, warehouse } as EndpointAccessProps),
    );
    const addresses = added.map(([{ endpointName }, { address }]) => [endpointName, address] as const);
    outputMap(stack, "endpoint_addresses", "The DNS names of the managed VPC endpoints", addresses);
  },
};
