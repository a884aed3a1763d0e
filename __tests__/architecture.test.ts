import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { SCHEMA } from "../stacks/schema";

const ROOT = dirname(__dirname);
/** The library's concepts in data-flow order: a file imports only files before it. */
const CONCEPTS = [
  "identity",
  "key-policy",
  "key-statements",
  "encryption-context",
  "data-api-role",
  "data-api-key",
  "data-api-key-replica",
  "warehouse",
  "audit-log-groups",
  "cluster-parameter-group",
  "cluster",
  "serverless",
  "snapshot-copy",
  "usage-limit",
  "snapshot-schedule",
  "scheduled-action",
  "alarm-topic",
  "warehouse-alarms",
  "endpoint-access",
  "integration-policy",
  "serverless-snapshot-policy",
  "event-subscription",
  "secret-rotation",
  "serverless-custom-domain",
  "datashare",
  "data-api-access",
  "data-api-endpoint",
  "data-api-grant",
  "data-api-proof",
];
const PRIVATE = [
  "aws-environment",
  "callers",
  "checks",
  "defined",
  "expression",
  "printable",
  "released",
  "rules",
  "stack-boundary",
  "statement",
].map((name) => `private/${name}`);
const PURE = [
  "encryption-context",
  "identity",
  "key-policy",
  "key-statements",
  "private/callers",
  "private/checks",
  "private/expression",
  "private/printable",
  "private/rules",
  "private/statement",
];

function filesOf(folder: string, below = ""): string[] {
  return readdirSync(join(ROOT, folder, below), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesOf(folder, posix.join(below, entry.name)) : [posix.join(below, entry.name)],
    )
    .sort();
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.ES2022, true);
}

function descendants(node: ts.Node): ts.Node[] {
  return node.getChildren().flatMap((child) => [child, ...descendants(child)]);
}

const MODULES = filesOf("modules")
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();
const SOURCES = new Map(MODULES.map((name) => [name, parse(`modules/${name}.ts`)]));
const source = (name: string): ts.SourceFile => SOURCES.get(name)!;
const APP = filesOf("stacks").map((file) => parse(`stacks/${file}`));

interface Import {
  readonly from: string;
  /** The names that are there at run time, `*` for the whole module. */
  readonly names: readonly string[];
}

/** The imports and re-exports of a file; at run time only, if that is asked for. */
function importsOf(file: ts.SourceFile, atRunTime = false): Import[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) {
      return [];
    }
    if (!statement.moduleSpecifier) {
      return [];
    }
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const [clause, bindings] = ts.isImportDeclaration(statement)
      ? [statement.importClause, statement.importClause?.namedBindings]
      : [statement, statement.exportClause];
    const typesOnly = clause !== undefined && "isTypeOnly" in clause && clause.isTypeOnly;
    const named = bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? bindings.elements : [];
    const names = named
      .filter((element) => !typesOnly && !element.isTypeOnly)
      .map(({ name, propertyName }) => (propertyName ?? name).text);
    const whole = !typesOnly && (!bindings || !("elements" in bindings)) ? ["*"] : [];
    const found = { from, names: [...names, ...whole] };
    return atRunTime && found.names.length === 0 ? [] : [found];
  });
}

/** The modules of the library that a file imports, its types included. */
function neighboursOf(name: string): string[] {
  return importsOf(source(name))
    .filter(({ from }) => from.startsWith("."))
    .map(({ from }) => posix.join(posix.dirname(name), from));
}

describe("the files of the library", () => {
  test("are the expected ones", () => {
    expect([...MODULES].sort()).toStrictEqual([...CONCEPTS, ...PRIVATE, "index"].sort());
  });

  test.each(CONCEPTS)("%s imports only what stands above it", (name) => {
    const above = CONCEPTS.slice(0, CONCEPTS.indexOf(name)).filter(
      (other) => name !== "serverless" || other !== "cluster",
    );
    expect(neighboursOf(name).filter((other) => ![...above, ...PRIVATE].includes(other))).toStrictEqual([]);
  });

  test.each(PRIVATE)("%s imports only private files", (name) => {
    expect(neighboursOf(name).filter((other) => !PRIVATE.includes(other))).toStrictEqual([]);
  });

  test("do not import each other in a circle", () => {
    const reachable = (name: string, seen = new Set<string>()): Set<string> => {
      for (const next of neighboursOf(name).filter((neighbour) => !seen.has(neighbour))) {
        reachable(next, seen.add(next));
      }
      return seen;
    };
    expect(PRIVATE.filter((name) => reachable(name).has(name))).toStrictEqual([]);
  });

  test.each(PURE)("%s is free of resources", (name) => {
    const outside = importsOf(source(name), true).filter(({ from }) => !from.startsWith("."));
    expect(outside.filter(({ from, names }) => from !== "cdktf" || names.join() !== "Token")).toStrictEqual([]);
    expect(neighboursOf(name).filter((other) => !PURE.includes(other))).toStrictEqual([]);
  });
});

