// Encrypts a text under the encryption context of a namespace, and decrypts it under that context and under another one:
//
//     node --require ./register.cjs tools/demo/contexts.ts KEY_ARN NAMESPACE_ARN
import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { EncryptionContext } from "../../modules";

const client = new KMSClient();

async function main([KeyId, namespaceArn]: readonly string[]): Promise<void> {
  const context = { ...EncryptionContext.forNamespace({ namespaceArn: namespaceArn! }).pairs };
  const Plaintext = Buffer.from("a secret");
  const encrypted = await client.send(new EncryptCommand({ EncryptionContext: context, KeyId, Plaintext }));
  for (const [name, pairs] of [
    ["its context", context],
    ["another context", { ...context, serviceName: "Other" }],
  ] as const) {
    const decrypt = new DecryptCommand({
      CiphertextBlob: encrypted.CiphertextBlob,
      EncryptionContext: pairs,
      KeyId,
    });
    const result = await client.send(decrypt).then(
      (decrypted) => Buffer.from(decrypted.Plaintext!).toString(),
      (error: unknown) => (error as Error).name,
    );
    console.log(`Decrypt under ${name}: ${result}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`${(error as Error).name}: ${(error as Error).message}`);
  process.exitCode = 1;
});
