import { groupBy } from "../../../modules/private/group-by";
import { attributeOf, exists, stringOf } from "../../plan/attributes";
import { UNSHOWN } from "../../plan/document";
import { memoized } from "../../plan/memoized";
import type { PlannedResource } from "../../plan/plan";
import { asText, isString } from "../../plan/predicates";
import type { References } from "../../plan/references";
import type { ResourcesWithAccounts } from "../planned-resources";
import { hasPlaceholderName, placeholderNameOf } from "./identity-arn";
import { partsOfPrincipal } from "./principal-parts";

/** The role, user, group or permission set that has policies: its resource, or its type and name if it is not in the plan. */
export type Holder = PlannedResource | string;

/** The attributes that list names of identities, by resource type. */
const LISTS_OF_NAMES: Readonly<Record<string, readonly string[]>> = {
  aws_iam_group_membership: ["users"],
  aws_iam_policy_attachment: ["groups", "roles", "users"],
  aws_iam_user_group_membership: ["groups"],
};

/** A list of names that the plan does not show as a whole. */
export interface HiddenList {
  readonly reason: string;
  readonly resource: PlannedResource;
}

/** Finds the roles, users, groups and permission sets that resources and principals name. */
export class Holders {
  /** Cache: for each array of resources, those that exist after the change. */
  private readonly existingOf = new WeakMap<readonly PlannedResource[], readonly PlannedResource[]>();
  /** The identities with a type and a name, such as `aws_iam_role reader`: in one list, and by account, with and without their path. */
  private readonly namesakes = memoized((typeAndName) => {
    const [type = "", ...words] = typeAndName.split(" ");
    const name = words.join(" ");
    const all = hasPlaceholderName(name) ? (this.unnamed(type).get(name) ?? []) : this.existing(type, "name", name);
    const owned = all.flatMap((one) => {
      const [account, path] = [this.resources.accountOf(one), stringOf(one, "after", "path") ?? "/"];
      return [ownerName(account, undefined), ownerName(account, path)].map((owner) => ({ one, owner }));
    });
    return { all, byOwner: groupBy(owned, ({ owner }) => owner) };
  });
  /** The identities of a type whose names are unknown after the change, by their placeholder names. */
  private readonly unnamed = memoized((type) =>
    groupBy(
      this.resources
        .withType(type)
        .filter((one) => exists(one, "after") && stringOf(one, "after", "name") === undefined),
      placeholderNameOf,
    ),
  );

  public constructor(
    private readonly resources: ResourcesWithAccounts,
    private readonly references: References,
  ) {}

  /** Returns the resource of a principal. Returns the principal's type and name if no resource has the same name, path and account. */
  public holderOf(principal: string): Holder {
    const { account, name, path, type } = partsOfPrincipal(principal);
    const { all, byOwner } = this.namesakes(`${type} ${name}`);
    // The account of a planned identity can be unknown.
    const [planned] =
      account === undefined
        ? all
        : [account, undefined].flatMap((one) => byOwner.get(ownerName(one, path))?.[0]?.one ?? []);
    return planned ?? `${type} ${name}`;
  }

  /**
   * Returns the identities of a type that an attribute names: the resources, or their type and name if they are not in the plan.
   */
  public identitiesIn(resource: PlannedResource, type: string, attribute: string): readonly Holder[] {
    const value = attributeOf(resource, "after", attribute);
    if (value.kind !== "known") {
      return value.kind === "absent" ? [] : this.behind(resource, attribute, type);
    }
    return [value.value].flat().map((value) => {
      const name = asText(value);
      const [byName, byArn] = [this.existing(type, "name", name), this.existing(type, "arn", name)];
      return this.fromSameProvider(byArn.length === 0 ? byName : [...byName, ...byArn], resource) ?? `${type} ${name}`;
    });
  }

  /** Whether an attribute names identities of a type, and the plan shows none of them. */
  public areHidden(resource: PlannedResource, type: string, attribute: string): boolean {
    const { kind } = attributeOf(resource, "after", attribute);
    return UNSHOWN.includes(kind) && this.identitiesIn(resource, type, attribute).length === 0;
  }

  /** Returns the lists of names that may have more names than the plan shows: in resources of the type, or of all types by default. */
  public hiddenLists(type?: string): readonly HiddenList[] {
    return this.resources
      .withType(...(type === undefined ? Object.keys(LISTS_OF_NAMES) : [type]))
      .filter((resource) => exists(resource, "after"))
      .flatMap((resource) =>
        LISTS_OF_NAMES[resource.type]!.flatMap((name) => {
          const reason = this.references.whyListHidden(resource, name);
          return reason === undefined ? [] : [{ reason, resource }];
        }),
      );
  }

  /** Returns the resources of a type that exist after the change, and whose attribute then has the value. */
  public existing(type: string, attribute: string, value: string): readonly PlannedResource[] {
    const matching = this.resources.withValue(type, attribute, value);
    const existing = this.existingOf.get(matching) ?? matching.filter((resource) => exists(resource, "after"));
    this.existingOf.set(matching, existing);
    return existing;
  }

  public behind(resource: PlannedResource, attribute: string, type: string): readonly PlannedResource[] {
    return [...new Set(this.references.linksOf(resource, attribute, [type]).map((link) => link.resource))];
  }

  /**
   * Returns the candidate that has the same provider as the resource, or else the first candidate that may have the same account. Two
   * accounts, each with its own provider, can have identities with the same name.
   */
  public fromSameProvider(
    candidates: readonly PlannedResource[],
    resource: PlannedResource,
  ): PlannedResource | undefined {
    const provider = this.references.configuration.providerOf(resource);
    return (
      candidates.find((one) => this.references.configuration.providerOf(one) === provider) ??
      candidates.find((one) => mayBeEqual(this.resources.accountOf(one), this.resources.accountOf(resource)))
    );
  }
}

/** Whether two accounts are the same, or one of them is unknown. */
export function mayBeEqual(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Returns a text for an account and a path, each of which can be undefined. */
function ownerName(account: string | undefined, path: string | undefined): string {
  return `${account} ${path}`;
}

/** Reads the name of a holder that is not in the plan. */
export function nameOfAbsent(holder: string): string {
  return holder.slice(holder.indexOf(" ") + 1);
}

/** Returns the address of a holder; its type and name if it is not in the plan. */
export function holderName(holder: Holder): string {
  return isString(holder) ? holder : holder.address;
}
