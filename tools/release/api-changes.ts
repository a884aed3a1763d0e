/** The differences between two reports of the public API. */
export interface ApiChanges {
  /** Exports and members that the older report does not have: `DataApiKey`, `DataApiKeyProps.alias`. */
  readonly added: readonly string[];
  /** Changes that may break code for the older API: a member is gone or different, or a new one is required. */
  readonly broken: readonly string[];
}

/** Compares two reports of API Extractor, which have a declaration for each export and a line for each member. */
export function apiChanges(released: string, current: string): ApiChanges {
  const after = exportsOf(current);
  const before = new Map(
    [...exportsOf(released)].map(([name, { head, members }]) => [
      name,
      { head, members: members.map((line) => asTaken(line, after.get(name)?.members ?? [])) },
    ]),
  );
  const added: string[] = [];
  const broken: string[] = [];
  for (const [name, { head, members }] of before) {
    const now = after.get(name);
    if (!now) {
      broken.push(`${name} is gone`);
      continue;
    }
    for (const line of [head, ...members].filter((line) => ![now.head, ...now.members].includes(line))) {
      broken.push(`${name} no longer has: ${line}`);
    }
  }
  for (const [name, { head, members }] of after) {
    const then = before.get(name);
    if (!then) {
      added.push(name);
      continue;
    }
    for (const line of members.filter((member) => !then.members.includes(member))) {
      const member = `${name}.${/(\w+)\??(?:[:(]| = )/.exec(line)?.[1] ?? line}`;
      // Code that creates an object of this interface would lack the new required member.
      if (/^export interface /.test(head) && !line.includes("?:")) {
        broken.push(`${name} asks for more: ${line}`);
      }
      added.push(member);
    }
  }
  return { added, broken };
}

/**
 * Returns the current form of an optional member if the only change is that the member now accepts `undefined`, which breaks no
 * caller. Returns the old form otherwise.
 */
function asTaken(line: string, now: readonly string[]): string {
  const taking = line.replace(/(?<=\?: .*)(?=;$)/, " | undefined");
  return now.includes(taking) ? taking : line;
}

/**
 * Returns a text for each unannounced change since a release. The sections above the release's heading in the changelog must name
 * each addition. For a breaking change, they must have a heading `### Breaking`, and the version must allow the change.
 */
export function unannouncedChanges(
  changes: ApiChanges,
  changelog: string,
  released: string,
  version: string,
): readonly string[] {
  const [since] = changelog.split(`\n## [${released}]`) as [string];
  const unnamed = changes.added
    .filter((name) => !new RegExp(`\\b${name.split(".").pop()}\\b`).test(since))
    .map((name) => `CHANGELOG.md does not name ${name}, which is new`);
  const announced = /^### Breaking$/m.test(since) && breaks(released, version);
  return announced ? unnamed : [...unnamed, ...changes.broken];
}

/**
 * Returns whether a version may break the API of the released one: its major is higher, or both majors are 0 and its minor is
 * higher.
 */
function breaks(released: string, version: string): boolean {
  const [was, is] = [released, version].map((text) => text.split(".").map(Number));
  return is![0]! > was![0]! || (is![0] === 0 && was![0] === 0 && is![1]! > was![1]!);
}

interface Declaration {
  readonly head: string;
  readonly members: readonly string[];
}

function exportsOf(report: string): Map<string, Declaration> {
  const [code] = /(?<=```ts\n)[^]*(?=\n```)/.exec(report) ?? [""];
  const declarations = code.split(/^\/\/ @.*$/m).slice(1);
  return new Map(
    declarations.map((text) => {
      const [head, ...members] = text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "" && line !== "}" && !line.startsWith("//"));
      if (head!.startsWith("export type ")) {
        return [/^export type (\w+)/.exec(head!)![1]!, { head: [head, ...members].join(" "), members: [] }];
      }
      return [/^export (?:abstract )?\w+ (\w+)/.exec(head!)![1]!, { head: head!, members }];
    }),
  );
}
