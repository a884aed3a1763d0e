// Preloaded by the scripts of package.json whose program has no options. Refuses an option, which the program would ignore.
const { parseArgs } = require("node:util");

const script = process.env.npm_lifecycle_event ?? process.argv[1];
const { tokens } = parseArgs({ allowPositionals: true, args: process.argv.slice(2), strict: false, tokens: true });
const [option] = tokens.filter(({ kind }) => kind === "option").map(({ rawName }) => rawName);
if (option === "--help") {
  console.log(`Usage: npm run ${script}\n\nIt has no options. docs/develop.md describes it.`);
  process.exit(0);
} else if (option !== undefined) {
  console.error(`Unknown option '${option}'; npm run ${script} has no options`);
  process.exit(2);
}
