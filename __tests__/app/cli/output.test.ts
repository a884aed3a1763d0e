import fs, { mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configuration, directory, fileOf, files, synth, WAREHOUSE } from "../support/project";

describe("the output directory of synth", () => {
  const one = () => configuration(`warehouses:${WAREHOUSE}`);
  const stacks = (...path: string[]) => join(directory, "cdktf.out", "stacks", ...path);
  const systemError = (code: string, message: string) =>
    Object.assign(new Error(`${code}: ${message}, rename`), { code, syscall: "rename" });
  const leftovers = () => files().filter((file) => file.startsWith("."));

  test("may be on a file system that renames no directory", async () => {
    const { renameSync } = fs;
    jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
      if (statSync(from).isDirectory()) {
        throw systemError("EXDEV", "cross-device link not permitted");
      }
      renameSync(from, to);
    });
    expect(await synth(one())).toMatchObject({ status: 0, stderr: "" });
    expect(fileOf("one")).toContain("aws_redshiftserverless_workgroup");
  });

  test("keeps the file of an unchanged stack, with its time", async () => {
    await synth(one());
    utimesSync(stacks("one", "cdk.tf.json"), 1, 1);
    await synth(one());
    expect(statSync(stacks("one", "cdk.tf.json")).mtimeMs).toBe(1000);
  });

  test("is not written if the disk is full, which synth reports in one line", async () => {
    jest.spyOn(fs, "renameSync").mockImplementation(() => {
      throw systemError("ENOSPC", "no space left on device");
    });
    expect(await synth(one())).toStrictEqual({
      status: 1,
      stderr: "ENOSPC: no space left on device, rename\n",
      stdout: "",
    });
    expect(leftovers()).toStrictEqual([]);
  });

  test.each([
    ["a stack", ["one"], "cdk.tf.json"],
    ["a dropped stack", ["gone"], "cdk.tf.json"],
    ["all stacks", [], join("one", "cdk.tf.json")],
  ])(
    "is refused if a symbolic link is in place of the directory of %s, whose target stays",
    async (_, path, victim) => {
      const target = join(directory, "victim");
      mkdirSync(join(target, "one"), { recursive: true });
      mkdirSync(join(stacks(...path), ".."), { recursive: true });
      writeFileSync(join(target, victim), "mine");
      symlinkSync(target, stacks(...path));
      expect(await synth(one())).toStrictEqual({
        status: 1,
        stderr: `${join("cdktf.out", "stacks", ...path)} must be a directory, and no link: remove it\n`,
        stdout: "",
      });
      expect(readFileSync(join(target, victim), "utf8")).toBe("mine");
      expect(leftovers()).toStrictEqual([]);
    },
  );

  test("is refused if a file, which stays, is in place of a stack's directory", async () => {
    mkdirSync(stacks(), { recursive: true });
    writeFileSync(stacks("one"), "mine");
    const stderr = `${join("cdktf.out", "stacks", "one")} must be a directory, and no link: remove it\n`;
    expect(await synth(one())).toStrictEqual({ status: 1, stderr, stdout: "" });
    expect(readFileSync(stacks("one"), "utf8")).toBe("mine");
  });
});
