// Writes files into the pages that show them: the code block below a comment such as `<!-- file: examples/data-api/query.ts -->` is the file.
//
//     npm run docs:examples
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";

const ROOT = join(__dirname, "..", "..");
export const PAGES = globSync(["README.md", "docs/*.md"], { cwd: ROOT, ignore: ["docs/constructs.api.md"] }).sort();

const EMBEDDED = /^( *)<!-- file: (\S+) -->\n\n\1```(\w+)\n[^]*?^\1```$/gm;

/** Returns a page in which each code block below a `file:` comment is the text of that file, indented as the comment is. */
export function withFiles(page: string): string {
  return page.replace(EMBEDDED, (_, indent: string, file: string, language: string) => {
    const lines = readFileSync(join(ROOT, file), "utf8").trimEnd().split("\n");
    const block = ["```" + language, ...lines, "```"].map((line) => (line === "" ? "" : indent + line)).join("\n");
    return `${indent}<!-- file: ${file} -->\n\n${block}`;
  });
}

if (require.main === module) {
  for (const page of PAGES) {
    const path = join(ROOT, page);
    writeFileSync(path, withFiles(readFileSync(path, "utf8")));
  }
}
