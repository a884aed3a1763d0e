import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { SCHEMA } from "../app/config/schema";
import { ROOT } from "./support/paths";

const SOURCES = globSync("modules/**/*.ts", { cwd: ROOT })
  .sort()
  .map((path) => ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.ES2022, true));
const INTERFACES = SOURCES.flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration));

function descendants(node: ts.Node): ts.Node[] {
  return node.getChildren().flatMap((child) => [child, ...descendants(child)]);
}

function interfaceOf(name: string): ts.InterfaceDeclaration {
  return INTERFACES.find((declaration) => declaration.name.text === name)!;
}

function nameOf(member: ts.TypeElement): string {
  return (member.name as ts.Identifier).text;
}

/**
 * The props that a function reads from the object that it gets: it names them in a pattern or after the
 * object's name.
 */
function readBy(fn: ts.FunctionDeclaration): string[] {
  return fn.parameters.flatMap((parameter) => [
    ...patternOf(parameter.name),
    ...(ts.isIdentifier(parameter.name) ? readFrom(fn, parameter.name.text) : []),
  ]);
}

/** The properties of an object that are read below a node, or by the functions that get the object there. */
function readFrom(node: ts.Node, object: string): string[] {
  return [...readOf(node, object), ...passedOn(node, object)];
}

function patternOf(name: ts.BindingName): string[] {
  return ts.isObjectBindingPattern(name)
    ? name.elements.map((element) => (element.propertyName ?? element.name).getText())
    : [];
}

/** The properties of an object that are read below a node: `object.name`, or `const { name } = object`. */
function readOf(node: ts.Node, object: string): string[] {
  return descendants(node).flatMap((child) => {
    if (ts.isPropertyAccessExpression(child) && child.expression.getText() === object) {
      return [child.name.text];
    }
    return ts.isVariableDeclaration(child) && child.initializer?.getText() === object ? patternOf(child.name) : [];
  });
}

const FUNCTIONS = SOURCES.flatMap(({ statements }) => statements.filter(ts.isFunctionDeclaration)).filter(
  (fn) => !fn.name!.text.startsWith("check"),
);

/** The function that a call names: of its own file, or of another one. */
function calledBy(call: ts.CallExpression): ts.FunctionDeclaration | undefined {
  const named = FUNCTIONS.filter((fn) => fn.name!.text === call.expression.getText());
  return named.find((fn) => fn.getSourceFile() === call.getSourceFile()) ?? named[0];
}

/**
 * The props of an interface that its file reads, or that a function reads which gets all of them. A check alone
 * is no use of a prop.
 */
function propsRead(declaration: ts.InterfaceDeclaration): Set<string> {
  const functions = descendants(declaration.getSourceFile()).filter((node) => ts.isFunctionLike(node));
  const read = functions.flatMap((fn) =>
    fn.parameters
      .filter(({ type }) => type?.getText() === declaration.name.text)
      .flatMap(({ name }) => [...patternOf(name), ...(ts.isIdentifier(name) ? readFrom(fn, name.text) : [])]),
  );
  return new Set(read);
}

function passedOn(node: ts.Node, object: string): string[] {
  return descendants(node)
    .filter(ts.isCallExpression)
    .filter((call) => call.arguments.some((argument) => argument.getText() === object))
    .map(calledBy)
    .flatMap((fn) => (fn ? readBy(fn) : []));
}

describe("every prop is read", () => {
  test.each(
    INTERFACES.filter(({ name }) => name.text.endsWith("Props")).map(
      (declaration) => [declaration.name.text, declaration] as const,
    ),
  )("of %s", (_, declaration) => {
    const read = propsRead(declaration);
    expect(declaration.members.map(nameOf).filter((name) => !read.has(name))).toStrictEqual([]);
  });
});

/** The props that the app fills in (account, region, key, principals, tags), or that a YAML file cannot hold. */
const NOT_IN_THE_FILE: Readonly<Record<string, readonly string[]>> = {
  DataApiAccessOptions: ["policyName", "provider"],
  DataApiKeyProps: [
    "accountId",
    "additionalStatements",
    "deployers",
    "partition",
    "provider",
    "region",
    "tags",
    "users",
  ],
  DataApiRoleProps: ["accountId", "partition", "provider", "tags"],
  EncryptedClusterProps: [
    "accountId",
    "masterPasswordWo",
    "masterPasswordWoVersion",
    "partition",
    "provider",
    "region",
    "tags",
  ],
  EncryptedServerlessProps: ["adminUserPasswordWo", "adminUserPasswordWoVersion", "provider", "tags"],
};

