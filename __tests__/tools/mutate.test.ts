import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { encode } from "@jridgewell/sourcemap-codec";
import { globSync } from "tinyglobby";
import { readArguments } from "../../tools/mutate/arguments";
import { type Equivalent, isEquivalent, linesOf, readEquivalents } from "../../tools/mutate/equivalents";
import { type Coverage, idleLines } from "../../tools/mutate/executed-lines";
import { type Mutant, mutantsOf, mutated } from "../../tools/mutate/operators";
import { DEPENDS_WITHOUT_IMPORT, relatedTests, type TestRecord, testsOf } from "../../tools/mutate/related-tests";
import { reportOf, scoreOf, titleOf, type Verdict } from "../../tools/mutate/report";
import { randomNumbers, sampleOf } from "../../tools/mutate/sample";
import { ROOT } from "../support/paths";

const sourceOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe("mutantsOf", () => {
  test.each([
    ["boolean", "f(true, false);", ["f(false, false);", "f(true, true);"]],
    [
      "string",
      'f("a", "", `b`, `${c}d`);',
      [
        'f("", "", `b`, `${c}d`);',
        'f("a", "mutated", `b`, `${c}d`);',
        'f("a", "", "", `${c}d`);',
        'f("a", "", `b`, "");',
      ],
    ],
    ["number", "f(-1);", ["f(-(1 + 1));"]],
    ["number", "f(a < b ? -1 : a > b ? 1 : 0);", ["f(a < b ? -1 : a > b ? 1 : (0 + 1));"]],
    ["negate-condition", "if (a) b();", ["if (!(a)) b();"]],
    ["negate-condition", "while (a) b();", ["while (!(a)) b();"]],
    ["negate-condition", "for (; a; ) b();", ["for (; !(a); ) b();"]],
    ["condition-true", "a ? b : c;", ["true ? b : c;"]],
    ["condition-true", "while (a) b();", []],
    ["condition-false", "do a(); while (b);", ["do a(); while (false);"]],
    ["and-or", "f(a && b);", ["f(((a) || (b)));"]],
    ["and-or", "f(a || b);", ["f(((a) && (b)));"]],
    ["drop-operand", "f(a && b);", ["f((a));", "f((b));"]],
    ["flip-comparison", "f(a < b);", ["f(a <= b);"]],
    ["flip-comparison", "f(a >= b);", ["f(a > b);"]],
    ["flip-comparison", "f(a === b);", ["f(a !== b);"]],
    ["flip-comparison", "f(a + b);", []],
    ["drop-optional-chain", "a?.b?.[c]?.(d);", ["a.b?.[c]?.(d);", "a?.b[c]?.(d);", "a?.b?.[c](d);"]],
    ["drop-default", "f(a ?? b);", ["f((a));"]],
    [
      "drop-default",
      "function f(a: number = 1, { b = 2 }) {}",
      ["function f(a: number, { b = 2 }) {}", "function f(a: number = 1, { b }) {}"],
    ],
    ["remove-element", "f([a, ...b]);", ["f([ ...b]);", "f([a, ]);"]],
    ["remove-element", "[a, b] = [c];", ["[a, b] = [];"]],
    ["remove-property", "f({ a, b: 1, ...c });", ["f({  b: 1, ...c });", "f({ a,  ...c });", "f({ a, b: 1,  });"]],
    ["remove-property", "({ a } = b);", []],
    [
      "remove-call",
      "a(); await b(); new C(); super(); d;",
      ["; await b(); new C(); super(); d;", "a(); ; new C(); super(); d;", "a(); await b(); ; super(); d;"],
    ],
    ["remove-throw", "throw a;", [";"]],
    ["remove-assignment", "a = b; a += b; a === b;", ["; a += b; a === b;", "a = b; ; a === b;"]],
    ["return-undefined", "function f() { return a; }", ["function f() { return undefined; }"]],
    ["return-undefined", "function f() { return; return undefined; }", []],
    ["return-undefined", "f(() => ({ a }));", ["f(() => undefined);"]],
    ["method", "f(a.some(b), a.endsWith(c));", ["f(a.every(b), a.endsWith(c));", "f(a.some(b), a.startsWith(c));"]],
    ["method", "f(a.filter(b).sort());", ["f(a.sort());", "f(a.filter(b));"]],
    ["method", "f(a.toString());", []],
  ])("with the operator %s changes the code %s", (operator, text, expected) => {
    const mutants = mutantsOf("a.ts", text).filter((mutant) => mutant.operator === operator);
    expect(mutants.map((mutant) => mutated(text, mutant))).toStrictEqual(expected);
  });

  test.each([
    'import a from "a";',
    'import { type A } from "a";',
    'export { a } from "a";',
    'type A = "a" | 1 | true;',
    'interface A { readonly a?: "a" }',
    '/** Whether `a && b` is "a". */',
    "f<1>(a as 2);",
    "f(String.raw`a`);",
    "class A { private b?: 1 }",
  ])("has no mutant of the code %s, which does not run", (text) => {
    expect(mutantsOf("a.ts", text).filter(({ operator }) => operator !== "remove-call")).toStrictEqual([]);
  });

  test("returns file, line, offsets and texts of each change", () => {
    const text = 'const a = 1;\n\n/** b */\nconst b = "b";\n';
    expect(mutantsOf("folder/a.ts", text)).toStrictEqual([
      { file: "folder/a.ts", line: 1, operator: "number", before: "1", after: "(1 + 1)", start: 10, end: 11 },
      { file: "folder/a.ts", line: 4, operator: "string", before: '"b"', after: '""', start: 33, end: 36 },
    ]);
  });

  test("returns mutants of app/config/schema.ts that differ from the source and from each other", () => {
    const text = sourceOf("app/config/schema.ts");
    const texts = mutantsOf("app/config/schema.ts", text).map((mutant) => mutated(text, mutant));
    expect(texts.length).toBeGreaterThan(100);
    expect(new Set([text, ...texts]).size).toBe(texts.length + 1);
  });
});

