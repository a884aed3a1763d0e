import { groupBy } from "../../modules/private/group-by";
import { arnOf, memberOf, stringOf } from "./attributes";
import type { ConfiguredProvider, Plan, PlannedResource } from "./plan";
import { isString } from "./predicates";
import type { References } from "./references";

const ACCOUNT_ID = /^\d{12}$/;

/** The accounts of the resources of a plan. */
export class Accounts {
  /** Maps the configuration of a provider to the accounts in ARNs of its resources. It is computed at the first use. */
  private seen: ReadonlyMap<string | undefined, ReadonlySet<string>> | undefined;

  public constructor(
    private readonly plan: Plan,
    private readonly references: References,
  ) {}

  /**
   * Returns the account of a resource; undefined if it is unknown. The account comes from the ARN of the resource, or else from its
   * provider: the account of the caller, the only allowed account, the account of the assumed role, or the only account of the
   * provider's other resources.
   */
  public accountOf(resource: PlannedResource): string | undefined {
    const [arnAccount, callerAccount] = [arnOf(resource), this.references.providers.callerOf(resource)].map(
      accountFrom,
    );
    return arnAccount ?? callerAccount ?? this.accountOfProvider(resource);
  }

  private accountOfProvider(resource: PlannedResource): string | undefined {
    const provider = this.references.configuration.providerOf(resource);
    if (provider === undefined) {
      return undefined;
    }
    this.seen ??= this.accountsByProvider();
    const [account, ...others] = this.seen.get(provider) ?? [];
    const configured = this.plan.providers[provider];
    return onlyAccount(configured) ?? assumedAccount(configured) ?? (others.length === 0 ? account : undefined);
  }

  private accountsByProvider(): ReadonlyMap<string | undefined, ReadonlySet<string>> {
    const sightings = this.plan.resources.flatMap((resource) => {
      // Only an ARN before the change counts. The configuration can set the ARN of a new resource, so that ARN can be of any
      // account.
      const account = accountFrom(stringOf(resource, "before", "arn"));
      return account === undefined ? [] : [{ account, provider: this.references.configuration.providerOf(resource) }];
    });
    return new Map(
      [...groupBy(sightings, ({ provider }) => provider)].map(([provider, group]) => [
        provider,
        new Set(group.map(({ account }) => account)),
      ]),
    );
  }
}

/**
 * Returns the account to which a provider is limited; undefined if it is limited to none, or to several. A variable does not count,
 * because a plan does not show the functions around it.
 */
function onlyAccount(provider: ConfiguredProvider | undefined): string | undefined {
  const allowed = provider?.expressions?.allowed_account_ids?.constant_value;
  const [account, ...others] = Array.isArray(allowed) ? (allowed as readonly unknown[]) : [];
  return isString(account) && ACCOUNT_ID.test(account) && others.length === 0 ? account : undefined;
}

/**
 * Returns the account of the role that a provider assumes; undefined if there is no role, or if its ARN is no constant. A provider
 * assumes several roles one after another, so the last role counts.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role
 */
function assumedAccount(provider: ConfiguredProvider | undefined): string | undefined {
  const { assume_role: blocks, assume_role_with_web_identity: federated } = provider?.expressions ?? {};
  const roles = [blocks ?? federated].flat() as readonly unknown[];
  const arn = memberOf(memberOf(roles.at(-1), "role_arn"), "constant_value");
  return isString(arn) ? accountFrom(arn) : undefined;
}

function accountFrom(arn: string | undefined): string | undefined {
  const account = arn?.split(":")[4] ?? "";
  return ACCOUNT_ID.test(account) ? account : undefined;
}
