/**
 * The files and folders that a test depends on without an import, because it starts a program in a child process, or reads
 * sources.
 */
export const NOTICED: Readonly<Record<string, readonly string[]>> = {
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
 * Returns the tests that can notice a change of a file: those that import it, and those of `NOTICED`.
 *
 * @param importing - the tests that import the file
 */
export function relatedTests(file: string, importing: readonly string[]): readonly string[] {
  const noticing = Object.keys(NOTICED).filter((test) => notices(test, file));
  return [...new Set([...importing, ...noticing])].sort();
}

/**
 * Returns the tests that can notice a change of a line: the test with the file's name, then the related tests that execute the
 * line, the fastest first, then those of `NOTICED`.
 */
export function testsOf(
  file: string,
  line: number,
  related: readonly string[],
  records: readonly TestRecord[],
): readonly string[] {
  const namesake = `__tests__/${file.replace(/\.ts$/, ".test.ts")}`;
  const rank = (test: string): number => (test === namesake ? 0 : notices(test, file) ? 2 : 1);
  return records
    .filter(({ test }) => related.includes(test))
    .filter(({ idle, test }) => notices(test, file) || idle[file]?.includes(line) === false)
    .sort((a, b) => rank(a.test) - rank(b.test) || a.milliseconds - b.milliseconds)
    .map(({ test }) => test);
}

/** Returns whether a test depends on a file by an entry of `NOTICED`. */
function notices(test: string, file: string): boolean {
  const paths = NOTICED[test] ?? [];
  return paths.some((path) => (path.endsWith("/") ? file.startsWith(path) : file === path));
}
