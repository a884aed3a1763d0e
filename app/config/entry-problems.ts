import { follows } from "../../modules/private/rule";
import type { List } from "./defaults";
import type { Problem } from "./problems";
import { STACK_NAME } from "./rules";
import { nearestOf } from "./schema-problems";
import { valueText } from "./texts";
import { isMap, itemsOf, memberOf } from "./unchecked-values";
import { WAREHOUSE_SECTIONS } from "./warehouse-sections";

/** The problems between values of a configuration. A value may have any type, so that these are reported with all other problems. */
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

/** A role to assume must be of the account. Terraform notices another account only in a plan. */
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

/** The names at a path of warehouses that no entry of a list has. */
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
    const message = `must be the name of one of '${list}', got: ${valueText(name)}${hint}`;
    return [{ message, path: ["warehouses", index, ...path] }];
  });
}

/** A key that a stack creates requires administrators. */
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

/** Whether an entry would create a key for a warehouse that has one. */
function hasKeyToRefuse(entry: unknown): boolean {
  const isImported = memberOf(memberOf(entry, "import"), "keyId") !== undefined;
  return memberOf(entry, "existing") !== undefined && isCreated(memberOf(entry, "key")) && !isImported;
}

/** A warehouse that exists has its key, so the entry of the warehouse creates none. */
function newKeysOfExisting({ warehouses }: Readonly<Record<string, unknown>>): readonly Problem[] {
  const message =
    "must have 'keyArn', or be the name of one of 'keys', because an existing warehouse has its key; 'import.keyId' brings that key " +
    "under management";
  return itemsOf(warehouses).flatMap((entry, index) =>
    hasKeyToRefuse(entry) ? [{ message, path: ["warehouses", index, "key"] }] : [],
  );
}

interface RequiredWithImport {
  readonly imported: string;
  readonly kind: string;
  readonly reason: string;
  /** One of them must be given. */
  readonly settings: readonly string[];
}

const OF_CLUSTER = { imported: "clusterIdentifier", kind: "cluster" };
const ANOTHER_NAME = "another name is another warehouse";
/** The settings of an imported warehouse that decide more than arguments which Terraform can ignore. */
const REQUIRED_WITH_IMPORT: readonly RequiredWithImport[] = [
  { ...OF_CLUSTER, reason: ANOTHER_NAME, settings: ["databaseName"] },
  { ...OF_CLUSTER, reason: ANOTHER_NAME, settings: ["masterUsername"] },
  {
    ...OF_CLUSTER,
    reason: "the stack would create a parameter group",
    settings: ["clusterParameterGroupName", "parameterGroup", "parameters"],
  },
  {
    ...OF_CLUSTER,
    reason: "the stack would turn the audit log on; [] is for none",
    settings: ["logExports", "logBucketName"],
  },
  { imported: "namespaceName", kind: "serverless", reason: ANOTHER_NAME, settings: ["databaseName"] },
];

/** An import changes no setting of a warehouse, so the entry gives those that it cannot ignore. */
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

/** A warehouse is of one kind. */
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
