import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { commandLine, parseCommandArguments } from "../../app/cli/command-line";
import { jsonDocuments } from "../plan/json-documents";
import { type Plan, PlanError } from "../plan/plan";
import { readPlan } from "../plan/read-plan";
import type { Stack } from "../plan/stack";
import { matchesPattern } from "../policy/statement";
import { coloured } from "../render/colour";
import { plain } from "../render/escape";
import { FORMATS, render } from "../render/render";
import { failsReview } from "../report/findings";
import { type Ignore, isExpired, isIgnored, readIgnore, readIgnoreFile } from "../report/ignore";
import { type Report, review } from "../report/report";
import { type ReferencePolicy, SEVERITIES } from "../rules/rule";
import { readPlanSource, sourceOf } from "./plan-sources";
import { stackIn } from "./stack-directory";
import { readForbiddenGain, readReference } from "./promises";

const USAGE = `Usage: ${commandLine("review")} [option ...] [plan.json|STACK ...]

Reports the effect of Terraform plans on KMS keys, on the Redshift warehouses under them, and on who can reach them. A plan is
the output of \`terraform show -json plan.out\`. Without a file, or for the file -, it is read from standard input. An input may
have several plans, one after another. A stack of this project is synthesized and planned first, by \`terraform init\` and
\`terraform plan\`.

  --format ${FORMATS.join("|")}
                                      text, in colour on a terminal, is the default
  --fail-on error|warning|note        the least severity that fails the review; error is the default
  --strict                            a rule that could not be judged, or a plan that is not complete, fails the review, too
  --only-new                          findings that exist before the plan do not fail the review
  --ignore RULE[:ADDRESS[:STATEMENT]] a finding that does not fail the review; may be repeated; * is any text and ? one character,
                                      \\* and \\? are the characters themselves; STATEMENT is as the report prints it; with
                                      " until 2030-12-31" after it, that day is the last day of the ignore
  --ignore-file FILE                  a file of such findings, one a line, each with its reason after a #
  --forbid ACTION[:PRINCIPAL]         nobody, or no matching principal, may gain this action on a key by the plan; may be repeated;
                                      PRINCIPAL is an ARN, an account or *: kms:Decrypt:arn:aws:iam::111122223333:role/*
  --reference [ADDRESS=]FILE          no key, or no key at the ADDRESS, may allow more than the key policy in FILE;
                                      may be repeated
  --source [PLAN=]DIR                 the root module of the plans, or of the plan that the report names PLAN, so that findings have
                                      the file and line of their resources; may be repeated; PLAN may have * and ?
  --stack-files                       the Terraform files beside each plan file are the configuration of its plan, and have the policies
                                      that the plan does not show
  --help

Exit status: 0 nothing fails the review, 1 a finding does, or with --strict a rule that could not be judged or a plan that is not complete, 2 a plan cannot be reviewed or its report cannot be written.`;

type StackOf = (input: string) => Stack | undefined;

/**
 * Reviews the plans that the arguments name, and returns the exit status. If an input cannot be read, prints the error in one line
 * and returns 2.
 *
 * @param readPlanText - reads the plan of a positional argument
 * @param stackOf - reads the configuration of the same argument, if it is a stack of the app
 */
export function main(args: readonly string[], readPlanText = readInput, stackOf: StackOf = () => undefined): number {
  try {
    return reviewPlans(args, readPlanText, stackOf);
  } catch (error) {
    // Status 1 is for findings, so a fault of the review ends with 2, too.
    console.error(plain(error instanceof PlanError ? error.message : `the review failed: ${String(error)}`));
    return 2;
  }
}

function reviewPlans(args: readonly string[], readPlanText: (input: string) => string, stackOf: StackOf): number {
  const { positionals, values } = readArguments(args);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const format = oneOf(FORMATS, "--format", values.format);
  const threshold = {
    failOn: oneOf(SEVERITIES, "--fail-on", values["fail-on"]),
    onlyNew: values["only-new"],
    strict: values.strict,
  };
  const inputs = positionals.length === 0 ? ["-"] : positionals;
  if ([...inputs, ...values["ignore-file"], ...values.reference].filter((file) => file === "-").length > 1) {
    throw new PlanError("- must be given once, because standard input can be read only once");
  }
  const twice = inputs.find((input, index) => inputs.indexOf(input) < index);
  if (twice !== undefined) {
    throw new PlanError(`${nameOf(twice)} must be given once, because the category of a plan in SARIF is its name`);
  }
  const allIgnores = [
    ...values.ignore.map((text) => readIgnore(text, "by --ignore", "--ignore")),
    ...values["ignore-file"].flatMap((file) => readIgnoreFile(readInput(file), file)),
  ];
  const promises = {
    forbidden: values.forbid.map(readForbiddenGain),
    references: values.reference.map((text) => readReference(text, readInput)),
  };
  const now = new Date();
  const ignores = allIgnores.filter((ignore) => !isExpired(ignore, now));
  // Plans are read and reviewed one at a time, so that only their reports stay in memory.
  const sources = values.source.map(readPlanSource);
  const reviewPlan = (plan: Plan): Report => review(plan, ignores, promises, sourceOf(sources, plan.source)?.sources);
  const configurationOf = values["stack-files"] ? stackBeside : stackOf;
  const reports = inputs.flatMap((input) =>
    plansIn(input, readPlanText, configurationOf).map((plan) => refusingDepth(plan.source, () => reviewPlan(plan))),
  );
  // A terminal without a size, such as one of a container, has 0 columns.
  const width = process.stdout.isTTY ? process.stdout.columns || undefined : undefined;
  const output = render(reports, format, threshold, width);
  const isColoured = format === "text" && process.stdout.isTTY && process.stdout.hasColors();
  process.stdout.write(isColoured ? coloured(output) : output);
  const expired = allIgnores.filter((ignore) => isExpired(ignore, now));
  const unusedReferences = promises.references.filter((one) => !reports.some((report) => isUsed(one, report)));
  const findingsBySource = sources.map((one) =>
    reports.flatMap(({ findings, source }) => (sourceOf(sources, source) === one ? [findings] : [])),
  );
  const unusedSources = sources.filter((_, index) => findingsBySource[index]!.length === 0);
  const otherSources = sources.filter((_, index) => {
    const findings = findingsBySource[index]!.flat();
    return findings.length > 0 && findings.every(({ location }) => location === undefined);
  });
  warn("--ignore", expired, "is expired");
  warn("--ignore", unused(ignores, reports), "matches no finding");
  warn("--reference", unusedReferences, "matches no key");
  warn("--source", unusedSources, "matches no plan");
  const broken = new Set(sources.flatMap((one) => one.sources.brokenFiles()));
  warn(
    "--source",
    [...broken].map((text) => ({ text })),
    "has a syntax error, so Terraform refuses it",
  );
  warn(
    "--source",
    otherSources,
    "has no resource that a finding names: it must be the root module, after terraform init",
  );
  return reports.some((report) => failsReview(report, threshold)) ? 1 : 0;
}

