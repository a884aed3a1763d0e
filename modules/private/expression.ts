/** Matches each string token of the framework in a string. */
export const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

/** Returns whether a value is a string of tokens only. */
export function isToken(value: unknown): boolean {
  return typeof value === "string" && value.replace(TOKEN, "") === "" && value !== "";
}

/** Returns a string that Terraform evaluates to the given text: `${` and `%{` are escaped, except in tokens. */
export function template(value: string): string {
  return value.replace(/\$\{(?!TfToken\[)/g, () => "$${").replace(/%\{/g, () => "%%{");
}

/**
 * Returns a string as an operand within a Terraform expression. Within `${…}` the framework replaces a token with a bare
 * reference, so that literal text around a token is joined to it by `join`.
 */
export function operand(value: string): string {
  const tokens = value.match(TOKEN) ?? [];
  const parts = value
    .split(TOKEN)
    .flatMap((literal, index) => [
      ...(literal === "" ? [] : [JSON.stringify(literal)]),
      ...(tokens[index] === undefined ? [] : [tokens[index]]),
    ]);
  return parts.length === 1 ? parts[0]! : `join("", [${parts.join(", ")}])`;
}

/**
 * Returns the Terraform address of a resource, such as `aws_kms_key.Key`, or of one of its attributes. It has no `${…}` around
 * it.
 */
export function address(
  resource: { readonly friendlyUniqueId: string; readonly terraformResourceType: string },
  ...attribute: readonly [] | readonly [attribute: string]
): string {
  return [resource.terraformResourceType, resource.friendlyUniqueId, ...attribute].join(".");
}
