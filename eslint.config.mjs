import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

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
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-module-boundary-types": "off",
      eqeqeq: "error",
      "no-restricted-syntax": ["error", IMPORT_BY_PATH],
    },
  },
  {
    files: ["modules/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", IMPORT_BY_PATH, OPTIONAL_TAKES_UNDEFINED] },
  },
  {
    files: ["**/*.{mjs,cjs}"],
    languageOptions: { globals: { console: "readonly", process: "readonly", require: "readonly" } },
  },
);
