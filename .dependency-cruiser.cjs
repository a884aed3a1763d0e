// The direction of imports: docs/architecture.md has the picture. `npm run lint` checks it.

/** A folder may import these and itself. */
const MAY_IMPORT = {
  "modules/private": [],
  "modules/iam": ["modules/private"],
  "modules/kms": ["modules/iam", "modules/private"],
  "modules/redshift": ["modules/iam", "modules/kms", "modules/private"],
  "modules/data-api": ["modules/iam", "modules/kms", "modules/private", "modules/redshift"],
  "modules/operations": ["modules/iam", "modules/kms", "modules/private", "modules/redshift"],
  "modules/sharing": ["modules/iam", "modules/kms", "modules/private", "modules/redshift"],
  "app/config": ["modules"],
  "app/stacks": ["app/config", "modules"],
  "app/deployment": ["modules/private"],
  "app/cli": ["app", "modules"],
  "review/plan": ["modules/private/group-by.ts"],
  "review/policy": ["modules/private/group-by.ts", "review/plan"],
  "review/model": ["modules/private/(group-by|partition).ts", "review/plan", "review/policy"],
  "review/rules": ["modules/private/(group-by|partition).ts", "review/model", "review/plan", "review/policy"],
  "review/source": ["modules/private/group-by.ts", "review/plan"],
  "review/report": ["modules/private/group-by.ts", "review/(model|plan|policy|rules|source)"],
  "review/render": ["modules/private/(group-by|printable).ts", "review/(model|plan|policy|report|rules|source)"],
  "review/cli": ["app/cli/command-line.ts", "modules/private/printable.ts", "review"],
};

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "no-orphan-in-product", severity: "error", from: { path: "^(app|modules|review)/", orphan: true }, to: {} },
    {
      name: "product-stands-alone",
      comment: "The product imports no tools and no tests.",
      severity: "error",
      from: { path: "^(main\\.ts|app|modules|review)" },
      to: { path: "^(__tests__|bench|tools)/" },
    },
    {
      name: "review-has-no-packages",
      comment: "The command of the package has its code in one file.",
      severity: "error",
      from: { path: "^review/" },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-peer"] },
    },
    ...Object.entries(MAY_IMPORT).map(([folder, others]) => ({
      name: `imports-of-${folder.replace("/", "-")}`,
      severity: "error",
      from: { path: `^${folder}/` },
      to: { path: "^(app|modules|review|main\\.ts)", pathNot: `^(${[folder, ...others].join("|")})($|/)` },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types count: they bind folders as much as others.
    tsPreCompilationDeps: true,
  },
};
