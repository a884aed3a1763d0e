import { SecretRotation, type SecretRotationProps } from "../../../modules";
import type { AddOn } from "./add-on";

/**
 * @billed requests to Secrets Manager and the key
 * @magnitude cents a year
 * @prices [Secrets Manager](https://aws.amazon.com/secrets-manager/pricing/)
 * @existing requires `adminSecretArn`, because the provider's data sources do not have the secret
 */
export const secretRotation: AddOn<"secretRotation"> = {
  section: "secretRotation",
  add({ stack, warehouse }, rotation) {
    // The cast is safe: the construct refuses a warehouse whose secret is unknown.
    new SecretRotation(stack, "SecretRotation", { ...rotation, warehouse } as SecretRotationProps);
  },
};
