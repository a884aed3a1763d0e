import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runInNewContext } from "node:vm";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import ts from "typescript";
import * as library from "../../modules";
import { ADMIN_ARN, USER_ARN } from "../support/arns";
import { ROOT } from "../support/paths";
import { ADOPTION, blocks, DATABASE_ROLES, USE_THE_DATA_API } from "../support/readme";
import { synthesize } from "../support/support";

const MODULES = join(ROOT, "modules");
const EXPORTS = readFileSync(join(MODULES, "index.ts"), "utf8");

/** The names that an example takes from the code around it. */
const CONTEXT = `import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, type TerraformStack } from "cdktf";
declare const cluster: library.ICluster;
declare const key: library.IDataApiKey;
declare const role: library.DataApiRole;
declare const serverless: library.IServerless;
declare const stack: TerraformStack;
declare const warehouse: library.IWarehouse;
`;

const SOURCES = readdirSync(MODULES, { encoding: "utf8", recursive: true }).filter((file) => file.endsWith(".ts"));
/** The parsed files of the library by their paths. */
const PARSED = new Map(
  SOURCES.map((file) => {
    const path = join(MODULES, file);
    return [path, ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true)] as const;
  }),
);

/** The `@example`s of a file, each with its line. */
function examplesOf(file: string): readonly (readonly [place: string, example: string])[] {
  const source = PARSED.get(join(MODULES, file))!;
  const visit = (node: ts.Node): readonly ts.JSDocTag[] => {
    const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === "example");
    const below: ts.JSDocTag[] = [];
    ts.forEachChild(node, (child) => {
      below.push(...visit(child));
    });
    return [...tags, ...below];
  };
  return [...new Set(visit(source))].map((tag) => {
    const { line } = source.getLineAndCharacterOfPosition(tag.pos);
    return [`modules/${file}:${line + 1}`, ts.getTextOfJSDocComment(tag.comment)!] as const;
  });
}

/** An example as a module: in a block, so that its constants may have the names of the context. */
function moduleOf(example: string): string {
  const names = [...new Set(example.match(/\b[A-Z]\w+/g))].filter((name) =>
    new RegExp(`[{ ]${name}[, ]`).test(EXPORTS),
  );
  return `import { ${names.join(", ")} } from "./modules";
import type * as library from "./modules";
${CONTEXT}{
${example}
}
`;
}

const EXAMPLES = SOURCES.flatMap(examplesOf);
const CLASSES_WITH_EXAMPLE = SOURCES.flatMap((file) =>
  [
    ...readFileSync(join(MODULES, file), "utf8").matchAll(
      /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport (?:abstract )?class (\w+)/g,
    ),
  ]
    .filter(([, comment]) => comment!.includes("@example"))
    .map(([, , name]) => name!),
);
const PAGES = [
  ["docs/adopt.md", blocks("typescript", ADOPTION)[0]!],
  ...globSync("examples/constructs/*.ts", { cwd: ROOT }).map(
    (file) => [file, readFileSync(join(ROOT, file), "utf8").replace("../../modules", "./modules")] as const,
  ),
  ["docs/database-roles.md", blocks("typescript", DATABASE_ROLES)[0]!],
] as const;

/** The errors of the compiler, by the place of the source. One program has all sources, because the provider's types are many. */
function errorsOf(sources: ReadonlyMap<string, string>): readonly string[] {
  const places = [...sources.keys()];
  const files = new Map([...sources.values()].map((source, index) => [join(ROOT, `example-${index}.ts`), source]));
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (name) => ts.sys.readFile(name)) as {
    config: object;
  };
  const { options: shared } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // Without the types of Node.js and jest, which take most of the time to read.
  const options = { ...shared, noUnusedLocals: false, types: [] };
  const host = ts.createCompilerHost(options);
  const [readFile, getSourceFile] = [host.readFile.bind(host), host.getSourceFile.bind(host)];
  host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) =>
    files.has(name)
      ? ts.createSourceFile(name, files.get(name)!, ts.ScriptTarget.ES2022)
      : (PARSED.get(name) ?? getSourceFile(name, ...rest));
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((file, index) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${places[index]!} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
}

test("the TypeScript examples of pages and JSDoc compile", () => {
  expect(EXAMPLES).not.toHaveLength(0);
  const sources = EXAMPLES.map(([place, example]) => [place, moduleOf(example)] as const);
  const wrong = moduleOf("key.addUser(1);");
  expect(errorsOf(new Map([...PAGES, ...sources, ["wrong", wrong]]))).toStrictEqual([
    "wrong Argument of type 'number' is not assignable to parameter of type 'Identity'.",
  ]);
});

/** Synthesizes an example beside the constructs that it takes from the code around it. The stack reads its Region from AWS. */
function synthesizeExample(example: string, kind: "cluster" | "serverless"): void {
  const stack = new TerraformStack(Testing.app(), "example");
  new AwsProvider(stack, "Aws", {});
  const administrators = [library.Identity.fromArn(ADMIN_ARN)];
  const key = new library.DataApiKey(stack, "ContextKey", { administrators, alias: "alias/context" });
  // Integrations require it.
  const parameters = { enable_case_sensitive_identifier: "true" };
  const cluster = new library.EncryptedCluster(stack, "ContextCluster", {
    clusterIdentifier: "context",
    key,
    nodeType: "ra3.large",
    parameters,
  });
  const serverless = new library.EncryptedServerless(stack, "ContextServerless", {
    configParameters: parameters,
    key,
    namespaceName: "context",
  });
  const role = library.DataApiRole.fromRoleArn(stack, "ContextRole", USER_ARN);
  const warehouse = { cluster, serverless }[kind];
  const names = { AwsProvider, TerraformOutput, cluster, key, library, role, serverless, stack, warehouse };
  const { outputText } = ts.transpileModule(example, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const imported = Object.keys(library).filter((name) => example.includes(name));
  runInNewContext(`const { ${imported.join(", ")} } = library;\n{\n${outputText}\n}`, names);
  synthesize(stack);
}

test.each(["cluster", "serverless"] as const)(
  "each JSDoc example synthesizes beside a %s warehouse, without a warning",
  (kind) => {
    const warn = jest.spyOn(console, "warn").mockReturnValue();
    const noisy = EXAMPLES.filter(([, example]) => {
      warn.mockClear();
      synthesizeExample(example, kind);
      return warn.mock.calls.length > 0;
    });
    expect(noisy.map(([place]) => place)).toStrictEqual([]);
  },
);

test("each exported class has an example in its JSDoc", () => {
  const classes = Object.entries(library).filter(([, exported]) => typeof exported === "function");
  const withExample = new Set(CLASSES_WITH_EXAMPLE);
  expect(classes.map(([name]) => name).filter((name) => !withExample.has(name))).toStrictEqual([]);
});

test("the esbuild command of docs/use-the-data-api.md bundles the Lambda function into one file", async () => {
  const [, command] = /`npx --no esbuild (examples\/[^`]+)`/.exec(USE_THE_DATA_API)!;
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    args: command!.split(" "),
    options: { bundle: { type: "boolean" }, outfile: { type: "string" }, platform: { type: "string" } },
  });
  const { errors, outputFiles } = await build({
    bundle: values.bundle!,
    entryPoints: positionals,
    platform: values.platform as "node",
    absWorkingDir: ROOT,
    outfile: values.outfile!,
    write: false,
  });
  expect(errors).toStrictEqual([]);
  expect(outputFiles.map(({ text }) => text.includes("handler"))).toStrictEqual([true]);
});
