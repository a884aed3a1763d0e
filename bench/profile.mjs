import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The time of a process, from the files that `node --cpu-prof` wrote into a directory: shares by package, and by function. */
export function sharesOf(directory) {
  const [file] = readdirSync(directory);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(directory, file), "utf8"));
  const frames = new Map(nodes.map(({ callFrame, id }) => [id, callFrame]));
  const [packages, functions] = [new Map(), new Map()];
  const add = (map, name, time) => map.set(name, (map.get(name) ?? 0) + time);
  let total = 0;
  samples.forEach((id, index) => {
    const { functionName, lineNumber, url } = frames.get(id);
    if (functionName === "(idle)") {
      return;
    }
    const time = timeDeltas[index];
    total += time;
    add(packages, packageOf(functionName, url), time);
    const [, path] = /node_modules\/(.*)/.exec(url) ?? [];
    if (path) {
      add(functions, `\`${functionName || "(anonymous)"}\` ${path}:${lineNumber + 1}`, time);
    }
  });
  const shares = (map) => [...map].map(([name, time]) => [name, time / total]).sort(([, a], [, b]) => b - a);
  return { functions: shares(functions), packages: shares(packages) };
}

function packageOf(functionName, url) {
  if (functionName === "(garbage collector)") {
    return "garbage collection";
  }
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name) {
    return name;
  }
  const [, folder] = /\/(app|modules)\//.exec(url) ?? [];
  return folder ? `${folder}/` : "Node.js";
}
