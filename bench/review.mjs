// Measures the plan review: a plan of 250 stacks and one of 1,000, each a call of the module that a recorded plan configures.
//
//     npm run bench:review
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [FEW, MANY] = [250, 1000];
const PLAN = join(root, "__tests__", "plans", "shipped", "after.plan.json");

/** The plan of a configuration that calls the one of a recorded plan once for each stack, as a module. */
function multiplied(stacks) {
  const { configuration, planned_values, prior_state, resource_changes, ...rest } = JSON.parse(
    readFileSync(PLAN, "utf8"),
  );
  const instances = Array.from({ length: stacks }, (_, index) => `module.stack["${index}"]`);
  const inModule = (resource, module) => ({
    ...resource,
    address: `${module}.${resource.address}`,
    module_address: module,
  });
  const modules = ({ resources = [] }) => ({
    child_modules: instances.map((address) => ({
      address,
      resources: resources.map((resource) => inModule(resource, address)),
    })),
  });
  return {
    ...rest,
    configuration: {
      ...configuration,
      root_module: { module_calls: { stack: { module: configuration.root_module } } },
    },
    planned_values: { root_module: modules(planned_values.root_module) },
    prior_state: { ...prior_state, values: { root_module: modules(prior_state.values.root_module) } },
    resource_changes: instances.flatMap((module) => resource_changes.map((change) => inModule(change, module))),
  };
}

const scratch = mkdtempSync(join(tmpdir(), "review-bench-"));

function usageOf(stacks) {
  const plan = join(scratch, `${stacks}.json`);
  writeFileSync(plan, JSON.stringify(multiplied(stacks)));
  const args = ["--require", "./bench/usage.cjs", join(scratch, "review.js"), plan];
  const { output, status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (status !== 0) {
    throw new Error(`the review of ${stacks} stacks ended with exit status ${status}: ${stderr}`);
  }
  const { cpu, memory } = JSON.parse(output[3]);
  console.log(`${String(stacks).padStart(5)} stacks: ${cpu.toFixed(1)} s, ${memory.toFixed(0)} MiB`);
  return { cpu, memory };
}

try {
  const { build } = await import("esbuild");
  await build({
    bundle: true,
    entryPoints: [join(root, "review", "cli", "bin.ts")],
    outfile: join(scratch, "review.js"),
    platform: "node",
    target: "node20",
  });
  const [few, many] = [usageOf(FEW), usageOf(MANY)];
  const report = (name, value, limit) => {
    const isMissed = value > limit;
    console.log(`${name}: ${value.toFixed(1)} (target: at most ${limit})${isMissed ? "  MISSED" : ""}`);
    process.exitCode ||= isMissed ? 1 : 0;
  };
  report("MiB of the larger plan", many.memory, 300);
  // Four times the stacks take about four times the time. A quadratic step takes sixteen times.
  report("CPU time, larger plan / smaller plan", many.cpu / few.cpu, 7);
} finally {
  rmSync(scratch, { force: true, recursive: true });
}
