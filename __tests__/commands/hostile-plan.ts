import { planOf } from "../plans/goldens";

/** Lines that a runner, a shell, a file of outputs or a comment of a CI job reads as its own. */
export const HOSTILE_LINES: readonly string[] = [
  "::set-output name=status::0",
  "  ::add-mask::a",
  "name = ##[error]x",
  "%0A::error::x",
  "`touch hacked` $(touch hacked)",
  "status=0",
  "changed=true",
  "<!-- redshift-kms: fleet -->",
  "--></details>",
  "\u001b[31mred\r::notice::x",
  "\u0085::error::a\u202eb\u2028::error::c",
];
/** A command of a runner, or a character that a reader of the log does not see. */
export const REFUSED = /^\s*::|##\[|(?!\t)\p{Cc}|[\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

/** A plan with findings whose resource and statements have the lines as their names. */
export function hostilePlan(): string {
  const text = (plain: string): string => JSON.stringify(plain).slice(1, -1);
  const name = text(`a\n${HOSTILE_LINES.join("\n")}`);
  // A policy is JSON in a string of the plan.
  return planOf("key-policy-public/triggers")
    .replaceAll("aws_kms_key.this", `aws_kms_key.${name}`)
    .replaceAll('"name":"this"', `"name":"${name}"`)
    .replaceAll("Everybody", text(name));
}
