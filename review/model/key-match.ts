import { stringOf, valueOf } from "../plan/attributes";
import type { ResourceMatch } from "../policy/identity-permission";
import {
  SAMPLE_MULTI_REGION_KEYS,
  SAMPLE_SINGLE_REGION_KEYS,
  matchesSamples,
  patternOutcome,
} from "../policy/resource-pattern";
import { matchesPattern } from "../policy/statement";
import type { Key } from "./key";
import { nameOfKey } from "./key-policy";

/** Returns the values of Resource that mean a key: `ADDRESS.arn` and, if it is known, its ARN. */
export function namesOfKey(key: Key): readonly string[] {
  const name = arnOrIdOf(key);
  return [`${key.address}.arn`, ...(name?.startsWith("arn:") === true ? [name] : [])];
}

/** Returns the ARN of a key, or the ID of a key outside the plan; undefined if it is unknown. */
function arnOrIdOf({ policies, resource }: Key): string | undefined {
  const [policy] = [...policies.after, ...policies.before];
  return resource ? stringOf(resource, "after", "arn") : policy && nameOfKey(policy, undefined);
}

/**
 * Returns a function that checks if a resource pattern matches a key. A new key has no ARN, so the pattern is compared with sample
 * ARNs in the place of the key.
 */
export function resourceMatchOf(key: Key): ResourceMatch {
  const [address, arn] = namesOfKey(key);
  const samples = samplesFor(key);
  return (pattern, quantifier = "some") =>
    patternOutcome(
      pattern,
      (one) =>
        one === address ||
        (arn === undefined ? matchesSamples(one, samples, quantifier, key) : matchesPattern(one, arn)),
    );
}

/**
 * Returns sample keys for a key without an ARN. They are multi-Region keys for a multi-Region key, and single-Region keys otherwise. For
 * a key with an ID, the sample has the ID.
 */
function samplesFor(key: Key) {
  const { resource } = key;
  const id = arnOrIdOf(key);
  if (id !== undefined) {
    return [["kms", `key/${id}`]] as const;
  }
  const isReplica = resource?.type.includes("_kms_replica_");
  return isReplica || (resource && valueOf(resource, "after", "multi_region") === true)
    ? SAMPLE_MULTI_REGION_KEYS
    : SAMPLE_SINGLE_REGION_KEYS;
}
