/** A time as Redshift writes it in an encryption context, in UTC: yyyyMMdd'T'HHmm'Z'. */
export function createTimeText(date: Date): string {
  return `${date.toISOString().replace(/[-:]/g, "").slice(0, 13)}Z`;
}
