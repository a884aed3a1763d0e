import { RedshiftserverlessResourcePolicy } from "@cdktf/provider-aws/lib/redshiftserverless-resource-policy";
import { Construct } from "constructs";
import { checkIdentities, checkIdentityStack, identities, type Identity } from "../iam/identity";
import { arnPart } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, type PropRules, propRules, required, text, unique } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { SERVERLESS_SNAPSHOT_ARN } from "../private/rules";
import { dependables } from "../private/stack-boundary";
import { canonical, policyJson, type PolicyStatement } from "../private/statement";

/** A snapshot, and the principals that may restore it. */
export interface ServerlessSnapshotPolicyProps extends ResourceProps {
  /** The principals that may restore the snapshot: roles, users or account roots of other accounts. At least one. */
  readonly restorers: readonly Identity[];
  /** The ARN of the snapshot of a serverless namespace. */
  readonly snapshotArn: string;
}

/** @internal */
export const SERVERLESS_SNAPSHOT_POLICY_PROPS = propRules("ServerlessSnapshotPolicyProps", {
  restorers: required(identities("principal")),
  snapshotArn: unique(required(text(SERVERLESS_SNAPSHOT_ARN))),
  ...RESOURCE_PROPS,
} satisfies PropRules<ServerlessSnapshotPolicyProps>);

/**
 * The resource policy of a snapshot of a serverless namespace: the principals of other accounts that may restore it. The policy of
 * the namespace's key must let them use the key, too.
 *
 * @example
 * const snapshot = new ManualSnapshot(stack, "Snapshot", { snapshotIdentifier: "for-the-auditor", warehouse: serverless });
 * new ServerlessSnapshotPolicy(stack, "SnapshotPolicy", {
 *   restorers: [Identity.forAccountRoot("444455556666")],
 *   snapshotArn: snapshot.snapshotArn,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_PutResourcePolicy.html
 */
export class ServerlessSnapshotPolicy extends Construct {
  /** The statements of the policy. */
  public readonly statements: readonly PolicyStatement[];
  /** The wrapped resource. */
  public readonly resource: RedshiftserverlessResourcePolicy;

  /** @throws if a prop breaks its rule, or there is no restorer */
  public constructor(scope: Construct, id: string, props: ServerlessSnapshotPolicyProps) {
    super(scope, id);
    checkProps(this, props, SERVERLESS_SNAPSHOT_POLICY_PROPS, ({ restorers, snapshotArn }) =>
      checkIdentities(this, "restorers", restorers, arnPart(snapshotArn, 1)),
    );
    props.restorers.forEach((identity, index) => checkIdentityStack(this, `restorers[${index}]`, identity));
    const { provider, restorers, snapshotArn } = props;
    this.statements = [
      {
        Sid: "AllowRestore",
        Effect: "Allow",
        Principal: { AWS: canonical(restorers.map(({ arn }) => arn)) },
        Action: "redshift-serverless:RestoreFromSnapshot",
      },
    ];
    this.resource = new RedshiftserverlessResourcePolicy(
      this,
      "Resource",
      defined({
        dependsOn: dependables(this, restorers),
        policy: policyJson(this.statements),
        provider,
        resourceArn: snapshotArn,
      }),
    );
  }
}
