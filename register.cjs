// Runs TypeScript as it is: each file's types are dropped when it is loaded. Nothing is type-checked, so this is fast;
// `npm run typecheck` does that.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { threadId } = require("node:worker_threads");
const { engines } = require("./package.json");

const [needed] = /\d+/.exec(engines.node);
if (Number.parseInt(process.versions.node) < Number(needed)) {
  console.error(`Node.js ${needed} or newer is needed, got: ${process.version}`);
  process.exit(1);
}

const { addHook } = require("pirates");
const { version } = require("@swc/core/package.json");

const options = {
  configFile: false,
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  // A package is loaded when it is used first: a command uses few of them.
  module: { lazy: true, type: "commonjs" },
  sourceMaps: false,
  swcrc: false,
};

// cdktf 0.21 calls util.isArray. Newer versions of Node.js print a warning for it, and a user of the app cannot remove the call.
process.noDeprecation = true;

/** A file for each source: the hash of its input, and the compiled text. */
const cache = join(__dirname, "node_modules", ".cache", "register");

const hashOf = (...values) => createHash("sha256").update(JSON.stringify(values)).digest("hex");

function compile(code, filename) {
  const file = join(cache, hashOf(filename));
  const head = `// ${hashOf(version, options, code)}\n`;
  const cached = read(file);
  if (cached.startsWith(head)) {
    return cached.slice(head.length);
  }
  // The compiler takes longer to load than most files to compile.
  const { code: compiled } = require("@swc/core").transformSync(code, { ...options, filename });
  write(file, head + compiled);
  return compiled;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Another process or thread may read and write the file at the same time, so it is replaced as a whole. */
function write(file, text) {
  const temporary = `${file}.${process.pid}-${threadId}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch {
    // In a read-only checkout, each run compiles.
  }
}

addHook(compile, { exts: [".ts"] });
