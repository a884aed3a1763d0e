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
const IMPORT_BY_PATH = {
  selector: "ImportDeclaration[source.value='@cdktf/provider-aws']",
  message: "Import a resource by its own path: the root loads some 2,200 modules.",
};
const OPTIONAL_TAKES_UNDEFINED = {
  selector:
    ":matches(TSPropertySignature, PropertyDefinition)[optional=true] > TSTypeAnnotation > " +
    ":not(TSUnknownKeyword, TSUnionType:has(> TSUndefinedKeyword))",
  message: "Declare an optional member `x?: T | undefined`: callers compute props.",
};

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
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-module-boundary-types": "off",
      eqeqeq: "error",
      "jsdoc/no-types": "error",
      "no-restricted-syntax": ["error", IMPORT_BY_PATH],
    },
  },
  {
    files: ["modules/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", IMPORT_BY_PATH, OPTIONAL_TAKES_UNDEFINED] },
  },
  // Records of releases do not change.
  { files: ["__tests__/released/**"], rules: { "language/plain": "off" } },
  {
    files: ["**/*.{mjs,cjs}"],
    languageOptions: { globals: { console: "readonly", process: "readonly", require: "readonly" } },
  },
  {
    files: ["CHANGELOG.md", "README.md", "docs/*.md", "emulator/README.md"],
    // Commands write these pages.
    ignores: ["docs/constructs.api.md", "docs/deploy.md"],
    language: "markdown/gfm",
    plugins: { language, markdown },
    rules: { "language/plain": "error" },
  },
);
