import { removeProvider } from "./provider";

/** Removes the provider of the lane. */
export default function stop(): void {
  if (!process.env.TERRAFORM_LANE_SKIPPED) {
    removeProvider();
  }
}
