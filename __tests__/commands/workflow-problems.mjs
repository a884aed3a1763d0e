// workflow-problems.mjs FILE…: prints each problem that the language service of GitHub Actions finds in workflows and actions. Called
// workflows are read from the same folder.
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

async function printProblems(file) {
  const document = TextDocument.create(pathToFileURL(resolve(file)).href, "yaml", 0, readFileSync(file, "utf8"));
  const fileProvider = {
    getFileContent: async ({ path }) => ({
      content: readFileSync(join(dirname(file), basename(path)), "utf8"),
      name: path,
    }),
  };
  for (const { message, range } of await validate(document, { fileProvider })) {
    console.log(`${basename(file)}:${range.start.line + 1} ${message}`);
  }
}

process.argv.slice(2).forEach(printProblems);
