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

describe("the policies of modules", () => {
  const source = join(PLANS, "policies-in-modules");
  const [access, key] = ["access", "key"].map((name) => join("modules", name, "main.tf")) as [string, string];
  const notShown = ["key-policy", "role-policy", "role-policy", "role-policy", "role-policy", "role-trust"].map(
    (name) => `${name}-not-shown`,
  );
  const install = (...names: readonly string[]): void => {
    const Modules = names.map((name) => ({
      Dir: name.includes("key") ? "modules/key" : "modules/access",
      Key: name,
      Source: name,
    }));
    mkdirSync(join(directory, ".terraform", "modules"), { recursive: true });
    writeFileSync(join(directory, ".terraform", "modules", "modules.json"), JSON.stringify({ Modules }));
  };
  const replaceIn = (file: string, text: string, replacement: string): void => {
    const before = readFileSync(join(directory, file), "utf8").replace(/ +/g, " ");
    expect(before).toContain(text);
    writeFileSync(join(directory, file), before.replaceAll(text, replacement));
  };
  beforeEach(() => {
    rmSync(join(directory, "cdk.tf.json"));
    cpSync(join(source, "modules"), join(directory, "modules"), { recursive: true });
    cpSync(join(source, "after.tf"), join(directory, "main.tf"));
    cpSync(join(source, "after.plan.json"), plan);
    install("key", "reader", "writer");
  });

  test("are judged, with the arguments and outputs of modules", () => {
    expect(reviewed(plan).rules).toStrictEqual([notShown]);
    expect(reviewed("--stack-files", plan)).toStrictEqual({ errors: [], rules: [[]], status: 0 });
  });

  test.each<[string, string, string, string]>([
    ["role-data-api-everywhere", access, "[var.workgroup_arn]", '["*", var.workgroup_arn]'],
    ["key-policy-principal-pattern", "main.tf", ":role/ExampleAdminRole", ":role/*"],
    ["role-policy-not-shown", access, "[var.workgroup_arn]", "[upper(var.workgroup_arn)]"],
    ["role-policy-not-shown", "main.tf", "module.reader.policy", "upper(module.reader.policy)"],
    ["role-policy-not-shown", "main.tf", "= aws_redshiftserverless_workgroup.this.arn", '= "a${var.b}"'],
    ["role-trust-not-shown", access, "value = aws_iam_role.this[0].arn", 'value = "${aws_iam_role.that[0].arn}"'],
    ["role-trust-not-shown", "main.tf", "{ AWS = module.reader.role_arn }", "{ AWS = module.reader.role }"],
    ["key-policy-not-shown", key, "user = var.user_arn", "user = var.name"],
  ])("have the finding %s if %s has %j as %j", (rule, file, text, replacement) => {
    replaceIn(file, text, replacement);
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([expect.arrayContaining([rule])]);
  });

  test.each([
    ['"role_arn":{', '"sensitive":true,', ["key-policy-not-shown", "role-trust-not-shown"]],
    ['"role_arn":{', '"sensitive":false,', []],
    ['"user_arn":{', '"sensitive":true', ["key-policy-not-shown"]],
    ['"user_arn":{', '"sensitive":false', []],
  ])("with the output or variable %s%s have the findings %j", (name, mark, rules) => {
    const [before, end] = name.startsWith('"role') ? [name, '"expression"'] : [name, "}"];
    const text = readFileSync(plan, "utf8");
    expect(text).toContain(before + end);
    writeFileSync(plan, text.replaceAll(before + end, before + mark + end));
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([rules]);
  });

  test("are not judged if modules.json does not name the module, or if it has an override file", () => {
    install("key", "reader");
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([["role-policy-not-shown", "role-policy-not-shown"]]);
    install("key", "reader", "writer");
    writeFileSync(join(directory, "modules", "key", "override.tf"), "");
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([["key-policy-not-shown"]]);
  });

  test("are judged if the configuration is JSON", () => {
    const call = (name: string, more: object) => ({ source: "./modules/access", ...more, name });
    const workgroup_arn = "${aws_redshiftserverless_workgroup.this.arn}";
    const module = {
      key: {
        account_id: "${data.aws_caller_identity.current.account_id}",
        administrator_arn: "arn:aws:iam::111122223333:role/ExampleAdminRole",
        source: "./modules/key",
        user_arn: "${module.reader.role_arn}",
      },
      reader: call("${local.readers}", { workgroup_arn }),
      writer: call("Writer-${each.key}", { for_each: "${toset([])}", workgroup_arn }),
    };
    rmSync(join(directory, "main.tf"));
    rmSync(join(directory, key));
    writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ locals: { readers: "Reader" }, module }));
    const policy = readFileSync(join(source, key), "utf8");
    writeFileSync(join(directory, key), policy.replace(/^output [^]*/m, ""));
    writeFileSync(
      join(directory, "modules", "key", "outputs.tf.json"),
      JSON.stringify({ output: { arn: { value: "${aws_kms_key.this.arn}" }, none: [{ value: "a" }] } }),
    );
    expect(reviewed("--stack-files", plan).rules).toStrictEqual([["role-policy-not-shown", "role-trust-not-shown"]]);
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
