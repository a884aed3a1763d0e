// Synthesis of fleets of many sizes: wall time, processor time and peak memory of one process, beside others that take
// turns with it, so that a machine that slows down slows all of them down:
//   one     the same app on one thread, for fleets that are large enough for more
//   bare    the same resources, written by hand as bare provider constructs (bench/bare.ts)
//   stock   the same app, run as the stock CDKTF TypeScript template does (ts-node)
// The result is written to bench/RESULTS.md.
//
//     npm run bench              1, 10, 100, 1,000 and 5,000 warehouses, in some minutes
//     npm run bench -- 1 100     other sizes, and RESULTS.md is kept
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { fleetOf } from "./fleet.mjs";
import { sharesOf } from "./profile.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SIZES = [1, 10, 100, 1000, 5000];
const COMPARED = 1000;
const [SMALL, LARGE] = [100, 5000];
const TARGETS = {
  exponent: 1.1,
  memory: 1.3,
  threads: { [COMPARED]: 0.65, [LARGE]: 0.62 },
  time: 1.3,
  validation: 1000,
};

const given = process.argv.slice(2).map(Number);
if (given.some((size) => !Number.isInteger(size) || size < 1)) {
  console.error(`sizes must be integers of 1 or more, got: ${process.argv.slice(2).join(" ")}`);
  process.exit(1);
}
const sizes = given.length > 0 ? given : SIZES;
const rounds = (size) => (size < 1000 ? 5 : 3);

const scratch = mkdtempSync(join(tmpdir(), "scale-bench-"));
const fileOf = (size) => join(scratch, `${size}.yaml`);
const REGISTER = ["--require", "./register.cjs"];
const commands = {
  synth: () => [...REGISTER, "main.ts"],
  one: () => [...REGISTER, "bench/one-thread.ts"],
  bare: (size) => [...REGISTER, "bench/bare.ts", String(size)],
  stock: () => ["node_modules/ts-node/dist/bin.js", "main.ts"],
};

/** Runs a command once: seconds, and MiB. */
function measure(args, size, outdir) {
  rmSync(outdir, { force: true, recursive: true });
  const env = {
    ...process.env,
    CDKTF_OUTDIR: outdir,
    TS_NODE_PROJECT: "bench/tsconfig.json",
    WAREHOUSES: fileOf(size),
  };
  const start = process.hrtime.bigint();
  const { output, status, stderr } = spawnSync(process.execPath, ["--require", "./bench/usage.cjs", ...args], {
    cwd: root,
    encoding: "utf8",
    env,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) {
    throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
  }
  return { ...JSON.parse(output[3]), wall };
}

/** Whether a command is measured in a round. Fewer runs of the slowest are enough. */
function isMeasured(name, size, round) {
  return {
    bare: true,
    one: size >= COMPARED,
    stock: round < (size < LARGE ? 3 : 1),
    synth: true,
  }[name];
}

/** Both must make the same: without that, a comparison has no meaning. */
function checkSame(one, other) {
  const stacks = (outdir) => readdirSync(join(outdir, "stacks")).sort();
  const parts = (outdir, stack) => {
    const { data, provider, removed, resource } = JSON.parse(
      readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"),
    );
    return { data, provider, removed, resource };
  };
  const differ = stacks(one).filter((stack) => !isDeepStrictEqual(parts(one, stack), parts(other, stack)));
  if (!isDeepStrictEqual(stacks(one), stacks(other)) || differ.length > 0) {
    throw new Error(`${other} does not have what the app makes: ${differ.join(", ")}`);
  }
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor((values.length - 1) / 2)];
const range = (values, digits) =>
  [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(digits)).join(" / ");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function run() {
  const results = new Map();
  for (const size of sizes) {
    writeFileSync(fileOf(size), fleetOf(size));
    const runs = {};
    for (let round = 0; round < rounds(size); round += 1) {
      for (const [name, args] of Object.entries(commands).filter(([command]) => isMeasured(command, size, round))) {
        (runs[name] ??= []).push(measure(args(size), size, join(scratch, name)));
      }
      process.stderr.write(`${size} warehouses: round ${round + 1} of ${rounds(size)}\n`);
    }
    for (const other of Object.keys(runs).filter((name) => name !== "synth")) {
      checkSame(join(scratch, "synth"), join(scratch, other));
    }
    results.set(size, runs);
  }
  return results;
}

function validation(size) {
  const args = [...REGISTER, "bench/validate.ts", fileOf(size), fileOf(1)];
  return Array.from({ length: 5 }, () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) {
      throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
    }
    return JSON.parse(stdout);
  });
}

