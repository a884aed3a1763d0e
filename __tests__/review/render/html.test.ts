import { createHash } from "node:crypto";
import { NODE_CHARACTERS } from "../../../review/render/html/graph/sizes";
import { nameLines } from "../../../review/render/html/graph/text-lines";
import { render } from "../../../review/render/render";
import type { Report } from "../../../review/report/report";
import { REPORTED, reportOf } from "../../plans/goldens";
import { ACCOUNT, KEY_ARN, USER_ARN } from "../../support/arns";
import { textOf, textsOf } from "../support/page";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  IN_ACCOUNT,
  kept,
  newKey,
  policyOf,
  policyUnknownFrom,
  readDuringApply,
  replaced,
  type Resource,
  reviewed,
  updated,
  USER,
} from "../support/small-plan";

const htmlOf = (...reports: readonly Report[]): string => render(reports, "html");
const htmlOfPlan = (...resources: readonly Resource[]): string => htmlOf(reviewed(resources));
const rowsOf = (html: string): string[] => textsOf(html, /<tr>[^]*?<\/tr>/g);
const arrowsOf = (html: string): string[] => textsOf(html, /<g class="arrow[^]*?<\/title>/g);
const nodesOf = (html: string): string[] =>
  [...html.matchAll(/<g class="node ([\w ]+)"[^]*?<\/title>([^]*?)<\/g>/g)].map(
    ([, kind, lines]) => `${kind}: ${textOf(lines!).trim()}`,
  );

describe("an HTML page", () => {
  test("has only its headings and changes for a plan without resources", () => {
    const page = textOf(/<p>There are no findings[^]*<\/main>/.exec(htmlOfPlan())![0]);
    expect(page.trim()).toBe("There are no findings. Plan: plan Changes Nothing changes.");
  });

  test("has the same bytes if it is rendered again", () => {
    for (const name of REPORTED) {
      expect(htmlOf(structuredClone(reportOf(name)))).toBe(htmlOf(reportOf(name)));
    }
  });

  test("allows its own style and script only", () => {
    const html = htmlOfPlan();
    const hashOf = (element: string): string => {
      const [, text] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(html)!;
      return createHash("sha256").update(text!).digest("base64");
    };
    expect(textOf(/content="(default-src.*?)"/.exec(html)![1]!)).toBe(
      `default-src 'none'; script-src 'sha256-${hashOf("script")}'; style-src 'sha256-${hashOf("style")}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html.match(/<script|<style| style=| on\w+=/g)).toStrictEqual(["<style", "<script"]);
  });

  test("has hostile names of a plan as text, and no element or script of them", () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)></title>\u202e\u0000&amp;`;
    const policy = policyOf(allow(evil, "kms:*", { Condition: { StringEquals: { [evil]: evil } }, Sid: evil }));
    const context = { constraints: [{ encryption_context_equals: { [evil]: evil } }], operations: ["Decrypt"] };
    const report = reviewed([
      updated(`aws_kms_key.this["${evil}"]`, { arn: KEY_ARN, policy: policyOf(USER) }, { arn: KEY_ARN, policy }),
      created(`aws_redshift_cluster.this["${evil}"]`, { encrypted: true, kms_key_id: KEY_ARN }),
      created("aws_kms_grant.this", { ...context, grantee_principal: evil, key_id: KEY_ARN }),
    ]);
    const html = htmlOf({
      ...report,
      findings: report.findings.map((finding) => ({ ...finding, ignored: evil })),
      shortfall: evil,
      source: evil,
    });
    expect(html).not.toMatch(/<img|alert\(1\)<\/script|[^\n\P{C}]/u);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(textOf(html).split(evil.replace("\u202e\u0000", "\\u202e\\u0000")).length).toBeGreaterThan(20);
  });

  test("shows whether the review fails, by its threshold", () => {
    const reports = [reportOf("key-rotation-off/triggers"), reviewed([])];
    const verdictOf = (text: string): string => /<p><strong class="verdict[^]*?<\/p>/.exec(text)![0];
    expect(textOf(verdictOf(htmlOf(...reports)))).toBe(" Passes The review fails on a finding of severity error. ");
    const strict = render(reports, "html", { failOn: "warning", onlyNew: true, strict: true });
    expect(textOf(verdictOf(strict))).toBe(
      " Fails: 1 of 2 plans The review fails on a new finding of severity error or warning, and on a rule that could not be judged or a plan that is not complete. ",
    );
  });

  test("has a table of contents with each plan, and a filter for plans", () => {
    const html = htmlOf(reportOf("pull-request/after"), { ...reviewed([]), source: "empty.json" });
    expect(html).toContain('<a href="#plan-1">empty.json</a>: 0 errors, 0 warnings, 0 notes, 0 ignored');
    expect(html).toContain(
      '<select name="plan"><option value="">all</option><option value="0">pull-request/after</option>',
    );
    expect([...html.matchAll(/href="#([\w-]+)"/g)].filter(([, id]) => !html.includes(` id="${id}"`))).toStrictEqual([]);
    expect(htmlOf(reviewed([]))).not.toContain('<select name="plan">');
  });

  test("names the plan of a finding if there are several plans", () => {
    const report = reportOf("pull-request/after");
    const metaOf = (html: string): string => /page of AWS<\/a>(.*)<\/p>/.exec(html)![1]!;
    expect(metaOf(htmlOf(report))).toBe("");
    expect(metaOf(htmlOf(report, reviewed([])))).toBe(', <a href="#plan-0">pull-request/after</a>');
  });

  test("lists ignored findings in a separate section, with the reasons", () => {
    const report = reportOf("pull-request/after");
    const [first, ...others] = report.findings;
    const html = htmlOf({ ...report, findings: [{ ...first!, ignored: "the reason" }, ...others] });
    expect(html).toContain('<div class=""><dt>ignored</dt><dd>1</dd></div>');
    const [open, ignored] = html.split('<h2 id="ignored">') as [string, string];
    expect(open).not.toContain(first!.consequence);
    expect(textOf(ignored)).toContain(`Ignored: the reason ${first!.consequence}`);
    expect(textOf(open)).toContain(others[0]!.consequence);
  });

  test("counts findings by their severity", () => {
    const report = reportOf("pull-request/after");
    const findings = (["error", "warning", "warning"] as const).map((severity) => ({
      ...report.findings[0]!,
      severity,
    }));
    const words = textsOf(htmlOf({ ...report, findings }), /<dt>(?:error|warning|note)s?<\/dt><dd>\d+/g);
    expect(words).toStrictEqual(["error 1", "warnings 2", "notes 0"]);
  });

  test.each([
    ["the key: the ID of the key", created("aws_kms_key.this", { policy: policyOf(allow("*", "kms:*")) }), "key-0-0"],
    [
      "a warehouse under the key: the ID of the key",
      kept("aws_redshift_cluster.this", { encrypted: true, kms_key_id: KEY_ARN, publicly_accessible: true }),
      "key-0-0",
    ],
    [
      "a grant on the key: the ID of the key",
      created("aws_kms_grant.this", { grantee_principal: "*", key_id: KEY_ARN, operations: ["Decrypt"] }),
      "key-0-0",
    ],
    ["a warehouse without a key: none", kept("aws_redshift_cluster.this", { encrypted: false }), ""],
  ])("has as data-keys of a finding about %s", (_, resource, keys) => {
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) });
    const address = resource.change.address as string;
    const report = reviewed(address === "aws_kms_key.this" ? [resource] : [key, resource]);
    const findingsAtAddress = report.findings.filter((finding) => finding.address === address);
    expect(findingsAtAddress).not.toHaveLength(0);
    expect(
      htmlOf(report).split(` data-keys="${keys}" data-plan="0" data-rule="${findingsAtAddress[0]!.rule}"`),
    ).toHaveLength(1 + findingsAtAddress.filter(({ rule }) => rule === findingsAtAddress[0]!.rule).length);
  });
});

