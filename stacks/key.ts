import { TerraformOutput, type TerraformStack } from "cdktf";
import { DataApiKey, ExistingDataApiKey, type Identity } from "../modules";
import { fail } from "../modules/private/checks";
import type { KeyConfiguration } from "./schema";

/** A key of a stack: one that it makes, or one that exists. */
export type Key = DataApiKey | ExistingDataApiKey;

/** The key of an entry. */
export function makeKey(
  stack: TerraformStack,
  entry: KeyConfiguration,
  administrators: readonly Identity[],
  users: readonly Identity[],
): Key {
  const { account, key = {}, name, region } = entry;
  if ("keyArn" in key) {
    if (entry.administrators !== undefined) {
      fail(stack, "administrators", "be left out for an existing key, whose owner names them", "a list");
    }
    if (key.keyArn.split(":")[3] !== region) {
      fail(stack, "keyArn", `be the ARN of a key in ${region}`, key.keyArn);
    }
    return DataApiKey.fromKeyArn(stack, "Key", { ...key, accountId: account, users });
  }
  return new DataApiKey(stack, "Key", {
    alias: `alias/${name}`,
    description: `Amazon Redshift and its Data API: ${name}`,
    ...key,
    accountId: account,
    administrators,
    region,
    users,
  });
}

/** Adds an output, where there is a value for it. */
export function output(stack: TerraformStack, id: string, description: string, value: unknown): void {
  if (value !== undefined) {
    new TerraformOutput(stack, id, { description, value });
  }
}

/** The outputs of a key that an entry has for itself, or that others share. */
export function outputKey(stack: TerraformStack, key: Key, administrators: readonly Identity[]): void {
  output(stack, "key_arn", "The key's ARN", key.keyArn);
  output(stack, "key_id", "The key's ID", key.keyId);
  if (key instanceof ExistingDataApiKey) {
    output(stack, "required_key_policy_statements", "What the key's policy must have", key.requiredStatements);
  } else {
    output(stack, "key_alias", "The key's alias", key.aliasName);
    output(stack, "administrator_arns", "Who administers the key", arnsOf(administrators));
  }
}

export function arnsOf(identities: readonly Identity[]): readonly string[] {
  return identities.map(({ arn }) => arn);
}
