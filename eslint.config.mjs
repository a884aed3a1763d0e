import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

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
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value='@cdktf/provider-aws']",
          message: "Import a resource by its own path: the root loads some 2,200 modules.",
        },
      ],
    },
  },
  {
    files: ["**/*.{mjs,cjs}"],
    languageOptions: { globals: { console: "readonly", process: "readonly", require: "readonly" } },
  },
);
