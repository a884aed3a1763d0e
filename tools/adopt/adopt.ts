import { writeFileSync } from "node:fs";
import { adoptHelp } from "../../app/cli/help";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import { UserError } from "../command";
import { Account } from "./account";
import { existingFileError, type Options, readArguments } from "./arguments";
import { clusterEntry, serverlessEntry } from "./entry";
import { requireCustomerKey } from "./key-lines";

/**
 * Runs the command.
 *
 * @throws UserError if an argument breaks its rule, or no entry can describe the warehouse
 */
export async function adopt(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(adoptHelp());
    return;
  }
  const text = await entryOf(options);
  checkEntry(text);
  if (options.output === undefined) {
    console.log(text.trimEnd());
  } else {
    write(options.output, text);
    console.log(`${options.output}: the entry ${options.name}`);
  }
}

/** @throws UserError if the file exists, or cannot be written */
function write(output: string, text: string): void {
  try {
    writeFileSync(output, text, { flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "EEXIST"
      ? existingFileError(output)
      : new UserError(`--output must be a file that can be written, got: ${output} (${code})`);
  }
}

async function entryOf({ clusterIdentifier, name, profile, region, workgroupName }: Options): Promise<string> {
  const account = new Account(profile, region);
  if (clusterIdentifier !== undefined) {
    const facts = await account.cluster(clusterIdentifier);
    const { ClusterNamespaceArn, KmsKeyId } = facts.cluster;
    const key = await keyOf("--cluster", account, KmsKeyId, ClusterNamespaceArn!);
    return clusterEntry(name, facts, key);
  }
  const facts = await account.workgroup(workgroupName!);
  const { kmsKeyId, namespaceArn } = facts.namespace;
  const key = await keyOf("--workgroup", account, kmsKeyId, namespaceArn!);
  return serverlessEntry(name, facts, key);
}

async function keyOf(option: string, account: Account, keyArn: string | undefined, warehouseArn: string) {
  const accountId = warehouseArn.split(":")[4]!;
  const key = keyArn?.startsWith("arn:") === true ? await account.key(keyArn, accountId) : undefined;
  requireCustomerKey(option, keyArn, key);
  return key;
}

/** @throws UserError if no entry can describe the warehouse */
function checkEntry(text: string): void {
  const fleet = new Fleet([new ConfigurationFile("entry", text)]);
  if (fleet.problems.length > 0) {
    const problems = fleet.error(fleet.problems).message.split("\n").join("; ");
    throw new UserError(`the warehouse must be one that an entry can describe: ${problems}`);
  }
}
