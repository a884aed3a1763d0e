/** Returns a number with commas, such as 12,345. toLocaleString would load the data of locales, which takes longer than many reviews. */
export function numberText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