describe("sampleOf", () => {
  const values = Array.from({ length: 100 }, (_, index) => `${index}`);

  test("returns the same values for the same seed", () => {
    expect(sampleOf(values, 5, "1")).toStrictEqual(sampleOf([...values], 5, "1"));
    expect(sampleOf(values, 5, "2")).not.toStrictEqual(sampleOf(values, 5, "1"));
  });

  test("returns distinct values in their order", () => {
    const sample = sampleOf(values, 50, "1").map(Number);
    expect(new Set(sample).size).toBe(50);
    expect([...sample].sort((a, b) => a - b)).toStrictEqual(sample);
  });

  test("can return each value, and returns all values if there are not enough", () => {
    const chosen = Array.from({ length: 100 }, (_, seed) => sampleOf(values, 10, `${seed}`)).flat();
    expect(new Set(chosen).size).toBe(100);
    expect(sampleOf(values, 101, "1")).toStrictEqual(values);
  });

  test("draws the numbers of mulberry32", () => {
    const random = randomNumbers(1);
    expect([random(), random()]).toStrictEqual([0.6270739405881613, 0.002735721180215478]);
  });
});

describe("the tests that a mutant runs", () => {
  test("are the tests that import a file, and the tests that start a program with the file", () => {
    expect(relatedTests("app/cli/staging.ts", ["__tests__/a.test.ts"])).toStrictEqual([
      "__tests__/a.test.ts",
      "__tests__/commands/cli.test.ts",
      "__tests__/commands/programs.test.ts",
      "__tests__/commands/review-stacks.test.ts",
      "__tests__/commands/staging.test.ts",
    ]);
    expect(relatedTests("main.ts", [])).toStrictEqual(["__tests__/commands/programs.test.ts"]);
    expect(relatedTests("tools/b.ts", [])).toStrictEqual([]);
  });

  test("are the tests that execute the line: first the file's own test, then by time, then the tests in DEPENDS_WITHOUT_IMPORT", () => {
    const record = (test: string, milliseconds: number, idle: TestRecord["idle"]): TestRecord => {
      return { idle, isPassed: true, milliseconds, test: `__tests__/${test}.test.ts` };
    };
    const records = [
      record("commands/programs", 1, {}),
      record("slow", 30, { "main.ts": [1] }),
      record("fast", 20, { "main.ts": [1, 2] }),
      record("main", 40, { "main.ts": [1, 2] }),
      record("unrelated", 10, { "main.ts": [] }),
      record("without-the-source", 10, {}),
    ];
    const related = records.map(({ test }) => test).filter((test) => !test.includes("unrelated"));
    const testsOfLine = (line: number) => testsOf("main.ts", line, related, records).map((test) => test.slice(10, -8));
    expect([1, 2, 3].map(testsOfLine)).toStrictEqual([
      ["commands/programs"],
      ["slow", "commands/programs"],
      ["main", "fast", "slow", "commands/programs"],
    ]);
  });

  test("are listed in DEPENDS_WITHOUT_IMPORT if they start a program or parse sources", () => {
    const unimported = globSync("**/*.test.ts", { cwd: join(ROOT, "__tests__"), ignore: "**/node_modules/**" })
      .filter((name) => !/^(browser|deploy|emulator|package|terraform)\//.test(name))
      .map((name) => `__tests__/${name}`)
      .filter((file) => file.includes("/commands/") || /new ESLint\(|ts\.createSourceFile\(/.test(sourceOf(file)));
    expect(unimported.sort()).toStrictEqual(Object.keys(DEPENDS_WITHOUT_IMPORT));
  });
});

describe("idleLines", () => {
  const text = `const used = (values: string[]) =>
  values
    .filter((value: string) => value !== "")
    .map((value) => {
      return value;
    });
if (used([]).length > 0) {
  throw new Error(
    "idle",
  );
}
function unused(one = 1) {
  return one;
}`;
  const lines = text.split("\n");
  /** The compiled text is the source, and each character leads to itself. */
  const mappings = encode(
    lines.map((line, row) => Array.from({ length: line.length + 1 }, (_, column) => [column, 0, row, column] as const)),
  );
  const positionAt = (offset: number) => {
    const before = text.slice(0, offset).split("\n");
    return { column: before.at(-1)!.length, line: before.length };
  };
  /** The coverage with these statements of the source, each with the number of its executions. */
  const coverageOf = (statements: readonly (readonly [statement: string, count: number])[]): Coverage => ({
    inputSourceMap: { mappings },
    s: Object.fromEntries(statements.map(([, count], id) => [id, count])),
    statementMap: Object.fromEntries(
      statements.map(([statement], id) => {
        const start = text.indexOf(statement);
        return [id, { end: positionAt(start + statement.length), start: positionAt(start) }];
      }),
    ),
  });

  test("returns the lines of statements that begin a line and do not run", () => {
    const coverage = coverageOf([
      [text.slice(0, text.indexOf("\nif")), 1],
      ['value !== ""', 0],
      ["return value;", 0],
      [text.slice(text.indexOf("if"), text.indexOf("\nfunction")), 1],
      [text.slice(text.indexOf("throw"), text.indexOf("\n}\nfunction")), 0],
      ["return one;", 0],
    ]);
    expect(idleLines(coverage, text)).toStrictEqual([5, 8, 9, 10, 13]);
  });

  test("returns nothing without statements or without a source map", () => {
    expect(idleLines(coverageOf([]), text)).toStrictEqual([]);
    const unmapped = { ...coverageOf([["return one;", 0]]), inputSourceMap: { mappings: "" } };
    expect(idleLines(unmapped, text)).toStrictEqual([]);
  });
});

describe("an equivalent mutant", () => {
  const text = "function f() {\n  return 1;\n}\nfunction g() {\n  return 1;\n}\n";
  const mutants = mutantsOf("a.ts", text).filter(({ operator }) => operator === "number");
  const list =
    "# a comment\na.ts\tnumber\tfunction g() { return 1;\tfunction g() { return (1 + 1);\tNobody reads it.\n";

  test("is recognized by file, operator, text and the line before, not by line numbers", () => {
    const [equivalent] = readEquivalents(list) as [Equivalent];
    expect(mutants.map((mutant) => isEquivalent(equivalent, mutant, text))).toStrictEqual([false, true]);
    const moved = `\n\n${text}`;
    const equal = mutantsOf("a.ts", moved).filter((mutant) => isEquivalent(equivalent, mutant, moved));
    expect(equal.map(({ line }) => line)).toStrictEqual([7]);
    expect(isEquivalent({ ...equivalent, file: "b.ts" }, mutants[1]!, text)).toBe(false);
    expect(isEquivalent({ ...equivalent, operator: "string" }, mutants[1]!, text)).toBe(false);
    expect(isEquivalent({ ...equivalent, after: "function g() { return 2;" }, mutants[1]!, text)).toBe(false);
  });

  test("has its lines joined to one line, also at the start of a file", () => {
    const several = "f({\n  a,\n});\ng();";
    const [call] = mutantsOf("a.ts", several).filter(({ operator }) => operator === "remove-call") as [Mutant];
    expect(linesOf(call, several)).toStrictEqual({ after: ";", before: "f({ a, });" });
  });

  test.each(["a.ts\tnumber\t1\t2", "a.ts\tnumber\t1\t\tNobody reads it."])("refuses the entry %j", (entry) => {
    expect(() => readEquivalents(`\n${entry}\n`)).toThrow(
      new Error(
        `line 2 must have five columns with tabs between them (file, operator, before, after, reason), got: ${entry}`,
      ),
    );
  });

  const equivalents = readEquivalents(sourceOf("tools/mutate/equivalents.tsv"));

  test.each(equivalents.map((equivalent) => [equivalent.file, equivalent.after, equivalent] as const))(
    "of %s matches exactly one mutant of the source: %s",
    (file, _, equivalent) => {
      const source = sourceOf(file);
      expect(mutantsOf(file, source).filter((mutant) => isEquivalent(equivalent, mutant, source))).toHaveLength(1);
    },
  );
});

describe("the report of mutate", () => {
  const [one, other] = mutantsOf("a.ts", 'f("a", 1);\nf([b]);\n') as [Mutant, Mutant];
  const results = (...verdicts: Verdict[]) => verdicts.map((verdict) => ({ mutant: one, verdict }));

  test("shows a mutant on one line, shortened", () => {
    const text = `f({\n  ${"a".repeat(200)},\n});`;
    const titles = mutantsOf("a.ts", text).map(titleOf);
    expect(titles).toStrictEqual([
      `a.ts:1 remove-call f({ ${"a".repeat(115)}… → ;`,
      `a.ts:2 remove-property ${"a".repeat(119)}… → (removed)`,
    ]);
  });

  test("lists the survivors, the score, and how the killed mutants were noticed", () => {
    const verdicts = results("killed", "survived", "killed by the time limit", "killed by the type checker");
    expect(scoreOf(verdicts)).toBe(75);
    expect(reportOf(verdicts, 2)).toBe(
      `${titleOf(one)}\n` +
        "score 75.0 %: 3 killed (1 by the time limit, 1 by the type checker), 1 survived; 2 equivalent left out",
    );
    expect(other.operator).not.toBe(one.operator);
  });

  test("rounds the score down", () => {
    const verdicts = results(...Array<Verdict>(1999).fill("killed"), "survived");
    expect(reportOf(verdicts, 0)).toContain("score 99.9 %: 1999 killed");
  });
});

describe("the arguments of mutate", () => {
  test("have defaults", () => {
    expect(readArguments(["modules", "main.ts"])).toStrictEqual({
      paths: ["modules", "main.ts"],
      sample: undefined,
      seed: "1",
      threshold: undefined,
      workers: availableParallelism(),
    });
  });

  test("return the values of the options", () => {
    const args = ["main.ts", "--sample", "20", "--seed", "x", "--threshold", "96.5", "--workers", "3"];
    expect(readArguments(args)).toStrictEqual({
      paths: ["main.ts"],
      sample: 20,
      seed: "x",
      threshold: 96.5,
      workers: 3,
    });
  });

  test("need no path with --help", () => {
    expect(readArguments(["--help"])).toBeUndefined();
  });

  test.each([
    [[], "PATH must be given; npm --silent run mutate -- --help lists the options"],
    [["main.ts", "--sample", "0"], "--sample must be a whole number from 1 to 999999, got: 0"],
    [["main.ts", "--workers", "two"], "--workers must be a whole number from 1 to 999999, got: two"],
    [["main.ts", "--threshold", "101"], "--threshold must be a number from 0 to 100, got: 101"],
    [["main.ts", "--all"], "Unknown option '--all'; npm --silent run mutate -- --help lists the options"],
  ])("refuse %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(new Error(message));
  });
});
