import { type Postcondition, TerraformSelf } from "cdktf";
import { operand } from "../private/expression";

/**
 * The value that Redshift Serverless returns as the key of a namespace if AWS owns the key, quoted for Terraform. For a cluster,
 * Redshift then returns no key.
 */
const AWS_OWNED_KEY = '"AWS_OWNED_KMS_KEY"';
const KEY = `coalesce(self.kms_key_id, ${AWS_OWNED_KEY})`;

/**
 * Returns the text of an error about a warehouse without a customer managed key.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
const noProtection = (keyArn: string): string =>
  `The Data API then encrypts statements and results with a key that AWS owns, and the policy of ${keyArn} protects neither.`;

/**
 * Returns postconditions of a data source that fail the plan if the cluster is not encrypted with the key.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/changing-cluster-encryption.html
 */
export function clusterHasKey(clusterIdentifier: string, keyArn: string): Postcondition[] {
  const subject = `The cluster ${clusterIdentifier} is`;
  const wayOut =
    `AWS refuses another key for an encrypted cluster. Restore a snapshot with the key ${keyArn} as another cluster, ` +
    "or turn encryption off, and on again with that key: the cluster is read-only while AWS moves the data.";
  return [
    {
      condition: "${self.encrypted}",
      errorMessage:
        `${subject} not encrypted. ${noProtection(keyArn)} Encrypt it: aws redshift modify-cluster --cluster-identifier ` +
        `${clusterIdentifier} --encrypted --kms-key-id ${keyArn}. The cluster is read-only while AWS moves the data.`,
    },
    {
      condition: `\${!self.encrypted || ${KEY} != ${AWS_OWNED_KEY}}`,
      errorMessage: `${subject} encrypted with a key that AWS owns. ${noProtection(keyArn)} ${wayOut}`,
    },
    {
      condition: `\${!self.encrypted || contains([${AWS_OWNED_KEY}, ${operand(keyArn)}], ${KEY})}`,
      errorMessage: `${subject} ${encryptedWithAnother(keyArn)} ${wayOut}`,
    },
  ];
}

/**
 * Returns postconditions of a data source that fail the plan if the namespace is not encrypted with the key.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroups-and-namespaces-rotate-kms-key.html
 */
export function namespaceHasKey(keyArn: string): Postcondition[] {
  const name = TerraformSelf.getString("namespace_name");
  return [
    {
      condition: `\${${KEY} != ${AWS_OWNED_KEY}}`,
      errorMessage:
        `The namespace ${name} is encrypted with a key that AWS owns. ${noProtection(keyArn)} AWS changes the key of a namespace ` +
        `only from one customer managed key to another: create a namespace with the key ${keyArn}, and move the data, for ` +
        "example by a snapshot.",
    },
    {
      condition: `\${contains([${AWS_OWNED_KEY}, ${operand(keyArn)}], ${KEY})}`,
      errorMessage:
        `The namespace ${name} is ${encryptedWithAnother(keyArn)} Or change the key of the namespace: aws redshift-serverless ` +
        `update-namespace --namespace-name ${name} --kms-key-id ${keyArn}.`,
    },
  ];
}

function encryptedWithAnother(keyArn: string): string {
  const actual = TerraformSelf.getString("kms_key_id");
  return (
    `encrypted with ${actual}, not with ${keyArn}. The Data API uses the key of the warehouse: give ${actual} as the key, if it is ` +
    "a customer managed key."
  );
}
