// Reads the grants of the Data API on keys of a live account, and revokes some: see docs/grants.md.
//
//     npm --silent run grants -- STACK
import { configurationFiles } from "../../app/cli/program";
import { Fleet } from "../../app/config/fleet";
import { json, plain } from "../../review/render/escape";
import { errorText, requireAnswer, runAwsCommand, UserError } from "../command";
import { Account } from "./account";
import { type Options, readArguments, USAGE } from "./arguments";
import { configuredKeys } from "./configured";
import type { KeyTarget } from "./facts";
import { permissionsOf } from "./permissions";
import { type KeyReport, reportOf } from "./report";
import { announcementOf, type Revocation, revocationsOf } from "./revocation";
import { textOf } from "./text";

/** The number of grants between two lines of progress. */
const PROGRESS_STEP = 500;

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const targets = targetsOf(options);
  if (options.permissions) {
    console.log(JSON.stringify(permissionsOf(targets, options.revoked.length > 0), undefined, 2));
    return;
  }
  const account = await Account.connect(options, targets[0]!.region);
  await account.requireAccountOf(targets);
  const reports = await readReports(account, targets);
  const revocations = revocationsOf(reports, options.revoked);
  if (!options.json) {
    console.log(textOf(reports));
  }
  const revoked = await revoke(account, revocations, options);
  if (options.json) {
    process.stdout.write(json({ account: targets[0]!.account, keys: reports, revoked }));
  }
  const isLeft = reports.some(({ findings }) => findings.some(({ subject }) => !revoked.includes(subject)));
  process.exitCode = isLeft ? 1 : 0;
}

/** @throws UserError if no key is of the Region of the arguments, or the keys are of several accounts */
function targetsOf({ keyArns, region, stackNames }: Options): readonly KeyTarget[] {
  const all =
    keyArns.length > 0
      ? [...new Set(keyArns)].map(targetOf)
      : configuredKeys(Fleet.load(configurationFiles()), stackNames);
  const targets = all.filter((target) => region === undefined || target.region === region);
  const [first] = targets;
  if (first === undefined) {
    throw new UserError(`--region must be a Region of one of the keys, got: ${region}`);
  }
  const other = targets.find(({ account }) => account !== first.account);
  if (other !== undefined) {
    throw new UserError(`arguments must name keys of one account, got: ${first.account} and ${other.account}`);
  }
  return [...targets].sort((one, { keyId, region: otherRegion }) =>
    `${one.region} ${one.keyId}` < `${otherRegion} ${keyId}` ? -1 : 1,
  );
}

function targetOf(keyId: string): KeyTarget {
  const [, , , region, account] = keyId.split(":");
  return { account: account!, configuredPolicy: undefined, keyId, region: region!, stack: undefined, warehouses: [] };
}

async function readReports(account: Account, targets: readonly KeyTarget[]): Promise<readonly KeyReport[]> {
  const reports: KeyReport[] = [];
  for (const [index, target] of targets.entries()) {
    progress(`reads ${target.keyId} in ${target.region} (${index + 1} of ${targets.length})`);
    let shown = 0;
    const facts = await account.factsOf(target, targets, (count) => {
      if (count - shown >= PROGRESS_STEP) {
        shown = count;
        progress(`${count} grants so far`);
      }
    });
    reports.push(reportOf(facts));
  }
  return reports;
}

/**
 * Revokes grants after a confirmation, and returns their IDs.
 *
 * @throws UserError if nobody confirms, or AWS refuses a revocation
 */
async function revoke(
  account: Account,
  revocations: readonly Revocation[],
  options: Options,
): Promise<readonly string[]> {
  if (options.revoked.length > 0 && revocations.length === 0) {
    progress("no grant to revoke");
  }
  if (revocations.length === 0) {
    return [];
  }
  for (const line of revocations.flatMap(announcementOf)) {
    console.error(line);
  }
  if (!options.isConfirmed) {
    await requireAnswer("Type revoke to go on: ", "revoke", "nothing was revoked");
  }
  const revoked: string[] = [];
  for (const { grant, keyArn } of revocations) {
    try {
      await account.revoke(keyArn, grant.id);
    } catch (error) {
      throw new UserError(
        `${revoked.length} of ${revocations.length} grants are revoked; ${grant.id} is not: ${plain(errorText("kms:RevokeGrant", error))}`,
      );
    }
    revoked.push(grant.id);
    progress(`revoked ${grant.id} (${revoked.length} of ${revocations.length})`);
  }
  return revoked;
}

function progress(text: string): void {
  console.error(plain(`grants: ${text}`));
}

runAwsCommand("grants", main, 2);
