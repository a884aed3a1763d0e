/** A string token of the framework, within a string. */
export const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

/** Whether a value is one string token, with nothing around it. */
export function isToken(value: unknown): boolean {
  return typeof value === "string" && value.replace(TOKEN, "") === "" && value !== "";
}

/** A string as a Terraform template: `${…}` and `%{…}` of the string are escaped, tokens are not. */
export function template(value: string): string {
  return value.replace(/\$\{(?!TfToken\[)/g, () => "$${").replace(/%\{/g, () => "%%{");
}

/**
 * A string as an operand of a Terraform expression in text. Within `${…}` the framework replaces a token with a bare reference,
 * so the text around a token must be joined with it.
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

/** The address of a resource in its stack, or of one of its attributes. It is no expression, but a bare reference. */
export function address(
  resource: { readonly friendlyUniqueId: string; readonly terraformResourceType: string },
  ...attribute: readonly [] | readonly [attribute: string]
): string {
  return [resource.terraformResourceType, resource.friendlyUniqueId, ...attribute].join(".");
}
