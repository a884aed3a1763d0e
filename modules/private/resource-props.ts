import type { TerraformProvider } from "cdktf";
import { code, map, type PropRules } from "./prop-rules";
import { TAGS } from "./rules";

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

export const RESOURCE_PROPS = { provider: code() } satisfies PropRules<ResourceProps>;
export const TAGGED_RESOURCE_PROPS = { ...RESOURCE_PROPS, tags: map(TAGS) } satisfies PropRules<TaggedResourceProps>;
