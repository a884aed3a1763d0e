import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { missingRequirement } from "../../tools/demo/requirements";
import { DESTROY, REVOCATION, STEPS } from "../../tools/demo/steps";
import { DEMO_EXCERPT, ROOT } from "../support/paths";
import { printSkipped } from "../support/skipped";

const DEMO = ["--require", join(ROOT, "register.cjs"), join(ROOT, "tools", "demo", "main.ts")];

/** A text whose IDs are the same in each run. */
const withoutIds = (text: string): string =>
  text.replaceAll(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b|\b[\da-f]{8}\b/g, "ID");

/** The commands and the output of the step that the README has. */
function excerptOf(output: string): string {
  const [, prose] = output.split(`. ${REVOCATION}\n`);
  const [step] = prose!.split(/\n\n\d+\. /);
  return `${step!.slice(step!.indexOf("$ "))}\n`;
}

const reason = missingRequirement();
if (reason !== undefined) {
  printSkipped("the demo lane", reason);
}

(reason === undefined ? describe : describe.skip)("npm run demo", () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "demo-"));
    for (const name of ["bin", "caller", "temporary"]) {
      mkdirSync(join(scratch, name));
    }
  });
  afterEach(() => {
    rmSync(scratch, { recursive: true });
  });

  /** Starts the demo in an empty folder. Returns its process and its output so far. */
  function start(): { readonly child: ChildProcess; readonly output: () => string } {
    const { PATH, TF_CLI_CONFIG_FILE } = process.env;
    const child = spawn(process.execPath, DEMO, {
      cwd: join(scratch, "caller"),
      env: {
        AWS_ACCESS_KEY_ID: "AKIAUSER",
        AWS_SECRET_ACCESS_KEY: "SECRETUSER",
        PATH: [join(scratch, "bin"), PATH].join(delimiter),
        TMPDIR: join(scratch, "temporary"),
        ...(TF_CLI_CONFIG_FILE && { TF_CLI_CONFIG_FILE }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    return { child, output: () => output };
  }

  /** The exit status of the demo. */
  const ended = async (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once("close", resolve));

  /** The folders that the demo has left behind. The compiler of TypeScript keeps its binary in another one. */
  const folders = (): readonly string[] =>
    readdirSync(join(scratch, "temporary")).filter((name) => !name.startsWith("swc-native-"));

  /** The processes that have the folder of the demo in their environment. */
  function processes(): readonly string[] {
    const all = execFileSync("ps", ["axeww", "-o", "command="], { encoding: "utf8", maxBuffer: 1 << 26 });
    return all.split("\n").filter((line) => line.includes(join(scratch, "temporary")));
  }

  test("deploys, uses, reviews and destroys the shipped stacks, and leaves two reports only", async () => {
    const { child, output } = start();
    const code = await ended(child);
    const text = output();
    expect(code === 0 ? "success" : text).toBe("success");
    [...STEPS, DESTROY].forEach(({ title }, index) => {
      expect(text).toContain(`\n${index + 1}. ${title}\n`);
      expect(text).toMatch(new RegExp(`^ +\\d+ s {2}${index + 1}. ${title}$`, "m"));
    });
    expect(text).not.toMatch(/AKIAUSER|SECRETUSER/);
    // Both warehouses exist, serve their users, and are gone at the end.
    expect(text.match(/has the status FINISHED\n\[\{"\?column\?":1\}\]\n/g)).toHaveLength(3);
    expect(text).toMatch(/^\$ grep .*\n0\n0\n/m);
    // The grant is for the namespace.
    const [, namespace] = /aws:redshift-serverless:arn = (\S+)\n +serviceName = RedshiftDataAPI\n/.exec(text)!;
    expect(namespace).toMatch(/:namespace\/[\da-f-]{36}$/);
    // The refusals: the stranger twice, the wrong context, the revoked grant.
    const refused = text
      .match(/^AccessDeniedException: .*$/gm)!
      .map((line) => /kms:\w+|redshift-data:\w+|no longer/.exec(line)![0]);
    expect(refused).toStrictEqual(["redshift-data:ExecuteStatement", "kms:Encrypt", "no longer"]);
    expect(text).toContain("\nDecrypt under the context of another warehouse: InvalidCiphertextException\n");
    expect(text).toContain("Instance cannot be destroyed");
    const reports = join(scratch, "caller", "demo.out");
    expect(readFileSync(join(reports, "review.md"), "utf8")).toContain("role-trusts-other-account");
    expect(readFileSync(join(reports, "review.html"), "utf8")).toMatch(
      /^<!doctype html>[^]*role-trusts-other-account/i,
    );
    expect(readdirSync(join(scratch, "caller"))).toStrictEqual(["demo.out"]);
    expect(readdirSync(reports)).toStrictEqual(["review.html", "review.md"]);
    expect(folders()).toStrictEqual([]);
    expect(processes()).toStrictEqual([]);

    const excerpt = excerptOf(text);
    const before = readFileSync(DEMO_EXCERPT, "utf8");
    if (withoutIds(excerpt) !== withoutIds(before)) {
      // After that, `npm run docs:examples` writes it into the README.
      writeFileSync(DEMO_EXCERPT, excerpt);
    }
    expect(withoutIds(before)).toBe(withoutIds(excerpt));
  });

  test("ends its processes and removes its folder if a signal ends it while terraform runs", async () => {
    const mark = join(scratch, "runs");
    const program = join(scratch, "bin", "terraform");
    // The provider needs no installation here. cdktf runs terraform in a session of its own.
    writeFileSync(program, `#!/bin/sh\n[ -e cdk.tf.json ] || exit 0\ntouch ${mark}\nsleep 600 &\nwait\n`);
    chmodSync(program, 0o755);
    const { child, output } = start();
    const status = ended(child);
    while (!existsSync(mark) && child.exitCode === null) {
      await sleep(100);
    }
    expect(processes().some((line) => line.startsWith("sleep 600"))).toBe(true);
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect(await status).toBe(130);
    expect(output()).toMatch(/\nInterrupted: the demo has ended its processes, and removes its folder\.\n$/);
    expect(folders()).toStrictEqual([]);
    expect(processes()).toStrictEqual([]);
  });
});
