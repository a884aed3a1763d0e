import { follows } from "../../modules/private/rule";
import { STACK_NAME } from "../../modules/private/rules";
import type { List } from "./defaults";
import type { Problem } from "./problems";
import { nearestOf } from "./schema-problems";
import { valueText } from "./texts";
import { isMap, itemsOf, memberOf } from "./unchecked-values";

/** The problems between values of a configuration. A value may have any type, so that these are reported with all other problems. */
export function entryProblems(input: Readonly<Record<string, unknown>>): readonly Problem[] {
  return [
    ...foreignRoles(input),
    ...unknownNames(input, "keys", ["key"]),
    ...unknownNames(input, "parameterGroups", ["cluster", "parameterGroup"]),
    ...missingAdministrators(input),
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
      const isCreated = typeof key !== "string" && memberOf(key, "keyArn") === undefined;
      return isMap(entry) && isCreated && memberOf(entry, "administrators") === undefined
        ? [{ message: "must be given", path: [list, index, "administrators"] }]
        : [];
    }),
  );
}

/** A warehouse is of one kind. */
function wrongKinds({ warehouses }: Readonly<Record<string, unknown>>): readonly Problem[] {
  return itemsOf(warehouses).flatMap((entry, index) => {
    const [kind, other] = ["cluster", "serverless"].filter((name) => memberOf(entry, name) !== undefined);
    return isMap(entry) && (kind === undefined || other !== undefined)
      ? [
          {
            message: `must have either 'cluster' or 'serverless', got: ${other === undefined ? "neither" : "both"}`,
            path: ["warehouses", index],
          },
        ]
      : [];
  });
}
