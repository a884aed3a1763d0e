/** Returns a list of names for a sentence, with the number of those after the first `most`. */
export function listOf(names: readonly string[], most: number): string {
  const remaining = names.length - most;
  return remaining > 0 ? `${names.slice(0, most).join(", ")} and ${remaining} more` : names.join(", ");
}
