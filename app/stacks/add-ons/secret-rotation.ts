import { SecretRotation, type SecretRotationProps } from "../../../modules";
import type { AddOn } from "./add-on";

export const secretRotation: AddOn<"secretRotation"> = {
  section: "secretRotation",
  add({ stack, warehouse }, rotation) {
    // The construct refuses a warehouse whose secret is not known.
    new SecretRotation(stack, "SecretRotation", { ...rotation, warehouse } as SecretRotationProps);
  },
};
