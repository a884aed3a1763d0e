import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configuration, directory, list, WAREHOUSE } from "../app/support/project";

const ENV = { PATH: process.env.PATH!, WAREHOUSES: "w.yaml" };
const TWO = WAREHOUSE.replace("name: one", "name: two");

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
  return { changes: JSON.parse(stdout) as unknown, stderr };
}

beforeEach(() => {
  git("init");
  commit(`warehouses:${WAREHOUSE}${TWO}`);
});

test("list --changed-since lists nothing for a changed comment", async () => {
  configuration(`# A comment\nwarehouses:${WAREHOUSE}${TWO}`);
  expect(await list(ENV, "--changed-since", "HEAD")).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: "No stack differs from HEAD.\n",
  });
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

test("list --changed-since selects all stacks if a lock file differs", async () => {
  writeFileSync(join(directory, "package-lock.json"), "{}");
  expect(await changes()).toMatchObject({
    changes: [
      { stack: "one", change: "changed" },
      { stack: "two", change: "changed" },
    ],
    stderr: "package-lock.json differs from HEAD: all stacks are selected\n",
  });
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

test.each([
  ["an unknown ref", "no-such-ref", /^--changed-since must be a commit .*no-such-ref: run git fetch/],
  [
    "an option as the ref",
    "--all",
    /^Option '--changed-since' argument is ambiguous; npm --silent run list -- --help lists the options/,
  ],
])("list --changed-since refuses %s", async (_, ref, message) => {
  expect(await list(ENV, "--changed-since", ref)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(message) as string,
  });
});

test("list --changed-since names the ref of a wrong configuration", async () => {
  commit("warehouses: {}\n");
  configuration(`warehouses:${WAREHOUSE}`);
  expect(await list(ENV, "--changed-since", "HEAD")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^The configuration of HEAD must be valid.*\nw\.yaml:1 warehouses must be a list/,
    ) as string,
  });
});

test("list --changed-since refuses a missing git, and a folder that is no repository", async () => {
  const missing = await list({ ...ENV, PATH: directory }, "--changed-since", "HEAD");
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining("must have git on the PATH") as string });
  rmSync(join(directory, ".git"), { recursive: true });
  const outside = await list(ENV, "--changed-since", "HEAD");
  expect(outside).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("must be used in a git repository") as string,
  });
});
