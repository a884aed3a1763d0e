import { review, type Report } from "../../../review/report/report";
import { readPlan } from "../../../review/plan/read-plan";
import { readIgnore } from "../../../review/report/ignore";
import { ACCOUNT } from "../../support/arns";
import { ADMINISTRATOR, allow, policyOf } from "./small-plan";

/** Texts that a plan can bring, and the form of each that no report may have. */
export const HOSTILE: Readonly<Record<string, { readonly refused: RegExp; readonly text: string }>> = {
  "a GitHub command": { refused: /(?:^|\s)::add-mask/m, text: "a\n::add-mask::b ::add-mask::c" },
  "an older GitHub command": { refused: /##\[add-mask/, text: "##[add-mask]error" },
  "a command of Azure Pipelines": { refused: /##vso\[/, text: "##vso[task.complete result=Succeeded;]" },
  "a section of GitLab": { refused: /section_(?:start|end):/, text: "section_start:1:a\r\u001b[0K section_end:1:a" },
  // eslint-disable-next-line no-control-regex -- the characters that no report may have
  "a terminal escape sequence": { refused: /[\0-\x09\x0b-\x1f\x7f-\x9f]/, text: "\u001b[2J\u009b1A\u0007\u007f\t\v\r" },
  "a character that changes the text direction": {
    refused: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
    text: "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
  },
  "a zero-width character": {
    refused: /[\u00ad\u200b-\u200d\u2060\ufeff]|\u{e0041}|\u{e007f}/u,
    text: "a\u200bb\u200c\u200d\u2060\ufeff\u00ad\u{e0041}\u{e007f}",
  },
  "an invisible letter": { refused: /[\u115f\u1160\u3164\uffa0]/, text: "a \u3164 \u115fb c\u1160 \uffa0" },
  "a Unicode line separator": { refused: /[\u0085\u2028\u2029]/, text: "a\u2028b\u2029c\u0085d" },
  "half a surrogate pair": { refused: /\p{Cs}/u, text: "a\ud83d" },
  "a URL": { refused: /https:\/\/evil|www\.evil/, text: "https://evil.example/?a=b www.evil.example" },
  "a GitHub reference to an issue, a team or a commit": {
    refused: /^$/,
    text: "#1 GH-1 owner/repo#1 @team da39a3ee5e6b4b0d3255bfef95601890afd80709",
  },
  "a formula": { refused: /^$/, text: "$a$ $$b$$ ${aws:username}" },
  "a link and a placeholder": { refused: /^$/, text: "[the exemption](https://evil.example/x) {0} [a](1)" },
  markup: {
    refused: /^$/,
    text: "<img src=x> <!-- redshift-kms-review: a --> </details> &lt; **b** __c__ ~~d~~ | e \\| `f`",
  },
  "an end tag of HTML": {
    refused: /^$/,
    text: "</script></style></title></textarea></details> ]]> <![CDATA[ --!> \" onmouseover=\"a ' onfocus='a",
  },
  "a diagram": { refused: /^$/, text: '"] click n0 "javascript:a" %%{init: {}}%% ``` --> end' },
};

/** The number of places. */
export const PLACES = 19;

/**
 * A report that has a text in each place that a plan, an input or an ignore can bring one to. The text of a place begins with
 * its number.
 */
export function reportWith(text: string): Report {
  let count = 0;
  const next = (): string => {
    count += 1;
    return `P${count} ${text}`;
  };
  const address = (type: string): string => `module.a[${JSON.stringify(next())}].${type}.this`;
  const created = (type: string, after: object, place = address(type)) => ({
    address: place,
    change: { actions: ["create"], after, before: null },
    mode: "managed",
    name: "this",
    type,
  });
  const key = "aws_kms_key";
  const policy = policyOf(
    ADMINISTRATOR,
    allow(next(), "kms:Decrypt"),
    allow("*", "kms:Decrypt", { Condition: { [next()]: { "aws:a": "b" } }, Sid: next() }),
    allow("*", "kms:Encrypt", { Condition: { StringEquals: { [next()]: next() } } }),
    { Action: next(), Effect: "Allow", Principal: { CanonicalUser: next() }, Resource: next() },
  );
  const before = { description: next(), policy: policyOf(ADMINISTRATOR) };
  const plan = {
    format_version: "1.2",
    resource_changes: [
      created("aws_redshift_cluster", { kms_key_id: next(), publicly_accessible: true }),
      created(key, { policy }),
      created("aws_kms_grant", {
        constraints: [{ encryption_context_equals: { [next()]: next() } }],
        grantee_principal: `arn:aws:iam::${ACCOUNT}:role/${next()}`,
        key_id: "aws_kms_key.k",
        operations: ["Decrypt"],
      }),
      {
        address: "aws_kms_key.k",
        change: { actions: ["update"], after: { ...before, description: next(), policy }, before },
        mode: "managed",
        name: "k",
        type: key,
      },
      created(next(), {}, "other.this"),
    ],
  };
  const ignores = [readIgnore("key-policy-public:aws_kms_key.k*", next(), "--ignore")];
  return review(readPlan(JSON.stringify(plan), next()), ignores);
}
