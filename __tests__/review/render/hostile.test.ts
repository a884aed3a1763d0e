import { execFileSync } from "node:child_process";
import { coloured } from "../../../review/render/colour";
import { FORMATS, render } from "../../../review/render/render";
import { ROOT } from "../../support/paths";
import { USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, created, newKey, reviewed } from "../support/small-plan";
import { HOSTILE, PLACES, reportWith } from "../support/hostile-report";

/** A node or an arrow of a diagram, whose label has no quote, no character of markup and no directive. */
const DIAGRAM_LINE = /^ {2}(?:n\d+\["[^"`<>%{}@\\]*"\]|n\d+ (?:-->|==>|-\.->)\|(?:encrypts|"[^"`<>%{}@\\]*")\| n\d+)$/;

interface MarkdownNode {
  /** Whether it is text between <code> and </code>. */
  readonly inCode: boolean;
  readonly lang?: string;
  readonly type: string;
  readonly url?: string;
  readonly value?: string;
}

/** The nodes of documents in GitHub's Markdown. The parser is an ES module, so it runs in a process. */
function nodesOf(documents: readonly string[]): readonly (readonly MarkdownNode[])[] {
  const program = `
    import { readFileSync } from "node:fs";
    import { fromMarkdown } from "mdast-util-from-markdown";
    import { gfmFromMarkdown } from "mdast-util-gfm";
    import { gfm } from "micromark-extension-gfm";
    const flat = (node, all) => {
      const { children = [], lang, type, url, value } = node;
      const last = all.findLast((other) => other.type === "html" && other.value.includes("code>"));
      all.push({ inCode: last?.value === "<code>", lang, type, url, value });
      children.forEach((child) => flat(child, all));
      return all;
    };
    const documents = JSON.parse(readFileSync(0, "utf8"));
    const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
    console.log(JSON.stringify(documents.map((document) => flat(fromMarkdown(document, options), []))));
  `;
  const args = ["--input-type=module", "--eval", program];
  const input = JSON.stringify(documents);
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", input, maxBuffer: 1 << 26 }),
  ) as MarkdownNode[][];
}

describe("of a hostile plan", () => {
  const hostile = created('aws_kms_key.this["\u001b[2J\u202e|`<img src=x>`@team"]', {});
  const reports = [reviewed([hostile])];

  test("nothing reaches the terminal as it is", () => {
    const text = render(reports, "text");
    expect(text).toContain('aws_kms_key.this["\\u001b[2J\\u202e|`<img src=x>`@team"]');
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
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

test.each(["text", "markdown", "json", "html"] as const)("a report in %s has the text of every place", (format) => {
  const report = reportWith("text");
  const output = render([report, report], format);
  const places = Array.from({ length: PLACES }, (_, index) => `P${index + 1}`);
  expect(places.filter((place) => !new RegExp(`\\b${place}\\b`).test(output))).toStrictEqual([]);
});

describe("in Markdown", () => {
  const names = Object.keys(HOSTILE);
  const outputs = Object.values(HOSTILE).map(({ text }) => {
    const report = reportWith(text);
    return render([report, report], "markdown");
  });
  const trees = nodesOf(outputs);

  test.each(names)("%s stays text", (name) => {
    const index = names.indexOf(name);
    expect(outputs[index]).not.toMatch(HOSTILE[name]!.refused);
    expect(outputs[index]).not.toContain("<!--");
    const nodes = trees[index]!;
    const types = ["blockquote", "code", "heading", "html", "inlineCode", "link", "list", "listItem"];
    expect([...new Set(nodes.map(({ type }) => type))].sort()).toStrictEqual(
      [
        ...types.filter((type) => nodes.some((node) => node.type === type)),
        "paragraph",
        "root",
        "strong",
        "text",
      ].sort(),
    );
    const refused = nodes.filter(
      ({ inCode, lang, type, url, value }) =>
        (type === "link" && !url!.startsWith("https://docs.aws.amazon.com/")) ||
        (type === "html" && !/^(?:<\/?code>|<details>\n<summary>[\w ]+<\/summary>|<\/details>)$/.test(value!)) ||
        (type === "code" && lang !== "mermaid") ||
        // GitHub reads references and formulas in text that is not code.
        (type === "text" && !inCode && /[@#$<>`]|:\/\/|www\.|GH-\d|\b[\da-f]{7,}\b/.test(value!)),
    );
    expect(refused).toStrictEqual([]);
    const diagram = nodes.find(({ type }) => type === "code")!.value!;
    expect(diagram.split("\n").filter((line) => !DIAGRAM_LINE.test(line))).toStrictEqual(["flowchart LR"]);
  });
});

describe.each(Object.entries(HOSTILE))("%s stays text", (_, { refused, text }) => {
  const report = reportWith(text);
  // The first title of several reports is the name of the input.
  const reports = [report, report];

  test("in text", () => {
    expect(render(reports, "text")).not.toMatch(refused);
  });

  test("in HTML", () => {
    const html = render(reports, "html");
    expect(html).not.toMatch(refused);
    const elementsOf = (page: string) => new Set(page.replace(/<script>[^]*?<\/script>/, "").match(/<[^\s>]+/g));
    expect(elementsOf(html)).toStrictEqual(elementsOf(render([reportWith("text"), reportWith("text")], "html")));
  });

  test("in JSON, whose values stay the same", () => {
    const output = render(reports, "json");
    expect(output).not.toMatch(refused);
    expect(JSON.parse(output)).toStrictEqual(JSON.parse(JSON.stringify({ plans: reports, version: 1 })));
  });

  test("in SARIF", () => {
    const output = render(reports, "sarif");
    expect(output).not.toMatch(refused);
    const { runs } = JSON.parse(output) as {
      runs: [
        {
          invocations: [{ toolExecutionNotifications: { message: { text: string } }[] }];
          results: { message: { text: string } }[];
        },
      ];
    };
    const [{ invocations, results }] = runs;
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
