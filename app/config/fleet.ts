import { ConfigurationError, ConfigurationFile, type Path } from "./configuration-file";
import {
  applicableDefaults,
  type Layers,
  type List,
  LISTS,
  type Place,
  type PlacedValue,
  placeOf,
  withDefaults,
} from "./defaults";
import { entryProblems } from "./entry-problems";
import { fileNamesOf } from "./file-names";
import type { Problem } from "./problems";
import type { Configuration } from "./schema";
import { parse } from "./schema-problems";
import { pathText, valueText } from "./texts";
import { isMap, itemsOf, memberOf } from "./unchecked-values";
import { repeatedNames } from "./unique-names";

/** An entry of a list of the configuration, with its index in the list. */
export type Indexed<T> = readonly [index: number, entry: T];

/** The entries without a problem, by list. */
export type ValidEntries = { readonly [L in List]: readonly Indexed<NonNullable<Configuration[L]>[number]>[] };

/** The whole configuration, of one or several files: its values, their places in the files, and the problems with them. */
export class Fleet {
  /**
   * Reads the files of a configuration.
   *
   * @param names - names of files and glob patterns, with spaces between them
   * @throws ConfigurationError if a file cannot be read or is no YAML, or a pattern matches nothing
   */
  public static load(names: string): Fleet {
    return new Fleet(fileNamesOf(names).map((name) => ConfigurationFile.load(name)));
  }

  /** The merged values of the files, with the defaults in the entries. A value that has a problem may have another type. */
  public readonly configuration: Configuration;
  /** The problems that the schema and the checks of names find. The constructs of the stacks may find more. */
  public readonly problems: readonly Problem[];
  /** By key at the top of files: the first file that has the key. */
  private readonly settings = new Map<string, ConfigurationFile>();
  private readonly entries = new Map<unknown, readonly Layers[]>();

  public constructor(private readonly files: readonly ConfigurationFile[]) {
    const [top, problems] = this.readSettings();
    for (const list of LISTS.filter((name) => Array.isArray(top[name]))) {
      const entries = (top[list] as PlacedValue[]).map((entry): Layers => [
        entry,
        ...applicableDefaults(list, entry.value, this.defaultsOf(entry, top)),
      ]);
      this.entries.set(list, entries);
      top[list] = entries.map(withDefaults);
    }
    const { output, problems: schemaProblems } = parse(top);
    // A key such as `warehouses` that is no list, or a file that is no map, has its problem already. The schema must not report the
    // list as missing, too.
    const keysWithoutList = new Set<unknown>(
      problems.map(({ path: [key = "warehouses"] }) => key).filter((key) => LISTS.includes(key as List)),
    );
    this.problems = [
      ...problems,
      ...schemaProblems.filter(({ path }) => path.length > 1 || !keysWithoutList.has(path[0])),
      ...entryProblems(top),
      ...repeatedNames(top, (path) => this.placeOf(path)),
    ];
    this.configuration = output as Configuration;
  }

  /** The names of all stacks: keys, parameter groups, warehouses and endpoints, in this order. */
  public get names(): readonly string[] {
    const { dataApiEndpoints, keys, parameterGroups, warehouses } = this.configuration;
    return [keys, parameterGroups, warehouses, dataApiEndpoints]
      .flatMap(itemsOf)
      .map((entry) => memberOf(entry, "name"))
      .filter((name) => typeof name === "string");
  }

  /** The entries without a problem. They are plain data, so that they can be sent to another thread. */
  public get validEntries(): ValidEntries {
    return {
      dataApiEndpoints: this.validEntriesOf("dataApiEndpoints"),
      keys: this.validEntriesOf("keys"),
      parameterGroups: this.validEntriesOf("parameterGroups"),
      warehouses: this.validEntriesOf("warehouses"),
    };
  }

  /** Returns the error for problems, each with its file and line, in the order of the files and lines. */
  public error(problems: readonly Problem[]): ConfigurationError {
    const locatedProblems = problems.map(({ file, message, path }) => {
      const place = file ? { file, path } : this.placeOf(path);
      return { ...place, line: place.file.lineOf(place.path), message };
    });
    const ranks = new Map(this.files.map((file, rank) => [file, rank]));
    locatedProblems.sort((a, b) => ranks.get(a.file)! - ranks.get(b.file)! || a.line - b.line);
    const lines = locatedProblems.map(
      ({ file, line, message, path }) => `${file.name}:${line} ${[pathText(path), message].join(" ").trim()}`,
    );
    // A problem of a default occurs once for each entry with the default. It is printed once.
    return new ConfigurationError([...new Set(lines)]);
  }

  private validEntriesOf<L extends List>(list: L): readonly Indexed<NonNullable<Configuration[L]>[number]>[] {
    const refused = new Set(this.problems.filter(({ path }) => path[0] === list).map(({ path }) => path[1]));
    const entries = itemsOf(this.configuration[list]) as NonNullable<Configuration[L]>;
    return [...entries.entries()].filter(([index]) => !refused.has(index));
  }

  /**
   * Reads the files. Returns the keys at their top, with the entries of each list joined, and the problems of keys that are in
   * several files or have a wrong type.
   */
  private readSettings(): [top: Record<string, unknown>, problems: readonly Problem[]] {
    const top = new Map<string, unknown>();
    const lists = new Map<string, PlacedValue[]>();
    const problems: Problem[] = [];
    for (const file of this.files) {
      if (!isMap(file.value)) {
        // The value itself is not shown, because the file may contain secrets.
        const kind = Array.isArray(file.value) ? "list" : typeof file.value;
        problems.push({ file, message: `must be a map, got: a ${kind}`, path: [] });
        continue;
      }
      for (const [key, value] of Object.entries(file.value)) {
        const list = LISTS.find((name) => name === key);
        const owner = this.settings.get(key);
        this.settings.set(key, owner ?? file);
        if (list && Array.isArray(value)) {
          const entries = lists.get(key) ?? [];
          value.forEach((entry: unknown, index) => entries.push({ file, path: [key, index], value: entry }));
          lists.set(key, entries);
        } else if (list) {
          problems.push({ file, message: `must be a list, got: ${valueText(value)}`, path: [key] });
        } else if (owner) {
          problems.push({ file, message: `must be in one file only, and is in ${owner.name} as well`, path: [key] });
        } else {
          top.set(key, value);
        }
      }
    }
    return [Object.fromEntries([...top, ...lists]), problems];
  }

  /** Returns the defaults of an entry: first the defaults of its account, then the defaults of the whole configuration. */
  private defaultsOf({ value }: PlacedValue, top: Record<string, unknown>): readonly PlacedValue[] {
    const { accounts, defaults } = top;
    const account = memberOf(value, "account") ?? memberOf(defaults, "account");
    const path = ["accounts", String(account), "defaults"];
    return [
      { path, value: memberOf(memberOf(accounts, String(account)), "defaults") },
      { path: ["defaults"], value: defaults },
    ]
      .filter((layer) => layer.value !== undefined)
      .map((layer) => ({ ...layer, file: this.settings.get(layer.path[0]!)! }));
  }

  /** Maps a path in the whole configuration to the file that has the value, and to the path in that file. */
  private placeOf(path: Path): Place {
    const [first, index, ...rest] = path;
    const layers = this.entries.get(first)?.[Number(index)];
    return layers ? placeOf(layers, rest) : { file: this.settings.get(String(first)) ?? this.files[0]!, path };
  }
}
