import { coloured } from "../../../review/render/colour";
import { FORMATS, render } from "../../../review/render/render";
import { USER_ARN } from "../../support/support";
import { ADMINISTRATOR, allow, created, newKey, reviewed } from "../support/small-plan";

describe("of a hostile plan", () => {
  const hostile = created('aws_kms_key.this["\u001b[2J\u202e|`<img src=x>`@team"]', {});
  const reports = [reviewed([hostile])];

  test("nothing reaches the terminal as it is", () => {
    const text = render(reports, "text");
    expect(text).toContain('aws_kms_key.this["\\u001b[2J\\u202e|`<img src=x>`@team"]');
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test("nothing becomes markup of a comment", () => {
    const outside = render(reports, "markdown")
      .replace(/``+ [^]*? ``+/g, "")
      .replace(/```mermaid[^]*?```/g, "");
    expect(outside).not.toMatch(/<img|@team/);
  });

  test.each(["constructor", "toString", "__proto__"])("the name %s is read as any other name", (name) => {
    const condition = JSON.parse(`{"${name}": {"kms:CallerAccount": "1"}, "StringEquals": {"${name}": "1"}}`) as object;
    const report = reviewed([
      newKey(ADMINISTRATOR, allow(USER_ARN, "kms:Decrypt", { Condition: condition }), allow(name, "kms:*")),
      created(`${name}.this`, {}),
      created("aws_kms_grant.this", {
        constraints: [{ encryption_context_equals: JSON.parse(`{"${name}": "1"}`) as object }],
      }),
    ]);
    expect(report.changes.others).toStrictEqual(JSON.parse(`{"${name}": 1}`));
    for (const format of FORMATS) {
      expect(render([report], format)).toContain(format === "sarif" ? "results" : name);
    }
    expect(coloured(render([report], "text"))).toContain(name);
  });

  test("200,000 backticks are rendered", () => {
    const principal = "`a".repeat(200_000);
    expect(render([reviewed([newKey(ADMINISTRATOR, allow(principal, "kms:*"))])], "markdown")).toContain(
      "aws_kms_key.this",
    );
  });
});
