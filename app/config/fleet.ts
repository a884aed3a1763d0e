import { existsSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { globSync, isDynamicPattern } from "tinyglobby";
import * as v from "valibot";
import { partitionOf } from "../../modules/private/aws-environment";
import { shortened } from "../../modules/private/printable";
import { follows } from "../../modules/private/rule";
import { REGION, STACK_NAME } from "../../modules/private/rules";
import { ConfigurationError, ConfigurationFile, type Path } from "./configuration-file";
import { fitting, isMap, type Layers, merged, own, type Place, placeOf, type Written } from "./defaults";
import {
  type Configuration,
  type DataApiEndpointConfiguration,
  type KeyConfiguration,
  type ParameterGroupConfiguration,
  SCHEMA,
  type WarehouseConfiguration,
} from "./schema";
import { ENTRY_PARTITION } from "./values";

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Its place in the whole configuration, or in a file if one is named. */
  readonly path: Path;
  /** The rule that is broken, read after the path: `must be an AWS region, got: us-est-1`. */
  readonly message: string;
  readonly file?: ConfigurationFile;
}

/** The lists that the files have in common: each file adds to them. */
const LISTS = ["dataApiEndpoints", "keys", "parameterGroups", "warehouses"] as const;
type List = (typeof LISTS)[number];

/** The defaults that the entries of a list take; a warehouse takes all. */
const TAKEN: Readonly<Partial<Record<List, readonly string[]>>> = {
  dataApiEndpoints: ["account", "region", "tags"],
  keys: ["account", "administrators", "deployers", "key", "region", "tags"],
  parameterGroups: ["account", "region", "tags"],
};

/** The configuration that several files make together: its values, their places, and the problems with them. */
export class Fleet {
  /**
   * Reads what files there are.
   *
   * @param names - names of files and glob patterns, with spaces between them
   * @throws ConfigurationError if a file cannot be read or is no YAML, or a pattern matches nothing
   */
  public static load(names: string): Fleet {
    return new Fleet(filesOf(names).map((name) => ConfigurationFile.load(name)));
  }

