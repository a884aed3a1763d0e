import { createRequire } from "node:module";
import js from "@eslint/js";
import markdown from "@eslint/markdown";
import { defineConfig } from "eslint/config";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";
import "./register.cjs";

const { plainLanguage } = createRequire(import.meta.url)("./tools/eslint/language.ts");

const language = { rules: { plain: plainLanguage } };
const SCRIPTS = ["**/*.{ts,mjs,cjs}"];
const EXPORT_BY_NAME = {
  selector: "ExportAllDeclaration, ExportDefaultDeclaration, ExportSpecifier[exported.name='default']",
  message: "Export by name.",
};
const PARTITION_AWARE = {
  selector:
    ":matches(Literal[value=/arn:aws:/], TemplateElement[value.raw=/arn:aws:/]):not(Property[key.name='hint'] *)",
  message: "Compose an ARN with the partition. Only a hint may name the aws partition.",
};
const POLICIES_IN_ONE_FILE = {
  selector: "Literal[value='2012-10-17'], ImportDeclaration[source.value=/iam-policy-document$/]",
  message: "Write a policy with modules/private/statement.ts: the tests check its statements there.",
};
const REEXPORT_ONLY = {
  selector: "Program > :not(ExportNamedDeclaration[source])",
  message: "The index has named re-exports only.",
};
const READ_ONLY = {
  selector: "ExportNamedDeclaration TSPropertySignature[readonly=false]",
  message: "Declare a member of a public interface readonly.",
};
const OPTIONAL_TAKES_UNDEFINED = {
  selector:
    ":matches(TSPropertySignature, PropertyDefinition)[optional=true] > TSTypeAnnotation > " +
    ":not(TSUnknownKeyword, TSUnionType:has(> TSUndefinedKeyword))",
  message: "Declare an optional member `x?: T | undefined`: callers compute props.",
};

/** Names that do not describe their value. */
const VAGUE_NAMES = ["anew", "complete", "fitting", "found", "holds", "made", "of", "own", "written"];
/** A name does not begin with these words. */
const NO_VAGUE_PREFIX = "^(?!(?:made|of)[A-Z]|MADE_|OF_)";
const IN_MODULES = [EXPORT_BY_NAME, OPTIONAL_TAKES_UNDEFINED, PARTITION_AWARE, READ_ONLY];
const DEFAULT_MISSING = {
  comment: 'JsdocBlock:not(*:has(JsdocTag[tag="default"]))',
  context: "TSPropertySignature[optional=true]",
  message: "Document the default of an optional member with @default.",
};
const DEFAULT_OF_REQUIRED = {
  comment: "JsdocBlock:has(JsdocTag[tag=default])",
  context: "TSPropertySignature[optional=false]",
  message: "A required member has no default.",
};
/** The tags of an add-on that tools/docs/add-on-tables.ts reads. */
const ADD_ON_TAGS = ["billed", "existing", "magnitude", "prices"];
const RESOURCE_BY_PATH = {
  regex: "^@cdktf/provider-aws(?!/lib/[a-z0-9-]+$)",
  message: "Import a resource by its own path: the root loads some 2,200 modules.",
};
const NO_FRAMEWORK = {
  regex: "^(cdktf|constructs|@cdktf/.*)$",
  allowImportNamePattern: "^Token$",
  allowTypeImports: true,
  message: "This file has pure values: it uses no resources, and of the framework only Token.",
};
const PURE_VALUES = [
  "modules/iam/identity.ts",
  "modules/kms/{encryption-context,key-policy,key-statements}.ts",
  "modules/private/{callers,checks,expression,printable,rules,statement}.ts",
];

export default defineConfig(
  { ignores: ["cdktf.out/", "coverage/", "dist/", "lib/", "node_modules/"] },
  {
    files: SCRIPTS,
    extends: [js.configs.recommended],
    plugins: { jsdoc, language },
    settings: { jsdoc: { mode: "typescript" } },
    rules: {
      "jsdoc/check-alignment": "error",
      "jsdoc/check-param-names": ["error", { checkDestructured: false, disableMissingParamChecks: true }],
      "jsdoc/check-tag-names": "error",
      "jsdoc/empty-tags": "error",
      "jsdoc/match-description": "error",
      "jsdoc/require-param-description": "error",
      "jsdoc/require-returns-description": "error",
      "jsdoc/require-throws-description": "error",
      "language/plain": "error",
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-module-boundary-types": "off",
      eqeqeq: "error",
      "jsdoc/no-types": "error",
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [RESOURCE_BY_PATH] }],
    },
  },
  {
    files: ["app/**/*.ts", "modules/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", EXPORT_BY_NAME, PARTITION_AWARE, POLICIES_IN_ONE_FILE] },
  },
  {
    files: ["app/stacks/add-ons/*.ts"],
    rules: { "jsdoc/check-tag-names": ["error", { definedTags: ADD_ON_TAGS }] },
  },
  {
    files: ["modules/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...IN_MODULES, POLICIES_IN_ONE_FILE],
    },
  },
  {
    files: ["modules/**/*.ts"],
    ignores: ["modules/private/**"],
    rules: {
      "jsdoc/no-restricted-syntax": ["error", { contexts: [DEFAULT_MISSING, DEFAULT_OF_REQUIRED] }],
      "jsdoc/require-jsdoc": [
        "error",
        {
          contexts: ["ExportNamedDeclaration > TSInterfaceDeclaration TSPropertySignature"],
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: false },
        },
      ],
    },
  },
  { files: ["modules/private/statement.ts"], rules: { "no-restricted-syntax": ["error", ...IN_MODULES] } },
  { files: ["modules/index.ts"], rules: { "no-restricted-syntax": ["error", EXPORT_BY_NAME, REEXPORT_ONLY] } },
  {
    files: PURE_VALUES,
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [RESOURCE_BY_PATH, NO_FRAMEWORK] }] },
  },
  {
    files: SCRIPTS,
    ignores: ["__tests__/released/**"],
    rules: {
      "id-denylist": ["error", ...VAGUE_NAMES],
      "id-match": ["error", NO_VAGUE_PREFIX, { classFields: true, onlyDeclarations: true, properties: true }],
    },
  },
  // Records of releases do not change.
  { files: ["__tests__/released/**"], rules: { "language/plain": "off" } },
  {
    files: ["**/*.{mjs,cjs}"],
    languageOptions: { globals: { console: "readonly", process: "readonly", require: "readonly" } },
  },
  { files: ["**/*.cjs"], languageOptions: { globals: { __dirname: "readonly" } } },
  {
    files: ["*.md", "docs/*.md", "emulator/README.md", "modules/*/README.md"],
    // Commands write these pages.
    ignores: ["docs/constructs.api.md", "docs/deploy-policies.md"],
    language: "markdown/gfm",
    plugins: { language, markdown },
    rules: { "language/plain": "error" },
  },
);
