import { DatashareAssociation } from "../../../modules";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed compute of the consumer; traffic if the producer is in another Region
 * @magnitude cents for a GB
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const datashareAssociation: AddOn<"datashareAssociations"> = {
  section: "datashareAssociations",
  add(context, associations) {
    const { stack, warehouse } = context;
    addEach(
      context,
      associations,
      ({ dataShareArn }) => `DatashareAssociation-${dataShareArn.split(":").slice(3).join("-")}`,
      (id, association) => new DatashareAssociation(stack, id, { ...association, warehouse }),
    );
  },
};