test("the review is free of packages, and of the library but for how text is printed", () => {
  const files = filesOf("review").map((file) => parse(`review/${file}`));
  const outside = files.flatMap((file) =>
    importsOf(file)
      .map(({ from }) => (from.startsWith(".") ? posix.join(posix.dirname(file.fileName), from) : from))
      .filter((from) => !/^(node:|review\/|modules\/private\/printable$|package\.json$)/.test(from)),
  );
  expect(outside).toStrictEqual([]);
});

test("policies become JSON in one place, in which the tests check their statements", () => {
  const writesPolicies = (file: ts.SourceFile): boolean =>
    file.text.includes("2012-10-17") || importsOf(file).some(({ from }) => from.endsWith("iam-policy-document"));
  const files = [...SOURCES.values(), ...APP].filter(writesPolicies).map(({ fileName }) => fileName);
  expect(files).toStrictEqual(["modules/private/statement.ts"]);
});

describe("imports and exports", () => {
  const files = [...SOURCES.values(), ...APP].map((file) => [file.fileName, file] as const);

  test.each(files)("%s exports by name", (_, file) => {
    const unnamed = file.statements.filter(
      (statement) =>
        ts.isExportAssignment(statement) ||
        (ts.isExportDeclaration(statement) && !(statement.exportClause && ts.isNamedExports(statement.exportClause))) ||
        (ts.canHaveModifiers(statement) &&
          ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
    );
    const asDefault = descendants(file).filter((node) => ts.isExportSpecifier(node) && node.name.text === "default");
    expect([...unnamed, ...asDefault].map((node) => node.getText())).toStrictEqual([]);
  });

  test.each(files)("%s imports resources by their own path and name", (_, file) => {
    const provider = importsOf(file).filter(({ from }) => from.startsWith("@cdktf/provider-aws"));
    expect(
      provider.filter(
        ({ from, names }) => !/^@cdktf\/provider-aws\/lib\/[a-z0-9-]+$/.test(from) || names.includes("*"),
      ),
    ).toStrictEqual([]);
  });

  test("the index only passes on what others declare", () => {
    expect(source("index").statements.filter((statement) => !ts.isExportDeclaration(statement))).toStrictEqual([]);
    expect(importsOf(source("index")).filter(({ from }) => !from.startsWith("./"))).toStrictEqual([]);
  });
});

type Documented = ts.ClassDeclaration | ts.InterfaceDeclaration;

/** The classes and interfaces that the index exports. */
const PUBLIC_API: readonly Documented[] = source("index")
  .statements.filter(ts.isExportDeclaration)
  .flatMap((statement) => {
    const names = descendants(statement)
      .filter(ts.isExportSpecifier)
      .map(({ name }) => name.text);
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const statements: readonly ts.Statement[] = SOURCES.get(posix.normalize(from))?.statements ?? [];
    return statements.filter(
      (declaration): declaration is Documented =>
        (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) &&
        names.includes(declaration.name!.text),
    );
  });
const INTERFACES = PUBLIC_API.filter(ts.isInterfaceDeclaration);

function interfaceOf(name: string): ts.InterfaceDeclaration {
  return INTERFACES.find((declaration) => declaration.name.text === name)!;
}

function nameOf(member: ts.TypeElement): string {
  return (member.name as ts.Identifier).text;
}

/** The text of a JSDoc tag, or of the description if no tag is named; undefined if there is none. */
function documentation(node: ts.Node, tag?: string): string | undefined {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const parts = tag ? ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === tag) : docs;
  return parts.length === 0 ? undefined : (ts.getTextOfJSDocComment(parts[0]!.comment) ?? "").trim();
}

