// Writes the entry of warehouses.yaml that describes a warehouse of a live account: see docs/adopt.md.
//
//     npm --silent run adopt -- --cluster ID > warehouses.yaml
import { ConfigurationError, ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import { Account } from "./account";
import { type Options, readArguments, USAGE } from "./arguments";
import { clusterEntry, serverlessEntry } from "./entry";
import { AdoptError } from "./error";
import { requireCustomerKey } from "./key-lines";

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const text = await entryOf(options);
  checkEntry(text);
  process.stdout.write(text);
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

/** @throws AdoptError if no entry can describe the warehouse */
function checkEntry(text: string): void {
  const fleet = new Fleet([new ConfigurationFile("entry", text)]);
  if (fleet.problems.length > 0) {
    const problems = fleet.error(fleet.problems).message.split("\n").join("; ");
    throw new AdoptError(`the warehouse must be one that an entry can describe: ${problems}`);
  }
}

function messageOf(error: unknown): string {
  const { message, name } = error as Error;
  const isOfUser = error instanceof AdoptError || error instanceof ConfigurationError;
  return `adopt: ${(isOfUser ? message : `${name}: ${message}`).replaceAll(/\s+/g, " ")}`;
}

// The SDK warns of the Node.js versions of its later releases, which this project does not use yet.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
