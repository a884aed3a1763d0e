import { Identity, IntegrationPolicy } from "../../../modules";
import type { AddOn } from "./add-on";

/** The construct ID of the integration policy, by which integrations find it. */
export const INTEGRATION_POLICY_ID = "Integrations";

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
