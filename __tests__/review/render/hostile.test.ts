import "@microsoft/jest-sarif";
import { coloured } from "../../../review/render/colour";
import { FORMATS, render } from "../../../review/render/render";
import { USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, created, newKey, reviewed } from "../support/small-plan";
import { HOSTILE, PLACES, reportWith } from "../support/hostile-report";

describe("a hostile plan", () => {
  const hostile = created('aws_kms_key.this["\u001b[2J\u202e|`<img src=x>`@team"]', {});
  const reports = [reviewed([hostile])];

  test("has its control characters escaped in a text report", () => {
    const text = render(reports, "text");
    expect(text).toContain('aws_kms_key.this["\\u001b[2J\\u202e|`<img src=x>`@team"]');
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test.each(["constructor", "toString", "__proto__"])("that uses %s as a name is rendered in every format", (name) => {
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
      expect(render([report], format)).toContain(name);
    }
    expect(coloured(render([report], "text"))).toContain(name);
  });

  test("with 200,000 backticks is rendered in Markdown", () => {
    const principal = "`a".repeat(200_000);
    expect(render([reviewed([newKey(ADMINISTRATOR, allow(principal, "kms:*"))])], "markdown")).toContain(
      "aws_kms_key.this",
    );
  });
});

/** Returns the places of a hostile report that an output does not show. */
function missingPlaces(output: string): readonly string[] {
  const places = Array.from({ length: PLACES }, (_, index) => `P${index + 1}`);
  return places.filter((place) => !new RegExp(`\\b${place}\\b`).test(output));
}

test.each(["text", "markdown", "json", "html"] as const)("a report in %s shows each text of its data", (format) => {
  const report = reportWith("text");
  const output = render([report, report], format);
  expect(missingPlaces(output)).toStrictEqual([]);
});

describe.each(Object.entries(HOSTILE))("in each place of a report, %s is harmless", (_, { refused, text }) => {
  const report = reportWith(text);
  // The first title of several reports is the name of the input.
  const reports = [report, report];

  test("in text, which shows each place", () => {
    const output = render(reports, "text");
    expect(output).not.toMatch(refused);
    // A change of a value with braces is `… → …`.
    const abbreviated = /[{}]/.test(text) ? ["P9", "P17"] : [];
    expect(missingPlaces(output)).toStrictEqual(abbreviated);
  });

  test("in HTML", () => {
    const html = render(reports, "html");
    expect(html).not.toMatch(refused);
    const elementsOf = (page: string) => new Set(page.replace(/<script>[^]*?<\/script>/, "").match(/<[^\s>]+/g));
    expect(elementsOf(html)).toStrictEqual(elementsOf(render([reportWith("text"), reportWith("text")], "html")));
  });

  test("in JSON, which parses to the same values", () => {
    const output = render(reports, "json");
    expect(output).not.toMatch(refused);
    expect(JSON.parse(output)).toStrictEqual(JSON.parse(JSON.stringify({ plans: reports, version: 1 })));
  });

  test("in SARIF, which follows its schema", () => {
    const output = render(reports, "sarif");
    expect(output).not.toMatch(refused);
    const log = JSON.parse(output) as {
      runs: [
        {
          tool: { driver: { rules: unknown[] } };
          invocations: [{ toolExecutionNotifications: { message: { text: string } }[] }];
          results: { message: { text: string } }[];
        },
      ];
    };
    const [{ invocations, results, tool }] = log.runs;
    // The rules are the same in each report. To compare each with each takes most of the time of the schema.
    tool.driver.rules.length = 1;
    expect(log).toBeValidSarifLog();
    const messages = [...invocations[0].toolExecutionNotifications, ...results].map(({ message }) => message.text);
    expect(messages.length).toBeGreaterThan(4);
    for (const message of messages) {
      // A reader of SARIF undoes the escapes of links and placeholders.
      const withoutEscapes = message.replace(/\\[[\]\\]|\{\{|\}\}/g, "");
      expect(withoutEscapes).not.toMatch(refused);
      expect(withoutEscapes).not.toMatch(/[[\]{}$]|(?<![\w.])@\w|#\d|GH-\d|\bda39a3ee/);
    }
  });
});
