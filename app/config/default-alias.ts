/** The alias of a key that an entry creates, if the entry gives none. */
export function defaultAlias(entryName: string): string {
  return `alias/${entryName}`;
}
