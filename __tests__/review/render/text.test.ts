import { render } from "../../../review/render/render";
import { reportOf } from "../../plans/goldens";
import { ACCOUNT, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  keyWith,
  newKey,
  policyOf,
  type Resource,
  reviewed,
  updated,
  USER,
} from "../support/small-plan";

const OTHER_ACCOUNT = "444455556666";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const IF_A = { Condition: { StringEquals: { "kms:ViaService": "a" } } };
const IF_B = { Condition: { StringEquals: { "kms:ViaService": "b" } } };

const text = (...resources: readonly Resource[]): string => render([reviewed(resources)], "text");
/** The section of a key in a report. */
const keyText = (...resources: readonly Resource[]): readonly string[] =>
  text(...resources)
    .split("\n\n")
    .find((section) => section.startsWith("Who can use"))!
    .trimEnd()
    .split("\n");
/** A change of a policy. */
const change = (before: readonly object[], after: readonly object[]): Resource =>
  updated(
    "aws_kms_key.this",
    { arn: KEY_ARN, policy: policyOf(...before) },
    { arn: KEY_ARN, policy: policyOf(...after) },
    { expressions: { policy: {} } },
  );

test("the section of a key has the remark on IAM also if it is for one action only", () => {
  expect(keyText(newKey(allow(ROOT, "kms:Decrypt")))).toContain(
    "  IAM: the key policy does not grant it, and leaves it to the IAM policies of the account.",
  );
});

