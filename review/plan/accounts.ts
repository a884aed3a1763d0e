import { groupBy } from "../../modules/private/group-by";
import { stringOf } from "./attributes";
import type { DataSource, Plan, PlannedResource } from "./plan";
import type { References } from "./references";

/** The accounts of the resources of a plan. */
export class Accounts {
  /** The accounts in ARNs and caller identities of the plan, by the configuration of the provider. */
  private readonly seen: ReadonlyMap<string | undefined, readonly string[]>;

  public constructor(
    { dataSources, resources }: Plan,
    private readonly references: References,
  ) {
    const callers = dataSources.filter(({ type }) => type === "aws_caller_identity");
    const sightings = [
      ...callers.map((caller) => this.sighting(caller, callerAccount(caller))),
      // Only an ARN before the change counts: that of a new resource can be from the configuration, and of any account.
      ...resources.map((resource) => this.sighting(resource, accountFrom(stringOf(resource, "before", "arn")))),
    ];
    const withAccount = sightings.flatMap(({ account, provider }) =>
      account === undefined ? [] : [{ account, provider }],
    );
    this.seen = new Map(
      [...groupBy(withAccount, ({ provider }) => provider)].map(([provider, group]) => [
        provider,
        [...new Set(group.map(({ account }) => account))],
      ]),
    );
  }

  /**
   * Returns the account in the ARN of a resource, or else the only account of its provider's other resources; undefined if it is
   * unknown.
   */
  public accountOf(resource: PlannedResource): string | undefined {
    const provider = this.references.providerOf(resource);
    const accounts = provider === undefined ? [] : (this.seen.get(provider) ?? []);
    return accountInArn(resource) ?? (accounts.length === 1 ? accounts[0] : undefined);
  }

  private sighting(source: DataSource | PlannedResource, account: string | undefined) {
    return { account, provider: this.references.providerOf(source) };
  }
}

function accountInArn(resource: PlannedResource): string | undefined {
  const arn = stringOf(resource, "before", "arn") ?? stringOf(resource, "after", "arn");
  return accountFrom(arn);
}

function callerAccount({ values }: DataSource): string | undefined {
  return typeof values.arn === "string" ? accountFrom(values.arn) : undefined;
}

function accountFrom(arn: string | undefined): string | undefined {
  const account = arn?.split(":")[4] ?? "";
  return /^\d{12}$/.test(account) ? account : undefined;
}
