import { groupBy } from "../../modules/private/group-by";
import { arnOf, memberOf, stringOf } from "./attributes";
import type { ConfiguredProvider, Plan, PlannedResource } from "./plan";
import { isString } from "./predicates";
import type { References } from "./references";

const ACCOUNT_ID = /^\d{12}$/;

/** The accounts of the resources of a plan. */
export class Accounts {
  /** The accounts in ARNs of the plan, by the configuration of the provider. They are read when the first is needed. */
  private seen: ReadonlyMap<string | undefined, ReadonlySet<string>> | undefined;

  public constructor(
    private readonly plan: Plan,
    private readonly references: References,
  ) {}

  /**
   * Returns the account of a resource: that in its ARN, or else that of its provider's caller, the one to which its provider is
   * limited, that of the role which its provider assumes, or the only one of its provider's other resources; undefined if it is
   * unknown.
   */
  public accountOf(resource: PlannedResource): string | undefined {
    const [arnAccount, callerAccount] = [arnOf(resource), this.references.callerOf(resource)].map(accountFrom);
    return arnAccount ?? callerAccount ?? this.accountOfProvider(resource);
  }

  private accountOfProvider(resource: PlannedResource): string | undefined {
    const provider = this.references.providerOf(resource);
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
      // Only an ARN before the change counts: that of a new resource can be from the configuration, and of any account.
      const account = accountFrom(stringOf(resource, "before", "arn"));
      return account === undefined ? [] : [{ account, provider: this.references.providerOf(resource) }];
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
 * Returns the account of the role that a provider assumes; undefined if it assumes none, or by an ARN that is no constant. Of several
 * roles, it assumes one after another.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role
 */
function assumedAccount(provider: ConfiguredProvider | undefined): string | undefined {
  const { assume_role: blocks, assume_role_with_web_identity: federated } = provider?.expressions ?? {};
  const roles = [blocks ?? federated ?? []].flat() as readonly unknown[];
  const arn = memberOf(memberOf(roles.at(-1), "role_arn"), "constant_value");
  return isString(arn) ? accountFrom(arn) : undefined;
}

function accountFrom(arn: string | undefined): string | undefined {
  const account = arn?.split(":")[4] ?? "";
  return ACCOUNT_ID.test(account) ? account : undefined;
}
