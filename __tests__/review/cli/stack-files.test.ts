import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main, readInput } from "../../../review/cli/main";
import { PLANS } from "../../support/paths";
import { SERVERLESS_STACK } from "../support/serverless-stack";

let directory: string;
let plan: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stack-files-"));
  plan = join(directory, "plan.json");
  cpSync(join(PLANS, "first-serverless", "after.plan.json"), plan);
  writeFileSync(join(directory, "cdk.tf.json"), SERVERLESS_STACK);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the review in this process, and returns its exit status, its errors and the rules of its findings. */
function reviewed(...args: readonly string[]) {
  const errors = jest.spyOn(console, "error").mockReturnValue();
  let output = "";
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const status = main(["--format", "json", ...args], (name) =>
    name === "-" ? readFileSync(plan, "utf8") : readInput(name),
  );
  const { plans } = (output === "" ? { plans: [] } : JSON.parse(output)) as {
    readonly plans: readonly { readonly findings: readonly { readonly rule: string }[] }[];
  };
  const rules = plans.map(({ findings }) => findings.map(({ rule }) => rule));
  return { errors: errors.mock.calls.flat(), rules, status };
}

test("the policy of the stack beside each plan file is judged with --stack-files", () => {
  const second = join(directory, "second");
  mkdirSync(second);
  cpSync(plan, join(second, "plan.json"));
  const wide = SERVERLESS_STACK.replace(/Resource[^}]*}/, () => 'Resource\\":\\"*');
  writeFileSync(join(second, "cdk.tf.json"), wide);
  expect(reviewed("--stack-files", plan, join(second, "plan.json"))).toStrictEqual({
    errors: [],
    rules: [[], ["role-data-api-everywhere"]],
    status: 1,
  });
});

test("the policy of the stack is not judged without --stack-files", () => {
  expect(reviewed(plan)).toStrictEqual({ errors: [], rules: [["role-policy-not-shown"]], status: 1 });
});

test.each(["main.tf", "other_override.tf.json", "cdk.tofu", "cdk_override.tofu.json"])(
  "--stack-files refuses a stack beside %s, which could override it",
  (name) => {
    writeFileSync(join(directory, name), "");
    expect(reviewed("--stack-files", plan)).toStrictEqual({
      errors: [
        `${plan} must be beside the cdk.tf.json of its stack and no other configuration, as --stack-files requires`,
      ],
      rules: [],
      status: 2,
    });
  },
);

test("--stack-files refuses a plan without a stack, and standard input", () => {
  rmSync(join(directory, "cdk.tf.json"));
  for (const input of [plan, "-"]) {
    const { errors, status } = reviewed("--stack-files", input);
    expect([errors.at(-1), status]).toStrictEqual([expect.stringContaining("must be beside the cdk.tf.json"), 2]);
  }
});
