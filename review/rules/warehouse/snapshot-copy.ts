import type { Model } from "../../model/model";
import { attributeOf, blocksOf, exists, stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { type NotJudged, type Rule, rule } from "../rule";
import { encryptedOf } from "./encryption";

/** The rule about snapshots that are copied to another Region. */
export const SNAPSHOT_COPY_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-snapshot-copy-without-grant",
    severity: "warning",
    title: "Snapshots are copied to another Region without a grant on a key there",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/xregioncopy-kms-encrypted-snapshot.html",
    notShown: hiddenCopies,
    subjects: copiesWithoutGrant,
    faultOf: () => ({
      consequence: "Redshift encrypts the copies with a key that AWS owns. You cannot limit, audit or revoke its use.",
      remedy:
        "Create an aws_redshift_snapshot_copy_grant in the destination Region, and set its name as the grant of the copy.",
    }),
  }),
];

/**
 * Returns the clusters with a `snapshot_copy` block, and the aws_redshift_snapshot_copy resources, that copy snapshots of an
 * encrypted cluster without a grant.
 */
function copiesWithoutGrant(model: Model): readonly PlannedResource[] {
  const encrypted = model.warehouses
    .filter(({ key }) => key.after.kind !== "none")
    .map(({ resource }) => resource)
    .filter((cluster) => encryptedOf(cluster, "after") === "true");
  const inline = encrypted.filter((cluster) => {
    const [copy] = blocksOf(cluster, "after", "snapshot_copy") ?? [];
    return copy && !copy.grant_name;
  });
  const clusters = new Set(encrypted);
  const separate = model
    .withType("aws_redshift_snapshot_copy")
    .filter(
      (copy) =>
        exists(copy, "after") &&
        attributeOf(copy, "after", "snapshot_copy_grant_name").kind === "absent" &&
        clustersOf(copy, model).some((cluster) => clusters.has(cluster)),
    );
  return [...inline, ...separate];
}

/** Returns the clusters and snapshot copies whose grant or encryption the plan does not show. They are not judged. */
function hiddenCopies(model: Model): readonly NotJudged[] {
  const copies = model.withType("aws_redshift_snapshot_copy").filter((copy) => exists(copy, "after"));
  const copied = new Set(copies.flatMap((copy) => clustersOf(copy, model)));
  const reasons = [
    ...model.withType("aws_redshift_cluster").map((cluster) => {
      const hasCopy = copied.has(cluster) || blocksOf(cluster, "after", "snapshot_copy")?.length !== 0;
      return {
        address: cluster.address,
        reason: hasCopy ? model.whyHidden(cluster, "snapshot_copy", "encrypted") : undefined,
      };
    }),
    ...copies.map((copy) => ({
      address: copy.address,
      reason:
        model.whyHidden(copy, "snapshot_copy_grant_name") ??
        (clustersOf(copy, model).length === 0 ? model.whyHidden(copy, "cluster_identifier") : undefined),
    })),
  ];
  return reasons.flatMap(({ address, reason }) => (reason === undefined ? [] : [{ address, reason }]));
}

/** Returns the clusters whose snapshots an aws_redshift_snapshot_copy copies. */
function clustersOf(copy: PlannedResource, model: Model): readonly PlannedResource[] {
  const identifier = stringOf(copy, "after", "cluster_identifier");
  return identifier === undefined
    ? model.references.resourcesBehind(copy, "cluster_identifier")
    : model.withValue("aws_redshift_cluster", "cluster_identifier", identifier);
}
