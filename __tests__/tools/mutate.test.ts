import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { readArguments } from "../../tools/mutate/arguments";
import { type Equivalent, isEquivalent, linesOf, readEquivalents } from "../../tools/mutate/equivalents";
import { type Mutant, mutantsOf, mutated } from "../../tools/mutate/operators";
import { NOTICED, stagesOf } from "../../tools/mutate/related-tests";
import { reportOf, scoreOf, titleOf, type Verdict } from "../../tools/mutate/report";
import { randomNumbers, sampleOf } from "../../tools/mutate/sample";
import { ROOT } from "../support/paths";

const sourceOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe("the mutants", () => {
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
  ])("of %s change %s", (operator, text, expected) => {
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
  ])("leave out %s, which does not run", (text) => {
    expect(mutantsOf("a.ts", text).filter(({ operator }) => operator !== "remove-call")).toStrictEqual([]);
  });

  test("have the place and the text of their change", () => {
    const text = 'const a = 1;\n\n/** b */\nconst b = "b";\n';
    expect(mutantsOf("folder/a.ts", text)).toStrictEqual([
      { file: "folder/a.ts", line: 1, operator: "number", before: "1", after: "(1 + 1)", start: 10, end: 11 },
      { file: "folder/a.ts", line: 4, operator: "string", before: '"b"', after: '""', start: 33, end: 36 },
    ]);
  });

  test("differ from the source and from each other", () => {
    const text = sourceOf("app/config/schema.ts");
    const texts = mutantsOf("app/config/schema.ts", text).map((mutant) => mutated(text, mutant));
    expect(texts.length).toBeGreaterThan(100);
    expect(new Set([text, ...texts]).size).toBe(texts.length + 1);
  });
});

describe("a sample", () => {
  const values = Array.from({ length: 100 }, (_, index) => `${index}`);

  test("is the same for the same seed", () => {
    expect(sampleOf(values, 5, "1")).toStrictEqual(sampleOf([...values], 5, "1"));
    expect(sampleOf(values, 5, "2")).not.toStrictEqual(sampleOf(values, 5, "1"));
  });

  test("has distinct values in their order", () => {
    const sample = sampleOf(values, 50, "1").map(Number);
    expect(new Set(sample).size).toBe(50);
    expect([...sample].sort((a, b) => a - b)).toStrictEqual(sample);
  });

  test("can have every value, and has all values if there are too few", () => {
    const chosen = Array.from({ length: 100 }, (_, seed) => sampleOf(values, 10, `${seed}`)).flat();
    expect(new Set(chosen).size).toBe(100);
    expect(sampleOf(values, 101, "1")).toStrictEqual(values);
  });

  test("draws from mulberry32", () => {
    const random = randomNumbers(1);
    expect([random(), random()]).toStrictEqual([0.6270739405881613, 0.002735721180215478]);
  });
});

