import { execFileSync } from "node:child_process";
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import { basename, dirname, join } from "node:path";
import workerThreads, { Worker } from "node:worker_threads";
import { list as listProgram } from "../../app/cli/list";
import { Progress } from "../../app/cli/progress";
import { configuration, directory, list, WAREHOUSE } from "../app/support/project";
import { inProcess } from "../support/in-process";

const ENV = { PATH: process.env.PATH!, WAREHOUSES: "w.yaml" };
const TWO = WAREHOUSE.replace("name: one", "name: two");
const KEY = `
  - name: shared
    account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole, arn:aws:iam::111122223333:role/SecondAdminRole]
`;
const withKey = (warehouse: string): string => warehouse.replace(/administrators: .*/, "key: shared");

function git(...args: readonly string[]): void {
  const identity = ["-c", "user.name=Example", "-c", "user.email=example@example.com"];
  execFileSync("git", [...identity, ...args], { cwd: directory, stdio: "ignore" });
}

function commit(text: string): void {
  configuration(text);
  git("add", "--all");
  git("commit", "--message", "Example");
}

async function changes(): Promise<unknown> {
  const { stderr, stdout } = await list(ENV, "--changed-since", "HEAD", "--json");
  expect(stdout).toMatch(/^\[(\n {2}\{\n {4}"|\]\n$)/);
  return { changes: JSON.parse(stdout) as unknown, stderr };
}

beforeEach(() => {
  git("init");
  commit(`warehouses:${WAREHOUSE}${TWO}`);
});

test("list --changed-since lists no stack if only a comment has changed", async () => {
  configuration(`# A comment\nwarehouses:${WAREHOUSE}${TWO}`);
  expect(await list(ENV, "--changed-since", "HEAD")).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: "No stack differs from HEAD.\n",
  });
});

test("list --changed-since compares with a branch whose name ends with a hyphen", async () => {
  git("branch", "topic-");
  expect(await list(ENV, "--changed-since", "topic-")).toMatchObject({ stdout: "No stack differs from topic-.\n" });
});

test("list --changed-since does not write the git index", async () => {
  const index = () => readFileSync(join(directory, ".git", "index"));
  const lock = join(directory, "package-lock.json");
  writeFileSync(lock, "{}\n");
  commit(`warehouses:${WAREHOUSE}`);
  const before = index();
  // Git refreshes the entry of a file whose time has changed.
  utimesSync(lock, 1, 1);
  await list(ENV, "--changed-since", "HEAD");
  expect(index().equals(before)).toBe(true);
});

test("list --changed-since lists added, changed and dropped stacks", async () => {
  const changed = WAREHOUSE.replace("ExampleUserRole", "OtherUserRole");
  configuration(`warehouses:${changed}${WAREHOUSE.replace("name: one", "name: three")}`);
  expect(await changes()).toStrictEqual({
    changes: [
      { stack: "one", change: "changed", dependsOn: [], wave: 0 },
      { stack: "three", change: "added", dependsOn: [], wave: 0 },
      { stack: "two", change: "dropped", dependsOn: [] },
    ],
    stderr: "",
  });
});

test("list --changed-since selects all stacks if a file of versions differs", async () => {
  const names = [
    "cdktf.json",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "yarn.lock",
  ];
  for (const [index, name] of [...names, "bun.lock", ".terraform.lock.hcl"].entries()) {
    writeFileSync(join(directory, name), "{}");
    // The first of the names is in the index.
    git("add", "cdktf.json");
    const first = [...names.slice(0, index), name].sort()[0]!;
    const others = index === 0 ? " differs" : ` and ${index} more differ`;
    expect(await changes()).toMatchObject({
      changes: [
        { stack: "one", change: "changed" },
        { stack: "two", change: "changed" },
      ],
      stderr: `${first}${others} from HEAD: all stacks are selected\n`,
    });
  }
});

test("list --changed-since names the old and the new file of a renamed lock file", async () => {
  writeFileSync(join(directory, "package-lock.json"), "{}".padEnd(100));
  commit(`warehouses:${WAREHOUSE}${TWO}`);
  git("mv", "package-lock.json", "yarn.lock");
  expect(await changes()).toMatchObject({
    stderr: "package-lock.json and 1 more differ from HEAD: all stacks are selected\n",
  });
});

test("list --changed-since shows the progress of both configurations", async () => {
  const step = jest.spyOn(Progress.prototype, "step");
  const end = jest.spyOn(Progress.prototype, "end");
  configuration(`warehouses:${WAREHOUSE}`);
  await changes();
  expect([...new Set(step.mock.calls.map(([name]) => name))]).toStrictEqual([
    "Now: creating",
    "Now: writing",
    "At the ref: creating",
    "At the ref: writing",
  ]);
  expect(end).toHaveBeenCalledTimes(1);
});

test("list --changed-since does not compare a lock file that git ignores", async () => {
  writeFileSync(join(directory, ".gitignore"), "yarn.lock\n");
  writeFileSync(join(directory, "yarn.lock"), "");
  expect(await changes()).toStrictEqual({ changes: [], stderr: "" });
});

test("list --changed-since finds the changed stack of a fleet on several threads", async () => {
  jest.spyOn(os, "availableParallelism").mockReturnValue(2);
  const startThread = jest
    .spyOn(workerThreads, "Worker")
    .mockImplementation((file, options) => new Worker(file, options));
  const fleet = Array.from({ length: 400 }, (_, index) =>
    WAREHOUSE.replace("name: one", `name: fleet-${index}`).replace("ExampleUserRole", `UserRole${index}`),
  ).join("");
  commit(`warehouses:${fleet}`);
  configuration(`warehouses:${fleet.replace("UserRole399", "OtherUserRole")}`);
  expect(await changes()).toStrictEqual({
    changes: [{ stack: "fleet-399", change: "changed", dependsOn: [], wave: 0 }],
    stderr: expect.any(String) as string,
  });
  expect(startThread).toHaveBeenCalledTimes(2);
});

test("list --changed-since lists a shared key before the warehouses that name it", async () => {
  configuration(`keys:${KEY}warehouses:${withKey(WAREHOUSE)}${TWO}`);
  expect(await changes()).toStrictEqual({
    changes: [
      { stack: "shared", change: "added", dependsOn: [], wave: 0 },
      { stack: "one", change: "changed", dependsOn: ["shared"], wave: 1 },
    ],
    stderr: "",
  });
});

test("list --changed-since lists dropped warehouses before a dropped key that they name", async () => {
  commit(`keys:${KEY}warehouses:${withKey(WAREHOUSE)}${TWO}`);
  configuration(`warehouses:${TWO}`);
  expect(await changes()).toStrictEqual({
    changes: [
      { stack: "one", change: "dropped", dependsOn: ["shared"] },
      { stack: "shared", change: "dropped", dependsOn: [] },
    ],
    stderr: "",
  });
});

test.each(["", "{}"])(
  "list --changed-since in a subfolder compares its files, and the lock file of the repository, in the ref %j",
  async (lock) => {
    const folder = join(directory, "teams", "data");
    mkdirSync(folder, { recursive: true });
    renameSync(join(directory, "w.yaml"), join(folder, "w.yaml"));
    if (lock !== "") {
      writeFileSync(join(directory, "package-lock.json"), lock);
    }
    git("config", "diff.relative", "true");
    git("add", "--all");
    git("commit", "--message", "Example");
    const listed = () => inProcess(listProgram, folder, ENV, ["--changed-since", "HEAD"]);
    writeFileSync(join(folder, "w.yaml"), `warehouses:${WAREHOUSE}`);
    expect(await listed()).toStrictEqual({ status: 0, stderr: "", stdout: "dropped  two\n" });
    writeFileSync(join(directory, "package-lock.json"), "[]");
    expect(await listed()).toStrictEqual({
      status: 0,
      stderr: "package-lock.json differs from HEAD: all stacks are selected\n",
      stdout: "changed  one\ndropped  two\n",
    });
  },
);

test("list --changed-since in a subfolder reads a file of the folder above it", async () => {
  const folder = join(directory, "teams");
  mkdirSync(folder);
  writeFileSync(join(folder, "notes"), "");
  commit(`warehouses:${WAREHOUSE}${TWO}`);
  const env = { ...ENV, WAREHOUSES: join("..", "w.yaml") };
  expect(await inProcess(listProgram, folder, env, ["--changed-since", "HEAD"])).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: "No stack differs from HEAD.\n",
  });
});

