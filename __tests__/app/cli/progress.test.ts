import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Progress } from "../../../app/cli/progress";
import { withStacks } from "../../../app/cli/synthesis-threads";
import { fleetOf } from "../../support/support";

/** The lines that steps at these milliseconds write to a terminal or a pipe. */
function linesOf(isTTY: boolean, times: readonly number[]): string[] {
  const lines: string[] = [];
  jest.useFakeTimers({ now: 0 });
  try {
    const stream = { isTTY, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
    const progress = new Progress(stream);
    times.forEach((time, index) => {
      jest.setSystemTime(time);
      progress.step("Making", index + 1, times.length);
    });
    progress.end();
  } finally {
    jest.useRealTimers();
  }
  return lines;
}

describe("the progress line", () => {
  test("is written to a terminal at most every 100 ms after 500 ms, and removed at the end", () => {
    expect(linesOf(true, [100, 499, 500, 550, 600, 1000])).toStrictEqual([
      "\r\u001b[KMaking 3 of 6 stacks",
      "\r\u001b[KMaking 5 of 6 stacks",
      "\r\u001b[KMaking 6 of 6 stacks",
      "\r\u001b[K",
    ]);
  });

  test("is not written if the work ends within 500 ms", () => {
    expect(linesOf(true, [1, 2, 3])).toStrictEqual([]);
  });

  test("is not written to a pipe", () => {
    expect(linesOf(false, [1000, 2000])).toStrictEqual([]);
  });

  test("has a step for each created stack, and then for each written stack", async () => {
    const steps: string[] = [];
    const entry = (name: string) =>
      `{name: ${name}, account: "111122223333", region: us-east-1, administrators: [arn:aws:iam::111122223333:root], users: [arn:aws:iam::111122223333:role/R], serverless: {}}`;
    const fleet = fleetOf({ "w.yaml": `warehouses: [${entry("one")}, ${entry("two")}]` });
    const onStep = (...step: readonly unknown[]) => steps.push(step.join(" "));
    const outdir = mkdtempSync(join(tmpdir(), "progress-"));
    try {
      await withStacks(fleet, { onStep, projectDirectory: "." }, async (stacks) => {
        await stacks.write(outdir);
      });
    } finally {
      rmSync(outdir, { recursive: true });
    }
    expect(steps).toStrictEqual(["Making 1 2", "Making 2 2", "Writing 1 2", "Writing 2 2"]);
  });
});
