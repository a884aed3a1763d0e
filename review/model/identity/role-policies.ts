import { groupBy } from "../../../modules/private/group-by";
import { attributeOf, blocksOf, exists, memberOf, stringOf, valueOf } from "../../plan/attributes";
import { UNSHOWN } from "../../plan/document";
import { isEqual } from "../../plan/changes";
import { memoized } from "../../plan/memoized";
import type { PlannedResource, Side, Values } from "../../plan/plan";
import { isMap, isString } from "../../plan/predicates";
import type { References } from "../../plan/references";
import type { IdentityPolicy } from "../../policy/identity-permission";
import type { PlannedResources } from "../planned-resources";
import { hiddenPolicy, NO_BLOCKS, textPolicy } from "./identity-policy";
import type { ManagedPolicies } from "./managed-policies";

/** The policies that the attributes of a role list. */
interface PoliciesOfRole {
  readonly inline_policy: readonly Values[];
  readonly managed_policy_arns: readonly unknown[];
}

const SIDES: readonly Side[] = ["before", "after"];

/** The policies in `inline_policy` and `managed_policy_arns` of the roles of a plan. */
export class RolePolicies {
  /** The policies that resources of the plan attach to a role, or remove from it, by the name of the role. */
  private readonly policyResources = memoized((role) => {
    const valuesOf = (type: string, attribute: string): readonly unknown[] =>
      SIDES.flatMap((side) =>
        this.resources.withValue(type, "role", role, side).map((one) => valueOf(one, side, attribute)),
      );
    const attachments = this.attachmentsByRole("aws_iam_policy_attachment").get(role) ?? [];
    return {
      attachedArns: new Set([
        ...valuesOf("aws_iam_role_policy_attachment", "policy_arn"),
        ...attachments.map(({ arn }) => arn),
      ]),
      inlineNames: new Set(valuesOf("aws_iam_role_policy", "name")),
    };
  });
  /** The policies that resources of a type attach to several roles before or after the change, by the name of each role. */
  private readonly attachmentsByRole = memoized((type) => {
    const attachments = this.resources.withType(type).flatMap((one) => {
      const arns = SIDES.map((side) => valueOf(one, side, "policy_arn"));
      const roles = SIDES.flatMap((side) => [valueOf(one, side, "roles")].flat());
      return [...new Set(roles)].flatMap((role) => arns.map((arn) => ({ arn, role })));
    });
    return groupBy(attachments, ({ role }) => role);
  });

  public constructor(
    private readonly resources: PlannedResources,
    private readonly references: References,
    private readonly managed: ManagedPolicies,
  ) {}

  /** Returns the policies that roles list after the change, each with its role. */
  public ofAllRoles(): readonly { readonly policy: IdentityPolicy; readonly role: PlannedResource }[] {
    return this.resources
      .withType("aws_iam_role")
      .filter((role) => exists(role, "after"))
      .flatMap((role) => this.policiesOf(role).map((policy) => ({ policy, role })));
  }

  /**
   * Returns the policies in `inline_policy` and `managed_policy_arns` of a role. If AWS lists the policies, this leaves out those
   * that other resources of the plan manage.
   */
  public policiesOf(role: PlannedResource): readonly IdentityPolicy[] {
    const { kind } = attributeOf(role, this.sideOf(role, "inline_policy"), "inline_policy");
    return [
      ...(this.inlineBlocks(role)?.map(({ policy }) => textPolicy(role.address, policy)) ?? [
        hiddenPolicy(role.address, kind === "known" ? NO_BLOCKS : kind),
      ]),
      ...this.managedPoliciesInRole(role),
    ];
  }

  /**
   * Returns the `inline_policy` blocks of a role; undefined if the plan does not show them. If AWS lists the blocks, this leaves
   * out those that other resources of the plan manage. An empty block is left out: it removes all inline policies.
   *
   * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_role
   */
  public inlineBlocks(role: PlannedResource): readonly Values[] | undefined {
    const side = this.sideOf(role, "inline_policy");
    if (isReplaced(role, side)) {
      return [];
    }
    const blocks = blocksOf(role, side, "inline_policy")?.filter(({ policy }) => policy !== "");
    return blocks?.length && this.isListed(role, "inline_policy")
      ? this.policiesBeside(role, { inline_policy: blocks }).inline_policy
      : blocks;
  }

  /**
   * Returns `inline_policy` and `managed_policy_arns` of a role without the policies that other resources of the plan manage. An
   * attachment manages one policy, and an exclusive list manages all. An exclusive list of inline policies sets only their names.
   */
  public policiesBeside(role: PlannedResource, values: Values): PoliciesOfRole {
    const name = stringOf(role, "after", "name") ?? "";
    const { attachedArns, inlineNames } = this.policyResources(name);
    const valuesIn = (attribute: string): readonly unknown[] => [memberOf(values, attribute)].flat();
    const hasExclusiveArns =
      this.resources.withValue("aws_iam_role_policy_attachments_exclusive", "role_name", name).length > 0;
    const exclusiveNames = this.resources
      .withValue("aws_iam_role_policies_exclusive", "role_name", name)
      .map((list) => valueOf(list, "after", "policy_names"));
    return {
      inline_policy: valuesIn("inline_policy")
        .filter(isMap)
        .filter((block) => !inlineNames.has(block.name))
        .filter((block) => exclusiveNames.every((names) => !Array.isArray(names) || names.includes(block.name))),
      managed_policy_arns: hasExclusiveArns
        ? []
        : valuesIn("managed_policy_arns").filter((arn) => isString(arn) && !attachedArns.has(arn)),
    };
  }

  private managedPoliciesInRole(role: PlannedResource): readonly IdentityPolicy[] {
    const side = this.sideOf(role, "managed_policy_arns");
    if (isReplaced(role, side)) {
      return [];
    }
    const managed_policy_arns = valueOf(role, side, "managed_policy_arns");
    if (UNSHOWN.includes(attributeOf(role, side, "managed_policy_arns").kind)) {
      return this.managed.policiesBehind(role, "managed_policy_arns");
    }
    const { managed_policy_arns: arns } = this.isListed(role, "managed_policy_arns")
      ? this.policiesBeside(role, { managed_policy_arns })
      : { managed_policy_arns };
    return [arns]
      .flat()
      .filter(isString)
      .map((arn) => this.managed.policyOfArn(arn, role));
  }

  /**
   * Whether the configuration does not set an attribute of a role. The provider then lists there the policies that AWS has.
   * Policies that change are set by a `dynamic` block instead.
   */
  private isListed(role: PlannedResource, attribute: string): boolean {
    const { after, before } = role.change;
    return (
      this.references.configuration.isConfigured(role, attribute) !== true &&
      isEqual(memberOf(before, attribute), memberOf(after, attribute))
    );
  }

  /**
   * Returns the side that shows the policies of a role. It is `before` if they are unknown after the change and the configuration
   * does not set them: AWS then lists the same ones again.
   */
  private sideOf(role: PlannedResource, attribute: string): Side {
    const isUnknown = attributeOf(role, "after", attribute).kind === "unknown until apply";
    return isUnknown && this.references.configuration.isConfigured(role, attribute) !== true ? "before" : "after";
  }
}

/** Whether the policies on a side are those of a role that the plan replaces. The new role has only the policies of other resources. */
function isReplaced({ action }: PlannedResource, side: Side): boolean {
  return action === "replace" && side === "before";
}
