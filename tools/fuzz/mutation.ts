import { asText } from "../../review/plan/predicates";
import { randomNumbers } from "../mutate/sample";

/**
 * Texts that replace values and names. They include texts of an attacker, because a pull request can bring any text into a plan.
 */
const TEXTS: readonly string[] = [
  "",
  "constructor",
  "toString",
  "__proto__",
  "hasOwnProperty",
  "`".repeat(200_000),
  "*".repeat(2_000),
  "[[".repeat(2_000),
  "a\ud83d",
  "\udc00",
  "a\n::add-mask::b",
  "::error::a",
  "##[error]a",
  "##vso[task.complete result=Succeeded;]",
  "section_start:1:a\r\u001b[0K",
  "\u001b[2J\u009b1A\u0007\u007f\t\v\r\0",
  "\u202e\u2066\u200b\u00ad\ufeff\u{e0041}",
  "a\u2028::error::b\u2029c\u0085d",
  "<script>alert(1)</script>--></details>|",
  '"] click n0 "javascript:a" %%{init: {}}%% ```',
  "arn:aws:iam::111122223333:root",
  "arn:",
  "*",
  "${each.key}",
  "module.",
  'a["b"].c[0',
];
/** A placeholder for the number 9e999, which JSON allows and JavaScript cannot represent. */
const HUGE = "the number 9e999";
const SCALARS: readonly unknown[] = [null, true, false, 0, -1, 0.1, 2 ** 53, -1e308, HUGE, [], {}, [[]], [null], [{}]];
/** Maps with names that every object inherits, so that String() or a comparison can fail. */
const MAPS: readonly unknown[] = [{ toString: 1 }, { constructor: null, valueOf: 1 }, { length: 3 }];
const DEPTHS = [50, 5_000, 200_000];
/** A placeholder for deeply nested arrays, which JSON.stringify cannot write. */
const DEEP = "the deep value";

type Container = Record<string, unknown> | unknown[];

/**
 * The position of a value in a plan, or in a policy that the plan has as a JSON string: the map or array that contains the value,
 * and the value's key or index.
 */
interface Position {
  readonly container: Container;
  readonly key: string;
}

/** A plan with one to three changes, some of which also change its text, and a description of each change. */
export interface Mutation {
  readonly changes: readonly string[];
  readonly text: string;
}

/** Changes a plan at random, and returns its text. The same seed gives the same changes. */
export function mutationOf(plan: string, seed: number): Mutation {
  const random = randomNumbers(seed);
  const root = { plan: JSON.parse(plan) as Readonly<Record<string, unknown>> };
  const policies: (() => void)[] = [];
  // Chooses a section first, because most values are in `configuration`, while most of the review is about `resource_changes`.
  const sectionPositions = Object.keys(root.plan).map((key) => positionsIn({ [key]: root.plan[key] }, policies));
  const sections = [
    positionsIn(root, []),
    ...sectionPositions,
    ...sectionPositions.filter((positions) => positions[0]?.key === "resource_changes"),
  ];
  const changes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const position = oneOf(oneOf(sections, random), random);
    const change = oneOf(CHANGES, random);
    return `${change.name} ${position.key.slice(0, 40)}: ${change(position, random) ?? ""}`;
  });
  // Makes the parsed policies strings again, the innermost first.
  for (const write of policies.reverse()) {
    write();
  }
  const depth = oneOf(DEPTHS, random);
  const text = JSON.stringify(root.plan ?? null)
    .replaceAll(JSON.stringify(HUGE), "9e999")
    .replaceAll(JSON.stringify(DEEP), () => `${"[".repeat(depth)}${"]".repeat(depth)}`);
  const changeText = random() < 0.1 ? oneOf(TEXT_CHANGES, random) : undefined;
  return changeText === undefined
    ? { changes, text }
    : { changes: [...changes, `${changeText.name} the text`], text: changeText(text, random) };
}

/**
 * Returns the positions of all values. Replaces each policy, which is a JSON string, by its parsed value, and appends to `policies`
 * a function that reverses this replacement.
 */
