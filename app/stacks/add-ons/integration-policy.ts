import { Identity, IntegrationPolicy } from "../../../modules";
import type { AddOn } from "./add-on";

/** The construct ID of the integration policy, by which integrations find it. */
export const INTEGRATION_POLICY_ID = "Integrations";

/**
 * @billed nothing for the policy; the changes that a zero-ETL integration copies
 * @magnitude depends on the source
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const integrationPolicy: AddOn<"integrations"> = {
  section: "integrations",
  add({ stack, warehouse }, { authorizedPrincipals, authorizedSources }) {
    new IntegrationPolicy(stack, INTEGRATION_POLICY_ID, {
      authorizedPrincipals: authorizedPrincipals?.map((arn) => Identity.fromArn(arn)),
      authorizedSources,
      warehouse,
    });
  },
};
