import { Op, type Postcondition, type Precondition, TerraformResource, TerraformSelf } from "cdktf";
import type { Construct } from "constructs";
import type { IDataApiKey } from "../kms/key";
import { defined } from "../private/defined";
import { referable } from "../private/stack-boundary";

/**
 * Returns preconditions that refuse another identifier or another key for a protected cluster: AWS refuses another key, and with
 * another identifier, statements and grants for the cluster have no effect. A precondition cannot read the state, so a
 * `terraform_data` resource keeps the values of the first apply. Empty if the cluster is not protected.
 */
export function immutabilityPreconditions(
  scope: Construct,
  clusterIdentifier: string,
  key: IDataApiKey,
  deletionProtection: boolean,
): Precondition[] {
  const isKeyCreated = referable(scope, key.resource) !== undefined;
  const input = { cluster_identifier: clusterIdentifier, key_arn: key.keyArn, key_made: isKeyCreated };
  const firstApply = keepInput(scope, input, deletionProtection);
  if (!deletionProtection) {
    return [];
  }
  const wayOut =
    "Create another warehouse, move the data, and destroy this one. If there is no data to lose, or the cluster was never " +
    "created, set 'deletionProtection' to false.";
  const identifier = firstApply.getStringAttribute("output.cluster_identifier");
  const keyArn = firstApply.getStringAttribute("output.key_arn");
  const newKeyError = (newKey: string): string =>
    `The key of this cluster cannot become ${newKey}: AWS refuses another key for an encrypted cluster, which stays under ` +
    `${keyArn}. ${wayOut}`;
  const hasCreatedKey: Precondition = {
    condition: firstApply.getBooleanAttribute("output.key_made"),
    errorMessage: newKeyError("a key that this plan creates"),
  };
  return [
    { condition: Op.eq(keyArn, key.keyArn), errorMessage: newKeyError(key.keyArn) },
    // The ARN of a key that this plan creates is unknown, so that the condition above decides at apply only. `hasCreatedKey` fails
    // the plan if the key of the first apply was not created here.
    ...(isKeyCreated ? [hasCreatedKey] : []),
    {
      condition: Op.eq(identifier, clusterIdentifier),
      errorMessage:
        `This cluster cannot become ${clusterIdentifier}: its ARN would change, and every grant and statement that is ` +
        `bound to the ARN of ${identifier} would be lost. ${wayOut}`,
    },
  ];
}

/**
 * Creates a `terraform_data` resource. If the cluster is protected, the resource ignores changes, and so keeps the input of its
 * first apply.
 */
function keepInput(scope: Construct, input: object, deletionProtection: boolean): TerraformResource {
  // The framework's class for terraform_data runs terraform to read its version, and synthesis must not need terraform.
  const resource = new TerraformResource(
    scope,
    "Immutable",
    defined({
      lifecycle: deletionProtection ? { ignoreChanges: ["input"] } : undefined,
      terraformResourceType: "terraform_data",
    }),
  );
  resource.addOverride("input", input);
  return resource;
}

/**
 * Returns a postcondition that fails the apply of a restore if the cluster is encrypted with another key than `key`: without
 * `reencrypt`, it keeps the snapshot's key.
 */
export function keepsSnapshotKey(key: IDataApiKey): Postcondition {
  return {
    condition: Op.eq(TerraformSelf.getString("kms_key_id"), key.keyArn),
    errorMessage:
      `The restored cluster is encrypted with ${TerraformSelf.getString("kms_key_id")}, the snapshot's key, ` +
      `not with ${key.keyArn}. Give the snapshot's key as 'key'.`,
  };
}