  /** The values of the files, defaults included; a value that has a problem is not of its type. */
  public readonly configuration: Configuration;
  /** The problems with single values and with names, before any stack is made of them. */
  public readonly problems: readonly Problem[];
  /** Which file has what is there once only, and which is the first with a list. */
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
      const entries = top[list] as Written[];
      this.entries[list] = entries.map((entry) => [
        entry,
        ...fitting(entry.value, this.defaultsOf(entry, top), TAKEN[list]),
      ]);
      top[list] = this.entries[list].map(merged);
    }
    const result = v.safeParse(SCHEMA, top);
    // A value that is no list in one file is not missing as well.
    const noLists = new Set(problems.map(({ path: [key] }) => key).filter((key) => LISTS.includes(key as List)));
    this.problems = [
      ...problems,
      ...(result.issues ?? [])
        .map((issue) => problemOf(issue, top))
        .filter(({ path }) => path.length > 1 || !noLists.has(path[0])),
      ...foreignRoles(top),
      ...missing(top, "keys", ["key"]),
      ...missing(top, "parameterGroups", ["cluster", "parameterGroup"]),
      ...incomplete(top),
      ...this.clashes(top),
    ];
    this.configuration = result.output as Configuration;
  }

  /** The names of all stacks, in order. */
  public get names(): readonly string[] {
    const { dataApiEndpoints, keys, parameterGroups, warehouses } = this.configuration;
    return [keys, parameterGroups, warehouses, dataApiEndpoints]
      .flatMap(items)
      .map((entry) => own(entry, "name"))
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
      ({ file, line, message, path }) => `${file.name}:${line} ${[written(path), message].join(" ").trim()}`,
    );
    // A wrong default is wrong in every entry that takes it.
    return new ConfigurationError([...new Set(lines)]);
  }

  private right<T>(list: List, entries: readonly T[] | undefined): readonly (readonly [index: number, entry: T])[] {
    const wrong = new Set(this.problems.map(({ path: [first, index] }) => (first === list ? index : undefined)));
    return [...(items(entries) as readonly T[]).entries()].filter(([index]) => !wrong.has(index));
  }

  /** The values at the top of the files; the entries of lists with the place in which they are written. */
  private gather(): [top: Record<string, unknown>, problems: readonly Problem[]] {
    const top = new Map<string, unknown>();
    const lists = new Map<string, Written[]>();
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
          problems.push({ file, message: `must be a list, got: ${shown(value)}`, path: [key] });
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
  private defaultsOf({ value }: Written, top: Record<string, unknown>): readonly Written[] {
    const { accounts, defaults } = top;
    const account = own(value, "account") ?? own(defaults, "account");
    const path = ["accounts", String(account), "defaults"];
    return [
      { path, value: own(own(accounts, String(account)), "defaults") },
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

  /**
   * The names that AWS has only once: stacks that use the same one would fail at apply, or take it from each other. The input may
   * be anything, so that these are reported together with what else is wrong.
   */
  private clashes(input: Record<string, unknown>): readonly Problem[] {
    const owners = new Map<string, Path>();
    const problems: Problem[] = [];
    const claim = (what: string, name: unknown, where: readonly unknown[], path: Path, got = name): boolean => {
      if (typeof name !== "string") {
        return false;
      }
      // Role names are unique whatever their case; the other names have no upper case.
      const claimed = [what, name.toLowerCase(), ...where].join("\n");
      const owner = owners.get(claimed);
      if (owner === undefined) {
        owners.set(claimed, path);
        return true;
      }
      problems.push({ path, message: `must not be ${this.ownedBy(owner, path, what)}, got: ${shown(got)}` });
      return false;
    };
    for (const list of LISTS) {
      items(input[list]).forEach((item, index) => CLAIMS[list](item, [list, index], claim));
    }
    return problems;
  }

  private ownedBy(owner: Path, path: Path, what: string): string {
    const [own, other] = [this.placeOf(path), this.placeOf(owner)];
    const place = written(other.path);
    if (own.file !== other.file) {
      return `the ${what} of ${place} in ${other.file.name} as well`;
    }
    return written(own.path) === place ? `the ${what} of several entries` : `the ${what} of ${place} as well`;
  }
}

/** The names of files that names and patterns stand for, each once, in an order that depends on nothing else. */
function filesOf(names: string): readonly string[] {
  // A name may have spaces in it.
  const parts = existsSync(names) ? [names] : names.split(/\s+/).filter((part) => part !== "");
  if (parts.length === 0) {
    throw new ConfigurationError([`WAREHOUSES must name at least one file, got: ${shown(names)}`]);
  }
  const files = parts.flatMap((part) => {
    if (existsSync(part) || !isDynamicPattern(part)) {
      return [part];
    }
    const found = globSync(part, { expandDirectories: false, ignore: ["**/node_modules/**"] }).sort();
    if (found.length === 0) {
      throw new ConfigurationError([`WAREHOUSES must match at least one file, got: ${part}`]);
    }
    checkLinks(part, found);
    return found;
  });
  return [...new Set(files)];
}

/** Refuses links that lead out of the folder of a pattern: an error would show what is in a file that nobody named. */
function checkLinks(pattern: string, files: readonly string[]): void {
  const [folder = "./"] = /^[^*?{}()[\]!+@|\\]*\//.exec(pattern) ?? [];
  const within = realpathSync(folder).replace(/[\\/]*$/, sep);
  const outside = files.filter((file) => !realpathSync(file).startsWith(within));
  if (outside.length > 0) {
    throw new ConfigurationError(
      outside.map((file) => `${file} must not be a link to a file outside ${folder}: name that file in WAREHOUSES`),
    );
  }
}

function written(path: Path): string {
  return path
    .map((step) =>
      typeof step === "number"
        ? `[${step}]`
        : /^[\w-]+$/.test(step)
          ? `.${shortened(step)}`
          : `[${shortened(JSON.stringify(step))}]`,
    )
    .join("")
    .replace(/^\./, "");
}

function problemOf(issue: v.BaseIssue<unknown>, input: Record<string, unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type === "never") {
    // The schema's message is the list of the keys that it takes here.
    const key = String(path.at(-1));
    const nearest = nearestOf(key, issue.message.split(" "));
    const hint =
      nearest === undefined ? `known are ${issue.message.replaceAll(" ", ", ")}` : `did you mean ${nearest}?`;
    return { path, message: `is not a known key, ${hint}` };
  }
  const missing = issue.path?.at(-1)?.origin === "key" && issue.input === undefined;
  return missing
    ? { path, message: "must be given" }
    : {
        path,
        message: `must ${issue.message.replace(ENTRY_PARTITION, partitionAt(path, input))}, got: ${shown(issue.input)}`,
      };
}

/** The name that is most like another one; undefined if none is like it. */
function nearestOf(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) {
    return undefined;
  }
  const nearest = closest(name, names);
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, name.length / 2) ? nearest : undefined;
}