describe("the related tests", () => {
  const importing = [
    "__tests__/commands/review-bin.test.ts",
    "__tests__/review/render/text.test.ts",
    "__tests__/a.test.ts",
  ];

  test("run in stages: the test with the file's name, importing tests, tests that start a program or read sources", () => {
    expect(stagesOf("review/render/text.ts", importing)).toStrictEqual([
      ["__tests__/review/render/text.test.ts"],
      ["__tests__/a.test.ts"],
      [
        "__tests__/commands/action.test.ts",
        "__tests__/commands/hostile-markdown.test.ts",
        "__tests__/commands/review-bin.test.ts",
        "__tests__/commands/review-in-ci.test.ts",
        "__tests__/commands/review-stacks.test.ts",
      ],
    ]);
  });

  test("include a test without an import only for its files", () => {
    expect(stagesOf("main.ts", [])).toStrictEqual([["__tests__/commands/programs.test.ts"]]);
    expect(stagesOf("tools/main.ts", ["__tests__/a.test.ts"])).toStrictEqual([["__tests__/a.test.ts"]]);
    expect(stagesOf("tools/b.ts", [])).toStrictEqual([]);
  });

  test("name every test that starts a program of the project or parses sources", () => {
    const unimported = readdirSync(join(ROOT, "__tests__"), { encoding: "utf8", recursive: true })
      .filter((name) => name.endsWith(".test.ts") && !/^(browser|deploy|emulator|package|terraform)\//.test(name))
      .map((name) => `__tests__/${name}`)
      .filter((file) => file.includes("/commands/") || /new ESLint\(|ts\.createSourceFile\(/.test(sourceOf(file)));
    expect(unimported.sort()).toStrictEqual(Object.keys(NOTICED));
  });
});

describe("an equivalent mutant", () => {
  const text = "function f() {\n  return 1;\n}\nfunction g() {\n  return 1;\n}\n";
  const mutants = mutantsOf("a.ts", text).filter(({ operator }) => operator === "number");
  const list =
    "# a comment\na.ts\tnumber\tfunction g() { return 1;\tfunction g() { return (1 + 1);\tNobody reads it.\n";

  test("is recognized by its lines and the line before them, and not by line numbers", () => {
    const [equivalent] = readEquivalents(list) as [Equivalent];
    expect(mutants.map((mutant) => isEquivalent(equivalent, mutant, text))).toStrictEqual([false, true]);
    const moved = `\n\n${text}`;
    const equal = mutantsOf("a.ts", moved).filter((mutant) => isEquivalent(equivalent, mutant, moved));
    expect(equal.map(({ line }) => line)).toStrictEqual([7]);
    expect(isEquivalent({ ...equivalent, file: "b.ts" }, mutants[1]!, text)).toBe(false);
    expect(isEquivalent({ ...equivalent, operator: "string" }, mutants[1]!, text)).toBe(false);
    expect(isEquivalent({ ...equivalent, after: "function g() { return 2;" }, mutants[1]!, text)).toBe(false);
  });

  test("has its lines as one line, also at the start of a file", () => {
    const several = "f({\n  a,\n});\ng();";
    const [call] = mutantsOf("a.ts", several).filter(({ operator }) => operator === "remove-call") as [Mutant];
    expect(linesOf(call, several)).toStrictEqual({ after: ";", before: "f({ a, });" });
  });

  test.each(["a.ts\tnumber\t1\t2", "a.ts\tnumber\t1\t\tNobody reads it."])("refuses the entry %j", (entry) => {
    expect(() => readEquivalents(`\n${entry}\n`)).toThrow(
      new Error(`line 2 must have the columns file, operator, before, after, reason, got: ${entry}`),
    );
  });

  const equivalents = readEquivalents(sourceOf("tools/mutate/equivalents.tsv"));

  test.each(equivalents.map((equivalent) => [equivalent.file, equivalent.after, equivalent] as const))(
    "of %s is one mutant of today's source: %s",
    (file, _, equivalent) => {
      const source = sourceOf(file);
      expect(mutantsOf(file, source).filter((mutant) => isEquivalent(equivalent, mutant, source))).toHaveLength(1);
    },
  );
});

describe("the report", () => {
  const [one, other] = mutantsOf("a.ts", 'f("a", 1);\nf([b]);\n') as [Mutant, Mutant];
  const results = (...verdicts: Verdict[]) => verdicts.map((verdict) => ({ mutant: one, verdict }));

  test("shows a mutant on one line", () => {
    const text = `f({\n  ${"a".repeat(200)},\n});`;
    const titles = mutantsOf("a.ts", text).map(titleOf);
    expect(titles).toStrictEqual([
      `a.ts:1 remove-call f({ ${"a".repeat(115)}… → ;`,
      `a.ts:2 remove-property ${"a".repeat(119)}… → (removed)`,
    ]);
  });

  test("lists the survivors, and has the share of killed mutants", () => {
    const verdicts = results("killed", "survived", "killed by the time limit", "killed by the type checker");
    expect(scoreOf(verdicts)).toBe(75);
    expect(reportOf(verdicts, 2)).toBe(
      `${titleOf(one)}\n` +
        "score 75.0 %: 3 killed (1 by the time limit, 1 by the type checker), 1 survived; 2 equivalent left out",
    );
    expect(other.operator).not.toBe(one.operator);
  });

  test("rounds the share down", () => {
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

  test("have the values of the options", () => {
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
    [[], "PATH must be given; npm run mutate -- --help lists the options"],
    [["main.ts", "--sample", "0"], "--sample must be a whole number from 1 to 999999, got: 0"],
    [["main.ts", "--workers", "two"], "--workers must be a whole number from 1 to 999999, got: two"],
    [["main.ts", "--threshold", "101"], "--threshold must be a number from 0 to 100, got: 101"],
    [["main.ts", "--all"], "Unknown option '--all'; npm run mutate -- --help lists the options"],
  ])("refuse %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(new Error(message));
  });
});
