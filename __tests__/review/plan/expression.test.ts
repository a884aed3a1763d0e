import { expressionAt } from "../../../review/plan/expression";

/** The value of an expression that ends with its text; undefined if the expression is not read, or not to its end. */
function valueOf(text: string): unknown {
  const { end, value } = expressionAt(text, 0) ?? {};
  return end === text.length ? value : undefined;
}

test.each<[string, unknown]>([
  ['"a"', "a"],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['"$5 100% $${a} %%{b}"', "$5 100% $${a} %%{b}"],
  [
    '"arn:${var.partition}:${local.a-b}:${data.aws_region.r.name}"',
    "arn:${var.partition}:${local.a-b}:${data.aws_region.r.name}",
  ],
  ["aws_iam_role.r.arn", "${aws_iam_role.r.arn}"],
  ["aws_iam_role.r[0].arn", "${aws_iam_role.r[0].arn}"],
  ["aws_iam_role.r[each.key].arn", "${aws_iam_role.r[each.key].arn}"],
  ["12", 12],
  ["true", true],
  ["null", null],
  ["[]", []],
  ["{}", {}],
  ['[ "a" , [ 1, ], { b = false } ]', ["a", [1], { b: false }]],
  [
    '{ a = 1, "b" : 2\n c = var.x # one\n // two\n /* three\n */ d = [\n1,\n2,\n] }',
    { a: 1, b: 2, c: "${var.x}", d: [1, 2] },
  ],
  ['{ "${var.issuer}:sub" = "x" }', { "${var.issuer}:sub": "x" }],
  ["{ null = 1, true : 2 }", { null: 1, true: 2 }],
  ['{a=1,"b":2}', { a: 1, b: 2 }],
  ["{ a = 1, a = 2 }", { a: 2 }],
  ["{ __proto__ = 1 }", JSON.parse('{ "__proto__": 1 }')],
  ["<<EOT\na ${var.b}\n\\\nEOT", "a ${var.b}\n\\"],
  ["<<-EOT\n  a\n  EOTX\n  EOT", "  a\n  EOTX"],
  ['jsonencode({ a = "b" })', '{"a":"b"}'],
  [' jsonencode(\n["${var.a}"]\n)', '["${var.a}"]'],
])("%j has the value %j", (text, expected) => {
  expect(valueOf(text)).toStrictEqual(expected);
});

test.each([
  [""],
  ["word"],
  ["-1"],
  ["1.5"],
  ["012"],
  ["1a"],
  ['"a\\nb"'],
  ['"\\u0041"'],
  ['"a'],
  ['"${upper(var.a)}"'],
  ['"${var.a ? 1 : 2}"'],
  ['"${"a"}"'],
  ['"%{ if true }a%{ endif }"'],
  ["upper(var.a)"],
  ["jsondecode({})"],
  ["jsonencode({}, 1)"],
  ["jsonencode(jsonencode({}))"],
  ["jsonencode({}"],
  ["jsonencode()"],
  ["jsonencode({ a = })"],
  ["(1)"],
  ["!true"],
  ["[1 2]"],
  ["[var.a\n[0]]"],
  ["[1 - 1]"],
  ["[a = 1]"],
  ["[for a in var.b : a]"],
  ["{ for a in var.b : a => a }"],
  ["{ a = var.b ? 1 : 2 }"],
  ["{ a = var.b == 1 }"],
  ["{ a = 1 b = 2 }"],
  ["{ a => 1 }"],
  ["{ a == 1 }"],
  ["{ (var.a) = 1 }"],
  ["{ var.a = 1 }"],
  ["{ a[0] = 1 }"],
  ["{ a }"],
  ["{ a = }"],
  ["{ a = b = 1 }"],
  ["{ 1 = 2 }"],
  ["{ a = 1 ]"],
  ["[1"],
  ["aws_iam_role.r.*.arn"],
  ["aws_iam_role.r[*].arn"],
  ['aws_iam_role.r["a"].arn'],
  ["aws_iam_role.r[var.a].arn"],
  ["<<EOT\na\n EOTX"],
  ["/* a"],
])("%j is not read", (text) => {
  expect(valueOf(text)).toBeUndefined();
});

test.each(["aws_iam_role.reader[*].arn", 'aws_iam_role.reader["a"].arn', "jsondecode(var.a)"])(
  "reads no part of %s",
  (text) => {
    expect(expressionAt(text, 0)).toBeUndefined();
  },
);

test("reads an expression in a text, to its end", () => {
  expect(expressionAt("a = [1] # b", 3)).toStrictEqual({ end: 7, value: [1] });
});
