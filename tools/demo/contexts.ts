// Encrypts a string under the encryption context of a namespace, and decrypts it under that context and under another namespace's:
//
//     node --require ./register.cjs tools/demo/contexts.ts KEY_ARN NAMESPACE_ARN
import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { EncryptionContext } from "../../modules";

const OTHER_NAMESPACE = "00000000-0000-4000-8000-000000000000";
const client = new KMSClient();

const contextOf = (namespaceArn: string): Record<string, string> => ({
  ...EncryptionContext.forNamespace({ namespaceArn }).pairs,
});

async function main([KeyId, arn]: readonly string[]): Promise<void> {
  const namespaceArn = arn!;
  const encrypt = { EncryptionContext: contextOf(namespaceArn), KeyId, Plaintext: Buffer.from("a secret") };
  const { CiphertextBlob } = await client.send(new EncryptCommand(encrypt));
  const warehouses = [
    ["this warehouse", namespaceArn],
    ["another warehouse", namespaceArn.replace(/[^/]+$/, OTHER_NAMESPACE)],
  ] as const;
  for (const [name, warehouse] of warehouses) {
    const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext: contextOf(warehouse), KeyId });
    const result = await client.send(decrypt).then(
      ({ Plaintext }) => Buffer.from(Plaintext!).toString(),
      (error: unknown) => (error as Error).name,
    );
    console.log(`Decrypt under the context of ${name}: ${result}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`${(error as Error).name}: ${(error as Error).message}`);
  process.exitCode = 1;
});
