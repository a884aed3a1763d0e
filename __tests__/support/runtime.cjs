const asyncHooks = require("node:async_hooks");
const fs = require("node:fs");
const Module = require("node:module");
const { join, relative } = require("node:path");
const { Script } = require("node:vm");
const { default: Runtime } = require("jest-runtime");

// Node.js loads these packages, once in each worker. Jest loads a package again for each test file.
const FRAMEWORK = /^(@cdktf\/provider-aws|cdktf|cdktn|constructs)($|\/)/;
const OTHERS = /^(@cloud-copilot|eslint|typescript)($|\/)/;
// Packages of jest itself, which read nothing of the context of a test file.
const JEST_MODULES = /^(@babel\/code-frame|@jest\/react-is-1[89]|graceful-fs|picomatch|pure-rand)$/;

// The modules that the test files of a worker share. A test file that mocks a module loads its own instead.
const ROOT = join(__dirname, "..", "..");
const SHARED = /^(app|modules|node_modules|review|tools)\//;
const isSharedFile = (file) => SHARED.test(relative(ROOT, file));
const modules = new Map();

// The end of a worker frees its memory for longer than jest waits, which then prints a warning about open handles.
if (require.main.filename.endsWith("processChild.js")) {
  process.on("exit", (code) => process.exit(code));
}

/** The runtime of the current test file. */
let current;

/** The pairs of `moduleNameMapper` that the shared packages were loaded with: jest applies it to its own modules only. */
let names = [];

function useNames(mapper) {
  if (JSON.stringify(mapper) !== JSON.stringify(names)) {
    Object.keys(require.cache)
      .filter((file) => /node_modules\/(@cdktf|cdktf|cdktn|constructs)\//.test(file))
      .forEach((file) => delete require.cache[file]);
    names = mapper;
    modules.clear();
  }
}

const { _resolveFilename: resolveFilename } = Module;
Module._resolveFilename = (request, ...rest) => {
  const [name, replacement] = names.find(([pattern]) => new RegExp(pattern).test(request)) ?? [/$/, ""];
  return resolveFilename(request.replace(new RegExp(name), replacement), ...rest);
};

// The framework makes a directory for each test app. One is enough, because tests read stacks from memory.
const { mkdtempSync } = fs;
const outdirs = new Map();
fs.mkdtempSync = (prefix, ...rest) => {
  if (!prefix.endsWith("cdktf.outdir.")) {
    return mkdtempSync(prefix, ...rest);
  }
  if (!outdirs.has(prefix)) {
    outdirs.set(prefix, mkdtempSync(prefix, ...rest));
  }
  return outdirs.get(prefix);
};

// Jest enables a storage for each test file and disables none. Each promise of the worker would get the values of all of them.
const storages = new Set();
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    storages.add(this);
  }
};

function disableStorages() {
  storages.forEach((storage) => storage.disable());
  storages.clear();
}

/** The text of each module. A worker reads it once: the end of a test file clears the map that its runtime has. */
class Sources extends Map {
  clear() {}
}
const sources = new Sources();

/** The compiled text of each module. Each test file runs it in its own context. */
const compiled = new Map();

function compile(text, filename, parameters) {
  const known = compiled.get(filename);
  if (known?.text === text) {
    return known.script;
  }
  const script = new Script(`(function (${parameters.join()}) {${text}\n})`, { filename });
  compiled.set(filename, { script, text });
  return script;
}

/** Returns `require` for a module. A shared module outlives its runtime, and may require another when a function runs. */
function requireOf(file, require, options) {
  return options?.isInternalModule || !isSharedFile(file)
    ? require
    : Object.assign((name) => current.requireModuleOrMock(file, name), require);
}

/** The runtime of jest, which reads and compiles modules once in each worker, and loads shared packages once. */
class SharingRuntime extends Runtime {
  isIsolated = false;
  hasMocks = false;

  constructor(config, environment, resolver, transformer, testSource, coverage, testFile, ...rest) {
    testSource.forEach((text, file) => sources.set(file, text));
    super(config, environment, resolver, transformer, sources, coverage, testFile, ...rest);
    useNames(config.moduleNameMapper);
    current = this;
    this.testFile = testFile;
    const { injectedModuleParameters, requireBuilder } = this.executor;
    if (!coverage.collectCoverage) {
      modules.forEach((module, file) => this.registries.moduleRegistry.set(file, module));
    }
    this.executor.requireBuilder = {
      for: (module, options) => requireOf(module.filename, requireBuilder.for(module, options), options),
    };
    this.executor.compile = (text, filename) => {
      const context = environment.getVmContext();
      return context && compile(text, filename, injectedModuleParameters).runInContext(context);
    };
  }

  requireModule(from, name, ...rest) {
    const isShared = OTHERS.test(name) || (FRAMEWORK.test(name) && !this.isIsolated);
    return isShared ? require(name) : super.requireModule(from, name, ...rest);
  }

  requireInternalModule(from, name) {
    return JEST_MODULES.test(name) ? Module.createRequire(from)(name) : super.requireInternalModule(from, name);
  }

  setMock(from, ...rest) {
    if (from === this.testFile) {
      this.hasMocks = true;
      modules.forEach((_, file) => this.registries.moduleRegistry.delete(file));
    }
    super.setMock(from, ...rest);
  }

  teardown() {
    if (!this.hasMocks) {
      this.registries.moduleRegistry.forEach((module, file) => {
        if (module.loaded && isSharedFile(file)) {
          modules.set(file, module);
        }
      });
    }
    super.teardown();
    disableStorages();
  }

  isolateModules(run) {
    this.isIsolated = true;
    try {
      super.isolateModules(run);
    } finally {
      this.isIsolated = false;
    }
  }
}

exports.default = SharingRuntime;
exports.__esModule = true;
