import type { TerraformProvider } from "cdktf";
import { code, map, type OptionalRule, type PropRules, text } from "./prop-rules";
import type { OrNewer } from "./rule";
import { ACCOUNT_ID, PARTITION, REGION, TAGS } from "./rules";
import { checkProvider } from "./stack-boundary";

/** The provider of a construct's resources. */
export interface ResourceProps {
  /**
   * The provider that creates the resources.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/** The provider of a construct's resources, and their tags. */
export interface TaggedResourceProps extends ResourceProps {
  /**
   * The tags of the resources.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** A partition of AWS. */
export type Partition = OrNewer<
  "aws" | "aws-cn" | "aws-eusc" | "aws-iso" | "aws-iso-b" | "aws-iso-e" | "aws-iso-f" | "aws-us-gov"
>;

/** The account, the partition and the Region of a construct's resources. */
export interface EnvironmentProps {
  /**
   * The account: 12 digits.
   *
   * @default - the account of the provider's credentials, by a data source
   */
  readonly accountId?: string | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - the one of the Region, or the provider's, by a data source
   */
  readonly partition?: Partition | undefined;
  /**
   * The Region.
   *
   * @default - the provider's, by a data source
   */
  readonly region?: string | undefined;
}

export const ENVIRONMENT_PROPS = {
  accountId: text(ACCOUNT_ID),
  partition: text(PARTITION),
  region: text(REGION),
} satisfies PropRules<EnvironmentProps>;
/** The rule of a prop that is a provider. */
export const PROVIDER: OptionalRule<never> = { ...code(), check: checkProvider };
export const RESOURCE_PROPS = { provider: PROVIDER } satisfies PropRules<ResourceProps>;
export const TAGGED_RESOURCE_PROPS = { ...RESOURCE_PROPS, tags: map(TAGS) } satisfies PropRules<TaggedResourceProps>;
