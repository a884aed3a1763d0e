// Runs TypeScript as it is: each file's types are dropped when it is loaded. Nothing is type-checked, so this is fast;
// `npm run typecheck` does that.
const { transformSync } = require("@swc/core");
const { addHook } = require("pirates");

const options = {
  configFile: false,
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  sourceMaps: false,
  swcrc: false,
};

// cdktf 0.21 calls util.isArray, of which newer versions of Node.js warn; whoever runs the app cannot mend that.
process.noDeprecation = true;

addHook((code, filename) => transformSync(code, { ...options, filename }).code, { exts: [".ts"] });
