import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSteps, type Shell } from "../../tools/demo/run";
import { ROOT } from "../support/paths";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "demo-"));
  mkdirSync(join(directory, "bin"));
  mkdirSync(join(directory, "temporary"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs the demo in an empty folder, with the scripts of the folder `bin` only on the PATH. */
function demo(...args: readonly string[]) {
  const program = ["--require", join(ROOT, "register.cjs"), join(ROOT, "tools", "demo", "main.ts")];
  const caller = join(directory, "caller");
  mkdirSync(caller, { recursive: true });
  const { status, stderr, stdout } = spawnSync(process.execPath, [...program, ...args], {
    cwd: caller,
    encoding: "utf8",
    env: { PATH: join(directory, "bin"), TMPDIR: join(directory, "temporary") },
  });
  expect(readdirSync(caller)).toStrictEqual([]);
  return { status, stderr, stdout };
}

const MISSING_PROVIDER = '[ "$1" = version ] || { echo "no available releases match" >&2; exit 1; }';

test.each([
  ["terraform", {}, "there is no terraform on the PATH; install it: https://developer.hashicorp.com/terraform/install"],
  ["python3", { terraform: "" }, "there is no python3 on the PATH; install Python 3"],
  [
    "moto",
    { python3: "exit 1", terraform: "" },
    "python3 lacks moto or regex; install them: python3 -m pip install -r emulator/requirements.txt",
  ],
  [
    "the AWS provider",
    { python3: "", terraform: MISSING_PROVIDER },
    "terraform init does not get the AWS provider: no available releases match; " +
      "the registry or a mirror of terraform must have hashicorp/aws ~> 5.100",
  ],
])("npm run demo without %s prints SKIPPED and the fix, and leaves no file", (_, programs, reason) => {
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const { stdout, ...ended } = demo();
  expect(ended).toStrictEqual({ status: 0, stderr: "" });
  expect(stdout.trim().split("\n").at(-1)).toBe(`SKIPPED: the demo, because ${reason}`);
  // The compiler of TypeScript keeps its binary there.
  expect(readdirSync(join(directory, "temporary")).filter((name) => !name.startsWith("swc-"))).toStrictEqual([]);
});

test("npm run demo prints its usage with --help, and refuses an unknown option", () => {
  expect(demo("--help").stdout).toMatch(/^Usage: npm run demo[^]*--keep /);
  expect(demo("--fast")).toStrictEqual({
    status: 1,
    stderr: "demo: Unknown option '--fast'; npm --silent run demo -- --help lists the options\n",
    stdout: "",
  });
});

describe("a step of the demo", () => {
  let printed: string[];
  let interruption: AbortController;
  let shell: Shell;
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, "log").mockImplementation((text: string) => printed.push(text));
    interruption = new AbortController();
    shell = { directory, env: { PATH: process.env.PATH }, interruption: interruption.signal };
  });
  const step = (...commands: Parameters<typeof runSteps>[0][number]["commands"]) => [
    { commands, prose: "In {place}.", title: "Try" },
  ];

  test("prints prose, commands and shown lines, and passes captured values to later commands", async () => {
    const steps = step(
      { expected: /id (?<id>\d+)/, line: "echo noise; echo id 7", shown: /id/ },
      { exitStatus: 3, expected: /^7$/, line: "echo {id} >&2; exit 3" },
    );
    expect(await runSteps(steps, shell, { place: "here" })).toStrictEqual([
      { seconds: expect.any(Number) as number, title: "Try" },
    ]);
    expect(printed).toStrictEqual([
      "\n1. Try\n\nIn here.",
      "\n$ echo noise; echo id 7",
      "id 7",
      "(lines not shown: 1)",
      "\n$ echo 7 >&2; exit 3",
      "7",
    ]);
  });

  test.each([
    ["exit status", { expected: /x/, line: "echo x; exit 1" }, "exit status 1"],
    ["output", { expected: /x/, line: "echo y" }, "exit status 0"],
  ])("throws, and prints the hidden lines, if a command has another %s", async (_, command, got) => {
    await expect(runSteps(step({ ...command, shown: /z/ }), shell, { place: "here" })).rejects.toThrow(
      `the command must end with exit status 0 and print /x/, got: ${got}; its output is above`,
    );
    expect(printed.at(-1)).toMatch(/^[xy]$/);
  });

  test("kills all processes of its command if it is interrupted", async () => {
    // The child leads a session, as terraform does under cdktf.
    const nested = `require("node:child_process").spawn("sleep", ["600"], { detached: true, stdio: "inherit" })`;
    const line = `"${process.execPath}" -e '${nested}; console.log("started")'`;
    const running = runSteps(step({ expected: /x/, line }), shell, { place: "here" });
    while (!printed.includes("started")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    interruption.abort();
    // The output ends with the last process that has it.
    await expect(running).rejects.toThrow("This operation was aborted");
  });
});
