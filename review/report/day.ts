/** Whether a string is a day that exists, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse reads 2026-02-31 as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
