import { markdownOf } from "../../../review/render/markdown";
import type { Report } from "../../../review/report/report";
import { reportOf } from "../../plans/goldens";
import { ACCOUNT, KEY_ARN, USER_ARN } from "../../support/support";
import {
  ADMINISTRATOR,
  allow,
  created,
  IN_ACCOUNT,
  kept,
  type More,
  newKey,
  policyOf,
  policyUnknownFrom,
  type Resource,
  reviewed,
  updated,
  USER,
  type Values,
} from "../support/small-plan";

describe("markdown", () => {
  const markdown = (...resources: readonly Resource[]) => markdownOf([reviewed(resources)]);
  const diagram = (...resources: readonly Resource[]) =>
    /```mermaid\n([^]*?)\n```/.exec(markdown(...resources))?.[1]?.split("\n");

  test("has one section for a plan that changes nothing", () => {
    expect(markdown()).toBe(
      [
        "## Review of the plan: 0 errors, 0 warnings, 0 notes, 0 ignored\n",
        "<details>\n<summary>What changes</summary>\n",
        "Nothing changes.\n",
        "</details>\n",
      ].join("\n"),
    );
  });

  test("has a title for each of several plans", () => {
    expect(markdownOf([reviewed([]), reviewed([])]).match(/^### .*$/gm)).toStrictEqual(["### `plan`", "### `plan`"]);
  });

  test("has an address with a vertical line as escaped code", () => {
    expect(markdown(created('aws_kms_key.this["a|b"]', {}))).toContain(
      '\n- **create** key <code>aws_kms_key.this&#91;"a&#124;b"&#93;</code>\n',
    );
  });

  test("draws a warehouse under a key that is not in the plan", () => {
    expect(diagram(kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN }))).toStrictEqual([
      "flowchart LR",
      `  n0["${KEY_ARN}"]`,
      '  n1["aws_redshift_cluster.this"]',
      "  n0 -->|encrypts| n1",
    ]);
  });

  test("draws everybody, and who reaches a new key in plain arrows", () => {
    expect(diagram(newKey(allow("*", "kms:CreateGrant", IN_ACCOUNT), USER))).toStrictEqual([
      "flowchart LR",
      '  n0["everybody"]',
      '  n1["aws_kms_key.this"]',
      `  n2["${USER_ARN}"]`,
      `  n0 -->|"make grants if kms:CallerAccount StringEquals ${ACCOUNT}"| n1`,
      '  n2 -->|"encrypt and decrypt only kms:Decrypt"| n1',
      `  n2 -->|"make grants if kms:CallerAccount StringEquals ${ACCOUNT}"| n1`,
    ]);
  });

  test.each<[string, string, Values, More]>([
    ["gains", "==>", { policy: policyOf(ADMINISTRATOR, USER) }, {}],
    ["loses", "-.->", { policy: policyOf(ADMINISTRATOR) }, {}],
    ["keeps a part of", "-->", { policy: policyOf(ADMINISTRATOR, allow(USER_ARN, "kms:Encrypt")) }, {}],
    ["may lose", "-->", {}, policyUnknownFrom("aws_iam_role.this.arn")],
  ])("draws who %s the use of a key in %s", (_, arrow, after, more) => {
    const before = { policy: policyOf(ADMINISTRATOR, ...(arrow === "==>" ? [] : [USER])) };
    const key = updated("aws_kms_key.this", { arn: KEY_ARN, ...before }, { arn: KEY_ARN, ...after }, more);
    expect(diagram(key)?.filter((line) => line.includes("encrypt and decrypt only"))).toStrictEqual([
      expect.stringMatching(`^  n2 ${arrow}\\|"encrypt and decrypt only kms:\\w+"\\| n1$`),
    ]);
  });

  test("draws no arrow for the abilities that a policy leaves to IAM", () => {
    const root = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
    expect(diagram(newKey(root))).toBeUndefined();
    expect(diagram(newKey(root, USER))).toStrictEqual([
      "flowchart LR",
      `  n0["${USER_ARN}"]`,
      '  n1["aws_kms_key.this"]',
      '  n0 -->|"encrypt and decrypt only kms:Decrypt"| n1',
    ]);
  });

  test("leaves out the sections that do not fit into a comment, with a note", () => {
    const text = markdownOf(Array<Report>(60).fill(reportOf("second-user/after")));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/_\d+ sections are left out, the first of them ".+": a comment holds no more\._\n$/);
  });
});
