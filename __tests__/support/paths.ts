import { dirname, join } from "node:path";

export const ROOT = dirname(dirname(__dirname));
/** The recorded plans, each with the reports of its review. */
export const PLANS = join(ROOT, "__tests__", "plans");
