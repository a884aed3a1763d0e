import { DatashareAuthorization } from "../../../modules";
import { outputMap } from "../outputs";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed nothing
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const datashareAuthorization: AddOn<"datashareAuthorizations"> = {
  section: "datashareAuthorizations",
  add(context, authorizations) {
    const { stack, warehouse } = context;
    const added = addEach(
      context,
      authorizations,
      ({ consumerIdentifier, datashareName }) => `DatashareAuthorization-${datashareName}-${consumerIdentifier}`,
      (id, authorization) => new DatashareAuthorization(stack, id, { ...authorization, warehouse }),
    );
    const arns = added.map(([{ datashareName }, { dataShareArn }]) => [datashareName, dataShareArn] as const);
    outputMap(stack, "datashare_arns", "The ARNs of the datashares that other accounts may use", arns);
  },
};
