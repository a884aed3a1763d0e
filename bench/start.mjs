// Times the app process of `npm run synth` beside two others: the stock CDKTF TypeScript template's way to run the same
// app (ts-node, with the template's compiler options), and node loading cdktf and doing nothing. Each figure is the wall
// time of one process; the three take turns, so that a machine that slows down slows all of them down.
//
//     npm run bench:start            5 runs
//     npm run bench:start -- 11      11 runs
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const runs = Number(process.argv[2] ?? 5);
if (!Number.isInteger(runs) || runs < 5) {
  console.error(`the number of runs must be an integer of 5 or more, got: ${process.argv[2]}`);
  process.exit(1);
}

const outdir = mkdtempSync(join(tmpdir(), "synth-bench-"));
const commands = {
  "npm run synth (app process)": ["--require", "./register.cjs", "main.ts"],
  "stock template (ts-node main.ts)": ["node_modules/ts-node/dist/bin.js", "main.ts"],
  "bare node (require cdktf)": ["-e", "require('cdktf')"],
};
const env = { ...process.env, CDKTF_OUTDIR: join(outdir, "cdktf.out"), TS_NODE_PROJECT: "bench/tsconfig.json" };

function seconds(args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", env });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) {
    throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
  }
  return elapsed;
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];

try {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  // The first round warms the file cache and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const elapsed = seconds(args);
      if (round > 0) {
        times[name].push(elapsed);
      }
    }
  }
  console.log(`node ${process.version}, ${runs} runs of each, wall seconds of one process`);
  for (const [name, values] of Object.entries(times)) {
    const [min, max] = [Math.min(...values), Math.max(...values)];
    console.log(`${name.padEnd(34)} min ${min.toFixed(3)}  median ${median(values).toFixed(3)}  max ${max.toFixed(3)}`);
  }
  const [ours, stock, bare] = Object.values(times);
  const ratio = (a, b) => median(a.map((value, index) => value / b[index]));
  const report = (name, value, limit, target) =>
    console.log(`${name.padEnd(34)} ${value.toFixed(2)} (target: ${target})${value <= limit ? "" : "  MISSED"}`);
  report("synth / stock template", ratio(ours, stock), 1 / 8, "at most 0.125");
  report("synth / bare node", ratio(ours, bare), 1.8, "at most 1.8");
} finally {
  rmSync(outdir, { force: true, recursive: true });
}
