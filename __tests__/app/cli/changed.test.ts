import child_process from "node:child_process";
import { list } from "../../../app/cli/list";
import { inProcess } from "../../support/in-process";
import { ROOT } from "../../support/paths";

/** The most bytes that `spawnSync` reads by default. */
const DEFAULT_BUFFER = 1024 * 1024;

/** Runs git in the checkout of the program: each source of the program differs, and a file with a long name is new. */
function mockGit(args: readonly string[], { maxBuffer = DEFAULT_BUFFER }: { readonly maxBuffer?: number }) {
  const sources = ["app", "main.ts", "modules", "register.cjs"].filter((name) => args.includes(name));
  const stdout = args.includes("diff")
    ? sources.join("\0")
    : args.includes("ls-files")
      ? "z".repeat(DEFAULT_BUFFER + 1)
      : `${ROOT}\n\n`;
  return { error: stdout.length > maxBuffer ? new Error("ENOBUFS") : undefined, status: 0, stderr: "", stdout };
}

test("list --changed-since in a checkout of the program selects all stacks if a source of the program differs", async () => {
  jest
    .spyOn(child_process, "spawnSync")
    .mockImplementation(((_: string, ...others: Parameters<typeof mockGit>) =>
      mockGit(...others)) as unknown as typeof child_process.spawnSync);
  expect(await inProcess(list, ROOT, {}, ["--changed-since", "HEAD"])).toStrictEqual({
    status: 0,
    stderr: "app and 4 more differ from HEAD: all stacks are selected\n",
    stdout: "added    analytics-cluster\nadded    analytics-serverless\n",
  });
});