/** The partition of the entry that a path leads into; that of the public Regions if it has no right Region. */
function partitionAt([list, index]: Path, input: Record<string, unknown>): string {
  const region = own(items(input[list!])[Number(index)], "region");
  return follows(region, REGION) ? partitionOf(region as string) : "aws";
}

function shown(value: unknown): string {
  // A text that reads like a number, a yes/no or nothing is shown in its quotes, and so is one of several lines.
  const plain = typeof value === "string" && !/^(\s*|true|false|null|[\d.]+)$|[\r\n]/.test(value);
  // JSON has no word for what is no number.
  return shortened(plain || typeof value === "number" ? String(value) : JSON.stringify(value));
}

/** A role to assume must be of the account. Otherwise a plan fails late. */
function foreignRoles(input: Record<string, unknown>): readonly Problem[] {
  return Object.entries(isMap(input.accounts) ? input.accounts : {}).flatMap(([account, settings]) => {
    const roleArn = own(own(settings, "assumeRole"), "roleArn");
    const [, , , , owner] = typeof roleArn === "string" ? roleArn.split(":") : [];
    return owner === undefined || owner === account
      ? []
      : [
          {
            message: `must be a role of the account ${account}, got: ${shown(roleArn)}`,
            path: ["accounts", account, "assumeRole", "roleArn"],
          },
        ];
  });
}

/** The names of shared things that warehouses have at a path, and no entry of a list has. */
function missing(input: Record<string, unknown>, list: List, path: readonly string[]): readonly Problem[] {
  const names = items(input[list])
    .map((entry) => own(entry, "name"))
    .filter((name) => typeof name === "string");
  const found = new Set(names);
  return items(input.warehouses).flatMap((entry, index) => {
    const name = path.reduce(own, entry);
    if (typeof name !== "string" || found.has(name) || !follows(name, STACK_NAME)) {
      return [];
    }
    const nearest = nearestOf(name, names);
    const hint = nearest === undefined ? "" : `, did you mean ${nearest}?`;
    const message = `must be the name of one of '${list}', got: ${shown(name)}${hint}`;
    return [{ message, path: ["warehouses", index, ...path] }];
  });
}

/** The problems of an entry beyond its schema: values that it must have. */
function incomplete(input: Record<string, unknown>): readonly Problem[] {
  const administrators = (["keys", "warehouses"] as const).flatMap((list) =>
    items(input[list]).flatMap((entry, index) => {
      const key = own(entry, "key");
      const isMade = typeof key !== "string" && own(key, "keyArn") === undefined;
      return isMap(entry) && isMade && own(entry, "administrators") === undefined
        ? [{ message: "must be given", path: [list, index, "administrators"] }]
        : [];
    }),
  );
  const kinds = items(input.warehouses).flatMap((entry, index) => {
    const [kind, other] = ["cluster", "serverless"].filter((name) => own(entry, name) !== undefined);
    return isMap(entry) && (kind === undefined || other !== undefined)
      ? [
          {
            message: `must have either 'cluster' or 'serverless', got: ${other === undefined ? "neither" : "both"}`,
            path: ["warehouses", index],
          },
        ]
      : [];
  });
  return [...administrators, ...kinds];
}

/** Takes a name, which may be anything, of which there is one in `where`; false if it is taken. */
type Claim = (what: string, name: unknown, where: readonly unknown[], path: Path, got?: unknown) => boolean;

/** A name, and its place in the configuration. */
interface Named {
  readonly name: unknown;
  readonly path: Path;
}

/** Within a VPC, the public name of a service leads to one endpoint. */
function claimEndpoint(item: unknown, place: Path, claim: Claim): void {
  const { account, name, privateDnsEnabled, region, serviceName, vpcId } = map(item);
  claim("name", name, [], [...place, "name"]);
  if (privateDnsEnabled !== false) {
    const isFips = typeof serviceName === "string" && serviceName.endsWith("-fips");
    claim("VPC with private DNS", vpcId, [account, region, isFips], [...place, "vpcId"]);
  }
}

/** A shared parameter group has the name of its stack. */
function claimParameterGroup(item: unknown, place: Path, claim: Claim): void {
  const { account, name, region } = map(item);
  const path = [...place, "name"];
  if (claim("name", name, [], path)) {
    claim("parameter group", name, [account, region], path);
  }
}

