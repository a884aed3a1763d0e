import { SIGNALS } from "../../app/cli/signals";
import { plain } from "../../review/render/escape";
import { errorText, requireAnswer, UserError } from "../command";
import type { Account } from "./account";
import { progress } from "./progress";
import type { KeyReport } from "./report";
import { announcementOf, type Revocation } from "./revocation";

/**
 * Prints the grants to revoke, and asks.
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

/** @throws UserError if a warehouse that did not exist exists now, such as a restored one, or is no longer shown */
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
 * Revokes grants in their order, and adds the ID of each to a list. A signal ends the run after the request that runs.
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
