import { Identity, IntegrationPolicy } from "../../../modules";
import type { AddOn } from "./add-on";

export const integrationPolicy: AddOn<"integrations"> = {
  section: "integrations",
  add({ stack, warehouse }, { authorizedPrincipals, authorizedSources }) {
    new IntegrationPolicy(stack, "Integrations", {
      authorizedPrincipals: authorizedPrincipals?.map((arn) => Identity.fromArn(arn)),
      authorizedSources,
      warehouse,
    });
  },
};
