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
import type {
  Configuration,
  DataApiEndpointConfiguration,
  KeyConfiguration,
  ParameterGroupConfiguration,
  WarehouseConfiguration,
} from "./schema";
import { parse } from "./schema-problems";
import { pathText, valueText } from "./texts";
import { isMap, itemsOf, memberOf } from "./unchecked-values";
import { repeatedNames } from "./unique-names";

/** The configuration that several files make together: its values, their places, and the problems with them. */
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

  /** The values of the files, defaults included; a value that has a problem is not of its type. */
  public readonly configuration: Configuration;
  /** The problems with single values and with names, before any stack is made of them. */
  public readonly problems: readonly Problem[];
  /** The file of each key that is in one file only, and the first file of each list. */
  private readonly settings = new Map<string, ConfigurationFile>();
  private readonly entries: Record<List, Layers[]> = {
    dataApiEndpoints: [],
    keys: [],
    parameterGroups: [],
    warehouses: [],
  };

  public constructor(private readonly files: readonly ConfigurationFile[]) {
    const [top, problems] = this.gather();
    for (const list of LISTS.filter((name) => Array.isArray(top[name]))) {
      const entries = top[list] as PlacedValue[];
      this.entries[list] = entries.map((entry) => [
        entry,
        ...applicableDefaults(list, entry.value, this.defaultsOf(entry, top)),
      ]);
      top[list] = this.entries[list].map(withDefaults);
    }
    const { output, problems: schemaProblems } = parse(top);
    // A value that is no list in one file is not missing as well.
    const noLists = new Set(problems.map(({ path: [key] }) => key).filter((key) => LISTS.includes(key as List)));
    this.problems = [
      ...problems,
      ...schemaProblems.filter(({ path }) => path.length > 1 || !noLists.has(path[0])),
      ...entryProblems(top),
      ...repeatedNames(top, (path) => this.placeOf(path)),
    ];
    this.configuration = output as Configuration;
  }

  /** The names of all stacks, in order. */
  public get names(): readonly string[] {
    const { dataApiEndpoints, keys, parameterGroups, warehouses } = this.configuration;
    return [keys, parameterGroups, warehouses, dataApiEndpoints]
      .flatMap(itemsOf)
      .map((entry) => memberOf(entry, "name"))
      .filter((name) => typeof name === "string");
  }

  /** The shared keys of which no problem is known, with their index. */
  public get rightKeys(): readonly (readonly [index: number, key: KeyConfiguration])[] {
    return this.right("keys", this.configuration.keys);
  }

  /** The shared parameter groups of which no problem is known, with their index. */
  public get rightParameterGroups(): readonly (readonly [index: number, group: ParameterGroupConfiguration])[] {
    return this.right("parameterGroups", this.configuration.parameterGroups);
  }

  /** The endpoints of the Data API of which no problem is known, with their index. */
  public get rightDataApiEndpoints(): readonly (readonly [index: number, endpoint: DataApiEndpointConfiguration])[] {
    return this.right("dataApiEndpoints", this.configuration.dataApiEndpoints);
  }

  /** The warehouses of which no problem is known, with their index. */
  public get rightWarehouses(): readonly (readonly [index: number, warehouse: WarehouseConfiguration])[] {
    return this.right("warehouses", this.configuration.warehouses);
  }

  /** The error for problems, in the order of the files and their lines. */
  public error(problems: readonly Problem[]): ConfigurationError {
    const placed = problems.map(({ file, message, path }) => {
      const place = file ? { file, path } : this.placeOf(path);
      return { ...place, line: place.file.lineOf(place.path), message };
    });
    const ranks = new Map(this.files.map((file, rank) => [file, rank]));
    placed.sort((a, b) => ranks.get(a.file)! - ranks.get(b.file)! || a.line - b.line);
    const lines = placed.map(
      ({ file, line, message, path }) => `${file.name}:${line} ${[pathText(path), message].join(" ").trim()}`,
    );
    // A wrong default is wrong in every entry that takes it.
    return new ConfigurationError([...new Set(lines)]);
  }

  private right<T>(list: List, entries: readonly T[] | undefined): readonly (readonly [index: number, entry: T])[] {
    const wrong = new Set(this.problems.map(({ path: [first, index] }) => (first === list ? index : undefined)));
    return [...(itemsOf(entries) as readonly T[]).entries()].filter(([index]) => !wrong.has(index));
  }

  /** The values at the top of the files, and the entries of lists with their places. */
  private gather(): [top: Record<string, unknown>, problems: readonly Problem[]] {
    const top = new Map<string, unknown>();
    const lists = new Map<string, PlacedValue[]>();
    const problems: Problem[] = [];
    for (const file of this.files) {
      if (!isMap(file.value)) {
        // Its text is not shown: it may be a file of secrets.
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

  /** The defaults of an entry: its account's before those of all. */
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

  /** The file that a path leads to, and the path there. */
  private placeOf(path: Path): Place {
    const [first, index, ...rest] = path;
    const list = LISTS.find((name) => name === first);
    const layers = list && this.entries[list][Number(index)];
    return layers ? placeOf(layers, rest) : { file: this.settings.get(String(first)) ?? this.files[0]!, path };
  }
}