/** The parts of a warehouse of either kind. */
const OF_BOTH_KINDS = [
  "alarms",
  "datashareAssociations",
  "datashareAuthorizations",
  "endpoints",
  "integrations",
  "secretRotation",
  "usageLimits",
];
/** The keys of an entry that are constructs of their own. */
const OF_ANOTHER_CONSTRUCT: Readonly<Record<string, readonly string[]>> = {
  DataApiKeyProps: ["replicaRegions"],
  EncryptedClusterProps: [
    ...OF_BOTH_KINDS,
    "eventSubscriptions",
    "scheduledActions",
    "snapshotCopy",
    "snapshotSchedule",
  ].sort(),
  EncryptedServerlessProps: [...OF_BOTH_KINDS, "customDomain", "snapshotPolicies"].sort(),
};

describe("the configuration file offers", () => {
  const warehouse = SCHEMA.entries.warehouses.item.entries;
  const keysOf = (schema: unknown): string[] => Object.keys((schema as { entries: object }).entries);
  const user = keysOf(warehouse.users.item.getter({ roleName: "Analyst" }));

  test.each([
    ["DataApiAccessOptions", user],
    ["DataApiKeyProps", keysOf(warehouse.key.wrapped.getter({}))],
    ["DataApiRoleProps", user],
    ["EncryptedClusterProps", keysOf(warehouse.cluster.wrapped)],
    ["EncryptedServerlessProps", keysOf(warehouse.serverless.wrapped)],
  ])("every option of %s", (name, keys) => {
    const optional = interfaceOf(name)
      .members.filter(({ questionToken }) => questionToken)
      .map(nameOf);
    expect(optional.filter((option) => !keys.includes(option)).sort()).toStrictEqual(NOT_IN_THE_FILE[name]);
  });

  test.each([
    ["DataApiAccessOptions", "DataApiRoleProps", user],
    ["DataApiKeyProps", "DataApiKeyProps", keysOf(warehouse.key.wrapped.getter({}))],
    ["EncryptedClusterProps", "EncryptedClusterProps", keysOf(warehouse.cluster.wrapped)],
    ["EncryptedServerlessProps", "EncryptedServerlessProps", keysOf(warehouse.serverless.wrapped)],
  ])("nothing that %s or %s does not have", (one, other, keys) => {
    const known = [one, other].flatMap((name) => interfaceOf(name).members.map(nameOf));
    expect(keys.filter((key) => !known.includes(key)).sort()).toStrictEqual(OF_ANOTHER_CONSTRUCT[one] ?? []);
  });

  const { entries: cluster } = warehouse.cluster.wrapped;
  const { entries: serverless } = warehouse.serverless.wrapped;

  test.each([
    ["DatashareAssociationProps", [cluster.datashareAssociations.wrapped.item], []],
    ["DatashareAuthorizationProps", [cluster.datashareAuthorizations.wrapped.item], []],
    ["EndpointAccessOptions", [cluster.endpoints.wrapped.item], []],
    ["EventSubscriptionProps", [cluster.eventSubscriptions.wrapped.item], []],
    ["IntegrationPolicyProps", [cluster.integrations.wrapped], []],
    ["ScheduledActionProps", [cluster.scheduledActions.wrapped.item], []],
    ["SecretRotationProps", [cluster.secretRotation.wrapped], []],
    ["ServerlessCustomDomainProps", [serverless.customDomain.wrapped], []],
    ["SnapshotCopyProps", [cluster.snapshotCopy.wrapped], ["cluster", "destinationKey", "destinationProvider"]],
    ["SnapshotScheduleProps", [cluster.snapshotSchedule.wrapped], []],
    ["UsageLimitOptions", [cluster.usageLimits.wrapped.item, serverless.usageLimits.wrapped.item], []],
    ["WarehouseAlarmsOptions", [cluster.alarms.wrapped, serverless.alarms.wrapped], []],
  ])("every option of %s", (name, schemas: readonly unknown[], others: readonly string[]) => {
    const keys = schemas.flatMap(keysOf);
    const names = interfaceOf(name).members.map(nameOf);
    const filledIn = ["provider", "tags", "warehouse", ...others];
    expect(names.filter((option) => !keys.includes(option) && !filledIn.includes(option))).toStrictEqual([]);
  });
});
