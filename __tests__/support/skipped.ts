/** Prints on standard error, because jest hides the console of a file whose tests are all skipped. */
export function printSkipped(name: string, reason: string): void {
  process.stderr.write(`SKIPPED: ${name}, because ${reason}\n`);
}
