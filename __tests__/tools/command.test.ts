import { REGION } from "../../modules/private/rules";
import { ConfigurationError } from "../../app/config/configuration-file";
import { checkOption, errorText, parseArguments, requireAnswer, UserError } from "../../tools/command";

const PROBLEMS = ["warehouses.yaml:1 a must be b, got: c", "warehouses.yaml:2 d must be e, got: f"];

test.each([
  ["a UserError in one line", new UserError("a must\n  be b"), "sql: a must be b"],
  ["another error with its class name", new TypeError("a is not b"), "sql: TypeError: a is not b"],
  ["a hidden character by its code", new TypeError("\u001b[31ma\u202e"), String.raw`sql: TypeError: \u001b[31ma\u202e`],
  [
    "the remedy for absent credentials",
    Object.assign(new Error("none"), { name: "CredentialsProviderError" }),
    "sql: CredentialsProviderError: none; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ],
  ["each problem of a ConfigurationError in one line", new ConfigurationError(PROBLEMS), PROBLEMS.join("\n")],
])("errorText returns %s", (_, error, text) => {
  expect(errorText("sql", error)).toBe(text);
});

test("parseArguments throws for an unknown option, and names the command with --help", () => {
  expect(() => parseArguments("sql", { args: ["--x"], options: {} })).toThrow(
    new UserError("Unknown option '--x'; npm --silent run sql -- --help lists the options"),
  );
});

test("requireAnswer throws without a terminal, and names --yes in the error", async () => {
  await expect(requireAnswer("Type yes to go on: ", "yes", "nothing was created")).rejects.toThrow(
    new UserError("--yes must be given if there is no terminal; nothing was created"),
  );
});

test("checkOption throws for a value that breaks its rule, and accepts an absent one", () => {
  expect(() => checkOption("--region", "moon", REGION)).toThrow(
    new UserError(`--region must ${REGION.must}, got: moon`),
  );
  expect(() => {
    checkOption("--region", undefined, REGION);
  }).not.toThrow();
});