/** The other names that an account has once in a Region: their paths, and what they name. */
const NAMED: readonly (readonly [path: readonly string[], what: string])[] = [
  [["cluster", "alarms", "alarmNamePrefix"], "alarm name prefix"],
  [["cluster", "endpoints", "endpointName"], "endpoint"],
  [["cluster", "eventSubscriptions", "subscriptionName"], "event subscription"],
  [["cluster", "finalSnapshotIdentifier"], "final snapshot"],
  [["cluster", "scheduledActions", "actionName"], "scheduled action"],
  [["cluster", "snapshotSchedule", "identifier"], "snapshot schedule"],
  [["serverless", "alarms", "alarmNamePrefix"], "alarm name prefix"],
  [["serverless", "endpoints", "endpointName"], "serverless endpoint"],
  [["serverless", "snapshotPolicies", "snapshotArn"], "snapshot"],
];

/** The values at a path, which leads through every element of a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], place: Path): readonly Named[] {
  if (step === undefined) {
    return [{ name: value, path: place }];
  }
  return Array.isArray(value)
    ? value.flatMap((item, index) => valuesAt(item, [step, ...rest], [...place, index]))
    : valuesAt(own(value, step), rest, [...place, step]);
}

function claimNames(item: unknown, place: Path, claim: Claim): void {
  const { account, administrators, cluster, key, name, region, serverless, users } = map(item);
  const at = (...path: Path): Path => [...place, ...path];
  // A name that follows from a warehouse name that is taken would only repeat the problem.
  const ownName: Named = { name: claim("name", name, [], at("name")) ? name : undefined, path: at("name") };
  const named = (section: string, settings: unknown, prop: string, otherwise: Named): Named => {
    const { [prop]: given } = map(settings);
    return given === undefined ? otherwise : { name: given, path: at(section, prop) };
  };
  const claimHere = (what: string, { name, path }: Named) => claim(what, name, [account, region], path);
  if (typeof key !== "string" && !("keyArn" in map(key))) {
    const alias = typeof ownName.name === "string" ? `alias/${ownName.name}` : undefined;
    claimHere("key alias", named("key", key, "alias", { ...ownName, name: alias }));
  }
  for (const [list, roles] of Object.entries({ administrators, users })) {
    items(roles).forEach((role, position) => {
      const { permissionSet, roleArn, roleName } = map(role);
      const arn = roleArn ?? (list === "users" ? role : undefined);
      if (typeof roleName === "string") {
        const path = at(list, position, "roleName");
        if (claim("role", roleName, [account], path)) {
          claim("role", roleName, [account, ...place], path);
        }
      } else if (permissionSet !== undefined) {
        claim("permission set", permissionSet, [...place, list], at(list, position, "permissionSet"));
      } else if (typeof arn === "string") {
        // A role that exists may use several warehouses, but each of them once.
        const path = at(list, position, ...(typeof role === "string" ? [] : ["roleArn"]));
        claim("role", arn.split("/").at(-1), [account, ...place], path, arn);
      }
    });
  }
  for (const [path, what] of NAMED) {
    valuesAt(item, path, place).forEach((found) => claimHere(what, found));
  }
  for (const { name: roleName, path } of valuesAt(item, ["cluster", "scheduledActions", "roleName"], place)) {
    claim("role", roleName, [account], path);
  }
  if (cluster !== undefined) {
    const identifier = named("cluster", cluster, "clusterIdentifier", ownName);
    const { clusterParameterGroupName, parameterGroup, snapshotCopy } = map(cluster);
    if (claimHere("cluster", identifier) && (clusterParameterGroupName ?? parameterGroup) === undefined) {
      claimHere("parameter group", identifier);
    }
    if (snapshotCopy !== undefined) {
      const { destinationRegion, snapshotCopyGrantName: grant } = map(snapshotCopy);
      const path = grant === undefined ? identifier.path : at("cluster", "snapshotCopy", "snapshotCopyGrantName");
      claim("snapshot copy grant", grant ?? identifier.name, [account, destinationRegion], path);
    }
  }
  if (serverless !== undefined) {
    const namespace = named("serverless", serverless, "namespaceName", ownName);
    claimHere("namespace", namespace);
    claimHere("workgroup", named("serverless", serverless, "workgroupName", namespace));
  }
}

/** The names that an entry of each list takes. */
const CLAIMS: Readonly<Record<List, (item: unknown, place: Path, claim: Claim) => void>> = {
  dataApiEndpoints: claimEndpoint,
  keys: claimNames,
  parameterGroups: claimParameterGroup,
  warehouses: claimNames,
};

function map(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
