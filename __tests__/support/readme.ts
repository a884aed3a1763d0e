import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths";

const page = (path: string) => readFileSync(join(ROOT, path), "utf8");

export const README = page("README.md");
/** The page that describes the configuration. */
export const CONFIGURATION = page("docs/configuration.md");
/** The page about warehouses and keys that exist. */
export const ADOPTION = page("docs/adopt.md");
/** The page about database roles. */
export const DATABASE_ROLES = page("docs/database-roles.md");
/** The page that has the commands of a deployment. */
export const DEPLOY = page("docs/deploy.md");
/** The page for developers of the project. */
export const DEVELOP = page("docs/develop.md");
/** The page about the grants of a live account. */
export const GRANTS = page("docs/grants.md");
/** The page that shows the key policy and the encryption contexts. */
export const KEY_POLICY = page("docs/key-policy.md");
/** The page about the command that reviews a plan. */
export const PLAN_REVIEW = page("docs/plan-review.md");
/** The page about the review in CI. */
export const REVIEW_IN_CI = page("docs/review-in-ci.md");
/** The page about the npm packages. */
export const PUBLISH = page("docs/publishing.md");
/** The page about programs that use a warehouse. */
export const USE_THE_DATA_API = page("docs/use-the-data-api.md");
/** The runbook, whose commands the deploy lane runs. */
export const RUNBOOK = page("docs/runbook.md");
/** Its part about serverless warehouses, and all that follows. */
export const SERVERLESS_RUNBOOK = RUNBOOK.slice(RUNBOOK.indexOf("\n## A serverless warehouse\n"));
/** Its part about keys with a replica, and all that follows. */
export const REPLICA_RUNBOOK = RUNBOOK.slice(RUNBOOK.indexOf("\n## A key with a replica\n"));
/** The page about new versions, backends and providers. */
export const UPGRADE = page("docs/upgrade.md");

/** The page about facts that AWS does not document. */
export const VERIFIED = page("docs/verified-on-aws.md");

/** The code blocks of a language, in order. A block of a list item is indented. */
export function blocks(language: string, text = README): string[] {
  return [...text.matchAll(/^( *)```(\w+)\n([^]*?)^\1```$/gm)]
    .filter(([, , name]) => name === language)
    .map(([, indent, , block]) => block!.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}
