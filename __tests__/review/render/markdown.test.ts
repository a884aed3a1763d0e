import { markdownOf } from "../../../review/render/markdown";
import type { Report } from "../../../review/report/report";
import { reportOf } from "../../plans/goldens";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  IN_ACCOUNT,
  kept,
  type ResourceDetails,
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

  test("writes an address with a vertical line as code", () => {
    expect(markdown(created('aws_kms_key.this["a|b"]', {}))).toContain(
      '\n- **create** key `aws_kms_key.this["a|b"]`\n',
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

  test("draws everybody and the users of a new key with plain arrows", () => {
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

  test.each<[string, string, Values, ResourceDetails]>([
    ["gains", "==>", { policy: policyOf(ADMINISTRATOR, USER) }, {}],
    ["loses", "-.->", { policy: policyOf(ADMINISTRATOR) }, {}],
    ["keeps in part", "-->", { policy: policyOf(ADMINISTRATOR, allow(USER_ARN, "kms:Encrypt")) }, {}],
    ["may lose", "-->", {}, policyUnknownFrom("aws_iam_role.this.arn")],
  ])("draws a user who %s the use of a key with the arrow %s", (_, arrow, after, more) => {
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

  test("has the number of arrows in place of a diagram with 61 arrows", () => {
    const roles = Array.from({ length: 61 }, (_, index) =>
      allow(`arn:aws:iam::${ACCOUNT}:role/R${index}`, "kms:Decrypt"),
    );
    const text = markdown(newKey(...roles));
    expect(text).toContain("A diagram would have 61 arrows, more than the 60 that a reader can follow.");
    expect(text).not.toContain("mermaid");
    expect(text).toMatch(/`role\/R\d+` and 11 more: encrypt and decrypt \(only `kms:Decrypt`\)/);
  });

  describe("that is too long for a comment", () => {
    const cluster = (index: number) =>
      created(`aws_redshift_cluster.c${index}`, { kms_key_id: KEY_ARN, publicly_accessible: true });
    const before = { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) };
    const key = updated("aws_kms_key.this", before, { ...before, policy: policyOf(ADMINISTRATOR, USER) });
    const text = markdown(key, ...Array.from({ length: 400 }, (_, index) => cluster(index)));

    test("has at most 65,536 characters", () => {
      expect(text.length).toBeLessThanOrEqual(65_536);
    });

    test("keeps gains and as many new errors as fit, and notes the parts that are left out", () => {
      const [, , note] = text.split("\n");
      expect(note).toMatch(
        /^> \*\*Left out:\*\* \d+ new errors, \d+ unjudged resources, 400 encryption contexts, 1 diagram\. A comment has at most 65,536 characters: `--format text` has the whole report\.$/,
      );
      const left = Number(/(\d+) new error/.exec(note!)![1]);
      const report = reviewed([key, ...Array.from({ length: 400 }, (_, index) => cluster(index))]);
      const errors = report.findings.filter(({ severity }) => severity === "error");
      expect(text.match(/^- \*\*error\*\*/gm)!.length + left).toBe(errors.length);
      expect(left).toBeLessThan(errors.length - 50);
      expect(text).toContain("- **gained** `role/ExampleUserRole`: encrypt and decrypt");
    });
  });

  test("keeps the error of the last plan, and leaves out warnings of the first", () => {
    const keys = Array.from({ length: 400 }, (_, index) =>
      created(`aws_kms_key.k${index}`, { enable_key_rotation: false, policy: policyOf(ADMINISTRATOR) }),
    );
    const text = markdownOf([reviewed(keys), reviewed([newKey(ADMINISTRATOR, allow("*", "kms:Decrypt"))])]);
    expect(text).toMatch(/^> \*\*Left out:\*\* \d+ new warnings,/m);
    expect(text).toContain("- **error** [key-policy-public]");
  });

  test("keeps the gain of each of 100 keys, and leaves out details that stay the same", () => {
    const limited = (condition: string) =>
      allow(ADMIN_ARN, "kms:Encrypt", { Condition: { StringEquals: { [`kms:EncryptionContext:${condition}`]: "a" } } });
    const keys = Array.from({ length: 100 }, (_, index) => {
      const standing = [USER, limited("a".repeat(400))];
      const before = { arn: `${KEY_ARN}${index}`, policy: policyOf(...standing) };
      const gain = allow(`${USER_ARN}Two`, "kms:Decrypt");
      return updated(`aws_kms_key.k${index}`, before, { ...before, policy: policyOf(...standing, gain) });
    });
    const text = markdown(...keys);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.match(/\*\*gained\*\* `role\/ExampleUserRoleTwo`/g)).toHaveLength(100);
    expect(text).toMatch(/^> \*\*Left out:\*\* \d+ unchanged key details,/m);
  });

  test("keeps the gain of each of 60 plans, and leaves out details", () => {
    const text = markdownOf(Array<Report>(60).fill(reportOf("second-user/after")));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.match(/\*\*gained\*\* `role\/SecondUserRole`/g)).toHaveLength(60);
    expect(text).toMatch(/^> \*\*Left out:\*\* \d+ changes, .*60 encryption contexts, 60 diagrams\./m);
  });
});
