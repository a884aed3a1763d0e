import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { Checkout } from "../support/checkout";
import { fakePrograms } from "./fake-programs";

/** An npm that writes files as the steps of a release do. FAKE_STEP fails after FAKE_BEFORE, which is a script. */
const NPM = `case "$*" in
  "version "*) echo '{"version":"9.0.0"}' > package.json ;;
  "run terraform") grep --quiet --fixed-strings '"version":"9.0.0"' package.json && echo changed >> terraform/README.md ;;
  "run record") mkdir -p __tests__/released/9.0.0 && echo recorded > __tests__/released/9.0.0/constructs.api.md ;;
  "run pack --silent") mkdir -p dist/npm && echo packed > dist/npm/packed.tgz && echo packed ;;
esac
[ "$FAKE_STEP" != "$*" ] || { echo "output of $*"; eval "$FAKE_BEFORE"; exit 3; }
exit 0`;

let checkout: Checkout;
let programs: string;
let before: ReturnType<Checkout["state"]>;
beforeAll(() => {
  checkout = new Checkout();
  programs = fakePrograms({ npm: NPM });
  before = checkout.state();
});
afterAll(() => {
  checkout.remove();
  rmSync(programs, { recursive: true });
});
afterEach(() => {
  checkout.git("reset", "--quiet", "--hard", before.commit);
  checkout.git("clean", "--quiet", "--force", "-dx", "--exclude=node_modules");
  checkout
    .git("tag", "--list")
    .split("\n")
    .filter(Boolean)
    .forEach((tag) => checkout.git("tag", "--delete", tag));
});

