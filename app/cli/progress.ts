/** The time before the first line of progress, in milliseconds. A short run prints none. */
const DELAY = 500;
/** The minimum time between two updates of the line, in milliseconds. */
const INTERVAL = 100;

/** Shows the progress of a long synthesis in one line of a terminal. It writes nothing to a pipe. */
export class Progress {
  private shown = false;
  private next = Date.now() + DELAY;

  public constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Shows a step, such as `Writing`, with the number of the current stack and the number of all stacks. */
  public step(name: string, stack: number, stacks: number): void {
    const now = Date.now();
    if (!this.stream.isTTY || now < this.next) {
      return;
    }
    this.next = now + INTERVAL;
    this.shown = true;
    this.stream.write(`\r\x1b[K${name} ${stack} of ${stacks} stacks`);
  }

  /** Removes the line from the terminal. */
  public end(): void {
    if (this.shown) {
      this.stream.write("\r\x1b[K");
    }
  }
}
