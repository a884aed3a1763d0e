import { knownStatements } from "../../../review/plan/document";
import type { PlannedResource } from "../../../review/plan/plan";

test("the statements of a document have words in place of sensitive and unknown parts", () => {
  const block = (action: string) => ({ actions: [action], effect: "Allow", resources: ["*"], sid: "a" });
  const document = {
    change: {
      after: { statement: [block("kms:Decrypt")] },
      after_sensitive: { statement: [{ actions: [true] }] },
      after_unknown: { statement: [{ sid: true }] },
      before: null,
    },
  } as unknown as PlannedResource;
  expect(knownStatements(document)).toMatchObject([{ Action: ["sensitive"], Sid: "unknown until apply" }]);
});
