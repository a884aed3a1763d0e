import { ScheduledAction } from "../../../modules";
import { addEach, type AddOn } from "./add-on";

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