describe("the use of a key", () => {
  test("lists gains and losses first, then changes, then the rest", () => {
    const guest = `arn:aws:iam::${OTHER_ACCOUNT}:role/Guest`;
    expect(
      keyText(
        change(
          [ADMINISTRATOR, USER, allow("*", "kms:CreateGrant", IF_A)],
          [ADMINISTRATOR, allow(guest, "kms:Decrypt"), allow("*", "kms:CreateGrant", IF_B)],
        ),
      ),
    ).toStrictEqual([
      `Who can use aws_kms_key.this (update; principals of account ${ACCOUNT})`,
      "  everybody: the principals of every account, within the limits",
      `  gained     arn:aws:iam::${OTHER_ACCOUNT}:role/Guest: encrypt and decrypt (only kms:Decrypt)`,
      "               if the IAM policies of its own account allow it",
      "  lost       role/ExampleUserRole: encrypt and decrypt (only kms:Decrypt)",
      "  changed    everybody, role/ExampleUserRole: make grants",
      "               before: if kms:ViaService StringEquals a",
      "               after: if kms:ViaService StringEquals b",
      "  changed    arn:aws:iam::444455556666:role/Guest: make grants",
      "               before: if the IAM policies of its own account allow it and kms:ViaService StringEquals a",
      "               after: if the IAM policies of its own account allow it and kms:ViaService StringEquals b",
      "  unchanged  role/ExampleAdminRole: administer, encrypt and decrypt, make grants, read metadata",
    ]);
  });

  test("has the actions before and after a gain of more actions, and the limits of a loss", () => {
    const few = allow(USER_ARN, "kms:Decrypt");
    const all = allow(USER_ARN, "kms:*");
    expect(keyText(change([ADMINISTRATOR, few], [ADMINISTRATOR, all]))).toStrictEqual(
      expect.arrayContaining([
        "  gained     role/ExampleUserRole: administer, make grants, read metadata",
        "  gained     role/ExampleUserRole: encrypt and decrypt",
        "               before: only kms:Decrypt",
        "               after: yes",
      ]),
    );
    expect(keyText(change([ADMINISTRATOR, allow(USER_ARN, "kms:CreateGrant", IF_A)], [ADMINISTRATOR]))).toContain(
      "               before: if kms:ViaService StringEquals a",
    );
  });

  test("has 'IAM' beside the abilities that are left to IAM", () => {
    const granted = allow(USER_ARN, "kms:CreateGrant", IF_A);
    expect(keyText(newKey(allow(ROOT, "kms:*"), granted))).toStrictEqual([
      `Who can use aws_kms_key.this (create; principals of account ${ACCOUNT})`,
      "  IAM: the key policy does not grant it, and leaves it to the IAM policies of the account.",
      "  root: the root of the account, and every role and user of it whom its IAM policies allow",
      expect.stringMatching(/^ {2}new {2}role\/ExampleUserRole: administer, encrypt and decrypt, read metadata$/),
      "       root: administer, encrypt and decrypt, make grants, read metadata",
      "         IAM",
      "  new  role/ExampleUserRole: make grants",
      "         if kms:ViaService StringEquals a; or IAM",
    ]);
  });

  test("has 'gone' before the abilities on a destroyed key", () => {
    expect(keyText(destroyed("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) }))[1]).toBe(
      "  gone  role/ExampleAdminRole: administer, encrypt and decrypt, make grants, read metadata",
    );
  });

  test("has a line if no principal has an ability, and shows no limits for everybody without a condition", () => {
    expect(keyText(newKey()).slice(1)).toStrictEqual(["  No principal is shown."]);
    expect(keyText(newKey(allow("*", "kms:*")))[1]).toBe("  everybody: the principals of every account");
  });

  test("quotes a principal that reads like a shortened ARN or like everybody", () => {
    const [, ...lines] = keyText(
      newKey(ADMINISTRATOR, allow("role/ExampleAdminRole", "kms:*"), allow("everybody", "kms:*")),
    );
    expect(lines.join("\n")).toContain('"everybody", "role/ExampleAdminRole": administer');
  });

  test("is one list entry for a key that does not change", () => {
    expect(text(keyWith(allow(ROOT, "kms:*"), allow(USER_ARN, "kms:CreateGrant", IF_A)))).toContain(
      [
        "Keys whose use stays the same",
        "  aws_kms_key.this (no change; principals of account 111122223333): role/ExampleUserRole: administer, encrypt and",
        "    decrypt, read metadata (IAM); root: administer, encrypt and decrypt, make grants, read metadata (IAM);",
        "    role/ExampleUserRole: make grants (limited)",
        "",
      ].join("\n"),
    );
    expect(
      text(keyWith({ Action: "kms:*", Effect: "Deny", Principal: { Service: "s3.amazonaws.com" }, Resource: "*" })),
    ).toContain("  aws_kms_key.this (no change): 1 statement beside them\n");
    expect(text(keyWith())).toContain("  aws_kms_key.this (no change): nobody\n");
  });

  test("is a section for a key if only the policy changes, and not the use", () => {
    expect(keyText(change([ADMINISTRATOR], [{ ...ADMINISTRATOR, Sid: "Admin" }]))[1]).toBe(
      "  unchanged  role/ExampleAdminRole: administer, encrypt and decrypt, make grants, read metadata",
    );
  });

  test("has whole ARNs if the account of the key is unknown and the principals are of two accounts", () => {
    const [title, ...lines] = keyText(
      newKey(ADMINISTRATOR, allow(`arn:aws:iam::${OTHER_ACCOUNT}:role/Guest`, "kms:*")),
    );
    expect(title).toBe("Who can use aws_kms_key.this (create)");
    expect(lines.join()).toMatch(/arn:aws:iam::\d+:role\/ExampleAdminRole/);
  });

  test("has the names of accounts and of IDs as they are, beside shortened ARNs", () => {
    const lines = keyText(newKey(ADMINISTRATOR, allow(ACCOUNT, "kms:Decrypt"))).join("\n");
    expect(lines).toContain(`(create; principals of account ${ACCOUNT})`);
    expect(lines).toContain("role/ExampleAdminRole");
  });
});

describe("a report in text", () => {
  test("counts the changes of other types in the order of their names", () => {
    const others = ["aws_sns_topic.a", "aws_cloudwatch_log_group.a", "aws_sns_topic.b"].map((address) =>
      created(address, {}),
    );
    expect(text(...others)).toContain("and 3 of other types: aws_cloudwatch_log_group, aws_sns_topic (2)");
  });

  test.each([40, 80, 120, 200])("breaks lines at the width of %i", (width) => {
    const report = reportOf("pull-request/after");
    const lines = render([report], "text", undefined, width).split("\n");
    const tooLong = lines.filter((line) => line.length > width);
    // A line that is longer is one word.
    expect(tooLong.filter((line) => line.trim().includes(" "))).toStrictEqual([]);
    const unbroken = render([report], "text", undefined, 1000);
    const words = (output: string): readonly string[] => output.split(/\s+/);
    expect(words(lines.join("\n"))).toStrictEqual(words(unbroken));
    const emptyLines = (some: readonly string[]): readonly string[] => some.filter((line) => line.trim() === "");
    expect(emptyLines(lines)).toStrictEqual(emptyLines(unbroken.split("\n")));
  });

  test("has no :: of a CI command at the start of a wrapped line", () => {
    const report = reviewed([newKey(allow(`arn:aws:iam::1:role/${"a ".repeat(60)}::error::b`, "kms:*"))]);
    const output = render([report], "text", undefined, 80);
    expect(output).toContain("\\u003a:error::b");
    expect(output).not.toMatch(/^\s*::/m);
  });
});
