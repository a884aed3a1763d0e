import child_process from "node:child_process";
import { ROOT } from "../../support/paths";
import { inProcess } from "../../support/in-process";
import { list } from "../../../app/cli/list";

test("list --changed-since in a checkout of the program selects all stacks if a source of the program differs", async () => {
  jest.spyOn(child_process, "spawnSync").mockImplementation(((_: string, args: readonly string[]) => {
    const isDiff = args.includes("diff");
    const sources = ["app", "main.ts", "modules", "register.cjs"].filter((name) => args.includes(name));
    return {
      status: 0,
      stderr: "",
      stdout: isDiff ? sources.join("\0") : args.includes("ls-files") ? "" : `${ROOT}\n\n`,
    };
  }) as unknown as typeof child_process.spawnSync);
  expect(await inProcess(list, ROOT, {}, ["--changed-since", "HEAD"])).toStrictEqual({
    status: 0,
    stderr: "app and 3 more differ from HEAD: all stacks are selected\n",
    stdout: "added    analytics-cluster\nadded    analytics-serverless\n",
  });
});
