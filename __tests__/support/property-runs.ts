/** Returns how often a property is tested: so many times, or a multiple of it in a longer run with PROPERTY_RUNS. */
export function propertyRuns(count: number): number {
  return count * Number(process.env.PROPERTY_RUNS ?? 1);
}
