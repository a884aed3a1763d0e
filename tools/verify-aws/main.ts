// Checks undocumented facts of AWS on a real account: see docs/verified-on-aws.md.
//
//     npm run verify:aws -- --account ID
import { partitionOf } from "../../modules/private/partition";
import { errorText, interruptible, requireAnswer, runAwsCommand, UserError } from "../command";
import { Account } from "./account";
import { type Options, readArguments, USAGE } from "./arguments";
import { deadline } from "./deadline";
import { createGrantEvents } from "./events";
import { observe, type Observed } from "./observation";
import { writeRecord } from "./record";
import { baseCapacityOf, DESTROY_MINUTES, MAX_RPU_HOURS, Stack } from "./stack";

/** The time limit of the deployment and its use, in minutes. */
const DEADLINE_MINUTES = 60;

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const account = new Account(options.region);
  await account.requireCallerOf(options.account);
  const existing = await account.resourcesNamed(options.name);
  if (existing.length > 0) {
    throw new UserError(`--name must be new, got: ${options.name}, the name of ${existing.join(", ")}`);
  }
  console.log(announcementOf(options));
  if (!options.yes) {
    await requireAnswer("Type the account ID to go on: ", options.account, "nothing was created");
  }
  await verify(account, options);
}

/** Deploys, observes, destroys (also after an error), and writes the record. */
async function verify(account: Account, options: Options): Promise<void> {
  const start = new Date();
  // A second interruption does not stop the destruction.
  const { signal: interrupt } = interruptible((name) =>
    console.error(`${name}: this ends when everything is destroyed, in some minutes.`),
  );
  const stack = new Stack(options);
  console.log(`The state is in ${stack.directory} until everything is destroyed.`);
  let observed: Observed | undefined;
  let failure: unknown;
  const limit = deadline(DEADLINE_MINUTES);
  const signal = AbortSignal.any([interrupt, limit]);
  try {
    await stack.deploy(interrupt, limit);
    observed = await observe(account, options, signal);
  } catch (error) {
    failure = signal.aborted ? signal.reason : error;
    console.error(errorText("verify:aws", failure));
  }
  try {
    await destroy(stack, account, options);
  } catch (error) {
    failure = error;
    console.error(errorText("verify:aws", error));
  }
  if (observed !== undefined) {
    await record(observed, account, options, start, interrupt);
  }
  if (failure !== undefined) {
    process.exitCode = 1;
  }
}

async function record(
  { facts, grants, identifiers }: Observed,
  account: Account,
  options: Options,
  start: Date,
  interrupt: AbortSignal,
): Promise<void> {
  const { recordFile, region, waitForCloudTrail } = options;
  console.log(`Waiting for the events of CloudTrail, at most ${waitForCloudTrail / 60_000} minutes.`);
  const ids = grants.map(({ grantId }) => grantId);
  const events = await createGrantEvents(account.cloudTrail, ids, start, waitForCloudTrail, interrupt);
  const recorded = grants.map((grant) => ({ ...grant.recorded, event: events.get(grant.grantId) ?? null }));
  const date = start.toISOString().slice(0, 10);
  writeRecord(recordFile, { ...facts, date, grants: recorded, partition: partitionOf(region), region }, identifiers);
  console.log(`The record is ${recordFile}. Read it before you share it.`);
}

/** @throws UserError with the resources that are left, and the commands that remove them */
async function destroy(stack: Stack, account: Account, { name }: Options): Promise<void> {
  console.log("Destroying everything.");
  let reason = "terraform destroy has left resources";
  try {
    await stack.destroy();
  } catch (error) {
    reason = errorText("verify:aws", error);
  }
  const leftResources = await account.resourcesNamed(name);
  if (leftResources.length > 0 || stack.isKept) {
    const left =
      leftResources.length > 0
        ? `AWS still has: ${leftResources.join(", ")}`
        : `AWS has nothing with the name ${name}, but the Terraform state has resources`;
    throw new UserError(
      `${reason}. ${left}. ` +
        `Run: terraform -chdir=${stack.stackDirectory} destroy. If that fails too, docs/verified-on-aws.md has the commands to remove ` +
        "the resources by hand",
    );
  }
}

function announcementOf({ account, name, region, waitForCloudTrail }: Options): string {
  return `This creates in ${account}, ${region}:
  - a KMS key with the alias alias/${name}
  - the IAM role ${name}, the user of the Data API
  - a Redshift Serverless namespace ${name}, with a secret of its admin, and a workgroup ${name} of ${baseCapacityOf(region)} RPUs in
    the default VPC
It runs "select 1" as the user several times, revokes the grants that this makes, and changes the key policy in between. Then it
destroys everything. The key stays for 7 days, pending deletion, which is free.

It costs less than USD 2:
  - at most ${MAX_RPU_HOURS} RPU-hours, after which AWS turns the queries off; one is USD 0.375 in us-east-1, and a query has a minimum of 60 seconds
  - the key, USD 1 a month, and the secret, USD 0.40 a month, both by the hour
It takes at most ${DEADLINE_MINUTES} minutes, ${DESTROY_MINUTES} to destroy everything, and ${waitForCloudTrail / 60_000} to wait for CloudTrail.`;
}

runAwsCommand("verify:aws", main);
