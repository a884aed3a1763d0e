import "@microsoft/jest-sarif";
import { REPORTED, sarifLogOf } from "../../plans/goldens";

test("SARIF follows its schema", () => {
  const log = sarifLogOf(REPORTED);
  expect(log).toBeValidSarifLog();
  expect({ ...log, runs: [{ ...log.runs[0], results: [{ level: "fatal" }] }] }).not.toBeValidSarifLog();
});
