import { UsageLimit, type UsageLimitProps } from "../../../modules";
import { fail } from "../../../modules/private/checks";
import { addEach, type AddOn, type SettingsOf } from "./add-on";

type Limit = SettingsOf<"usageLimits">[number];

/**
 * @billed nothing
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const usageLimit: AddOn<"usageLimits"> = {
  section: "usageLimits",
  add(context, limits) {
    const { stack, warehouse } = context;
    addEach(
      context,
      limits,
      (limit) => {
        const id = idOf(limit);
        const earlier = limits.slice(0, limits.indexOf(limit)).filter((one) => idOf(one) === id);
        if (earlier.some((one) => actionOf(one) === actionOf(limit))) {
          const { feature, period = "monthly" } = limit;
          fail(
            stack,
            "breachAction",
            `differ from the action of the earlier ${period} limit of ${feature}`,
            actionOf(limit),
          );
        }
        // The first limit has the ID of a single limit, so that another limit does not change that ID.
        return earlier.length === 0 ? id : `${id}-${actionOf(limit)}`;
      },
      // The cast is safe: the schema of each kind of warehouse has only the features of this kind.
      (id, limit) => new UsageLimit(stack, id, { ...limit, warehouse } as UsageLimitProps),
    );
  },
};

function idOf({ feature, period = "monthly" }: Limit): string {
  return `UsageLimit-${feature}-${period}`;
}

function actionOf({ breachAction = "log" }: Limit): string {
  return breachAction;
}
