import { RedshiftResourcePolicy } from "@cdktf/provider-aws/lib/redshift-resource-policy";
import { Construct } from "constructs";
import { checkIdentities, checkIdentityStack, type Identity } from "../iam/identity";
import { arnPart, checkPartition, fail } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import { checkProps, code, decision, list, type PropRules, propRules, required } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { follows, type Rule } from "../private/rule";
import { INTEGRATION_SOURCE_ARN } from "../private/rules";
import { dependables } from "../private/stack-boundary";
import { canonical, policyJson, type PolicyStatement } from "../private/statement";
import { type IWarehouse, WAREHOUSE } from "../redshift/warehouse";

/** The sources of integrations into a warehouse, and the principals that may create them. */
export interface IntegrationPolicyProps extends ResourceProps {
  /** The warehouse that zero-ETL integrations write to. */
  readonly warehouse: IWarehouse;
  /**
   * The principals that may create integrations into the warehouse: roles, users or account roots.
   *
   * @default - nobody but principals of the warehouse's account whose IAM policies allow it
   */
  readonly authorizedPrincipals?: readonly Identity[] | undefined;
  /**
   * The sources that may be integrated, by ARN, such as Aurora or RDS databases and DynamoDB tables. A source of the
   * warehouse's account must be named, too.
   *
   * @default - none
   */
  readonly authorizedSources?: readonly string[] | undefined;
}

/** @internal */
export const INTEGRATION_POLICY_PROPS = propRules("IntegrationPolicyProps", {
  warehouse: required(code(WAREHOUSE)),
  authorizedPrincipals: code(),
  authorizedSources: decision(list(INTEGRATION_SOURCE_ARN)),
  ...RESOURCE_PROPS,
} satisfies PropRules<IntegrationPolicyProps>);

/**
 * The resource policy of a warehouse's namespace: the principals that may create zero-ETL integrations into it, and the sources of
 * these integrations. A namespace, of a cluster or serverless, has one resource policy.
 *
 * @example
 * new IntegrationPolicy(stack, "Integrations", {
 *   authorizedPrincipals: [Identity.forAccountRoot("444455556666")],
 *   authorizedSources: ["arn:aws:dynamodb:us-east-1:444455556666:table/orders"],
 *   warehouse,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-using.redshift-iam.html
 */
export class IntegrationPolicy extends Construct {
  /** The statements of the policy. */
  public readonly statements: readonly PolicyStatement[];
  /** The wrapped resource. */
  public readonly resource: RedshiftResourcePolicy;

  /** @throws if a prop breaks its rule, or nothing is authorized */
  public constructor(scope: Construct, id: string, props: IntegrationPolicyProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      INTEGRATION_POLICY_PROPS,
      (props) => this.checkAuthorized(props),
      (props) => this.checkPrincipals(props),
      (props) => this.checkSources(props),
      ({ warehouse }) => checkOnce(this, "warehouse", warehouse.node.path, [warehouse.namespaceArn]),
    );
    const { authorizedPrincipals, provider, warehouse } = props;
    this.statements = statements(props);
    this.resource = new RedshiftResourcePolicy(
      this,
      "Resource",
      defined({
        dependsOn: dependables(this, authorizedPrincipals),
        policy: policyJson(this.statements),
        provider,
        resourceArn: warehouse.namespaceArn,
      }),
    );
  }

  private checkAuthorized({ authorizedPrincipals = [], authorizedSources = [] }: IntegrationPolicyProps): void {
    if (authorizedPrincipals.length === 0 && authorizedSources.length === 0) {
      fail(this, "authorizedSources", "name a source, unless 'authorizedPrincipals' names a principal", undefined);
    }
  }

  private checkPrincipals({ authorizedPrincipals, warehouse }: IntegrationPolicyProps): void {
    checkIdentities(this, "authorizedPrincipals", authorizedPrincipals, arnPart(warehouse.key.keyArn, 1));
    authorizedPrincipals?.forEach((identity, index) =>
      checkIdentityStack(this, `authorizedPrincipals[${index}]`, identity),
    );
  }

  private checkSources({ authorizedSources, warehouse }: IntegrationPolicyProps): void {
    // Skips a value that is no list of ARNs: the rule of the prop reports it.
    for (const [index, arn] of [authorizedSources].flat().entries()) {
      if (follows(arn, INTEGRATION_SOURCE_ARN)) {
        checkPartition(this, `authorizedSources[${index}]`, arn, arnPart(warehouse.key.keyArn, 1));
      }
    }
  }
}

function statements(props: IntegrationPolicyProps): readonly PolicyStatement[] {
  const { authorizedPrincipals = [], authorizedSources = [], warehouse } = props;
  const Resource = warehouse.namespaceArn;
  const principals: PolicyStatement = {
    Sid: "AllowIntegrations",
    Effect: "Allow",
    Principal: { AWS: canonical(authorizedPrincipals.map(({ arn }) => arn)) },
    Action: "redshift:CreateInboundIntegration",
    Resource,
  };
  const sources: PolicyStatement = {
    Sid: "AllowSources",
    Effect: "Allow",
    Principal: { Service: "redshift.amazonaws.com" },
    Action: "redshift:AuthorizeInboundIntegration",
    Resource,
    Condition: { StringEquals: { "aws:SourceArn": canonical(authorizedSources) } },
  };
  return [...(authorizedPrincipals.length > 0 ? [principals] : []), ...(authorizedSources.length > 0 ? [sources] : [])];
}

/** The rule that a prop must be an IntegrationPolicy. */
export const INTEGRATION_POLICY: Rule = {
  must: "be an IntegrationPolicy",
  test: (value) => (value as Partial<IntegrationPolicy> | null)?.statements !== undefined,
};

/** Returns the ARNs of the sources that a resource policy authorizes. */
export function authorizedSourcesOf({ statements }: IntegrationPolicy): readonly string[] {
  return statements.flatMap(({ Condition }) => Condition?.StringEquals?.["aws:SourceArn"] ?? []);
}
