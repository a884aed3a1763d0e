import { posix } from "node:path";

/**
 * The files and folders that a test depends on without an import: the test starts a program in a child process, or reads sources.
 */
export const NOTICED: Readonly<Record<string, readonly string[]>> = {
  "__tests__/commands/action.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/comment.test.ts": ["action/"],
  "__tests__/commands/hostile-markdown.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/programs.test.ts": ["app/", "main.ts", "modules/"],
  "__tests__/commands/review-bin.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/review-in-ci.test.ts": ["modules/private/printable.ts", "review/"],
  "__tests__/commands/review-stacks.test.ts": ["app/", "modules/", "review/"],
  "__tests__/commands/staging.test.ts": ["app/cli/staging.ts"],
  "__tests__/docs/arguments.test.ts": ["docs/arguments.md"],
  "__tests__/docs/typescript.test.ts": ["modules/"],
  "__tests__/modules/private/prop-rules.test.ts": ["modules/"],
  "__tests__/tools/language.test.ts": ["eslint.config.mjs", "tools/eslint/"],
};

/**
 * The tests that can notice a change of a file, in three stages, the fastest first: the test with the file's name, the other tests
 * that import the file, and the tests of `NOTICED`.
 *
 * @param importing - the tests that import the file
 */
export function stagesOf(file: string, importing: readonly string[]): readonly (readonly string[])[] {
  const namesake = `__tests__/${file.slice(0, -posix.extname(file).length)}.test.ts`;
  const noticing = Object.entries(NOTICED)
    .filter(([, paths]) => paths.some((path) => (path.endsWith("/") ? file.startsWith(path) : file === path)))
    .map(([test]) => test);
  const all = [...new Set([...importing, ...noticing])].sort();
  const stageOf = (test: string): number => (test === namesake ? 0 : test in NOTICED ? 2 : 1);
  return [0, 1, 2].map((stage) => all.filter((test) => stageOf(test) === stage)).filter((tests) => tests.length > 0);
}
