import fs, { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { withStaging } from "../../../app/cli/staging";

const DAY = 24 * 60 * 60 * 1000;
/** The name of the staging directory of a process of this host. */
const stagingOf = (pid: number) => `.synth-${hostname()}-${pid}`;
/** Process IDs that no process has: the system has no such large numbers. */
const [ENDED, FOREIGN, RUNNING] = [2 ** 30, 2 ** 30 + 1, 2 ** 30 + 2];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "staging-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Lets `process.kill` answer as if one process has ended, one is of another user, and one runs. */
function mockProcesses() {
  return jest.spyOn(process, "kill").mockImplementation((pid, signal) => {
    // The signal 0 only asks whether the process exists.
    expect(signal).toBe(0);
    if (pid === ENDED || pid === FOREIGN) {
      throw Object.assign(new Error("kill"), { code: pid === ENDED ? "ESRCH" : "EPERM" });
    }
    return true;
  });
}

test("withStaging runs a function with an empty directory, and removes the directory", async () => {
  for (const name of [stagingOf(process.pid), `${stagingOf(process.pid)}.removed`]) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, "file"), "");
  }
  await withStaging(directory, async (staging) => {
    expect(staging).toBe(join(directory, stagingOf(process.pid)));
    expect(readdirSync(directory)).toStrictEqual([stagingOf(process.pid)]);
    expect(readdirSync(staging)).toStrictEqual([]);
    writeFileSync(join(staging, "file"), "");
    return Promise.resolve();
  });
  expect(readdirSync(directory)).toStrictEqual([]);
});

test("withStaging removes the directory after an error, which it throws", async () => {
  await expect(withStaging(directory, async () => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
  expect(readdirSync(directory)).toStrictEqual([]);
});

test("withStaging renames the directory before it removes the files, so that no thread can add one", async () => {
  const late = jest.fn();
  await withStaging(directory, async (staging) => {
    jest.spyOn(fs, "rmSync").mockImplementationOnce(() => {
      late();
      expect(() => {
        writeFileSync(join(staging, "late"), "");
      }).toThrow("ENOENT");
    });
    return Promise.resolve();
  });
  expect(late).toHaveBeenCalledTimes(1);
  expect(readdirSync(directory)).toStrictEqual([]);
});

test.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)(
  "withStaging removes the directory on %s, and then sends the signal again",
  async (signal) => {
    const sent: unknown[] = [];
    const listeners = process.listenerCount(signal);
    await withStaging(directory, async () => {
      jest.spyOn(process, "kill").mockImplementation((...args) => {
        sent.push([...args, readdirSync(directory)]);
        return true;
      });
      expect(process.listenerCount(signal)).toBe(listeners + 1);
      process.emit(signal, signal);
      return Promise.resolve();
    });
    expect(sent).toStrictEqual([[process.pid, signal, []]]);
    await withStaging(directory, async () => Promise.resolve());
    expect(process.listenerCount(signal)).toBe(listeners);
  },
);

test("withStaging removes the staging directories of ended processes of this host, and no others", async () => {
  mockProcesses();
  const names = [ENDED, FOREIGN, RUNNING].map(stagingOf);
  for (const name of [...names, "stacks"]) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, "file"), "");
    utimesSync(join(directory, name), 0, 0);
  }
  await withStaging(directory, async () => Promise.resolve());
  expect(readdirSync(directory).sort()).toStrictEqual([...names.slice(1), "stacks"].sort());
});

test.each([
  [DAY, true],
  [DAY + 1, false],
])("withStaging after %i ms keeps the staging directory of another host: %j", async (age, isKept) => {
  const name = ".synth-other-1";
  mkdirSync(join(directory, name));
  utimesSync(join(directory, name), 1, 1);
  jest.spyOn(Date, "now").mockReturnValue(1000 + age);
  await withStaging(directory, async () => Promise.resolve());
  expect(readdirSync(directory)).toStrictEqual(isKept ? [name] : []);
});

test("withStaging accepts that another run removes an abandoned directory at the same time", async () => {
  mockProcesses();
  jest.spyOn(fs, "readdirSync").mockReturnValueOnce([stagingOf(ENDED), ".synth-other-1"] as never);
  const work = jest.fn(async () => Promise.resolve());
  await withStaging(directory, work);
  expect(work).toHaveBeenCalledTimes(1);
});

test("withStaging refuses an output directory below a file", async () => {
  writeFileSync(join(directory, "file"), "");
  const outdir = join(directory, "file", "below");
  await expect(withStaging(outdir, async () => Promise.resolve())).rejects.toThrow(
    new Error(`CDKTF_OUTDIR must be a writable directory, got: ${outdir} (ENOTDIR)`),
  );
});
