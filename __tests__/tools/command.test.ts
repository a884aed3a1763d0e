import { REGION } from "../../modules/private/rules";
import { ConfigurationError } from "../../app/config/configuration-file";
import { checkOption, errorText, parseArguments, requireAnswer, UserError } from "../../tools/command";

const PROBLEMS = ["warehouses.yaml:1 a must be b, got: c", "warehouses.yaml:2 d must be e, got: f"];

test.each([
  ["a user's error in one line", new UserError("a must\n  be b"), "sql: a must be b"],
  ["another error with its name", new TypeError("a is not b"), "sql: TypeError: a is not b"],
  ["a hidden character by its code", new TypeError("\u001b[31ma\u202e"), String.raw`sql: TypeError: \u001b[31ma\u202e`],
  [
    "the remedy of absent credentials",
    Object.assign(new Error("none"), { name: "CredentialsProviderError" }),
    "sql: CredentialsProviderError: none; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  ["a line for each problem of a configuration", new ConfigurationError(PROBLEMS), PROBLEMS.join("\n")],
])("a command prints %s", (_, error, text) => {
  expect(errorText("sql", error)).toBe(text);
});

test("a command names its list of options if an argument is unknown", () => {
  expect(() => parseArguments("sql", { args: ["--x"], options: {} })).toThrow(
    new UserError("Unknown option '--x'; npm --silent run sql -- --help lists the options"),
  );
});

test("requires --yes without a terminal", async () => {
  await expect(requireAnswer("Type yes to go on: ", "yes", "nothing was created")).rejects.toThrow(
    new UserError("--yes must be given if there is no terminal; nothing was created"),
  );
});

test("refuses a value that breaks the rule of its option, and takes an absent one", () => {
  expect(() => checkOption("--region", "moon", REGION)).toThrow(
    new UserError(`--region must ${REGION.must}, got: moon`),
  );
  expect(() => {
    checkOption("--region", undefined, REGION);
  }).not.toThrow();
});
