// Runs TypeScript as it is: each file's types are dropped when it is loaded. Nothing is type-checked, so this is fast;
// `npm run typecheck` does that.
const { engines } = require("./package.json");

const [needed] = /\d+/.exec(engines.node);
if (Number.parseInt(process.versions.node) < Number(needed)) {
  console.error(`Node.js ${needed} or newer is needed, got: ${process.version}`);
  process.exit(1);
}

const { transformSync } = require("@swc/core");
const { addHook } = require("pirates");

const options = {
  configFile: false,
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  sourceMaps: false,
  swcrc: false,
};

// cdktf 0.21 calls util.isArray. Newer versions of Node.js print a warning for it, and a user of the app cannot remove the call.
process.noDeprecation = true;

addHook((code, filename) => transformSync(code, { ...options, filename }).code, { exts: [".ts"] });
