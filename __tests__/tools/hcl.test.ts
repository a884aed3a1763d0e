import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../package.json";
import { TERRAFORM, terraformFiles } from "../../tools/hcl/files";
import { type JsonObject, toHcl } from "../../tools/hcl/hcl";
import { clusterModule, keyModule, serverlessModule } from "../../tools/hcl/modules";
import { ROOT } from "../support/paths";

const MODULES = [
  ["key", keyModule],
  ["cluster", clusterModule],
  ["serverless", serverlessModule],
] as const;

describe.each(MODULES)("the module %s", (_, make) => {
  const body = make().body();
  const hcl = toHcl(body);
  const names = (part: string) => Object.keys(body[part] as object);

  test("leaves state and provider to its user, and shows nothing of the framework", () => {
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(["provider"]));
    expect(Object.keys(body.terraform as object).sort()).toStrictEqual(["required_providers", "required_version"]);
    expect(JSON.stringify(body)).not.toMatch(/TfToken|"\/\/"|"removed"|cdktf/i);
  });

  test("has names that a reader understands, and no hash", () => {
    const resources = Object.values(body.resource as Readonly<Record<string, JsonObject>>).flatMap((of) =>
      Object.keys(of),
    );
    expect(resources.filter((name) => !/^[a-z_]+$/.test(name))).toStrictEqual([]);
  });

  test("uses every variable, and none that it does not have", () => {
    const { variable, ...rest } = body;
    const used = new Set([...JSON.stringify(rest).matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name!));
    expect([...used].sort()).toStrictEqual(Object.keys(variable as object).sort());
  });

  test("describes every variable and output", () => {
    for (const part of ["variable", "output"]) {
      const described = Object.values(body[part] as Readonly<Record<string, JsonObject>>);
      expect(described.map(({ description }) => description)).not.toContain(undefined);
      expect(names(part).length).toBeGreaterThan(3);
    }
  });

  test("names variables, and no props", () => {
    const sentences = [...hcl.matchAll(/(?:error_message|description) += (".*")$/gm)].map(([, text]) => text!);
    expect(sentences.filter((text) => /['`][a-z]+[A-Z]/.test(text))).toStrictEqual([]);
    expect(hcl).not.toContain("deletion_protection");
  });
});

test("the key waits for the roles that its policy names, and so do resources that take their ARNs", () => {
  const { output, resource } = keyModule().body() as Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  const waits = { depends_on: [expect.stringContaining("aws_iam_role.user_role") as string] };
  expect(resource!.aws_kms_key!.key).toMatchObject(waits);
  expect(output!.user_role_arns).toMatchObject(waits);
});

test("the cluster makes a parameter group only if it takes none that exists", () => {
  const { resource } = clusterModule().body() as Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  expect(resource!.aws_redshift_parameter_group).toMatchObject({
    cluster_parameter_group: {
      count: "${var.cluster_parameter_group_name == null ? 1 : 0}",
      name: "${var.cluster_identifier}",
    },
  });
  expect(resource!.aws_redshift_cluster).toMatchObject({
    cluster: {
      cluster_parameter_group_name:
        "${var.cluster_parameter_group_name == null ? one(aws_redshift_parameter_group.cluster_parameter_group[*].name) : " +
        "var.cluster_parameter_group_name}",
    },
  });
});

test("HCL: values that the JSON syntax cannot distinguish, and characters that a quote must escape", () => {
  const hcl = toHcl({
    variable: {
      names: {
        type: "list(string)",
        default: "${null}",
        validation: [{ error_message: 'a "b"', condition: "${true}" }],
      },
    },
    resource: {
      thing: {
        one: {
          depends_on: ["thing.two"],
          tags: { "a b": '${var.names["x"]}-$${kept}' },
          for_each: "${var.names}",
          lifecycle: { prevent_destroy: true },
        },
      },
    },
    data: { caller: { who: {} } },
  });
  expect(hcl).toBe(`variable "names" {
  type    = list(string)
  default = null

  validation {
    condition     = true
    error_message = "a \\"b\\""
  }
}

resource "thing" "one" {
  for_each = var.names
  tags = {
    "a b" = "\${var.names["x"]}-$\${kept}"
  }
  depends_on = [thing.two]

  lifecycle {
    prevent_destroy = true
  }
}

data "caller" "who" {}
`);
});

test("HCL: an expression that does not end is refused", () => {
  expect(() => toHcl({ locals: { a: "${jsonencode({}" } })).toThrow("an expression must end, got: ${jsonencode({}");
});

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]) => (one < other ? -1 : 1);

test("the committed modules are the ones that the command writes", () => {
  const isGenerated = (path: string) => /^(modules\/\w+\/)?[\w.]+\.(tf|md)$/.test(path);
  const committed = readdirSync(TERRAFORM, { encoding: "utf8", recursive: true })
    .filter(isGenerated)
    .map((path) => [path, readFileSync(join(TERRAFORM, path), "utf8")] as const);
  // A difference is mended by `npm run terraform`.
  expect(committed.sort(byName)).toStrictEqual([...terraformFiles()].sort(byName));
});

test("the modules have the standard structure", () => {
  const standard = ["README.md", "main.tf", "outputs.tf", "variables.tf", "versions.tf"];
  const folders = ["", "modules/cluster/", "modules/serverless/"];
  expect([...terraformFiles().keys()].sort()).toStrictEqual(
    folders.flatMap((folder) => standard.map((file) => folder + file)).sort(),
  );
});

test("the README shows the key of the example", () => {
  const [key] = readFileSync(join(TERRAFORM, "examples", "complete", "main.tf"), "utf8").split("\n\n");
  expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain(`\`\`\`hcl\n${key}\n\`\`\``);
});

test("the example sources the modules of this version by git", () => {
  const example = readFileSync(join(TERRAFORM, "examples", "complete", "main.tf"), "utf8");
  const sources = [...example.matchAll(/source += "(.*)"/g)].map(([, source]) => source);
  const repository = "git::https://example.com/redshift-kms.git//terraform";
  expect(sources).toStrictEqual(
    ["", "/modules/cluster", "/modules/serverless"].map((path) => `${repository}${path}?ref=v${version}`),
  );
});
