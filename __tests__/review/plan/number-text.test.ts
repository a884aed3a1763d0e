import { numberText } from "../../../review/plan/number-text";

describe("numberText", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [12345, "12,345"],
    [4294967296, "4,294,967,296"],
  ])("writes %d as %s", (count, text) => {
    expect(numberText(count)).toBe(text);
  });
});
