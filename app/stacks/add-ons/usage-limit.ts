import { UsageLimit, type UsageLimitProps } from "../../../modules";
import { addEach, type AddOn } from "./add-on";

export const usageLimit: AddOn<"usageLimits"> = {
  section: "usageLimits",
  add(context, limits) {
    const { stack, warehouse } = context;
    addEach(
      context,
      limits,
      ({ feature, period = "monthly" }) => `UsageLimit-${feature}-${period}`,
      // The schema of each kind of warehouse has the features of this kind only.
      (id, limit) => new UsageLimit(stack, id, { ...limit, warehouse } as UsageLimitProps),
    );
  },
};
