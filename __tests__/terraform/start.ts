import { prepareProvider } from "./provider";
import { printSkipped } from "../support/skipped";

/** Installs the provider of the lane, or prints why the lane is skipped. */
export default function start(): void {
  const reason = prepareProvider();
  if (reason) {
    process.env.TERRAFORM_LANE_SKIPPED = reason;
    printSkipped("the terraform lane", reason);
  }
}