describe("the table of a key in HTML", () => {
  const key = (before: object[], after: object[]) =>
    updated(
      "aws_kms_key.this",
      { arn: KEY_ARN, policy: policyOf(...before) },
      { arn: KEY_ARN, policy: policyOf(...after) },
    );

  test("has a column before and a column after for an ability that changes", () => {
    const rows = rowsOf(htmlOfPlan(key([ADMINISTRATOR, USER], [ADMINISTRATOR])));
    expect(rows).toContain("Ability Before After");
    expect(rows).toContain("encrypt and decrypt − lost part only kms:Decrypt no");
    expect(rows).toContain("administer, encrypt and decrypt, make grants, read metadata yes yes");
  });

  test("is missing for a key whose policy has statements of services only", () => {
    const service = { ...USER, Principal: { Service: "logs.us-east-1.amazonaws.com" } };
    const html = htmlOfPlan(kept("aws_kms_key.this", { policy: policyOf(service) }));
    expect(rowsOf(html).filter((row) => row.startsWith("Ability "))).toStrictEqual([]);
    expect(textOf(html)).toContain("logs.us-east-1.amazonaws.com");
  });

  test.each([
    ["a key that does not change", kept("aws_kms_key.this", { policy: policyOf(ADMINISTRATOR) }), "Before and after"],
    ["a new key", newKey(ADMINISTRATOR), "After"],
    ["a destroyed key", destroyed("aws_kms_key.this", { policy: policyOf(ADMINISTRATOR) }), "Before"],
  ])("has one column for %s", (_, resource, side) => {
    const rows = rowsOf(htmlOfPlan(resource));
    expect(rows).toContain(`Ability ${side}`);
    expect(rows).toContain("administer, encrypt and decrypt, make grants, read metadata yes");
  });

  test("has the actions that a key policy leaves to IAM, beside the actions that it grants", () => {
    const root = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:Decrypt", IN_ACCOUNT);
    expect(rowsOf(htmlOfPlan(newKey(root, allow(USER_ARN, "kms:Encrypt"))))).toContain(
      `encrypt and decrypt part only kms:Encrypt or left to IAM only kms:Decrypt if kms:CallerAccount StringEquals ${ACCOUNT}`,
    );
  });

  test("is open for the first ten keys that change, and closed for the other keys", () => {
    const keys = Array.from({ length: 12 }, (_, index) => created(`aws_kms_key.k${index}`, { policy: policyOf(USER) }));
    const html = htmlOfPlan(kept("aws_kms_key.kept", { policy: policyOf(USER) }), ...keys);
    const open = [...html.matchAll(/<details data-keys="[\w-]+" data-plan="0"( open|)>/g)].map(([, isOpen]) => isOpen);
    expect(open).toStrictEqual([...Array<string>(10).fill(" open"), "", "", ""]);
    expect(textsOf(html, /<h4>[^]*?<\/h4>/g).at(-1)).toBe("aws_kms_key.kept");
  });
});