function positionsIn(value: unknown, policies: (() => void)[]): readonly Position[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const container = value as Container;
  return Object.keys(container).flatMap((key) => {
    const document = parsed(valueAt({ container, key }));
    if (document !== undefined) {
      set({ container, key }, document);
      policies.push(() => {
        if (valueAt({ container, key }) === document) {
          set({ container, key }, JSON.stringify(document));
        }
      });
    }
    return [{ container, key }, ...positionsIn(valueAt({ container, key }), policies)];
  });
}

function parsed(value: unknown): unknown {
  return typeof value === "string" && value.startsWith("{") ? (JSON.parse(value) as unknown) : undefined;
}

function valueAt({ container, key }: Position): unknown {
  return (container as Record<string, unknown>)[key];
}

/** Sets the value of a key, also of `__proto__`: an assignment to that key would change the prototype. */
function set({ container, key }: Position, value: unknown): void {
  Object.defineProperty(container, key, { configurable: true, enumerable: true, value, writable: true });
}

type Change = (position: Position, random: () => number) => string | undefined;

const CHANGES: readonly Change[] = [
  function drop({ container, key }) {
    if (Array.isArray(container)) {
      container.splice(Number(key), 1);
    } else {
      delete container[key];
    }
    return undefined;
  },
  function replace(position, random) {
    const value = oneOf([...TEXTS, ...SCALARS, ...MAPS], random);
    set(position, value);
    return shown(value);
  },
  function replaceByText(position, random) {
    const value = oneOf(TEXTS, random);
    set(position, value);
    return shown(value);
  },
  function append(position, random) {
    const value = valueAt(position);
    const text = oneOf(TEXTS, random);
    set(position, typeof value === "string" ? value + text : [value, text]);
    return shown(text);
  },
  function rename({ container, key }, random) {
    const name = oneOf(TEXTS, random);
    if (!Array.isArray(container)) {
      const value = container[key];
      delete container[key];
      set({ container, key: name }, value);
    }
    return shown(name);
  },
  function wrap(position, random) {
    const value = valueAt(position);
    set(position, oneOf([[value], { value }, [[value]], asText(value)], random));
    return undefined;
  },
  function nest(position) {
    set(position, DEEP);
    return undefined;
  },
  function duplicate({ container, key }, random) {
    const value = valueAt({ container, key });
    if (Array.isArray(container)) {
      container.push(...Array.from({ length: oneOf([1, 50], random) }, () => value));
    } else {
      set({ container, key: `${key}_2` }, value);
    }
    return undefined;
  },
  function hide({ container, key }, random) {
    // Marks the value as unknown or sensitive, in the member of the change that has the marks.
    const kind = oneOf(["after_unknown", "after_sensitive", "before_sensitive"], random);
    const marks = oneOf([true, { [key]: true }, [true], { policy: true }], random);
    set({ container, key: kind }, marks);
    return kind;
  },
  function swap(position, random) {
    const value = valueAt(position);
    const others: readonly unknown[] =
      typeof value === "object" && value !== null
        ? [
            Object.values(value),
            Object.entries(value),
            Object.fromEntries(Object.entries(value)),
            JSON.stringify(value),
          ]
        : [{ [String(value).slice(0, 40)]: value }, [value], Number(value), Boolean(value)];
    set(position, oneOf(others, random));
    return undefined;
  },
];

/** Changes of the JSON text of a plan. */
const TEXT_CHANGES: readonly ((text: string, random: () => number) => string)[] = [
  function cut(text, random) {
    return text.slice(0, Math.floor(random() * text.length));
  },
  function insertIn(text, random) {
    const position = Math.floor(random() * text.length);
    return `${text.slice(0, position)}${oneOf(TEXTS, random)}${text.slice(position)}`;
  },
  function repeat(text) {
    return `${text}\n${text}`;
  },
  function repeatAMemberOf(text) {
    return text.replace("{", '{"resource_changes":[],');
  },
];

function oneOf<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)]!;
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
