import { join } from "node:path";
import { version } from "../../../package.json";
import { inProcess } from "../../support/in-process";
import { onNode } from "../../support/node-version";
import { ROOT } from "../../support/paths";

const USAGE = `Usage: redshift-kms COMMAND [argument ...]

  init    write the files of a new project
  synth   write a Terraform stack for each entry
  list    list the stacks
  review  review Terraform plans, or the plans of stacks
  grants  compare the grants of keys with the warehouses of an account
  adopt   write the entry of a live warehouse
  sql     compare database roles with a database

redshift-kms COMMAND --help lists the options of a command, and redshift-kms --version prints the version.
`;

/** Loads the program, which runs at once. A command that it starts is recorded as the arguments of its process. */
async function main(...args: string[]) {
  const started: string[][] = [];
  const runMain = () => started.push([...process.argv]);
  jest.doMock("node:module", () => ({ __esModule: true, default: { runMain } }));
  const { exitCode, noDeprecation } = process;
  process.exitCode = undefined;
  let status: unknown;
  try {
    const { stderr, stdout } = await inProcess(
      () => {
        jest.isolateModules(() => jest.requireActual<object>("../../../app/cli/main"));
        status = process.exitCode;
      },
      ROOT,
      {},
      args,
    );
    return { started, status, stderr, stdout };
  } finally {
    Object.assign(process, { exitCode, noDeprecation });
    jest.dontMock("node:module");
  }
}

const programOf = (command: string): string => join(ROOT, "app", "cli", `${command}.js`);

test("redshift-kms --version prints the version", async () => {
  expect(await main("--version")).toStrictEqual({ started: [], status: undefined, stderr: "", stdout: `${version}\n` });
});

test("redshift-kms --help prints the commands", async () => {
  expect(await main("--help")).toStrictEqual({ started: [], status: undefined, stderr: "", stdout: USAGE });
});

test("redshift-kms without a command prints the commands as an error", async () => {
  expect(await main()).toStrictEqual({ started: [], status: 2, stderr: USAGE, stdout: "" });
});

test.each(["plan", "toString"])("redshift-kms refuses the command %s", async (command) => {
  const stderr = `redshift-kms: the command must be one of init, synth, list, review, grants, adopt, sql, got: "${command}"\n`;
  expect(await main(command)).toStrictEqual({ started: [], status: 2, stderr, stdout: "" });
});

test.each([
  ["v19.9.0", 2, "redshift-kms: Node.js 20 or newer is needed, got: v19.9.0\n"],
  ["v20.0.0", undefined, ""],
])("redshift-kms on Node.js %s has the status %s", async (node, status, stderr) => {
  expect(await onNode(node, async () => main("--version"))).toMatchObject({ status, stderr });
});

test.each([
  ["list", ["--json"]],
  ["review", ["plan.json", "--help"]],
])("redshift-kms starts %s with the arguments %j", async (command, args) => {
  const on = jest.spyOn(process, "on").mockReturnThis();
  const exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
  let hidesDeprecations: unknown;
  on.mockImplementation(() => {
    hidesDeprecations = process.noDeprecation;
    return process;
  });
  expect(await main(command, ...args)).toStrictEqual({
    started: [[process.execPath, programOf(command), ...args]],
    status: undefined,
    stderr: "",
    stdout: "",
  });
  expect(hidesDeprecations).toBe(true);
  const [[event, fail]] = on.mock.calls as unknown as [[string, (error: unknown) => void]];
  expect(event).toBe("uncaughtException");
  const print = jest.spyOn(console, "error").mockReturnValue();
  fail(new TypeError("first line\n  \u001b[31msecond line\n"));
  fail("a text");
  expect(print.mock.calls).toStrictEqual([
    [`redshift-kms ${command}: unexpected error: TypeError: first line [31msecond line`],
    [`redshift-kms ${command}: unexpected error: a text`],
  ]);
  expect(exit.mock.calls).toStrictEqual([[70], [70]]);
});

test.each(["adopt", "list", "sql", "synth"])("redshift-kms %s --help starts nothing", async (command) => {
  expect(await main(command, "one", "--help")).toStrictEqual({
    started: [],
    status: undefined,
    stderr: "",
    stdout: expect.stringMatching(new RegExp(`^Usage: redshift-kms ${command} [^]*\\n  --help`)) as string,
  });
});

describe("redshift-kms without the packages of the framework", () => {
  beforeEach(() => {
    jest.doMock("../../../app/cli/peers", () => ({ frameworkUnavailable: (key: string) => `${key} requires cdktf` }));
  });
  afterEach(() => {
    jest.dontMock("../../../app/cli/peers");
  });

  test("refuses synth", async () => {
    const stderr = "redshift-kms: synth requires cdktf\n";
    expect(await main("synth")).toStrictEqual({ started: [], status: 2, stderr, stdout: "" });
  });

  test("starts review", async () => {
    jest.spyOn(process, "on").mockReturnThis();
    expect(await main("review")).toMatchObject({ started: [[process.execPath, programOf("review")]], stderr: "" });
  });
});
