import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { readPlan } from "../../../review/plan/plan";
import { coloured } from "../../../review/render/colour";
import { textOf } from "../../../review/render/text";
import { review } from "../../../review/report/report";
import { PLANS } from "../../support/paths";

const PLAN = join(PLANS, "pull-request", "after.plan.json");
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
