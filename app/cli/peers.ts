import { name, peerDependencies } from "../../package.json";

/**
 * Returns the reason why a command that creates constructs cannot run, with the fix; undefined if it can run. The peer
 * dependencies of the package are optional, because other commands do not need them.
 */
export function frameworkUnavailable(command: string): string | undefined {
  const missing = Object.entries(peerDependencies)
    .filter(([peer]) => !isInstalled(peer))
    .map(([peer, range]) => `"${peer}@${range}"`);
  return missing.length > 0
    ? `${command} requires packages that are not installed beside ${name}: npm install ${missing.join(" ")}`
    : undefined;
}

function isInstalled(peer: string): boolean {
  try {
    require.resolve(`${peer}/package.json`);
    return true;
  } catch {
    return false;
  }
}
