import { ServerlessCustomDomain } from "../../../modules";
import type { AddOn } from "./add-on";

/**
 * @billed nothing for the name; the certificate if it is of a private authority
 * @prices [ACM](https://aws.amazon.com/certificate-manager/pricing/)
 */
export const serverlessCustomDomain: AddOn<"customDomain"> = {
  section: "customDomain",
  add({ stack, warehouse }, domain) {
    new ServerlessCustomDomain(stack, "CustomDomain", { ...domain, warehouse });
  },
};