test("list --changed-since names the ways to fetch a commit that a shallow clone lacks", async () => {
  commit(`warehouses:${WAREHOUSE}`);
  const clone = join(directory, "clone");
  git("clone", "--depth", "1", `file://${directory}`, clone);
  expect(await inProcess(listProgram, clone, ENV, ["--changed-since", "HEAD^"])).toStrictEqual({
    status: 1,
    stderr:
      "--changed-since must be a commit of this repository, got: HEAD^: the clone is shallow, so run git fetch --unshallow, " +
      "or clone with fetch-depth: 0 (GitHub) or GIT_DEPTH: 0 (GitLab)\n",
    stdout: "",
  });
});

test("list --changed-since does not name the ref in a problem of the present configuration", async () => {
  configuration(`warehouses:${WAREHOUSE.replace("us-east-1", "nowhere")}`);
  const { status, stderr, stdout } = await list(ENV, "--changed-since", "HEAD");
  expect([status, stderr, stdout]).toStrictEqual([1, expect.stringMatching(/^w\.yaml:4 .*region must /), ""]);
  expect(stderr).not.toContain("HEAD");
});

test("list --changed-since refuses files outside of the repository", async () => {
  const outside = `${directory}-outside.yaml`;
  writeFileSync(outside, `warehouses:${WAREHOUSE}`);
  symlinkSync(outside, join(directory, "link.yaml"));
  try {
    for (const name of [outside, join(directory, "w.yaml"), join("..", basename(outside)), "link.yaml"]) {
      expect(await list({ ...ENV, WAREHOUSES: name }, "--changed-since", "HEAD")).toStrictEqual({
        status: 1,
        stderr: `WAREHOUSES must have relative names in the repository for --changed-since, got: ${name}\n`,
        stdout: "",
      });
    }
  } finally {
    rmSync(outside);
  }
});

