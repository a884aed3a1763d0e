import { SIGNALS } from "../../app/cli/signals";
import { plain } from "../../review/render/escape";
import { errorText, requireAnswer, UserError } from "../command";
import type { Account } from "./account";
import { progress } from "./progress";
import type { GrantReport, KeyReport } from "./report";

/** A grant to revoke. */
export interface Revocation {
  readonly grant: GrantReport;
  readonly keyArn: string;
}

/** The argument for all grants whose warehouse is gone. */
const ORPHANS = "orphans";

/**
 * Returns the grants to revoke. `orphans` stands for the grants whose warehouse does not exist. Any other grant must be given by
 * its ID.
 *
 * @param requested - IDs of grants, or `orphans`
 * @throws UserError if an ID is not the ID of a listed grant of the Data API
 */
export function revocationsOf(reports: readonly KeyReport[], requested: readonly string[]): readonly Revocation[] {
  const revocations = reports.flatMap(({ arn, grants }) => (grants ?? []).map((grant) => ({ grant, keyArn: arn })));
  // Each grant once, because several stacks can have the same key.
  const listed = [
    ...new Map(revocations.map((revocation) => [`${revocation.keyArn} ${revocation.grant.id}`, revocation])).values(),
  ];
  requested.forEach((id) => {
    if (id !== ORPHANS && !listed.some(({ grant }) => grant.id === id)) {
      throw new UserError(
        `--revoke must be orphans or the ID of a listed grant of the Data API, got: ${plain(id)}, ${reasonAgainst(id, reports)}`,
      );
    }
  });
  return listed.filter(
    ({ grant: { id, status } }) => requested.includes(id) || (status === "orphaned" && requested.includes(ORPHANS)),
  );
}

function reasonAgainst(id: string, reports: readonly KeyReport[]): string {
  const report = reports.find(({ otherGrants }) => otherGrants.includes(id));
  return report === undefined
    ? "which no key of this run has, or whose key does not show its grants"
    : `a grant of ${report.arn} that is not the Data API's`;
}

/** Returns the lines that announce a revocation and its consequence. */
export function announcementOf({ grant, keyArn }: Revocation): readonly string[] {
  const { grantee, id, operations, status, warehouse } = grant;
  return [
    `revoke ${id} of ${keyArn}`,
    `  grantee ${grantee}: ${operations.join(", ")}; warehouse ${warehouse ?? "none"} (${status})`,
    `  ${CONSEQUENCES[status]}`,
  ].map(plain);
}

const EXISTING =
  "WARNING: the warehouse may use this grant. Nobody can follow its statements or read their results, until the next statement creates a " +
  "new grant. If the grantee is a role of yours, the role loses this access until the grant is created again.";

const CONSEQUENCES: Readonly<Record<GrantReport["status"], string>> = {
  "earlier-cluster": EXISTING,
  matches: EXISTING,
  "not-judged": EXISTING,
  orphaned: "The warehouse is gone. The stored results of its last statements become unreadable.",
  "other-context": EXISTING,
  "other-creation-time": EXISTING,
  "other-key":
    "WARNING: the warehouse exists under another key. The results that this key has encrypted become unreadable.",
  "without-warehouse": EXISTING,
};

/**
 * Prints the grants to revoke, and asks for a confirmation, unless the arguments confirm it.
 *
 * @throws UserError if nobody confirms
 */
export async function confirm(revocations: readonly Revocation[], isConfirmed: boolean): Promise<void> {
  for (const line of revocations.flatMap(announcementOf)) {
    console.error(line);
  }
  if (!isConfirmed) {
    await requireAnswer("Type revoke to go on: ", "revoke", "nothing was revoked");
  }
}

/** @throws UserError if a warehouse that did not exist before exists now, such as a restored one, or is not shown any more */
export function requireOrphans(revocations: readonly Revocation[], reports: readonly KeyReport[]): void {
  const orphans = reports.flatMap(({ grants }) =>
    (grants ?? []).filter(({ status }) => status === "orphaned").map(({ id }) => id),
  );
  const changed = revocations.find(({ grant }) => grant.status === "orphaned" && !orphans.includes(grant.id));
  if (changed !== undefined) {
    throw new UserError(
      plain(
        `${changed.grant.warehouse} did not exist, and now exists or is not shown: nothing was revoked. Run the command again`,
      ),
    );
  }
}

/**
 * Revokes grants in order, and appends the ID of each to `revoked`. A signal stops the run after the current request.
 *
 * @throws UserError if AWS refuses a revocation, or a signal comes
 */
export async function revoke(account: Account, revocations: readonly Revocation[], revoked: string[]): Promise<void> {
  let signal: string | undefined;
  const stop = (name: string): void => {
    signal = name;
  };
  SIGNALS.forEach((name) => process.once(name, stop));
  try {
    for (const { grant, keyArn } of revocations) {
      const part = `${revoked.length} of ${revocations.length} grants are revoked`;
      if (signal !== undefined) {
        throw new UserError(`interrupted by ${signal}: ${part}`);
      }
      try {
        await account.revoke(keyArn, grant.id);
      } catch (error) {
        throw new UserError(`${part}; ${grant.id} is not: ${plain(errorText("kms:RevokeGrant", error))}`);
      }
      revoked.push(grant.id);
      progress(`revoked ${grant.id} (${revoked.length} of ${revocations.length})`);
    }
  } finally {
    SIGNALS.forEach((name) => process.removeListener(name, stop));
  }
}
