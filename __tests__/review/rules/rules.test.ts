import { globSync } from "tinyglobby";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PLAN_RULES, RULES } from "../../../review/rules";
import { reportOf } from "../../plans/goldens";
import { ROOT } from "../../support/paths";

const idsIn = (name: string): string[] => reportOf(name).findings.map(({ rule }) => rule);

describe("a rule", () => {
  test("has an ID of its own, and there are many", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(40);
  });

  test.each(PLAN_RULES.map(({ id }) => id))("%s finds its fault, and none in a plan that just avoids it", (id) => {
    expect(idsIn(`${id}/triggers`)).toContain(id);
    expect(idsIn(`${id}/passes`)).not.toContain(id);
  });

  test.each(PLAN_RULES.map((rule) => [rule.id, rule] as const))(
    "%s has sentences, and a page of AWS",
    (id, { see }) => {
      expect(see).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html(#[\w-]+)?$/);
      for (const { address, consequence, remedy, rule } of reportOf(`${id}/triggers`).findings) {
        expect([rule, address, consequence, remedy].join(" ")).not.toMatch(/undefined|null|NaN|\[object/);
        expect(consequence).toMatch(/^\S.*[^.]\.$/);
        expect(remedy).toMatch(/^[A-Z].*[^.]\.$/);
      }
    },
  );

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
