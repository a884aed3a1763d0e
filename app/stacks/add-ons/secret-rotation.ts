import { SecretRotation, type SecretRotationProps } from "../../../modules";
import type { AddOn } from "./add-on";

export const secretRotation: AddOn<"secretRotation"> = {
  section: "secretRotation",
  add({ stack, warehouse }, rotation) {
    // The cast is safe: the construct refuses a warehouse whose secret is unknown.
    new SecretRotation(stack, "SecretRotation", { ...rotation, warehouse } as SecretRotationProps);
  },
};
