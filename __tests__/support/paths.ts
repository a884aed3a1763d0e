import { dirname, join } from "node:path";

export const ROOT = dirname(dirname(__dirname));
/** The recorded plans, each with the reports of its review. */
export const PLANS = join(ROOT, "__tests__", "plans");
/** The bundled command of the lane of commands. */
export const REDSHIFT_KMS = join(ROOT, "dist", "commands", "main.js");
/** The commands and the output of one step of the demo, which the README shows. */
export const DEMO_EXCERPT = join(ROOT, "tools", "demo", "excerpt.txt");
