import { main } from "../../../review/cli/main";
import { render } from "../../../review/render/render";
import { isIgnored, readIgnore } from "../../../review/report/ignore";
import type { Report } from "../../../review/report/report";
import { ACCOUNT, KEY_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, created, destroyed, kept, policyOf, reviewed, updated } from "../support/small-plan";

const publicly = (action: string, more: object = {}): object => allow("*", action, more);
const findingsOf = ({ findings }: Report) =>
  findings
    .filter(({ rule }) => rule === "key-policy-public")
    .map(({ consequence, isNew, statement }) => ({ action: / do (.*)\.$/.exec(consequence)![1], isNew, statement }));

describe("a finding of a statement", () => {
  const report = reviewed([
    created("aws_kms_key.k", {
      policy: policyOf(
        ADMINISTRATOR,
        publicly("kms:DescribeKey", { Sid: "Public" }),
        publicly("kms:Decrypt", { Sid: "AlsoPublic" }),
        publicly("kms:Encrypt"),
        publicly("kms:Encrypt", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ),
    }),
  ]);

  test("is identified by a hash of the statement, behind its Sid if it has one", () => {
    const [first, second, third, fourth] = findingsOf(report).map(({ statement }) => statement);
    expect(first).toMatch(/^Public:[0-9a-f]{12}$/);
    expect(second).toMatch(/^AlsoPublic:[0-9a-f]{12}$/);
    expect(third).toMatch(/^[0-9a-f]{12}$/);
    expect(fourth).toMatch(/^[0-9a-f]{12}$/);
    expect(third).not.toBe(fourth);
  });

  test("is not ignored any more if the statement keeps its Sid and allows more", () => {
    const findingOf = (action: string) => {
      const policy = policyOf(ADMINISTRATOR, publicly(action, { Sid: "Public" }));
      return reviewed([created("aws_kms_key.k", { policy })]).findings.find(
        ({ rule }) => rule === "key-policy-public",
      )!;
    };
    const [finding, wider] = [findingOf("kms:DescribeKey"), findingOf("kms:*")];
    const ignoredBy = (statement: string) => {
      const ignore = readIgnore(`key-policy-public:aws_kms_key.k:${statement}`, "why", "--ignore");
      return [finding, wider].map((one) => isIgnored(ignore, one));
    };
    expect(ignoredBy(finding.statement!)).toStrictEqual([true, false]);
    expect(ignoredBy("Public:*")).toStrictEqual([true, true]);
  });

  test("has fingerprints of its own in SARIF", () => {
    const { runs } = JSON.parse(render([report], "sarif")) as {
      runs: [{ results: { partialFingerprints: Record<string, string>; ruleId: string }[] }];
    };
    const fingerprints = runs[0].results
      .filter(({ ruleId }) => ruleId === "key-policy-public")
      .map(({ partialFingerprints }) => partialFingerprints);
    expect(new Set(fingerprints.map((prints) => prints["ruleAddressAndStatement/v1"])).size).toBe(4);
    expect(new Set(fingerprints.map((prints) => prints.primaryLocationLineHash)).size).toBe(4);
  });
});

describe("a finding is new", () => {
  const key = (...statements: object[]) => ({ arn: KEY_ARN, policy: policyOf(ADMINISTRATOR, ...statements) });
  const old = publicly("kms:DescribeKey", { Sid: "Public" });

  test("if the plan adds its statement, and not if the statement stands", () => {
    const report = reviewed([updated("aws_kms_key.k", key(old), key(old, publicly("kms:Decrypt", { Sid: "More" })))]);
    expect(findingsOf(report)).toStrictEqual([
      { action: "kms:DescribeKey", isNew: false, statement: "Public:aab6c0b96e77" },
      { action: "kms:Decrypt", isNew: true, statement: "More:654ebc287dcc" },
    ]);
  });

  test("if a statement keeps its Sid and allows more", () => {
    const report = reviewed([updated("aws_kms_key.k", key(old), key(publicly("kms:*", { Sid: "Public" })))]);
    expect(findingsOf(report)).toStrictEqual([{ action: "kms:*", isNew: true, statement: "Public:205afba67ba4" }]);
  });

  test("not if its resource only moves", () => {
    const report = reviewed([kept("aws_kms_key.k", key(old), { previous_address: "aws_kms_key.before" })]);
    expect(findingsOf(report).map(({ isNew }) => isNew)).toStrictEqual([false]);
  });

  test("if its resource is new", () => {
    expect(findingsOf(reviewed([created("aws_kms_key.k", key(old))])).map(({ isNew }) => isNew)).toStrictEqual([true]);
  });
});

describe("a finding of a policy that stands is new", () => {
  const arn = `arn:aws:iam::${ACCOUNT}:policy/Broad`;
  const policy = kept("aws_iam_policy.broad", {
    arn,
    name: "Broad",
    policy: policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*" }),
  });
  const roles = ["reader", "writer"].map((name) =>
    kept(`aws_iam_role.${name}`, { arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, name }),
  );
  const toRole = (role: string) => ({ policy_arn: arn, role });
  const toReader = kept("aws_iam_role_policy_attachment.reader", toRole("reader"));
  const newnessWith = (...attachments: Parameters<typeof reviewed>[0]) =>
    reviewed([policy, ...roles, ...attachments])
      .findings.filter(({ rule }) => rule === "role-decrypts-with-every-key")
      .map(({ address, isNew }) => [address, isNew]);

  test.each([
    ["not if the plan gives it to nobody else", [toReader], false],
    [
      "if the plan gives it to another role",
      [toReader, created("aws_iam_role_policy_attachment.w", toRole("writer"))],
      true,
    ],
    [
      "not if the plan takes it from a role",
      [toReader, destroyed("aws_iam_role_policy_attachment.w", toRole("writer"))],
      false,
    ],
    [
      "if the plan adds a user to a group that has it",
      [
        kept("aws_iam_user.analyst", { arn: `arn:aws:iam::${ACCOUNT}:user/analyst`, name: "analyst" }),
        kept("aws_iam_group_policy_attachment.analysts", { group: "analysts", policy_arn: arn }),
        created("aws_iam_user_group_membership.analyst", { groups: ["analysts"], user: "analyst" }),
      ],
      true,
    ],
  ])("%s", (_, attachments, isNew) => {
    expect(newnessWith(...attachments)).toStrictEqual([["aws_iam_policy.broad", isNew]]);
  });
});

test.each([
  ["a statement that stands", true, 0],
  ["a statement that the plan adds", false, 1],
])("--only-new fails on %s: %s", (_, stands, status) => {
  const before = policyOf(ADMINISTRATOR, ...(stands ? [publicly("kms:Decrypt")] : []));
  const plan = {
    format_version: "1.2",
    resource_changes: [
      updated("aws_kms_key.k", { policy: before }, { policy: policyOf(ADMINISTRATOR, publicly("kms:Decrypt")) }).change,
    ],
  };
  const write = jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  const read = () => JSON.stringify(plan);
  const [all, onlyNew] = [main([], read), main(["--only-new"], read)];
  const [report] = write.mock.calls[0]!;
  write.mockRestore();
  expect([all, onlyNew]).toStrictEqual([1, status]);
  expect(String(report).includes("    It stands before this plan.\n")).toBe(stands);
});
