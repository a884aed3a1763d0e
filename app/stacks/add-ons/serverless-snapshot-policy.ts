import { Identity, ServerlessSnapshotPolicy } from "../../../modules";
import { fail } from "../../../modules/private/checks";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed nothing; the account that restores pays for its warehouse
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const serverlessSnapshotPolicy: AddOn<"snapshotPolicies"> = {
  section: "snapshotPolicies",
  add(context, policies) {
    const { entry, stack } = context;
    addEach(
      context,
      policies,
      ({ snapshotArn }) => `SnapshotPolicy-${snapshotArn.split("/").at(-1)}`,
      (id, { restorers, snapshotArn }) => {
        const [, , , region, account] = snapshotArn.split(":");
        if (region !== entry.region || account !== entry.account) {
          const must = `be the ARN of a snapshot of ${entry.account} in ${entry.region}`;
          fail(stack, "snapshotArn", must, snapshotArn);
        }
        const identities = restorers.map((arn) => Identity.fromArn(arn));
        return new ServerlessSnapshotPolicy(stack, id, { restorers: identities, snapshotArn });
      },
    );
  },
};
