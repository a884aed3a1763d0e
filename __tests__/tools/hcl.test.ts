import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Token } from "cdktf";
import { ref } from "cdktf/lib/tfExpression";
import { version } from "../../package.json";
import { TERRAFORM, terraformFiles } from "../../tools/hcl/files";
import { call, expressionOf, filter, Template, toHcl } from "../../tools/hcl/hcl";
import { expression, ModuleStack } from "../../tools/hcl/module-stack";
import { ROOT } from "../support/paths";

const FILES = terraformFiles();
const names = (text: string, block: string) =>
  [...text.matchAll(new RegExp(`^${block} "(\\w+)"`, "gm"))].map(([, name]) => name!);

describe.each(["", "modules/cluster/", "modules/serverless/"])("the module in terraform/%s", (folder) => {
  const [main, outputs, variables, versions] = ["main", "outputs", "variables", "versions"].map((file) =>
    FILES.get(`${folder}${file}.tf`)!,
  ) as [string, string, string, string];
  const all = main + outputs + variables;

  test("has no provider, no backend and no trace of CDKTF", () => {
    expect(all + versions).not.toMatch(/^provider|backend|removed|TfToken|cdktf|object Object|e\+\d{3}/m);
  });

  test("has resource names of lowercase letters and underscores only", () => {
    const resources = [...main.matchAll(/^resource "\w+" "(.*)"/gm)].map(([, name]) => name!);
    expect(resources.length).toBeGreaterThan(2);
    expect(resources.filter((name) => !/^[a-z_]+$/.test(name))).toStrictEqual([]);
  });

  test("declares exactly the variables that it uses", () => {
    const used = new Set([...all.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name!));
    expect([...used].sort()).toStrictEqual(names(variables, "variable").sort());
  });

  test("describes each variable and output", () => {
    const blocks = names(variables, "variable").length + names(outputs, "output").length;
    expect([...(variables + outputs).matchAll(/^ {2}description += ".+"$/gm)]).toHaveLength(blocks);
  });

  test("names no prop in camelCase in its texts", () => {
    const texts = [...all.matchAll(/(?:error_message|description) += (".*")$/gm)].map(([, text]) => text!);
    expect(texts.filter((text) => /['`][a-z]+[A-Z]/.test(text))).toStrictEqual([]);
    expect(FILES.get(`${folder}README.md`)).not.toMatch(/['`][a-z]+[A-Z]/);
    expect(all).not.toContain("deletion_protection");
  });

  test("lists each variable and output in its README", () => {
    const readme = FILES.get(`${folder}README.md`)!;
    const rows = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
    expect(rows).toStrictEqual([...names(variables, "variable"), ...names(outputs, "output")]);
  });
});

test("the key and the role output of the root module depend on the role resources", () => {
  const waits = "  depends_on              = [aws_iam_role.user_role]";
  expect(FILES.get("main.tf")).toContain(waits);
  expect(FILES.get("outputs.tf")).toContain("  depends_on  = [aws_iam_role.user_role]");
});

test("the cluster module creates a parameter group only if no name is given", () => {
  const main = FILES.get("modules/cluster/main.tf")!;
  expect(main).toContain("  count       = var.cluster_parameter_group_name == null ? 1 : 0");
  expect(main).toContain(
    "= var.cluster_parameter_group_name == null ? " +
      "one(aws_redshift_parameter_group.cluster_parameter_group[*].name) : var.cluster_parameter_group_name",
  );
});

test("toHcl writes each kind of value", () => {
  const body = {
    depends_on: [expressionOf("thing.two")],
    tags: { "a b": new Template([expressionOf('var.names["x"]'), "-$${kept}"]), c: 'a "b"', d: null },
    for_each: expressionOf("var.names"),
    lifecycle: { prevent_destroy: true },
    policy: call("jsonencode", filter([{ a: {}, b: 1 }], "one", "true")),
  };
  expect(
    toHcl([
      { body, labels: ["thing", "one"], type: "resource" },
      { body: {}, labels: ["caller", "who"], type: "data" },
    ]),
  ).toBe(`resource "thing" "one" {
  for_each = var.names
  tags = {
    "a b" = "\${var.names["x"]}-$\${kept}"
    c     = "a \\"b\\""
    d     = null
  }
  policy = jsonencode([
    for one in [
      {
        a = {}
        b = 1
      },
    ] :
    one if true
  ])
  depends_on = [thing.two]

  lifecycle {
    prevent_destroy = true
  }
}

data "caller" "who" {}
`);
});

test("ModuleStack resolves tokens in strings, expressions and policies", () => {
  const module = new ModuleStack("Title", "Summary");
  const name = expression("var.name");
  module.local("template", `a-${name}-$\${aws:userid}`);
  module.local("nested", `\${length([for a in ${name} : "\${a}"]) > ${Token.asString(ref("var.min"))}}`);
  module.local("braces", `{ "${name}" }`);
  module.local("number", Token.asNumber(ref("var.number")));
  module.local("number_in_string", `port ${Token.asNumber(ref("var.number"))}`);
  module.local("number_and_name", `${name}:${Token.asNumber(ref("var.number"))}`);
  module.local("policy", module.policy(JSON.stringify({ Version: "v", Statement: [{ Principal: { AWS: name } }] })));
  const locals = module.blocks().filter(({ type }) => type === "locals");
  expect(toHcl(locals)).toBe(`locals {
  template         = "a-\${var.name}-$\${aws:userid}"
  nested           = length([for a in var.name : "\${a}"]) > var.min
  braces           = "{ \\"\${var.name}\\" }"
  number           = var.number
  number_in_string = "port \${var.number}"
  number_and_name  = "\${var.name}:\${var.number}"
  policy = jsonencode({
    Version = "v"
    Statement = [
      for statement in [
        {
          Principal = {
            AWS = var.name
          }
        },
      ] :
      statement if length(flatten(values(statement.Principal))) > 0
    ]
  })
}
`);
});

test("ModuleStack throws for a policy within an expression", () => {
  const module = new ModuleStack("Title", "Summary");
  module.local("policy", `\${length(${module.policy("{}")})}`);
  expect(() => module.blocks()).toThrow(
    "A policy in an HCL module must be the whole value of an argument, not a part of it.",
  );
});

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]) => (one < other ? -1 : 1);

test("the files of terraform/ equal the output of `npm run terraform`", () => {
  const isGenerated = (path: string) => /^(modules\/\w+\/)?[\w.]+\.(tf|md)$/.test(path);
  const committed = readdirSync(TERRAFORM, { encoding: "utf8", recursive: true })
    .filter(isGenerated)
    .map((path) => [path, readFileSync(join(TERRAFORM, path), "utf8")] as const);
  // `npm run terraform` removes a difference.
  expect(committed.sort(byName)).toStrictEqual([...terraformFiles()].sort(byName));
});

test("each module of terraform/ has the five standard files", () => {
  const standard = ["README.md", "main.tf", "outputs.tf", "variables.tf", "versions.tf"];
  const folders = ["", "modules/cluster/", "modules/serverless/"];
  expect([...terraformFiles().keys()].sort()).toStrictEqual(
    folders.flatMap((folder) => standard.map((file) => folder + file)).sort(),
  );
});

test("the README shows the key of terraform/examples/complete", () => {
  const [key] = readFileSync(join(TERRAFORM, "examples", "complete", "main.tf"), "utf8").split("\n\n");
  expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain(`\`\`\`hcl\n${key}\n\`\`\``);
});

test("terraform/examples/complete sources the modules by git at this version", () => {
  const example = readFileSync(join(TERRAFORM, "examples", "complete", "main.tf"), "utf8");
  const sources = [...example.matchAll(/source += "(.*)"/g)].map(([, source]) => source);
  const repository = "git::https://example.com/redshift-kms.git//terraform";
  expect(sources).toStrictEqual(
    ["", "/modules/cluster", "/modules/serverless"].map((path) => `${repository}${path}?ref=v${version}`),
  );
});
