import { ScheduledAction } from "../../../modules";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed nothing; a pause saves the price of the nodes
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const scheduledAction: AddOn<"scheduledActions"> = {
  section: "scheduledActions",
  add(context, actions) {
    const { stack, warehouse } = context;
    addEach(
      context,
      actions,
      ({ actionName }) => `ScheduledAction-${actionName}`,
      (id, action) => new ScheduledAction(stack, id, { ...action, warehouse }),
    );
  },
};