function start(env: Readonly<Record<string, string>> = {}, ...options: readonly string[]): ChildProcess {
  const args = ["--require", "./register.cjs", "tools/release/main.ts", "9.0.0", "--date", "2026-02-03", ...options];
  return spawn(process.execPath, args, {
    cwd: checkout.directory,
    // A terminal sends its signals to a group of processes.
    detached: true,
    env: { ...process.env, PATH: [programs, process.env.PATH].join(delimiter), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ChildProcess) {
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { status, stderr, stdout };
}

test("a release refuses a --date that does not exist", async () => {
  expect(await ended(start({}, "--date", "2026-02-31"))).toStrictEqual({
    status: 1,
    stderr: "release: --date must be a day that exists, as YYYY-MM-DD, got: 2026-02-31\n",
    stdout: "",
  });
});

test("npm run release creates a commit and a tag, and prints a command that undoes both", async () => {
  const { status, stderr, stdout } = await ended(start());
  const { commit } = before;
  expect({ status, stderr, stdout }).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: `- check 9.0.0: version, changelog, API, branch, changes
- check that the generated files are current
- write the version and the changelog of 2026-02-03
- record the API and the stacks of the release
- commit
- pack the packages
packed
- tag v9.0.0
v9.0.0 is ready; to publish: git push --atomic origin main v9.0.0
to undo before the push: git tag --delete v9.0.0 && git reset --keep ${commit}
`,
  });
  expect(checkout.state()).toMatchObject({ changed: "", tags: "v9.0.0" });
  expect(checkout.git("log", "--format=%s", `${commit}..v9.0.0`)).toBe("build: release 9.0.0");
  expect(checkout.git("cat-file", "-t", "v9.0.0")).toBe("tag");
  expect(checkout.git("tag", "--format=%(contents)", "--list", "v9.0.0")).toMatch(/^v9\.0\.0\n\n### /);

  const [, undo] = /to undo before the push: (.*)/.exec(stdout)!;
  execFileSync("sh", ["-ec", undo!], { cwd: checkout.directory });
  expect(checkout.state()).toStrictEqual(before);
});

test("npm run release --dry-run restores the checkout, and keeps the tarballs", async () => {
  const { status, stdout } = await ended(start({}, "--dry-run"));
  expect([status, stdout]).toStrictEqual([
    0,
    expect.stringMatching(
      /\n- pack the packages\npacked\n- restore the checkout\ndry run: dist\/npm has the tarballs of 9\.0\.0\n$/,
    ),
  ]);
  expect(checkout.state()).toStrictEqual(before);
  expect(existsSync(join(checkout.directory, "dist", "npm", "packed.tgz"))).toBe(true);
});

test.each([
  "run docs",
  "version 9.0.0 --allow-same-version --ignore-scripts --no-git-tag-version",
  "run record",
  "run pack --silent",
])("npm run release restores the checkout if npm %s fails", async (step) => {
  const { status, stderr } = await ended(start({ FAKE_STEP: step }));
  const [first, second = ""] = step.split(" ");
  expect([status, stderr]).toStrictEqual([
    1,
    expect.stringContaining(
      `output of ${step}\nrelease: 'npm ${first} ${second}' must succeed, got: exit status 3\n`,
    ) as string,
  ]);
  expect(checkout.state()).toStrictEqual(before);
});

test.each([
  ["a hook refuses the commit", "commit", () => hook("pre-commit")],
  ["the tag cannot be signed", "tag", () => configure("tag.gpgSign", "true")],
])("npm run release restores the checkout if %s", async (_, command, prepare) => {
  const undo = prepare();
  const { status, stderr } = await ended(start());
  undo();
  expect([status, stderr]).toStrictEqual([
    1,
    expect.stringMatching(new RegExp(`^release: 'git ${command} --\\w+' must succeed, got: exit status \\d+$`, "m")),
  ]);
  expect(checkout.state()).toStrictEqual(before);
});

function hook(name: string): () => void {
  const file = join(checkout.directory, ".git", "hooks", name);
  writeFileSync(file, "#!/bin/sh\nexit 1\n");
  chmodSync(file, 0o755);
  return () => rmSync(file);
}

function configure(key: string, value: string): () => void {
  checkout.git("config", "gpg.program", "false");
  checkout.git("config", key, value);
  return () => checkout.git("config", "--unset", key);
}

test("npm run release refuses generated files that are not current, and restores these files", async () => {
  const script = "echo changed >> docs/constructs.api.md";
  const { status, stderr } = await ended(start({ FAKE_STEP: "run docs", FAKE_BEFORE: `${script}; exit 0` }));
  expect([status, stderr]).toStrictEqual([
    1,
    "release: the generated files must be current, got changes of: docs/constructs.api.md; " +
      "run npm run docs, npm run schema, npm run terraform, and commit\n",
  ]);
  expect(checkout.state()).toStrictEqual(before);
});

test("npm run release prints the commands that restore the checkout if git fails", async () => {
  const { status, stderr } = await ended(start({ FAKE_STEP: "run record", FAKE_BEFORE: "touch .git/index.lock" }));
  const [, failure, commands] = /^release: (.*); the checkout is not restored; to restore it: (.*)$/m.exec(stderr)!;
  expect([status, failure]).toStrictEqual([1, "'npm run record' must succeed, got: exit status 3"]);
  expect(checkout.state().changed).not.toBe("");
  rmSync(join(checkout.directory, ".git", "index.lock"));
  execFileSync("sh", ["-ec", commands!], { cwd: checkout.directory });
  expect(checkout.state()).toStrictEqual(before);
});

test.each([
  ["SIGHUP", "run docs", 1],
  // A terminal sends it to all processes of the group.
  ["SIGINT", "run record", -1],
  ["SIGTERM", "run pack --silent", 1],
] as const)(
  "npm run release ends its step after %s in npm %s, and restores the checkout",
  async (signal, step, factor) => {
    const [ready, end] = ["ready", "end"].map((name) => join(checkout.directory, ".git", name)) as [string, string];
    const waiting = `(trap 'echo > ${end}; exit' TERM; echo > ${ready}; sleep 20 & wait) & wait`;
    const child = start({ FAKE_BEFORE: waiting, FAKE_STEP: step });
    const result = ended(child);
    while (!existsSync(ready)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.kill(factor * child.pid!, signal);
    // A second one does not stop the restoration.
    process.kill(factor * child.pid!, signal);
    const { status, stderr } = await result;
    expect([status, stderr]).toStrictEqual([
      1,
      expect.stringMatching(
        new RegExp(`^${signal}: the release ends when the checkout is restored\n[^]*\nrelease: .*\n$`),
      ),
    ]);
    expect(existsSync(end)).toBe(true);
    rmSync(end);
    rmSync(ready);
    expect(checkout.state()).toStrictEqual(before);
  },
);
