import { commandLine, isPackaged, parseCommandArguments } from "../../../app/cli/command-line";

/** Runs a function in a process that Node.js has started with a file; undefined for none. */
function startedWith<T>(file: string | undefined, work: () => T): T {
  const { argv } = process;
  process.argv = [process.execPath, ...(file === undefined ? [] : [file])];
  try {
    return work();
  } finally {
    process.argv = argv;
  }
}

test.each([
  ["/package/dist/cli/list.js", true, "redshift-kms list"],
  ["/package/dist/cli/synth.js", false, "npm --silent run list --"],
  ["/checkout/app/cli/list.ts", false, "npm --silent run list --"],
  [undefined, false, "npm --silent run list --"],
])("commandLine in a process of the file %s", (file, packaged, line) => {
  expect(startedWith(file, () => [isPackaged("list"), commandLine("list")])).toStrictEqual([packaged, line]);
});

test.each([
  ["--drop", "Unknown option '--drop'; list --help lists the options"],
  ["--name=--all", undefined],
  ["--name", "Option '--name <value>' argument missing; list --help lists the options"],
])("parseCommandArguments for %s has the error %s", (arg, message) => {
  const config = { args: [arg], options: { name: { type: "string" } } } as const;
  const parse = () => parseCommandArguments("list", config, (reason) => new RangeError(reason));
  if (message === undefined) {
    expect(parse().values).toStrictEqual(Object.assign(Object.create(null), { name: "--all" }));
  } else {
    expect(parse).toThrow(new RangeError(message));
  }
});
