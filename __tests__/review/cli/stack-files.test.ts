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
  const wide = SERVERLESS_STACK.replace(/Resource\\":(\\"[^}]*}\\")/, String.raw`Resource\":[\"*\",$1]`);
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

describe("the policies of a configuration in HCL", () => {
  const configuration = readFileSync(join(PLANS, "policies-in-configuration", "after.tf"), "utf8");
  const notShown = [
    "key-policy-not-shown",
    "key-policy-not-shown",
    "key-policy-not-shown",
    "role-policy-not-shown",
    "role-policy-not-shown",
    "role-trust-not-shown",
    "role-trust-not-shown",
  ];
  beforeEach(() => {
    rmSync(join(directory, "cdk.tf.json"));
    cpSync(join(PLANS, "policies-in-configuration", "after.plan.json"), plan);
    writeFileSync(join(directory, "main.tf"), configuration);
  });

  test("are not judged without --stack-files", () => {
    expect(reviewed(plan).rules).toStrictEqual([notShown]);
  });

  test("are judged with --stack-files, with the ARNs of roles that the plan creates", () => {
    expect(reviewed("--stack-files", "--strict", plan)).toStrictEqual({
      errors: [],
      rules: [["key-policy-locks-out-caller", "key-policy-deployer-cannot-use"]],
      status: 1,
    });
  });

  test.each(["a.tf", "z.tf"])("are judged if local values are in %s", (name) => {
    const locals = /^locals \{.*?^\}/ms;
    writeFileSync(join(directory, "main.tf"), configuration.replace(locals, ""));
    writeFileSync(join(directory, name), locals.exec(configuration)![0]);
    expect(reviewed("--stack-files", plan).rules).not.toContainEqual(expect.arrayContaining(["key-policy-not-shown"]));
  });

  test.each([
    [
      "key-policy-principal-pattern",
      "AWS = [aws_iam_role.administrator.arn]",
      'AWS = ["a*", aws_iam_role.administrator.arn]',
    ],
    ["key-policy-not-shown", "aws_iam_role.administrator.arn]", "aws_iam_role.analyst.arn]"],
    ["key-policy-not-shown", 'Administrator"', '${upper(local.root)}"'],
    [
      "role-data-api-everywhere",
      "Resource = aws_redshiftserverless_workgroup.this.arn",
      'Resource = [aws_redshiftserverless_workgroup.this.arn, "*"]',
    ],
    [
      "role-policy-not-shown",
      "Resource = aws_redshiftserverless_workgroup.this.arn",
      "Resource = upper(aws_redshiftserverless_workgroup.this.arn)",
    ],
    [
      "role-trusts-federated-users",
      '"token.actions.githubusercontent.com:sub" = "repo:example/analytics:ref:refs/heads/main"',
      "",
    ],
    [
      "role-trusts-other-account",
      "AWS = aws_iam_role.administrator.arn }",
      'AWS = [aws_iam_role.administrator.arn, "arn:aws:iam::444455556666:root"] }',
    ],
    [
      "key-policy-other-account",
      "identifiers = [aws_iam_role.analyst.arn",
      'identifiers = ["arn:aws:iam::444455556666:root", aws_iam_role.analyst.arn',
    ],
    ["key-policy-not-shown", "values = [var.service]", "values = [upper(var.service)]"],
    [
      "key-policy-not-shown",
      "identifiers = [aws_iam_role.analyst.arn",
      "identifiers = [upper(aws_iam_role.analyst.arn)",
    ],
    ["key-policy-not-shown", 'version = "2012-10-17"', "source_policy_documents = []"],
    ["key-policy-not-shown", "identifiers = [aws_iam_role.analyst.arn, ", "identifiers = ["],
  ])("have the finding %s with %j as %j", (rule, text, replacement) => {
    const parts = configuration.replace(/ +/g, " ").split(text);
    expect(parts.length).toBeGreaterThan(1);
    writeFileSync(join(directory, "main.tf"), [parts[0], parts.slice(1).join(text)].join(replacement));
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([expect.arrayContaining([rule])]);
  });

  test("are not judged if they refer to the ID of a role that the plan creates", () => {
    const withId = (text: string): string => text.replaceAll("administrator.arn", "administrator.unique_id");
    writeFileSync(join(directory, "main.tf"), withId(configuration));
    writeFileSync(plan, withId(readFileSync(plan, "utf8")));
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([expect.arrayContaining(["key-policy-not-shown"])]);
  });

  test("are judged with a condition on true", () => {
    const condition = 'Condition = { Bool = { "kms:GrantIsForAWSResource" = true }';
    writeFileSync(join(directory, "main.tf"), configuration.replace("Condition = {", condition));
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([
      ["key-policy-no-data-api-describe-key", "key-policy-locks-out-caller", "key-policy-deployer-cannot-use"],
    ]);
  });

  test("are refused with a syntax error", () => {
    writeFileSync(join(directory, "main.tf"), "}");
    expect(reviewed("--stack-files", plan)).toStrictEqual({
      errors: [`${join(directory, "main.tf")} has a syntax error, so Terraform refuses it`],
      rules: [],
      status: 2,
    });
  });
});

test.each(["override.tf", "other_override.tf.json", "cdk.tofu", "cdk_override.tofu.json"])(
  "--stack-files refuses a stack beside %s, which could override the stack",
  (name) => {
    writeFileSync(join(directory, name), "");
    expect(reviewed("--stack-files", plan)).toStrictEqual({
      errors: [
        `${plan} must be beside its configuration, without override files and files of OpenTofu, as --stack-files requires`,
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
    expect([errors.at(-1), status]).toStrictEqual([expect.stringContaining("must be beside its configuration"), 2]);
  }
});
