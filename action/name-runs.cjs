// name-runs.cjs FILE STACK: checks that a file is SARIF, and puts the name of the stack into the categories of its runs. Two stacks
// can have plans of one file name.
const { readFileSync, writeFileSync } = require("node:fs");

const [, , file, stack] = process.argv;
const log = JSON.parse(readFileSync(file, "utf8"));
for (const { automationDetails } of log.runs) {
  if (automationDetails) {
    automationDetails.id = automationDetails.id.replace("/", () => `/${stack}/`);
  }
}
// Hidden characters of a plan, and its commands of runners, stay escapes.
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
writeFileSync(file, JSON.stringify(log).replace(/[^ -~]|#(?=#\[)/g, escaped));
