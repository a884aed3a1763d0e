import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Progress } from "../../../app/cli/progress";
import { withStacks } from "../../../app/cli/synthesis-threads";
import { configuration, synth, WAREHOUSE } from "../support/project";
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
      progress.step("Creating", index + 1, times.length);
    });
    progress.end();
  } finally {
    jest.useRealTimers();
  }
  return lines;
}

describe("the progress line", () => {
  test("is removed before synth prints its report", async () => {
    const printed: number[] = [];
    jest.spyOn(Progress.prototype, "end").mockImplementation(() => {
      printed.push((console.log as jest.Mock).mock.calls.length);
    });
    await synth(configuration(`warehouses:${WAREHOUSE}`));
    expect(printed[0]).toBe(0);
  });

  test("is removed before synth prints a problem", async () => {
    const end = jest.spyOn(Progress.prototype, "end");
    const { status } = await synth(configuration(`warehouses:${WAREHOUSE.replace("us-east-1", "us-est-1")}`));
    expect([status, end.mock.calls.length]).toStrictEqual([1, 1]);
  });

  test("is written to a terminal at most every 100 ms after 500 ms, and removed at the end", () => {
    expect(linesOf(true, [100, 499, 500, 550, 600, 1000])).toStrictEqual([
      "\r\u001b[KCreating 3 of 6 stacks",
      "\r\u001b[KCreating 5 of 6 stacks",
      "\r\u001b[KCreating 6 of 6 stacks",
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
    expect(steps).toStrictEqual(["Creating 1 2", "Creating 2 2", "Writing 1 2", "Writing 2 2"]);
  });
});
