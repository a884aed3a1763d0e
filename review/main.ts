import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { keyReports } from "./key-report";
import { PlanError, readPlan } from "./plan";
import { textOf } from "./text";

const USAGE = `Usage: npm run review -- [--format text|json] [plan.json ...]

Tells what Terraform plans do to keys, and who can use them before and after. A plan is what
\`terraform show -json plan.out\` prints; without a file it is read from standard input.`;

/** Reviews the plans that are named, or the one on standard input; the exit status. */
function main(): number {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { format: { default: "text", type: "string" }, help: { default: false, type: "boolean" } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.format !== "text" && values.format !== "json") {
    throw new PlanError(`--format must be text or json, got: ${values.format}`);
  }
  const inputs = positionals.length === 0 ? ["-"] : positionals;
  const resources = inputs.flatMap((input) => readPlan(read(input), nameOf(input)));
  const keys = keyReports(resources);
  const changes = resources.map(({ action, address, type }) => ({ action, address, type }));
  console.log(
    values.format === "json" ? JSON.stringify({ changes, keys }, undefined, 2) : textOf(resources, keys).trimEnd(),
  );
  return 0;
}

function nameOf(input: string): string {
  return input === "-" ? "standard input" : input;
}

function read(input: string): string {
  try {
    return readFileSync(input === "-" ? 0 : input, "utf8");
  } catch (error) {
    throw new PlanError(`${nameOf(input)} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

try {
  process.exitCode = main();
} catch (error) {
  const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (!(error instanceof PlanError || isUsage)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 2;
}
