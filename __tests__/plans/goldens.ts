// Writes the goldens of the review beside the recorded plans: npm run goldens
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { readPlan } from "../../review/plan/read-plan";
import { render } from "../../review/render/render";
import { reachSentence } from "../../review/render/text";
import { readIgnore } from "../../review/report/ignore";
import { type Report, review } from "../../review/report/report";

/** The recorded plans: FOLDER/NAME. */
export const CASES: readonly string[] = globSync("*/*.plan.json", { cwd: __dirname })
  .map((file) => file.slice(0, -".plan.json".length))
  .sort();

/** The plans whose whole reports are goldens. The others have their findings. */
export const REPORTED = [
  "all-destroyed/after",
  "key-elsewhere/after",
  "key-policy-alone/after",
  "moved-and-default/after",
  "policy-document/after",
  "pull-request/after",
  "second-user/after",
  "sensitive-policy/after",
  "shipped/after",
  "two-key-policies/after",
  "unknown-policy/after",
];

/** The ignores of the page and of the comment with several plans. */
const IGNORES = [readIgnore("key-deletion-window", "The data is a copy.", "--ignore")];

export function planOf(name: string): string {
  return readFileSync(join(__dirname, `${name}.plan.json`), "utf8");
}

const reports = new Map<string, Report>();

/** The report of a recorded plan, which is computed once. */
export function reportOf(name: string): Report {
  const report = reports.get(name) ?? review(readPlan(planOf(name), name));
  reports.set(name, report);
  return report;
}

function findingsOf({ findings }: Report): string {
  const lines = findings.map((finding) => {
    const { address, consequence, remedy, rule, severity } = finding;
    return [`${severity} ${rule} ${address}: ${consequence}`, ...reachSentence(finding), remedy].join(" ");
  });
  return `${lines.join("\n") || "no findings"}\n`;
}

export function sarifLogOf(names: readonly string[]) {
  return JSON.parse(render(names.map(reportOf), "sarif")) as {
    runs: { tool?: { driver: { version: string } } }[];
  };
}

/** The first run has the rules. The version of the package changes with each release. */
function sarifOf(names: readonly string[]): string {
  const log = sarifLogOf(names);
  log.runs.forEach((run, index) => {
    if (index === 0) {
      run.tool!.driver.version = "0.0.0";
    } else {
      delete run.tool;
    }
  });
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** The text of each golden, by its path in this folder. */
export function goldens(): Readonly<Record<string, string>> {
  const whole = REPORTED.flatMap((name) => [
    [`${name}.report.json`, render([reportOf(name)], "json")],
    [`${name}.report.md`, render([reportOf(name)], "markdown")],
    [`${name}.report.txt`, render([reportOf(name)], "text")],
  ]);
  const findings = CASES.map((name) => [`${name}.findings.txt`, findingsOf(reportOf(name))]);
  const reports = REPORTED.map((name) => review(readPlan(planOf(name), name), IGNORES));
  const together = [
    ["reports.html", render(reports, "html")],
    ["reports.md", render(reports, "markdown")],
    ["reports.sarif", sarifOf(REPORTED)],
  ];
  return Object.fromEntries([...findings, ...whole, ...together]) as Record<string, string>;
}

/** The paths of the goldens that are committed. */
export function committedGoldens(): readonly string[] {
  return globSync(["*/*.findings.txt", "*/*.report.*", "reports.*"], { cwd: __dirname });
}

if (require.main === module) {
  // A plan that the review refuses leaves the committed goldens.
  const texts = Object.entries(goldens());
  committedGoldens().forEach((file) => rmSync(join(__dirname, file)));
  texts.forEach(([file, text]) => writeFileSync(join(__dirname, file), text));
}
