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
      // The cast is safe: the schema of each kind of warehouse has only the features of this kind.
      (id, limit) => new UsageLimit(stack, id, { ...limit, warehouse } as UsageLimitProps),
    );
  },
};
