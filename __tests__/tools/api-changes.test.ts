import { apiChanges, unannouncedChanges } from "../../tools/release/api-changes";

const report = (...declarations: string[]) =>
  `## API Report\n\n\`\`\`ts\n\nimport { Construct } from 'constructs';\n\n${declarations
    .map((text) => `// @public\n${text}\n`)
    .join("\n")}\n// (No @packageDocumentation comment for this package)\n\n\`\`\`\n`;
const KEY =
  "export class Key extends Construct {\n    constructor(props: KeyProps);\n    // (undocumented)\n" +
  "    readonly keyArn: string;\n}";
const PROPS =
  "export interface KeyProps {\n    readonly alias: string;\n    readonly tags?: Record<string, string>;\n}";
const TAKES_UNDEFINED = PROPS.replace("string>;", "string> | undefined;");
const BEFORE = report(KEY, PROPS);

test("apiChanges finds no change in an equal API report", () => {
  expect(apiChanges(BEFORE, BEFORE)).toStrictEqual({ added: [], broken: [] });
});

test.each([
  ["a removed export as broken", report(PROPS), [], ["Key is gone"]],
  [
    "a removed member as broken",
    report(KEY.replace("    readonly keyArn: string;\n", ""), PROPS),
    [],
    ["Key no longer has: readonly keyArn: string;"],
  ],
  [
    "an optional prop that becomes required as broken",
    report(KEY, PROPS.replace("tags?:", "tags:")),
    ["KeyProps.tags"],
    [
      "KeyProps no longer has: readonly tags?: Record<string, string>;",
      "KeyProps asks for more: readonly tags: Record<string, string>;",
    ],
  ],
  [
    "a new required prop as broken",
    report(KEY, PROPS.replace("}", "    readonly region: string;\n}")),
    ["KeyProps.region"],
    ["KeyProps asks for more: readonly region: string;"],
  ],
  [
    "another base class as broken",
    report(KEY.replace("extends Construct", "extends Resource"), PROPS),
    [],
    ["Key no longer has: export class Key extends Construct {"],
  ],
  ["a new export as added", report(KEY, PROPS, "export class Alias {\n}"), ["Alias"], []],
  [
    "a new optional prop as added",
    report(KEY, PROPS.replace("}", "    readonly region?: string;\n}")),
    ["KeyProps.region"],
    [],
  ],
  ["no change for an optional prop that also takes undefined", report(KEY, TAKES_UNDEFINED), [], []],
  [
    "a new method as added",
    report(KEY.replace(/}$/, "    static from(arn: string): Key;\n}"), PROPS),
    ["Key.from"],
    [],
  ],
  [
    "a new constant of a class as added",
    report(KEY.replace(/}$/, '    readonly kind = "key";\n}'), PROPS),
    ["Key.kind"],
    [],
  ],
  [
    "an interface that became a type alias as broken",
    report(KEY, "export type KeyProps = Props<{\n    alias: string;\n}>;"),
    [],
    [
      "KeyProps no longer has: export interface KeyProps {",
      "KeyProps no longer has: readonly alias: string;",
      "KeyProps no longer has: readonly tags?: Record<string, string>;",
    ],
  ],
])("apiChanges finds %s", (_, after, added, broken) => {
  expect(apiChanges(BEFORE, after)).toStrictEqual({ added, broken });
});

test("apiChanges finds an optional prop that no longer accepts undefined as broken", () => {
  expect(apiChanges(report(KEY, TAKES_UNDEFINED), BEFORE)).toStrictEqual({
    added: ["KeyProps.tags"],
    broken: ["KeyProps no longer has: readonly tags?: Record<string, string> | undefined;"],
  });
});

describe("unannouncedChanges", () => {
  const CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n- `Alias`\n\n## [0.1.0]\n\n### Breaking\n\n- `Grant`\n";
  const BREAKING = CHANGELOG.replace("- `Alias`", "### Breaking\n\n- `Key` is gone");
  const gone = { added: [], broken: ["Key is gone"] };

  test.each([
    ["accepts no change", { added: [], broken: [] }, CHANGELOG, "0.1.0", []],
    ["accepts an addition that the changelog names", { added: ["Alias"], broken: [] }, CHANGELOG, "0.1.0", []],
    [
      "returns an addition that only an earlier release names",
      { added: ["Grant", "Key.alias"], broken: [] },
      CHANGELOG,
      "0.1.0",
      ["CHANGELOG.md does not name Grant, which is new", "CHANGELOG.md does not name Key.alias, which is new"],
    ],
    ["returns a removal that the changelog does not name as breaking", gone, CHANGELOG, "0.2.0", ["Key is gone"]],
    ["returns a named removal in a patch version", gone, BREAKING, "0.1.1", ["Key is gone"]],
    ["accepts a named removal in a minor version of 0", gone, BREAKING, "0.2.0", []],
    ["accepts a named removal in a major version", gone, BREAKING, "1.0.0", []],
  ])("%s", (_, changes, changelog, version, complaints) => {
    expect(unannouncedChanges(changes, changelog, "0.1.0", version)).toStrictEqual(complaints);
  });

  test("returns a named removal in a minor version of 1", () => {
    const changelog = BREAKING.replace("0.1.0", "1.0.0");
    expect(unannouncedChanges(gone, changelog, "1.0.0", "1.1.0")).toStrictEqual(["Key is gone"]);
    expect(unannouncedChanges(gone, changelog, "1.0.0", "2.0.0")).toStrictEqual([]);
  });
});
