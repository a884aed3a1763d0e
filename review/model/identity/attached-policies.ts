import { groupBy } from "../../../modules/private/group-by";
import { attributeOf, blocksOf, exists } from "../../plan/attributes";
import type { PlannedResource, Values } from "../../plan/plan";
import { asText, isMap, isString } from "../../plan/predicates";
import type { References } from "../../plan/references";
import type { IdentityPolicy } from "../../policy/identity-permission";
import type { ResourcesWithAccounts } from "../planned-resources";
import { type Attachment, ATTACHMENTS } from "./attachments";
import type { Holder, Holders } from "./holders";
import { documentPolicy, hiddenPolicy, NO_BLOCKS } from "./identity-policy";
import { type ManagedPolicies, possiblePolicy } from "./managed-policies";

/** A policy that a resource of the plan gives to an identity. */
export interface AttachedPolicy {
  /** The account of the attachment; undefined if it is unknown. */
  readonly account: string | undefined;
  /** The address of the resource that attaches the policy, or contains it. */
  readonly attachment: string;
  readonly identity: Holder;
  readonly isBoundary: boolean;
  /** Whether the plan changes the attachment. */
  readonly isChanged: boolean;
  /** Whether the attachment contains the policy, and does not name it. */
  readonly isContained: boolean;
  readonly policy: IdentityPolicy;
}

/** The policies that resources of a plan give to identities. */
export class AttachedPolicies {
  /** The policies of each identity. Undefined until they are needed. */
  private policies: ReadonlyMap<Holder, readonly AttachedPolicy[]> | undefined;

  public constructor(
    private readonly resources: ResourcesWithAccounts,
    private readonly references: References,
    private readonly holders: Holders,
    private readonly managed: ManagedPolicies,
  ) {}

  public heldBy(identity: Holder): readonly AttachedPolicy[] {
    return this.byHolder().get(identity) ?? [];
  }

  public byHolder(): ReadonlyMap<Holder, readonly AttachedPolicy[]> {
    this.policies ??= groupBy(
      Object.entries(ATTACHMENTS).flatMap(([type, attachment]) =>
        this.resources
          .withType(type)
          .filter((resource) => exists(resource, "after"))
          .flatMap((resource) => this.attachedBy(resource, attachment)),
      ),
      (attached) => attached.identity,
    );
    return this.policies;
  }

  /** Returns the policies that a resource gives to its identities. */
  public contentOf(resource: PlannedResource, [kind, attribute]: Attachment["content"]): readonly IdentityPolicy[] {
    switch (kind) {
      case "ARN":
        return [this.managed.policyBehind(resource, attribute)];
      case "ARNs":
        return this.managed.policiesBehind(resource, attribute);
      case "document":
        return [documentPolicy(resource, attribute, this.references)];
      case "block": {
        const { kind: shown } = attributeOf(resource, "after", attribute);
        return (
          blocksOf(resource, "after", attribute)?.map((block) => this.policyInBlock(resource, block)) ?? [
            hiddenPolicy(resource.address, shown === "known" ? NO_BLOCKS : shown),
          ]
        );
      }
    }
  }

  private attachedBy(resource: PlannedResource, { content, identities, isBoundary }: Attachment): AttachedPolicy[] {
    const policies = this.contentOf(resource, content);
    return Object.entries(identities).flatMap(([type, attribute]) => {
      const attachedIdentities = this.holders.identitiesIn(resource, type, attribute);
      const isSure = attachedIdentities.length < 2 || attributeOf(resource, "after", attribute).kind === "known";
      return attachedIdentities.flatMap((identity) =>
        policies.map((policy) => ({
          account: this.resources.accountOf(resource),
          attachment: resource.address,
          identity,
          isBoundary: isBoundary === true,
          isChanged: resource.action !== "none",
          isContained: content[0] === "document",
          policy: isSure ? policy : possiblePolicy(policy.name, "its identity is unknown until apply", [policy]),
        })),
      );
    });
  }

  /** Returns the policy that a block names: by the policy's ARN, or by its name and path. These are the same in each account. */
  private policyInBlock(resource: PlannedResource, block: Values): IdentityPolicy {
    if (isString(block.managed_policy_arn)) {
      return this.managed.policyOfArn(block.managed_policy_arn, resource);
    }
    const [nested] = [block.customer_managed_policy_reference].flat();
    const { name, path } = isMap(nested) ? nested : block;
    return this.managed.policyOfArn(`arn:aws:iam:::policy${isString(path) ? path : "/"}${asText(name)}`, resource);
  }
}
