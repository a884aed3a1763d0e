import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { coloured } from "../review/colour";
import { readPlan } from "../review/plan";
import { review } from "../review/report";
import { textOf } from "../review/text";

const PLAN = join(__dirname, "plans", "pull-request", "after.plan.json");
const text = textOf(review(readPlan(readFileSync(PLAN, "utf8"), "plan")), false);
const ESCAPE = "\u001b";

describe("colour", () => {
  test("adds nothing but itself", () => {
    expect(stripVTControlCharacters(coloured(text))).toBe(text);
  });

  test("marks titles, changes, severities, and what is gained and lost", () => {
    const shown = coloured(text);
    for (const marked of [
      "[1mFindings",
      "[31m  error",
      "[33m  warning",
      "[33m  update",
      "[32m(gained)",
      "[31m(lost)",
    ]) {
      expect(shown).toContain(ESCAPE + marked);
    }
  });
});
