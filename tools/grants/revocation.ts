import { plain } from "../../review/render/escape";
import { UserError } from "../command";
import type { GrantReport, KeyReport } from "./report";

/** A grant to revoke. */
export interface Revocation {
  readonly grant: GrantReport;
  readonly keyArn: string;
}

/** The argument for all grants whose warehouse is gone. */
const ORPHANS = "orphans";

/**
 * The grants to revoke. Those of a warehouse that exists must be named by their IDs.
 *
 * @param requested - IDs of grants, or `orphans`
 * @throws UserError if an ID is none of a listed grant of the Data API
 */
export function revocationsOf(reports: readonly KeyReport[], requested: readonly string[]): readonly Revocation[] {
  const revocations = reports.flatMap(({ arn, grants }) => (grants ?? []).map((grant) => ({ grant, keyArn: arn })));
  // Several stacks can have the same key.
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

/** The lines that announce a revocation, with its consequence. */
export function announcementOf({ grant, keyArn }: Revocation): readonly string[] {
  const { grantee, id, operations, status, warehouse } = grant;
  return [
    `revoke ${id} of ${keyArn}`,
    `  grantee ${grantee}: ${operations.join(", ")}; warehouse ${warehouse ?? "none"} (${status})`,
    `  ${CONSEQUENCES[status]}`,
  ].map(plain);
}

const EXISTING =
  "WARNING: the warehouse may use this grant. Nobody follows its statements or reads their results, until the next statement makes a " +
  "new grant. If the grantee is a role of yours, the role loses this access until the grant is made again.";

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
