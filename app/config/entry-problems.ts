import { follows } from "../../modules/private/rule";
import type { List } from "./defaults";
import type { Problem } from "./problems";
import { STACK_NAME } from "./rules";
import { WAREHOUSE_SECTIONS } from "./schema";
import { nearestOf } from "./schema-problems";
import { valueText } from "./texts";
import { isMap, itemsOf, memberOf } from "./unchecked-values";

/**
 * Returns the problems between several values of a configuration. Values that the schema refuses are also checked, so that both
 * kinds of problems are reported together.
 */
export function entryProblems(input: Readonly<Record<string, unknown>>): readonly Problem[] {
  return [
    ...foreignRoles(input),
    ...unknownNames(input, "keys", ["key"]),
    ...unknownNames(input, "parameterGroups", ["cluster", "parameterGroup"]),
    ...missingAdministrators(input),
    ...missingWithImport(input),
    ...newKeysOfExisting(input),
    ...wrongKinds(input),
  ];
}

/** Refuses the `assumeRole` of an account if the role's ARN has another account. Without this check, only a plan would fail. */
function foreignRoles({ accounts }: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.entries(isMap(accounts) ? accounts : {}).flatMap(([account, settings]) => {
    const roleArn = memberOf(memberOf(settings, "assumeRole"), "roleArn");
    const [, , , , accountOfRole] = typeof roleArn === "string" ? roleArn.split(":") : [];
    return accountOfRole === undefined || accountOfRole === account
      ? []
      : [
          {
            message: `must be a role of the account ${account}, got: ${valueText(roleArn)}`,
            path: ["accounts", account, "assumeRole", "roleArn"],
          },
        ];
  });
}

/** Refuses a name that warehouses have at a path, if no entry of a list has that name. */
function unknownNames(
  input: Readonly<Record<string, unknown>>,
  list: List,
  path: readonly string[],
): readonly Problem[] {
  const names = itemsOf(input[list])
    .map((entry) => memberOf(entry, "name"))
    .filter((name) => typeof name === "string");
  const existing = new Set(names);
  return itemsOf(input.warehouses).flatMap((entry, index) => {
    const name = path.reduce(memberOf, entry);
    if (typeof name !== "string" || existing.has(name) || !follows(name, STACK_NAME)) {
      return [];
    }
    const nearest = nearestOf(name, names);
    const hint = nearest === undefined ? "" : `, did you mean ${nearest}?`;
    const message = `must be the name of an entry of '${list}', got: ${valueText(name)}${hint}`;
    return [{ message, path: ["warehouses", index, ...path] }];
  });
}

/** Refuses an entry that creates a key and has no administrators. */
function missingAdministrators(input: Readonly<Record<string, unknown>>): readonly Problem[] {
  return (["keys", "warehouses"] as const).flatMap((list) =>
    itemsOf(input[list]).flatMap((entry, index) => {
      const key = memberOf(entry, "key");
      return isMap(entry) && isCreated(key) && !hasKeyToRefuse(entry) && memberOf(entry, "administrators") === undefined
        ? [{ message: "must be given", path: [list, index, "administrators"] }]
        : [];
    }),
  );
}

function isCreated(key: unknown): boolean {
  return typeof key !== "string" && memberOf(key, "keyArn") === undefined;
}

/** Returns whether the entry of an existing warehouse would create a key. An imported key is not created. */
function hasKeyToRefuse(entry: unknown): boolean {
  const isImported = memberOf(memberOf(entry, "import"), "keyId") !== undefined;
  return memberOf(entry, "existing") !== undefined && isCreated(memberOf(entry, "key")) && !isImported;
}

/** Refuses an entry that would create a key for an existing warehouse, because that warehouse already has a key. */
function newKeysOfExisting({ warehouses }: Readonly<Record<string, unknown>>): readonly Problem[] {
  const message =
    "must have 'keyArn', or be the name of one of 'keys', because an existing warehouse has a key already; " +
    "'import.keyId' imports that key into the stack";
  return itemsOf(warehouses).flatMap((entry, index) =>
    hasKeyToRefuse(entry) ? [{ message, path: ["warehouses", index, "key"] }] : [],
  );
}

interface RequiredWithImport {
  readonly imported: string;
  readonly kind: string;
  readonly reason: string;
  /** Alternative settings, one of which must be given. */
  readonly settings: readonly string[];
}

const IMPORTED_CLUSTER = { imported: "clusterIdentifier", kind: "cluster" };
const ANOTHER_NAME = "another name would mean another warehouse";
/**
 * Settings that the entry of an imported warehouse must have: their defaults would replace the warehouse or create a resource,
 * and `ignore_changes` cannot prevent that.
 */
const REQUIRED_WITH_IMPORT: readonly RequiredWithImport[] = [
  { ...IMPORTED_CLUSTER, reason: ANOTHER_NAME, settings: ["databaseName"] },
  { ...IMPORTED_CLUSTER, reason: ANOTHER_NAME, settings: ["masterUsername"] },
  {
    ...IMPORTED_CLUSTER,
    reason: "the stack would create a parameter group",
    settings: ["clusterParameterGroupName", "parameterGroup", "parameters"],
  },
  {
    ...IMPORTED_CLUSTER,
    reason: "the stack would turn the audit log on; [] is for none",
    settings: ["logExports", "logBucketName"],
  },
  { imported: "namespaceName", kind: "serverless", reason: ANOTHER_NAME, settings: ["databaseName"] },
];

/**
 * Refuses an imported warehouse that lacks a setting of `REQUIRED_WITH_IMPORT`. An import changes no other setting, because
 * Terraform ignores settings that the entry does not give.
 */
function missingWithImport({ warehouses }: Readonly<Record<string, unknown>>): readonly Problem[] {
  return itemsOf(warehouses).flatMap((entry, index) => {
    const imports = memberOf(entry, "import");
    const missing = REQUIRED_WITH_IMPORT.filter(({ imported, kind, settings }) => {
      const section = memberOf(entry, kind);
      return memberOf(imports, imported) !== undefined && isMap(section) && !settings.some((key) => key in section);
    });
    return missing.map(({ imported, kind, reason, settings: [setting, ...others] }) => {
      const alternatives = others.map((other) => ` or '${other}'`).join("");
      return {
        message: `must be given${alternatives && `,${alternatives},`} with 'import.${imported}', because ${reason}`,
        path: ["warehouses", index, kind, setting!],
      };
    });
  });
}

/** Refuses a warehouse that does not have exactly one of `cluster`, `serverless` and `existing`. */
function wrongKinds({ warehouses }: Readonly<Record<string, unknown>>): readonly Problem[] {
  return itemsOf(warehouses).flatMap((entry, index) => {
    const sections = WAREHOUSE_SECTIONS.filter((name) => memberOf(entry, name) !== undefined);
    return isMap(entry) && sections.length !== 1
      ? [
          {
            message: `must have one of 'cluster', 'serverless' and 'existing', got: ${sections.join(" and ") || "none"}`,
            path: ["warehouses", index],
          },
        ]
      : [];
  });
}
