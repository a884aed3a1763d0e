import { EndpointAuthorization } from "../../../modules";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed nothing
 * @prices [PrivateLink](https://aws.amazon.com/privatelink/pricing/)
 */
export const endpointAuthorization: AddOn<"endpointAuthorizations"> = {
  section: "endpointAuthorizations",
  add(context, authorizations) {
    const { stack, warehouse } = context;
    addEach(
      context,
      authorizations,
      ({ account }) => `EndpointAuthorization-${account}`,
      (id, authorization) => new EndpointAuthorization(stack, id, { ...authorization, warehouse }),
    );
  },
};
