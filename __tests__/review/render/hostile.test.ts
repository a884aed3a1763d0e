import { render } from "../../../review/render/render";
import { created, reviewed } from "../support/small-plan";

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
});
