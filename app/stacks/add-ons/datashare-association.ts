import { DatashareAssociation } from "../../../modules";
import { addEach, type AddOn } from "./add-on";

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
