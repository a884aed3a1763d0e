import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { globSync } from "tinyglobby";
import { blocksOfHcl } from "../../../review/source/hcl";
import { blocksOfJson } from "../../../review/source/json";
import { PLANS } from "../../support/paths";

const blocksIn = (text: string) => blocksOfHcl(text).blocks.map(({ address, line }) => `${line} ${address}`);

describe("a file of HCL", () => {
  test.each([
    ["a resource", 'resource "aws_kms_key" "k" {}', ["1 aws_kms_key.k"]],
    ["a data source", '\n\ndata "aws_kms_key" "k" {\n}', ["3 data.aws_kms_key.k"]],
    ["labels without quotes", "resource aws_kms_key k {}", ["1 aws_kms_key.k"]],
    ["two resources", 'resource "a" "b" {\n}\r\nresource "a" "c" {}', ["1 a.b", "3 a.c"]],
    ["comments in a header", '# x\nresource /* y */ "a" "b" { // z {\n}\nresource "a" "c" {}', ["2 a.b", "4 a.c"]],
    [
      "other blocks, which have none",
      'variable "a" {}\nmodule "b" {}\nlocals {}\nresource "a" "b" "c" {}\nresource "a" {}',
      [],
    ],
  ])("has the line and address of each resource: %s", (_, text, expected) => {
    expect(blocksIn(text)).toStrictEqual(expected);
  });

  const real = 'resource "real" "r" {}';
  const fake = 'resource "fake" "f" {}';
  test.each([
    ["a comment of a line", `# ${fake}\n// ${fake}\n`],
    ["a comment of several lines", `/*\n${fake}\n*/ `],
    ["a comment that looks like the end of one", `/* # */ # */ ${fake}\n`],
    ["a heredoc", `locals {\n  a = <<EOT\n${fake}\n}\n"\n/*\nEOT\n}\n`],
    ["an indented heredoc", `locals {\n  a = <<-EOT\n    ${fake}\n    EOTX\n${fake}\n    EOT\n}\n`],
    [
      "a heredoc with an interpolation",
      `locals {\n  a = <<EOT\n\${join("}", [\n"EOT", ""\n])}\n$\${ %%{\n${fake}\nEOT\n}\n`,
    ],
    ["a string", `locals {\n  a = "\\"}"\n  b = "{ \\\\"\n}\n`],
    ["an interpolation of a string", `locals {\n  a = "\${f("}", { b = "\${c}" })}{"\n}\n`],
    ["an escaped interpolation", 'locals {\n  a = "$${ %%{"\n}\n'],
    ["another block", `a {\n${fake}\n}\n`],
    ["a block without quotes in another block", "a {\nresource fake f {}\n}\n"],
    ["an assignment", 'x = resource "fake" "f" {}\n'],
    ["brackets", `locals {\n  a = [{ b = { c = 1 } }, (2)]\n}\n`],
  ])("has the line of a resource behind %s, and no resource within that text", (_, text) => {
    const lines = text.split("\n").length;
    expect(blocksIn(`${text}${real}`)).toStrictEqual([`${lines} real.r`]);
    expect(blocksOfHcl(`${text}${real}`).isBroken).toBe(false);
  });

  test("has a resource behind a string without a closing quote", () => {
    expect(blocksOfHcl(`locals {\n  a = "}\n}\n${real}`)).toMatchObject({
      blocks: [{ address: "real.r", line: 4 }],
      isBroken: true,
    });
  });

  test("of a recorded plan has the resources that a search by lines finds", () => {
    for (const file of globSync("*/*.tf", { cwd: PLANS })) {
      const text = readFileSync(join(PLANS, file), "utf8");
      const expected = text.split("\n").flatMap((line, index) => {
        const [, kind, type, name] = /^(resource|data) "([^"]+)" "([^"]+)" \{/.exec(line) ?? [];
        return kind === undefined ? [] : [`${index + 1} ${kind === "data" ? "data." : ""}${type}.${name}`];
      });
      expect(blocksIn(text)).toStrictEqual(expected);
      expect(blocksOfHcl(text).isBroken).toBe(false);
    }
  });

  test("that is broken, or nested 100,000 deep, has no resources", () => {
    for (const text of [
      'resource "a',
      "a = {",
      "<<EOT\n",
      "/*",
      "/*/",
      "/* a",
      '"${',
      "}}}",
      '"\\',
      '"a\n',
      "<<EOT\n${",
    ]) {
      expect(blocksOfHcl(text)).toMatchObject({ blocks: [], isBroken: true });
    }
    const deep = `locals {\n  a = ${'"${'.repeat(100_000)}`;
    expect(blocksOfHcl(deep)).toMatchObject({ blocks: [], isBroken: true });
  });
});

describe("a file of JSON", () => {
  const json = (text: string) => blocksOfJson(text).blocks.map(({ address, line }) => `${line} ${address}`);

  test("has the line of each resource and data source, also in arrays", () => {
    expect(
      json(`{
  "//": { "resource": { "a": { "b": {} } } },
  "data": { "aws_kms_key": { "k": { "resource": "x" } } },
  "resource": [
    { "aws_kms_key": [{
        "k": [{ "policy": "{ \\"resource\\": { \\"a\\": { \\"b\\": 1 } } }" }],
        "l": { "a": ["resource", "b", { "c": {} }] } }] }
  ]
}`),
    ).toStrictEqual(["3 data.aws_kms_key.k", "6 aws_kms_key.k", "7 aws_kms_key.l"]);
  });

  test("that CDKTF has written has the line of each resource", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new KmsKey(stack, "Key", { provider: new AwsProvider(stack, "aws"), tags: { resource: "a" } });
    new DataAwsKmsKey(stack, "Existing", { keyId: "alias/a" });
    const text = Testing.synth(stack);
    const { blocks } = blocksOfJson(text);
    expect(blocks.map(({ address }) => address)).toStrictEqual(["data.aws_kms_key.Existing", "aws_kms_key.Key"]);
    for (const { address, line } of blocks) {
      expect(text.split("\n")[line - 1]).toContain(`"${address.split(".").at(-1)}": {`);
    }
  });

  test("that is broken, or nested 100,000 deep, has no resources", () => {
    for (const text of ["", "{", '{"resource', '{"resource": {"a": {"b', "]]}}", '"', "[".repeat(100_000)]) {
      expect(blocksOfJson(text)).toStrictEqual({ blocks: [], isBroken: true });
    }
  });
});