test("list --changed-since lists all stacks as added if the ref has no configuration", async () => {
  git("rm", "--cached", "w.yaml");
  git("commit", "--message", "Example");
  expect(await changes()).toMatchObject({
    changes: [
      { stack: "one", change: "added" },
      { stack: "two", change: "added" },
    ],
  });
});

test.each([[["one"]], [["one", "two"]]])(
  "list --changed-since refuses the names %j of stacks beside it",
  async (names) => {
    expect(await list(ENV, ...names, "--changed-since", "HEAD")).toStrictEqual({
      status: 1,
      stderr: `--changed-since must be used without names of stacks, got: ${names.join(" ")}\n`,
      stdout: "",
    });
  },
);

test.each([
  ["an unknown ref", "no-such-ref", /^--changed-since must be a commit .*no-such-ref: run git fetch/],
  ["a range of commits", "HEAD..HEAD", /^--changed-since must be a commit .*HEAD..HEAD: run git fetch/],
  [
    "an option in place of the ref",
    "--all",
    /^Option '--changed-since' argument is ambiguous; npm --silent run list -- --help lists the options/,
  ],
])("list --changed-since refuses %s", async (_, ref, message) => {
  expect(await list(ENV, "--changed-since", ref)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(message) as string,
  });
});

test("list --changed-since reads no option from the ref", async () => {
  expect(await list(ENV, "--changed-since=--all")).toStrictEqual({
    status: 1,
    stderr: "--changed-since must be a commit of this repository, got: --all: run git fetch, or correct the name\n",
    stdout: "",
  });
});

test("list --changed-since reads a missing file as synth does", async () => {
  expect(await list({ ...ENV, WAREHOUSES: "no-such.yaml" }, "--changed-since", "HEAD")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^no-such\.yaml cannot be read: /) as string,
  });
});

test("list --changed-since prints the error of git in one line if the repository is broken", async () => {
  const tree = execFileSync("git", ["rev-parse", "HEAD^{tree}"], { cwd: directory, encoding: "utf8" }).trim();
  rmSync(join(directory, ".git", "objects", tree.slice(0, 2), tree.slice(2)));
  expect(await list(ENV, "--changed-since", "HEAD")).toStrictEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^--changed-since must be able to read the git repository of the working directory, got from git: \S.*\S\n$/,
    ) as string,
    stdout: "",
  });
});

test("list --changed-since runs no hook, ignores a sparse checkout, and leaves no temporary file", async () => {
  const temporary = join(directory, ".git", "tmp");
  mkdirSync(temporary);
  const hook = join(directory, ".git", "hooks", "post-index-change");
  writeFileSync(hook, `#!/bin/sh\n: > ${join(directory, ".git", "hooked")}\n`, { mode: 0o755 });
  git("config", "core.sparseCheckout", "true");
  writeFileSync(join(directory, ".git", "info", "sparse-checkout"), "/other\n");
  jest.spyOn(os, "tmpdir").mockReturnValue(temporary);
  const makeFolder = jest.spyOn(fs, "mkdtempSync");
  const { stderr, stdout } = await list(ENV, "--changed-since", "HEAD");
  expect([stderr, stdout]).toStrictEqual(["", "No stack differs from HEAD.\n"]);
  expect(existsSync(join(directory, ".git", "hooked"))).toBe(false);
  expect(new Set(makeFolder.mock.results.map(({ value }) => dirname(value as string)))).toStrictEqual(
    new Set([temporary]),
  );
  expect(readdirSync(temporary)).toStrictEqual([]);
});

test("list --changed-since names the ref whose configuration is not valid", async () => {
  commit("warehouses: {}\n");
  configuration(`warehouses:${WAREHOUSE}`);
  expect(await list(ENV, "--changed-since", "HEAD")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^The configuration at HEAD must be valid.*\nw\.yaml:1 warehouses must be a list/,
    ) as string,
  });
});

test("list --changed-since refuses to run without git, or outside a repository", async () => {
  const missing = await list({ ...ENV, PATH: directory }, "--changed-since", "HEAD");
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining("must have git on the PATH") as string });
  rmSync(join(directory, ".git"), { recursive: true });
  const outside = await list(ENV, "--changed-since", "HEAD");
  expect(outside).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^--changed-since must be used in a git repository: fatal: [^\\\n]+\n$/) as string,
  });
});
