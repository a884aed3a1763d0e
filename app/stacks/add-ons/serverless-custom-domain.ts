import { ServerlessCustomDomain } from "../../../modules";
import type { AddOn } from "./add-on";

export const serverlessCustomDomain: AddOn<"customDomain"> = {
  section: "customDomain",
  add({ stack, warehouse }, domain) {
    new ServerlessCustomDomain(stack, "CustomDomain", { ...domain, warehouse });
  },
};
