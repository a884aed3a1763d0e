import { frameworkUnavailable } from "../../app/cli/peers";
import { json } from "../../review/render/escape";
import { UserError } from "../command";
import { Account } from "./account";
import { type Options, readArguments, USAGE } from "./arguments";
import type * as configured from "./configured";
import type { KeyAnswers, KeyFacts, KeyTarget } from "./facts";
import { permissionsOf } from "./permissions";
import { progress } from "./progress";
import { reportOf } from "./report";
import { confirm, requireOrphans, revocationsOf, revoke } from "./revocation";
import { textOf } from "./text";

/** The number of grants after which a line of progress is printed. */
const PROGRESS_STEP = 500;

/**
 * Runs the command, and returns its exit status.
 *
 * @throws UserError if an argument breaks its rule, nobody confirms a revocation, or AWS refuses a revocation
 */
export async function grants(args: readonly string[]): Promise<0 | 1> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const targets = targetsOf(options);
  if (options.permissions) {
    console.log(JSON.stringify(permissionsOf(targets, options.revoked.length > 0), undefined, 2));
    return 0;
  }
  const account = await Account.connect(options, targets[0]!.region);
  await account.requireAccountOf(targets);
  const answers = await answersOf(account, targets);
  const reports = (await withWarehouses(account, answers)).map(reportOf);
  const revocations = revocationsOf(reports, options.revoked);
  const revoked: string[] = [];
  if (!options.json) {
    console.log(textOf(reports));
  }
  try {
    if (revocations.length > 0) {
      await confirm(revocations, options.isConfirmed);
      // The user may confirm after hours, so the warehouses are read again before a grant is revoked.
      requireOrphans(revocations, (await withWarehouses(account, answers)).map(reportOf));
      await revoke(account, revocations, revoked);
    } else if (options.revoked.length > 0) {
      progress("no grant to revoke");
    }
  } finally {
    if (options.json) {
      console.log(json({ account: targets[0]!.account, keys: reports, revoked }).trimEnd());
    }
  }
  const isLeft = reports.some(({ findings }) => findings.some(({ subject }) => !revoked.includes(subject)));
  return isLeft ? 1 : 0;
}

/** @throws UserError if no key is in the Region of the arguments, or the keys are in several accounts */
function targetsOf({ keyArns, region, stackNames }: Options): readonly KeyTarget[] {
  const requested = keyArns.length > 0 ? [...new Set(keyArns)].map(targetOf) : keysOfStacks(stackNames);
  const targets = requested.filter((target) => region === undefined || target.region === region);
  const [first] = targets;
  if (first === undefined) {
    throw new UserError(`--region must be a Region of one of the keys, got: ${region}`);
  }
  const other = targets.find(({ account }) => account !== first.account);
  if (other !== undefined) {
    const got = [first, other].map(({ account, keyId, stack }) => `${account} (${stack ?? keyId})`).join(" and ");
    throw new UserError(`arguments must name keys of one account: run the command once for each account, got: ${got}`);
  }
  return [...targets].sort((one, { keyId, region: otherRegion }) =>
    `${one.region} ${one.keyId}` < `${otherRegion} ${keyId}` ? -1 : 1,
  );
}

/** @throws UserError if the framework is not installed. Only keys that are given by stack need the framework. */
function keysOfStacks(stackNames: readonly string[]): readonly KeyTarget[] {
  const reason = frameworkUnavailable("grants STACK");
  if (reason !== undefined) {
    throw new UserError(reason);
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loads the framework
  const { configuredKeys } = require("./configured") as typeof configured;
  return configuredKeys(stackNames);
}

function targetOf(keyId: string): KeyTarget {
  const [, , , region, account] = keyId.split(":");
  return { account: account!, configuredPolicy: undefined, keyId, region: region!, stack: undefined, warehouses: [] };
}

async function answersOf(account: Account, targets: readonly KeyTarget[]): Promise<readonly KeyAnswers[]> {
  const answers: KeyAnswers[] = [];
  for (const [index, target] of targets.entries()) {
    progress(`reads ${target.keyId} in ${target.region} (${index + 1} of ${targets.length})`);
    let lastShown = 0;
    const answer = await account.answersAbout(target, (count) => {
      if (count - lastShown >= PROGRESS_STEP) {
        lastShown = count;
        progress(`${count} grants so far`);
      }
    });
    answers.push(answer);
  }
  return answers;
}

/** Adds the warehouses that exist now. They are read after the grants, so that the warehouse of a new grant is not missing. */
async function withWarehouses(account: Account, answers: readonly KeyAnswers[]): Promise<readonly KeyFacts[]> {
  const targets = answers.map(({ target }) => target);
  const regions = [...new Set(targets.map(({ region }) => region))];
  const pairs = await Promise.all(
    regions.map(async (region) => [region, await account.warehousesOf(region, targets)] as const),
  );
  const warehouses = new Map(pairs);
  return answers.map((answer) => ({ ...answer, warehouses: warehouses.get(answer.target.region)! }));
}