describe("the public API", () => {
  test("exports only classes and interfaces, each of them found", () => {
    const names = descendants(source("index"))
      .filter(ts.isExportSpecifier)
      .map(({ name }) => name.text);
    expect(names).toContain("DataApiKey");
    expect(PUBLIC_API.map((declaration) => declaration.name!.text).sort()).toStrictEqual(names.sort());
  });

  test.each(PUBLIC_API.map((declaration) => [declaration.name!.text, declaration] as const))(
    "%s is documented",
    (_, declaration) => {
      expect(documentation(declaration)).toMatch(/\S/);
    },
  );

  const interfaces = INTERFACES.map((declaration) => [declaration.name.text, declaration.members] as const);

  test.each(interfaces)("%s documents every member", (_, members) => {
    expect(members.filter((member) => !documentation(member)).map(nameOf)).toStrictEqual([]);
  });

  test.each(interfaces)("%s has read-only members", (_, members) => {
    const readOnly = members.filter(
      (member) =>
        ts.canHaveModifiers(member) &&
        ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword),
    );
    expect(members.filter((member) => !readOnly.includes(member)).map(nameOf)).toStrictEqual([]);
  });

  test.each(interfaces)("%s documents the default of every optional member, and of no other", (_, members) => {
    const isRight = (member: ts.TypeElement): boolean => {
      const text = documentation(member, "default");
      return member.questionToken ? /^(?!undefined\b|-$)\S/.test(text ?? "") : text === undefined;
    };
    expect(members.filter((member) => !isRight(member)).map(nameOf)).toStrictEqual([]);
  });
});

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

const FUNCTIONS = new Map(
  [...MODULES, ...PRIVATE]
    .flatMap((name) => source(name).statements.filter(ts.isFunctionDeclaration))
    .filter((fn) => !fn.name!.text.startsWith("check"))
    .map((fn) => [fn.name!.text, fn]),
);

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
    .map((call) => FUNCTIONS.get(call.expression.getText()))
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

/** Strings and templates that hold `arn:aws:`; comments and regular expressions are neither. */
function hardCodedArns(file: ts.SourceFile): string[] {
  const isHint = (node: ts.Node): boolean =>
    (ts.isPropertyAssignment(node) && node.name.getText() === "hint") ||
    (node.parent !== undefined && isHint(node.parent));
  return descendants(file)
    .filter(
      (node) => ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node),
    )
    .filter((node) => node.text.includes("arn:aws:") && !isHint(node))
    .map((node) => node.getText());
}

// The texts of hints are for the reader and never reach Terraform.
test.each(MODULES)("%s has no ARN of a fixed partition", (name) => {
  expect(hardCodedArns(source(name))).toStrictEqual([]);
});

/** The props that the app fills in (account, region, key, principals, tags), or that a YAML file cannot hold. */
const NOT_IN_THE_FILE: Readonly<Record<string, readonly string[]>> = {
  DataApiAccessProps: ["policyName", "provider"],
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
    ["DataApiAccessProps", user],
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
    ["DataApiAccessProps", "DataApiRoleProps", user],
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
    ["EndpointAccessProps", [cluster.endpoints.wrapped.item], []],
    ["EventSubscriptionProps", [cluster.eventSubscriptions.wrapped.item], []],
    ["IntegrationPolicyProps", [cluster.integrations.wrapped], []],
    ["ScheduledActionProps", [cluster.scheduledActions.wrapped.item], []],
    ["SecretRotationProps", [cluster.secretRotation.wrapped], []],
    ["ServerlessCustomDomainProps", [serverless.customDomain.wrapped], []],
    ["SnapshotCopyProps", [cluster.snapshotCopy.wrapped], ["cluster", "destinationKey", "destinationProvider"]],
    ["SnapshotScheduleProps", [cluster.snapshotSchedule.wrapped], []],
    ["UsageLimitProps", [cluster.usageLimits.wrapped.item, serverless.usageLimits.wrapped.item], []],
    ["WarehouseAlarmsProps", [cluster.alarms.wrapped, serverless.alarms.wrapped], []],
  ])("every option of %s", (name, schemas: readonly unknown[], others: readonly string[]) => {
    const keys = schemas.flatMap(keysOf);
    const names = interfaceOf(name).members.map(nameOf);
    const filledIn = ["provider", "tags", "warehouse", ...others];
    expect(names.filter((option) => !keys.includes(option) && !filledIn.includes(option))).toStrictEqual([]);
  });
});
