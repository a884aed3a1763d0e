import { ConfigurationError } from "../../app/config/configuration-file";
import { errorText, parseArguments, UserError } from "../../tools/command";

const PROBLEMS = ["warehouses.yaml:1 a must be b, got: c", "warehouses.yaml:2 d must be e, got: f"];

test.each([
  ["a user's error in one line", new UserError("a must\n  be b"), "sql: a must be b"],
  ["another error with its name", new TypeError("a is not b"), "sql: TypeError: a is not b"],
  ["a line for each problem of a configuration", new ConfigurationError(PROBLEMS), PROBLEMS.join("\n")],
])("a command prints %s", (_, error, text) => {
  expect(errorText("sql", error)).toBe(text);
});

test("a command names its list of options if an argument is unknown", () => {
  expect(() => parseArguments("sql", { args: ["--x"], options: {} })).toThrow(
    new UserError("Unknown option '--x'; npm --silent run sql -- --help lists the options"),
  );
});
