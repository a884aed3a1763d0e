/** Returns the default alias of the key that an entry creates. */
export function defaultAlias(entryName: string): string {
  return `alias/${entryName}`;
}
