import { SecretRotation } from "../../../modules";
import type { AddOn } from "./add-on";

export const secretRotation: AddOn<"secretRotation"> = {
  section: "secretRotation",
  add({ stack, warehouse }, rotation) {
    new SecretRotation(stack, "SecretRotation", { ...rotation, warehouse });
  },
};
