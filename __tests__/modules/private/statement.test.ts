import { mergeStatements, type PolicyStatement } from "../../../modules/private/statement";

const read = (more: Partial<PolicyStatement>): PolicyStatement => ({
  Action: "s3:GetObject",
  Effect: "Allow",
  Resource: "arn:aws:s3:::b/*",
  Sid: "Read",
  ...more,
});

describe("mergeStatements", () => {
  test("merges statements that differ in Sid and resources, and removes each Sid", () => {
    const others = read({ Resource: "arn:aws:s3:::a/*", Sid: "ReadOthers" });
    expect(JSON.parse(JSON.stringify(mergeStatements([read({}), others])))).toStrictEqual([
      { Action: "s3:GetObject", Effect: "Allow", Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"] },
    ]);
  });

  test("does not merge statements with different actions or conditions", () => {
    const statements = [
      read({}),
      read({ Action: "s3:PutObject" }),
      read({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    ];
    expect(mergeStatements(statements)).toHaveLength(3);
  });
});
