import { globSync } from "tinyglobby";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../../review/rules";
import { ROOT } from "../../support/paths";

describe("a rule", () => {
  test("has an ID that no other rule has", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(40);
  });

  test("is in the folder or file that its ID begins with", () => {
    const files = globSync("review/rules/**/*.ts", { cwd: ROOT });
    const groupOf = (file: string): string => file.replace(/\.ts$/, "").split("/")[2]!;
    const misplaced = files.flatMap((file) => {
      const others = files.map(groupOf).filter((group) => group.length > groupOf(file).length);
      const ids = [...readFileSync(join(ROOT, file), "utf8").matchAll(/^ +id: "(.+)",$/gm)].map(([, id]) => id!);
      return ids.filter(
        (id) => !id.startsWith(`${groupOf(file)}-`) || others.some((group) => id.startsWith(`${group}-`)),
      );
    });
    expect(misplaced).toStrictEqual([]);
  });
});