function profile(size) {
  const directory = join(scratch, "profile");
  measure(["--cpu-prof", `--cpu-prof-dir=${directory}`, ...commands.one()], size, join(scratch, "synth"));
  return sharesOf(directory);
}

const figuresOf = (runs, figure) => runs.map((one) => one[figure]);
const ratios = (runs, other, figure) => other.map((one, index) => runs[index][figure] / one[figure]);

function report(results) {
  const [cpu] = cpus();
  const lines = [
    "# Results of `npm run bench`",
    "",
    `Node.js ${process.version}, ${cpus().length} × ${cpu.model.trim()}. Each figure is min / median / max, and a ratio is of two runs that`,
    "took turns. `synth` is the app, `one` the app on one thread, `bare` the same resources as bare provider constructs, `stock` the app",
    "run by ts-node.",
    "",
    "## One process",
    "",
    table(
      ["warehouses", "", "wall, s", "processor, s", "peak memory, MiB"],
      [...results].flatMap(([size, all]) =>
        Object.entries(all).map(([name, runs]) => [
          size,
          name,
          range(figuresOf(runs, "wall"), 2),
          range(figuresOf(runs, "cpu"), 2),
          range(figuresOf(runs, "memory"), 0),
        ]),
      ),
    ),
    "",
    "## Ratios",
    "",
    table(
      ["warehouses", "", "wall", "processor", "peak memory"],
      [...results].flatMap(([size, { synth, ...others }]) =>
        Object.entries(others).map(([name, runs]) => [
          size,
          `synth / ${name}`,
          ...["wall", "cpu", "memory"].map((figure) => range(ratios(synth, runs, figure), 2)),
        ]),
      ),
    ),
    "",
    "## Targets",
    "",
  ];
  const targets = [];
  const target = (what, value, limit, digits = 2) =>
    targets.push([what, value.toFixed(digits), limit, value <= limit ? "met" : "MISSED"]);
  const compared = results.get(COMPARED);
  if (compared) {
    const { bare, synth } = compared;
    target(`wall time of synth / bare, ${COMPARED} warehouses`, median(ratios(synth, bare, "wall")), TARGETS.time);
    target(`processor time of synth / bare, ${COMPARED} warehouses`, median(ratios(synth, bare, "cpu")), TARGETS.time);
    target(`memory of synth / bare, ${COMPARED} warehouses`, median(ratios(synth, bare, "memory")), TARGETS.memory);
  }
  for (const [size, limit] of Object.entries(TARGETS.threads)) {
    const { one, synth } = results.get(Number(size)) ?? {};
    if (one) {
      target(`wall time of synth / one, ${size} warehouses`, median(ratios(synth, one, "wall")), limit);
    }
  }
  if (results.has(SMALL) && results.has(LARGE)) {
    for (const [name, figure] of [
      ["wall time", "wall"],
      ["processor time", "cpu"],
    ]) {
      // Without the start of the process, which would make growth look smaller.
      const start = results.has(1) ? median(figuresOf(results.get(1).synth, figure)) : 0;
      const grown = (size) => median(figuresOf(results.get(size).synth, figure)) - start;
      const exponent = Math.log(grown(LARGE) / grown(SMALL)) / Math.log(LARGE / SMALL);
      target(`exponent of the growth of ${name}, ${SMALL} to ${LARGE} warehouses`, exponent, TARGETS.exponent);
    }
    const runs = validation(LARGE);
    target(
      `reading and checking ${LARGE} warehouses, wall time, ms`,
      median(figuresOf(runs, "wall")),
      TARGETS.validation,
      0,
    );
    target(
      `reading and checking ${LARGE} warehouses, processor time, ms`,
      median(figuresOf(runs, "cpu")),
      TARGETS.validation,
      0,
    );
  }
  lines.push(table(["", "median", "at most", ""], targets), "");
  if (compared) {
    const { functions, packages } = profile(COMPARED);
    const percent = (share) => `${(share * 100).toFixed(1)} %`;
    lines.push(
      "## Where the time goes",
      "",
      `The processor time of one thread for ${COMPARED} warehouses, as \`node --cpu-prof\` samples it (of the function on top of the stack):`,
      "",
      table(
        ["package", "share"],
        packages.filter(([, share]) => share >= 0.005).map(([name, share]) => [name, percent(share)]),
      ),
      "",
      "The functions of packages that take the most:",
      "",
      table(
        ["function", "share"],
        functions.slice(0, 12).map(([name, share]) => [name, percent(share)]),
      ),
      "",
    );
  }
  return lines.join("\n");
}

try {
  const text = report(run());
  console.log(text);
  if (given.length === 0) {
    writeFileSync(join(root, "bench", "RESULTS.md"), text);
  }
} finally {
  rmSync(scratch, { force: true, recursive: true });
}
