/** Runs a function in a process that reports another version of Node.js. */
export async function onNode<T>(version: string, work: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptors(process);
  const versions = { ...process.versions, node: version.slice(1) };
  Object.defineProperty(process, "version", { ...before.version, value: version });
  Object.defineProperty(process, "versions", { ...before.versions, value: versions });
  try {
    return await work();
  } finally {
    Object.defineProperty(process, "version", before.version);
    Object.defineProperty(process, "versions", before.versions);
  }
}
