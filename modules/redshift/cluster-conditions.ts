import { Op, type Postcondition, type Precondition, TerraformResource, TerraformSelf } from "cdktf";
import type { Construct } from "constructs";
import { type IDataApiKey, madeResource } from "../kms/key";
import { defined } from "../private/defined";

/**
 * Fails the plan of a change that AWS refuses, or that would cost what is bound to the cluster, while the cluster is
 * protected. Terraform shows no condition what was there before, so a resource remembers what the cluster was made with.
 */
export function immutabilityPreconditions(
  scope: Construct,
  clusterIdentifier: string,
  key: IDataApiKey,
  deletionProtection: boolean,
): Precondition[] {
  // The framework's own class for it runs terraform to learn its version, and synthesis must not need terraform.
  const made = new TerraformResource(
    scope,
    "Immutable",
    defined({
      lifecycle: deletionProtection ? { ignoreChanges: ["input"] } : undefined,
      terraformResourceType: "terraform_data",
    }),
  );
  const isKeyMade = madeResource(scope, key) !== undefined;
  made.addOverride("input", { cluster_identifier: clusterIdentifier, key_arn: key.keyArn, key_made: isKeyMade });
  if (!deletionProtection) {
    return [];
  }
  const wayOut =
    "Make another warehouse, move the data, and destroy this one. Where there is nothing to lose, or no such cluster was " +
    "ever made, set 'deletionProtection' to false.";
  const identifier = made.getStringAttribute("output.cluster_identifier");
  const keyArn = made.getStringAttribute("output.key_arn");
  const another = (which: string): string =>
    `The key of this cluster cannot become ${which}: AWS refuses another key for an encrypted cluster, which stays under ` +
    `${keyArn}. ${wayOut}`;
  return [
    { condition: Op.eq(keyArn, key.keyArn), errorMessage: another(key.keyArn) },
    // The ARN of a key that is still to be made is not known when this is planned.
    ...(isKeyMade
      ? [{ condition: made.getBooleanAttribute("output.key_made"), errorMessage: another("one that is made here") }]
      : []),
    {
      condition: Op.eq(identifier, clusterIdentifier),
      errorMessage:
        `This cluster cannot become ${clusterIdentifier}: its ARN would change, and every grant and statement that is ` +
        `bound to the ARN of ${identifier} would be lost. ${wayOut}`,
    },
  ];
}

/** A restore keeps the snapshot's key; the apply fails if that is not the key of the construct. */
export function keepsSnapshotKey(key: IDataApiKey): Postcondition {
  return {
    condition: Op.eq(TerraformSelf.getString("kms_key_id"), key.keyArn),
    errorMessage:
      `The restored cluster is encrypted with ${TerraformSelf.getString("kms_key_id")}, the snapshot's key, ` +
      `not with ${key.keyArn}. Give the snapshot's key as 'key'.`,
  };
}