/** Prints each value of an option to standard error, with its fault. */
function warn(option: string, values: readonly { readonly text: string }[], fault: string): void {
  for (const { text } of values) {
    console.error(`${option} ${plain(text)} ${fault}`);
  }
}

/** @throws PlanError if an option is unknown or lacks its value */
function readArguments(args: readonly string[]) {
  return parseCommandArguments(
    commandLine("review"),
    {
      allowPositionals: true,
      args: [...args],
      options: {
        "fail-on": { default: "error", type: "string" },
        forbid: { default: [], multiple: true, type: "string" },
        format: { default: "text", type: "string" },
        help: { default: false, type: "boolean" },
        ignore: { default: [], multiple: true, type: "string" },
        "ignore-file": { default: [], multiple: true, type: "string" },
        "only-new": { default: false, type: "boolean" },
        reference: { default: [], multiple: true, type: "string" },
        source: { default: [], multiple: true, type: "string" },
        "stack-files": { default: false, type: "boolean" },
        strict: { default: false, type: "boolean" },
      },
    },
    (message) => new PlanError(message),
  );
}

/** @throws PlanError if the directory of the file has no configuration that the review can read */
function stackBeside(file: string): Stack {
  const stack = file === "-" ? undefined : stackIn(dirname(file), readInput);
  if (stack === undefined) {
    throw new PlanError(
      `${nameOf(file)} must be beside its configuration, without override files and files of OpenTofu, as --stack-files requires`,
    );
  }
  return stack;
}

/**
 * Reads each plan in one input. If the input has several plans, the name of each plan ends with its position. The text of the plans is
 * in memory no longer than the call: it is as large as all that the review needs.
 */
function plansIn(
  input: string,
  readPlanText: (file: string) => string,
  configurationOf: (file: string) => Stack | undefined,
): readonly Plan[] {
  const documents = [...jsonDocuments(readPlanText(input))];
  const stack = configurationOf(input);
  return documents.map((document, index) => {
    const source = documents.length === 1 ? nameOf(input) : `${nameOf(input)} (plan ${index + 1})`;
    return refusingDepth(source, () => readPlan(document, source, stack));
  });
}

/** Returns the result of a function that reads or reviews a plan. Too deep a nesting of the plan is an error. */
function refusingDepth<T>(source: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    // Too deep a nesting overflows the call stack. Terraform writes no such plan.
    throw error instanceof RangeError ? new PlanError(`${source} is nested too deeply to be a plan`) : error;
  }
}

function unused(ignores: readonly Ignore[], reports: readonly Report[]): readonly Ignore[] {
  const findings = reports.flatMap((report) => report.findings);
  return ignores.filter((ignore) => !findings.some((finding) => isIgnored(ignore, finding)));
}

function isUsed({ address: pattern = "*" }: ReferencePolicy, { keys }: Report): boolean {
  return keys.some(({ address }) => matchesPattern(pattern, address));
}

function oneOf<T extends string>(allowed: readonly T[], option: string, given: string): T {
  const value = allowed.find((candidate) => candidate === given);
  if (value === undefined) {
    throw new PlanError(`${option} must be one of ${allowed.join(", ")}, got: ${given}`);
  }
  return value;
}

function nameOf(input: string): string {
  return input === "-" ? "standard input" : input;
}

/**
 * Reads the text of a file, or of standard input.
 *
 * @throws PlanError if it cannot be read
 */
export function readInput(input: string): string {
  try {
    const bytes = readFileSync(input === "-" ? 0 : input);
    // A shell of Windows writes UTF-16 into a file, and either may begin with a byte order mark.
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return bytes.toString(isUtf16 ? "utf16le" : "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new PlanError(`${nameOf(input)} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Runs the command, and sets the exit status of the process. */
export function run(args: readonly string[], readPlanText = readInput, stackOf?: StackOf): void {
  // EPIPE is no error: a reader of the report, such as `head`, can close the pipe before the end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      console.error(`standard output cannot be written: ${error.code}`);
      process.exitCode = 2;
    }
  });
  process.exitCode = main(args, readPlanText, stackOf);
}
