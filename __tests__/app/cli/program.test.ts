import { setImmediate } from "node:timers/promises";
import { run, statusOf } from "../../../app/cli/program";
import { ConfigurationError } from "../../../app/config/configuration-file";

const fail = (error: Error) => () => {
  throw error;
};

test.each([
  ["without an error", () => undefined, 0, []],
  ["with a ConfigurationError", fail(new ConfigurationError(["a problem"])), 1, [["a problem"]]],
  ["with an error of the file system", fail(Object.assign(new Error("EIO"), { syscall: "read" })), 1, [["EIO"]]],
])("run sets the exit status of a program %s, after the modules are loaded", async (_, program, status, lines) => {
  const { exitCode } = process;
  const print = jest.spyOn(console, "error").mockReturnValue();
  const work = jest.fn(program);
  try {
    run(work);
    expect(work).not.toHaveBeenCalled();
    await setImmediate();
    await setImmediate();
    expect(process.exitCode).toBe(status);
  } finally {
    process.exitCode = exitCode;
  }
  expect(print.mock.calls).toStrictEqual(lines);
});

test("statusOf throws an unexpected error", async () => {
  await expect(statusOf(fail(new TypeError("a bug")))).rejects.toThrow(new TypeError("a bug"));
  await expect(statusOf(fail("a text" as unknown as Error))).rejects.toBe("a text");
});
