import { stripVTControlCharacters } from "node:util";
import { coloured } from "../../../review/render/colour";
import { render } from "../../../review/render/render";
import { reportOf } from "../../plans/goldens";

const text = render([reportOf("pull-request/after"), reportOf("unknown-policy/after")], "text");
const ESCAPE = "\u001b";

describe("colour", () => {
  test("adds only control characters to a text", () => {
    expect(stripVTControlCharacters(coloured(text))).toBe(text);
  });

  test("marks titles, changes, severities, gains and losses", () => {
    const shown = coloured(text);
    for (const marked of [
      "[1mFindings",
      "[31m  error",
      "[33m  warning",
      "[33m  update",
      "[32m  gained",
      "[31m  lost",
    ]) {
      expect(shown).toContain(ESCAPE + marked);
    }
  });

  test.each([
    ["changed", 33],
    ["create", 32],
    ["destroy", 31],
    ["forget", 33],
    ["note", 36],
    ["replace", 31],
    ["update", 33],
  ])("marks the word %s at the beginning of a line with the code %i", (word, code) => {
    expect(coloured(`  ${word} of a key`)).toBe(
      `  ${word} of a key`.replace(/^ {2}\w+/, `${ESCAPE}[${code}m$&${ESCAPE}[39m`),
    );
  });
});
