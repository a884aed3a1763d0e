import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  DefaultTokenResolver,
  StringConcat,
  type TerraformResource,
  TerraformStack,
  Testing,
  Tokenization,
} from "cdktf";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import {
  DataApiKey,
  EncryptedCluster,
  type EncryptedClusterProps,
  EncryptedServerless,
  type EncryptedServerlessProps,
  type IDataApiKey,
  Identity,
} from "../../modules";
import { shortened } from "../../modules/private/printable";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "./arns";

/** A stack named `test` with a provider, so that its validations pass. */
export function testStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  new AwsProvider(stack, "Aws", { region: REGION });
  return stack;
}

/** The configuration of files, each with its text: `{ "w.yaml": "…" }`. */
export function fleetOf(texts: Readonly<Record<string, string>>): Fleet {
  return new Fleet(Object.entries(texts).map(([name, text]) => new ConfigurationFile(name, text)));
}

/** An existing key with a literal ARN. */
export function existingKey(stack: TerraformStack, keyArn = KEY_ARN): IDataApiKey {
  return DataApiKey.fromKeyArn(stack, "ExistingKey", { keyArn });
}

/** A cluster named analytics, in the account and Region of the tests. */
export function analyticsCluster(stack: TerraformStack, props: Partial<EncryptedClusterProps> = {}): EncryptedCluster {
  return new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    key: props.key ?? existingKey(stack),
    nodeType: "ra3.large",
    region: REGION,
    ...props,
  });
}

/** A serverless warehouse named analytics. */
export function analyticsServerless(
  stack: TerraformStack,
  props: Partial<EncryptedServerlessProps> = {},
): EncryptedServerless {
  return new EncryptedServerless(stack, "Serverless", {
    key: props.key ?? existingKey(stack),
    namespaceName: "analytics",
    ...props,
  });
}

/** The expression for the Region of a data source. */
export function regionExpression(id: string): string {
  const region = `data.aws_region.${id}`;
  return `\${lookup(${region}, "region", lookup(${region}, "id", "unknown"))}`;
}

export const admin = (): Identity => Identity.fromArn(ADMIN_ARN);
export const user = (): Identity => Identity.fromArn(USER_ARN);

/** A synthesized resource or data source: its arguments in Terraform's words. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments are of every type, and tests state which
export type Arguments = Record<string, any>;

/** A stack as Terraform gets it. */
export interface Synthesized {
  readonly data: Record<string, Record<string, Arguments>>;
  readonly output: Record<string, Arguments>;
  readonly removed: Arguments[];
  readonly resource: Record<string, Record<string, Arguments>>;
  readonly terraform: Arguments;
  readonly provider: Record<string, Arguments[]>;
}

/** Synthesizes a stack, its validations included. */
export function synthesize(stack: TerraformStack): Synthesized {
  stack.prepareStack();
  const parsed = JSON.parse(Testing.synth(stack, true)) as Partial<Synthesized>;
  return { data: {}, output: {}, provider: {}, removed: [], resource: {}, terraform: {}, ...parsed };
}

/** The arguments of the only resource of a type. */
export function only(synthesized: Synthesized, type: { readonly tfResourceType: string }): Arguments {
  const resources = Object.values(synthesized.resource[type.tfResourceType] ?? {});
  expect(resources).toHaveLength(1);
  return resources[0]!;
}

/** The address of a resource in expressions, as in `${aws_kms_key.Key_1234.arn}`. */
export function reference(resource: TerraformResource, attribute: string): string {
  return `\${${resource.terraformResourceType}.${resource.friendlyUniqueId}.${attribute}}`;
}

/** A value as Terraform gets it. */
export function resolved(scope: TerraformStack, value: unknown): unknown {
  return Tokenization.resolve(value, { resolver: new DefaultTokenResolver(new StringConcat()), scope });
}

/** The statements of a policy that a resource has as JSON. */
export function statementsOf(policy: string): Arguments[] {
  return (JSON.parse(policy) as { Statement: Arguments[] }).Statement;
}

/** An error of the library, with a long value shortened. */
export function shownError(message: string): Error {
  return new Error(message.replace(/(?<=, got: )[^]*$/, shortened));
}

/** The messages of the warnings of a stack and its constructs. */
export function warningsOf(stack: TerraformStack): string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === "@cdktf/warn")
    .map(({ data }) => data as string);
}
