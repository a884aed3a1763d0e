import { execFileSync } from "node:child_process";
import { render } from "../../review/render/render";
import { HOSTILE, reportWith } from "../review/support/hostile-report";
import { ROOT } from "../support/paths";

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

describe("a report in Markdown", () => {
  const names = Object.keys(HOSTILE);
  const outputs = Object.values(HOSTILE).map(({ text }) => {
    const report = reportWith(text);
    return render([report, report], "markdown");
  });
  const trees = nodesOf(outputs);

  test.each(names)("shows %s as text", (name) => {
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
