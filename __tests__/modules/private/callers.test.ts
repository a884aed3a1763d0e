import { join } from "node:path";
import { inspect } from "node:util";
import { DataApiKey, Identity } from "../../../modules";
import { ROOT } from "../../support/paths";
import { admin, testStack } from "../../support/support";

function thrownBy(run: () => void): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("the stack trace of an error that the library throws", () => {
  test.each([
    ["a constructor", () => new DataApiKey(testStack(), "Key", { administrators: [], alias: "analytics" })],
    ["a static function", () => Identity.fromArn("ExampleAdminRole")],
    [
      "a static function that makes a construct",
      () => DataApiKey.fromKeyArn(testStack(), "Key", { keyArn: "alias/a" }),
    ],
  ])("begins with the caller of %s", (_, run) => {
    const { message, stack } = thrownBy(run);
    const [first, ...frames] = stack!.slice(stack!.indexOf(message) + message.length + 1).split("\n");
    expect(first).toContain(__filename);
    // The second frame is of this file, too.
    expect(first).not.toContain("thrownBy");
    expect(frames.join("\n")).not.toMatch(/(?<!__tests__)[\\/]modules[\\/]|node:/);
    expect(frames.length).toBeLessThan(Error.stackTraceLimit);
  });

  test("is all that Node.js prints of the error", () => {
    const props = { accountId: "1", administrators: [admin()], alias: "analytics" };
    const error = thrownBy(() => new DataApiKey(testStack(), "Key", props));
    expect(error.message.split("\n")).toHaveLength(2);
    expect(inspect(error)).toBe(error.stack);
  });

  test("is not shortened if no frame is outside the library, as in a bundle", () => {
    const frame = `    at ${join(ROOT, "modules")}/x.js:1:1`;
    Error.prepareStackTrace = (error) => `${String(error)}\n${frame}`;
    const { stack } = thrownBy(() => Identity.fromArn(""));
    Reflect.deleteProperty(Error, "prepareStackTrace");
    expect(stack).toMatch(/modules\/x\.js:1:1$/);
  });
});
