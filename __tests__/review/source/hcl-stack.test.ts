import { PlanError } from "../../../review/plan/plan";
import { readHclStack } from "../../../review/source/hcl-stack";

const argumentsIn = (text: string) => Object.fromEntries(readHclStack(text, "main.tf"));

test("reads the arguments of resources and data sources, and local values", () => {
  const text = `
locals {
  a = "b" # a comment
  c = local.a
}
locals { d=1 }
resource "aws_kms_key" "k" {
  policy = jsonencode({
    Statement = [aws_iam_role.r.arn]
  })
  tags = { "policy" = "none" }
  timeouts {
    create = "5m"
  }
  description = "d" // the end
}
data "aws_region" "r" { region = "us-east-1" }\r
resource "aws_iam_role" "r" {\r
  name = "R"\r
}`;
  expect(argumentsIn(text)).toStrictEqual({
    "aws_iam_role.r": { name: "R" },
    "aws_kms_key.k": {
      description: "d",
      policy: '{"Statement":["${aws_iam_role.r.arn}"]}',
      tags: { policy: "none" },
    },
    "data.aws_region.r": { region: "us-east-1" },
    local: { a: "b", c: "${local.a}", d: 1 },
  });
});

test.each([
  ["a function", "policy = file(var.a)"],
  ["an operator behind the value", 'policy = "a" == "b"'],
  ["an index behind the value", 'policy = ["a"][0]'],
  ["a condition", 'policy = var.a.b ? "c" : "d"'],
  ["a condition behind jsonencode", "policy = jsonencode({}) == 1 ? 2 : 3"],
  ["no value in an object", "policy = { a = }"],
  ["two assignments", 'policy = "a"\npolicy = "b"'],
  ["a comparison in another argument", 'description = (var.\npolicy == "b")'],
])("leaves out an argument with %s", (_, argument) => {
  expect(argumentsIn(`resource "aws_kms_key" "k" {\n${argument}\ndescription = "a"\n}`)).toStrictEqual({
    ...(argument.startsWith("description") ? {} : { "aws_kms_key.k": { description: "a" } }),
  });
});

test.each(["output", "module"])("reads the arguments of the block %s", (kind) => {
  const text = `${kind} "a" {\n  policy = "b"\n}\n${kind} {\n  c = 1\n}\n${kind} "a" "b" {\n  d = 1\n}`;
  expect(argumentsIn(text)).toStrictEqual({ [`${kind}.a`]: { policy: "b" } });
});

test.each(["variable", "moved", "provider"])("leaves out the block %s", (kind) => {
  expect(argumentsIn(`${kind} "a" {\n  policy = "b"\n}`)).toStrictEqual({});
});

const documentWith = (text: string): unknown => {
  const values = argumentsIn(`data "aws_iam_policy_document" "d" {\n${text}\n}`)["data.aws_iam_policy_document.d"];
  return values && JSON.parse(JSON.stringify(values));
};

test("reads the blocks of a policy document", () => {
  const text = `
  version = "2012-10-17"
  statement {
    actions = [
      "kms:Decrypt", # with a comment
    ]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.r.arn]
    }
    condition { test = "Bool" }
    condition {
      test = "Null"
    }
  }
  statement {
    sid = "Two"
  }`;
  expect(documentWith(text)).toStrictEqual({
    statement: [
      {
        actions: ["kms:Decrypt"],
        condition: [{ test: "Bool" }, { test: "Null" }],
        principals: [{ identifiers: ["${aws_iam_role.r.arn}"], type: "AWS" }],
      },
      { sid: "Two" },
    ],
    version: "2012-10-17",
  });
});

test.each([
  ["a function", "statement {\n  actions = concat(local.a)\n}"],
  ["a function in a nested block", "statement {\n  principals {\n    identifiers = [upper(local.a)]\n  }\n}"],
  ["an argument twice", 'statement {\n  sid = "A"\n  sid = "B"\n}'],
  ["a condition with an object in a list", "statement {\n  actions = [\n    a ? { b = 1 } : 2\n  ]\n}"],
])("leaves out a policy document with %s", (_, text) => {
  expect(documentWith(`version = "2012-10-17"\n${text}`)).toBeUndefined();
});

test.each(["__proto__", "constructor", "toString"])("reads a block %s of a policy document", (name) => {
  expect(JSON.stringify(documentWith(`${name} {\n  a = 1\n}`))).toBe(`{"${name}":[{"a":1}]}`);
});

test("reads a dynamic block of a policy document as a block of that name", () => {
  const text = 'dynamic "statement" {\n  for_each = [1]\n  content {\n    sid = "A"\n  }\n}';
  expect(documentWith(text)).toStrictEqual({ dynamic: [{ content: [{ sid: "A" }], for_each: [1] }] });
});

test("refuses a file with a syntax error", () => {
  expect(() => readHclStack('resource "a" "b" {', "main.tf")).toThrow(
    new PlanError("main.tf has a syntax error, so Terraform refuses it"),
  );
});
