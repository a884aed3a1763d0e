/**
 * The files and folders that a test depends on without an import, because it starts a program in a child process, or reads
 * sources.
 */
export const DEPENDS_WITHOUT_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "__tests__/commands/action.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/changed-stacks.test.ts": ["app/cli/changed.ts", "app/cli/git.ts", "app/cli/list.ts"],
  "__tests__/commands/cli.test.ts": ["app/cli/"],
  "__tests__/commands/comment.test.ts": ["action/"],
  "__tests__/commands/demo.test.ts": ["tools/command.ts", "tools/demo/"],
  "__tests__/commands/documented-typescript.test.ts": ["examples/data-api/", "modules/"],
  "__tests__/commands/fleet-workflows.test.ts": ["examples/fleet/"],
  "__tests__/commands/grants.test.ts": ["tools/command.ts", "tools/grants/"],
  "__tests__/commands/hostile-markdown.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/lanes.test.ts": ["package.json"],
  "__tests__/commands/programs.test.ts": ["app/", "main.ts", "modules/"],
  "__tests__/commands/register.test.ts": ["register.cjs"],
  "__tests__/commands/release.test.ts": ["tools/command.ts", "tools/release/"],
  "__tests__/commands/review-bin.test.ts": ["app/cli/main.ts", "modules/private/printable.ts", "review/"],
  "__tests__/commands/review-in-ci.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/review-stacks.test.ts": ["app/", "modules/", "review/"],
  "__tests__/commands/staging.test.ts": ["app/cli/staging.ts"],
  "__tests__/commands/synthesis-threads.test.ts": ["app/cli/synthesis-worker.ts"],
  "__tests__/commands/workflow-syntax.test.ts": [".github/workflows/", "action.yml", "examples/fleet/github/"],
  "__tests__/commands/workflows.test.ts": [".github/workflows/", "examples/fleet/github/"],
  "__tests__/docs/arguments.test.ts": ["docs/arguments.md"],
  "__tests__/modules/private/prop-rules.test.ts": ["modules/"],
  "__tests__/tools/language.test.ts": ["eslint.config.mjs", "tools/eslint/"],
};

/** One run of a test file on the intact sources. */
export interface TestRecord {
  readonly test: string;
  /** The lines that the test does not execute, by source. Sources that it does not load are absent. */
  readonly idle: Readonly<Record<string, readonly number[]>>;
  readonly isPassed: boolean;
  readonly milliseconds: number;
}

/**
 * Returns the tests that depend on a file: those that import it, and those of `DEPENDS_WITHOUT_IMPORT`.
 *
 * @param importing - the tests that import the file
 */
export function relatedTests(file: string, importing: readonly string[]): readonly string[] {
  const dependent = Object.keys(DEPENDS_WITHOUT_IMPORT).filter((test) => dependsWithoutImport(test, file));
  return [...new Set([...importing, ...dependent])].sort();
}

/**
 * Returns the tests to run for a changed line, in this order: the test of the same name as the file, if it executes the line; the
 * other related tests that execute the line; and the tests of `DEPENDS_WITHOUT_IMPORT`. In each group, the fastest test is first.
 */
export function testsOf(
  file: string,
  line: number,
  related: readonly string[],
  records: readonly TestRecord[],
): readonly string[] {
  const namesake = `__tests__/${file.replace(/\.ts$/, ".test.ts")}`;
  const rank = (test: string): number => (test === namesake ? 0 : dependsWithoutImport(test, file) ? 2 : 1);
  return records
    .filter(({ test }) => related.includes(test))
    .filter(({ idle, test }) => dependsWithoutImport(test, file) || idle[file]?.includes(line) === false)
    .sort((a, b) => rank(a.test) - rank(b.test) || a.milliseconds - b.milliseconds)
    .map(({ test }) => test);
}

/** Returns whether a test depends on a file by an entry of `DEPENDS_WITHOUT_IMPORT`. */
function dependsWithoutImport(test: string, file: string): boolean {
  const paths = DEPENDS_WITHOUT_IMPORT[test] ?? [];
  return paths.some((path) => (path.endsWith("/") ? file.startsWith(path) : file === path));
}
