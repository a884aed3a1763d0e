import { dirname, join } from "node:path";

export const ROOT = dirname(dirname(__dirname));
/** The recorded plans, each with the reports of its review. */
export const PLANS = join(ROOT, "__tests__", "plans");
/** The packaged command, which the lane of commands bundles. */
export const REDSHIFT_KMS = join(ROOT, "dist", "cli", "main.js");
/** The commands and the output of one step of the demo, which the README shows. */
export const DEMO_EXCERPT = join(ROOT, "tools", "demo", "excerpt.txt");