test.each([
  ["a gained ability", [ADMINISTRATOR], { policy: policyOf(ADMINISTRATOR, USER) }, "+ 1 gained"],
  ["a lost ability", [ADMINISTRATOR, USER], { policy: policyOf(ADMINISTRATOR) }, "− 1 lost"],
  ["an ability with another limit", [USER], { policy: policyOf({ ...USER, ...IN_ACCOUNT }) }, "± 1 changed"],
  ["abilities by a policy that is not shown", [USER], {}, "? 4 unknown"],
])("a key has a sign and a number for %s", (_, before, after, badge) => {
  const more = "policy" in after ? {} : policyUnknownFrom("aws_iam_role.this.arn");
  const key = updated("aws_kms_key.this", { policy: policyOf(...before) }, after, more);
  expect(textOf(htmlOfPlan(key))).toContain(badge);
});

describe("the graph", () => {
  const CLUSTER = kept("aws_redshift_cluster.this", { arn: "arn", encrypted: true, kms_key_id: KEY_ARN });
  const keyOf = (before: object[], after: object[], more = {}) =>
    updated(
      "aws_kms_key.this",
      { arn: KEY_ARN, policy: policyOf(...before) },
      { arn: KEY_ARN, policy: policyOf(...after) },
      more,
    );

  test("has principals, keys and warehouses, and the abilities between them", () => {
    const html = htmlOfPlan(
      keyOf([ADMINISTRATOR, USER], [ADMINISTRATOR, allow("*", "kms:CreateGrant", IN_ACCOUNT)]),
      CLUSTER,
    );
    expect(nodesOf(html)).toStrictEqual([
      "principal none: * (everybody)",
      `principal none: role/ExampleAdminRole account ${ACCOUNT}`,
      `principal none: role/ExampleUserRole account ${ACCOUNT}`,
      "key update: update aws_kms_key.this",
      "warehouse none: aws_redshift_cluster.this",
    ]);
    const leftEdgeOf = (kind: string): string | undefined =>
      new RegExp(`<g class="node ${kind}[^>]* transform="translate\\((\\d+)`).exec(html)?.[1];
    expect(["principal", "key", "warehouse"].map(leftEdgeOf)).toStrictEqual(["0", "616", "984"]);
    expect(arrowsOf(html)).toContain(`${USER_ARN} encrypt and decrypt: part; only kms:Decrypt → no`);
    expect(html).toContain(">− part of encrypt and decrypt<");
    expect(html).toMatch(/>if kms:CallerAccount StringEquals <.*>111122223333</);
    expect(html).toContain(">everything<");
    expect(textsOf(html, /<li><svg class="arrow[^]*?<\/li>/g)).toStrictEqual([
      "gained",
      "lost",
      "changed: other conditions",
      "unknown, because a policy is not shown",
      "unchanged, or of a new key",
      "the key policy leaves it to IAM policies",
    ]);
    expect(html).toContain('aria-label="1 key, 2 gained, 1 lost. The tables have all of it."');
  });

  test.each([
    ["gains, with the class gained", keyOf([ADMINISTRATOR], [ADMINISTRATOR, USER]), "gained"],
    ["loses, with the class lost", keyOf([ADMINISTRATOR, USER], [ADMINISTRATOR]), "lost"],
    [
      "loses because the plan destroys the key, with the class lost",
      destroyed("aws_kms_key.this", { policy: policyOf(USER) }),
      "lost",
    ],
    ["keeps under a condition, with the class changed", keyOf([USER], [{ ...USER, ...IN_ACCOUNT }]), "changed"],
    ["loses in part and gains, with the class gained", keyOf([USER], [allow(USER_ARN, "kms:Encrypt")]), "gained"],
    [
      "may lose, with the class unknown",
      updated("aws_kms_key.this", { policy: policyOf(USER) }, {}, policyUnknownFrom("aws_iam_role.this.arn")),
      "unknown",
    ],
    ["keeps, with the class same", kept("aws_kms_key.this", { policy: policyOf(USER) }), "same"],
    [
      "has by IAM, with the class iam",
      newKey(allow(USER_ARN, "kms:Encrypt"), allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*")),
      "iam",
    ],
  ])("draws the arrow of an ability that a principal %s", (_, resource, state) => {
    expect(htmlOfPlan(resource)).toMatch(new RegExp(`<g class="arrow ${state}"><title>${USER_ARN}&#10;`));
  });

  test('has the label "IAM before" if a key policy leaves abilities to IAM only before the plan', () => {
    const root = `arn:aws:iam::${ACCOUNT}:root`;
    const labels = (html: string) => html.match(/>IAM[ \w]*: \w+(?=<)/g);
    expect(labels(htmlOfPlan(keyOf([allow(root, "kms:*")], [ADMINISTRATOR])))).toStrictEqual(
      Array<string>(2).fill(">IAM before: everything"),
    );
    expect(labels(htmlOfPlan(newKey(allow(root, "kms:*"))))).toStrictEqual([">IAM: everything"]);
  });

  test("draws a warehouse under both keys if the plan changes its key", () => {
    const [one, other] = ["one", "other"].map((name) => `${KEY_ARN}-${name}`) as [string, string];
    const html = htmlOfPlan(
      updated(
        "aws_redshift_cluster.this",
        { encrypted: true, kms_key_id: one },
        { encrypted: true, kms_key_id: other },
      ),
    );
    expect(html).toContain(`<g class="arrow lost"><title>aws_redshift_cluster.this&#10;encrypted by ${one}<`);
    expect(html).toContain(`<g class="arrow gained"><title>aws_redshift_cluster.this&#10;encrypted by ${other}<`);
  });

  test("draws a warehouse that is destroyed or replaced", () => {
    const values = { arn: "arn", encrypted: true, kms_key_id: KEY_ARN };
    expect(htmlOfPlan(destroyed("aws_redshift_cluster.this", values))).toContain(
      '<g class="arrow lost"><title>aws_redshift_cluster',
    );
    expect(nodesOf(htmlOfPlan(replaced("aws_redshift_cluster.this", values, values)))).toContain(
      "warehouse replace: replace aws_redshift_cluster.this",
    );
  });

  test("has one node for all keys without a change, and one node for their many principals", () => {
    const keys = Array.from({ length: 150 }, (_, index) =>
      kept(`aws_kms_key.k${index}`, { policy: policyOf(allow(`arn:aws:iam::${ACCOUNT}:role/R${index}`, "kms:*")) }),
    );
    const html = htmlOfPlan(...keys, newKey(ADMINISTRATOR));
    expect(nodesOf(html)).toStrictEqual([
      `principal none: role/ExampleAdminRole account ${ACCOUNT}`,
      "principal none: 150 principals",
      "key create: create aws_kms_key.this",
      "key none: 150 keys without a change of access",
    ]);
  });

  test("has one node for keys that change in the same way, and a closed drawing for every twelve further keys", () => {
    const keys = Array.from({ length: 30 }, (_, index) =>
      created(`aws_kms_key.k${index}`, {
        policy: policyOf(allow(`arn:aws:iam::${ACCOUNT}:role/R${Math.floor(index / 2)}`, "kms:*")),
      }),
    );
    const html = htmlOfPlan(...keys);
    expect(nodesOf(html).filter((node) => node.startsWith("key"))).toHaveLength(15);
    expect(nodesOf(html)).toContain("key create: create aws_kms_key.k0 and 1 more, in the same way");
    expect(textsOf(html, /<summary>\d+ keys, [^]*?<\/summary>/g)).toStrictEqual(["6 keys, nothing gained or lost"]);
  });

  test("marks a key whose policy is not shown", () => {
    const hidden = created("aws_kms_key.this", {}, policyUnknownFrom("aws_iam_role.this.arn"));
    expect(nodesOf(htmlOfPlan(hidden))).toStrictEqual(["key create: create aws_kms_key.this policy not shown"]);
  });

  test("has an arrow of class unknown to a new key whose policy is shown in part", () => {
    const document = "data.aws_iam_policy_document.key";
    const html = htmlOfPlan(
      created("aws_kms_key.this", {}, policyUnknownFrom(`${document}.json`, document)),
      readDuringApply(document, {
        statement: [
          {
            actions: ["kms:*"],
            effect: "Allow",
            principals: [{ identifiers: [`arn:aws:iam::${ACCOUNT}:root`], type: "AWS" }],
            resources: ["*"],
          },
        ],
      }),
    );
    expect([...html.matchAll(/<g class="arrow (\w+)"/g)].map(([, state]) => state)).toStrictEqual(["unknown", "iam"]);
  });

  test("shortens long and wide names to lines of at most 45 columns", () => {
    const principal = `arn:aws:iam::${ACCOUNT}:role/${"a".repeat(200)}/${"漢".repeat(40)}`;
    const lines = [...htmlOfPlan(newKey(allow(principal, "kms:*"))).matchAll(/<text[^>]*>([^<]*)</g)].map(
      ([, line]) => line!,
    );
    const widths = lines.map((line) =>
      [...line].reduce((sum, character) => sum + (character < "\u1100" || character === "…" ? 1 : 2), 0),
    );
    expect(lines.some((line) => line.startsWith("…") && line.endsWith("漢"))).toBe(true);
    expect(Math.max(...widths)).toBeLessThanOrEqual(45);
  });

  test("wraps only a name that is longer than a line", () => {
    const name = "n".repeat(NODE_CHARACTERS);
    expect(nameLines(name)).toStrictEqual([name]);
    expect(nameLines(`${name}n`)).toHaveLength(2);
  });

  test("is missing in a plan without keys and warehouses", () => {
    expect(htmlOfPlan()).not.toContain("<svg");
  });
});
