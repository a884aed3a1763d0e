/** The time after which progress is shown, in milliseconds. */
const PATIENCE = 500;
/** How often a line is written, in milliseconds. */
const INTERVAL = 100;

/** Shows the progress of a long synthesis, in one line of a terminal; a pipe gets nothing. */
export class Progress {
  private shown = false;
  private next = Date.now() + PATIENCE;

  public constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** A step is done: the number of them so far, of how many. */
  public step(doing: string, done: number, of: number): void {
    const now = Date.now();
    if (!this.stream.isTTY || now < this.next) {
      return;
    }
    this.next = now + INTERVAL;
    this.shown = true;
    this.stream.write(`\r\x1b[K${doing} ${done} of ${of} stacks`);
  }

  /** Removes the line. */
  public end(): void {
    if (this.shown) {
      this.stream.write("\r\x1b[K");
    }
  }
}
