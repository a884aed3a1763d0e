import type { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { KmsReplicaKey, KmsReplicaKeyConfig } from "@cdktf/provider-aws/lib/kms-replica-key";
import { Annotations, Aspects, dependable, Lazy, type Precondition } from "cdktf";
import { checkIdentityStack, type Identity } from "../iam/identity";
import { accountIdOf, partitionFor, regionOf } from "../private/aws-environment";
import { errorsOf, fail } from "../private/checks";
import { defined } from "../private/defined";
import { withPresets } from "../private/prop-rules";
import { cycleOf, dependables, deployAfter } from "../private/stack-boundary";
import type { PolicyStatement } from "../private/statement";
import { callerIsOneOf, WITH_PATH } from "./caller-conditions";
import { DataApiKeyBase } from "./data-api-key-base";
import { CREATED_DATA_API_KEY_PROPS, type CreatedDataApiKeyProps } from "./data-api-key-props";
import { recordRegion } from "./key";
import { DataApiKeyPolicy } from "./key-policy";

/**
 * A key or a replica that is created here. Its policy is produced at synthesis, so that principals and statements can be added
 * before.
 */
export abstract class CreatedDataApiKey extends DataApiKeyBase {
  /** The name of the alias. It begins with `alias/`. */
  public abstract readonly aliasName: string;
  /** The wrapped alias. */
  public abstract readonly aliasResource: KmsAlias;
  /** The wrapped resource. */
  public abstract readonly resource: KmsKey | KmsReplicaKey;
  private produced?: { readonly policy: DataApiKeyPolicy; readonly size: number } | undefined;
  /** The statements of the policy. They change in place, because an output may already refer to the array. */
  private readonly statements: PolicyStatement[] = [];
  protected abstract readonly props: CreatedDataApiKeyProps;

  public get accountId(): string {
    return accountIdOf(this, this.props);
  }

  public get partition(): string {
    return partitionFor(this, this.props);
  }

  public get region(): string {
    return regionOf(this, this.props);
  }

  public get viaServices(): readonly string[] {
    return this.props.viaServices ?? DataApiKeyPolicy.viaServicesFor(this.region);
  }

  public get warehouseDeployers(): readonly Identity[] {
    return [...this.administrators, ...this.deployers, ...this.users];
  }

  public get requiredStatements(): readonly PolicyStatement[] {
    void this.policy;
    return this.statements;
  }

  /**
   * The key policy, with the principals and statements that were added so far.
   *
   * @throws if it is larger than 32,768 bytes
   */
  public get policy(): DataApiKeyPolicy {
    const { accountId, administrators, deployers, partition, users, viaServices } = this;
    const additionalStatements = this.additionalStatements();
    // Principals and statements are only added, so an equal number of them means an equal policy.
    const size = administrators.length + deployers.length + users.length + additionalStatements.length;
    if (this.produced?.size !== size) {
      const props = { accountId, additionalStatements, administrators, deployers, partition, users, viaServices };
      this.produced = { policy: new DataApiKeyPolicy(props, this), size };
      this.statements.splice(0, Infinity, ...this.produced.policy.statements);
    }
    return this.produced.policy;
  }

  protected override additionalStatements(): readonly PolicyStatement[] {
    return [...(this.props.additionalStatements ?? []), ...super.additionalStatements()];
  }

  protected override checkPrincipal(prop: string, identity: Identity): void {
    super.checkPrincipal(prop, identity);
    checkIdentityStack(this, prop, identity);
  }

  protected override checkStatement(
    prop: string,
    statement: PolicyStatement,
    others: readonly PolicyStatement[],
  ): void {
    super.checkStatement(prop, statement, others);
    this.checkOrder(prop, statement);
  }

  /** Returns the Terraform arguments that a key and a replica share. */
  protected settings(): Omit<KmsReplicaKeyConfig, "primaryKeyArn"> {
    const settings = withPresets(this.props, CREATED_DATA_API_KEY_PROPS);
    const { bypassPolicyLockoutSafetyCheck, deletionProtection, deletionWindowInDays, description } = settings;
    const { lockoutPrecondition = !bypassPolicyLockoutSafetyCheck, provider, tags } = settings;
    recordRegion(this, this.props.region);
    this.checkPolicy();
    return defined({
      bypassPolicyLockoutSafetyCheck,
      deletionWindowInDays,
      description,
      lifecycle: defined({
        precondition: lockoutPrecondition ? [this.callerIsAdministrator()] : undefined,
        preventDestroy: deletionProtection,
      }),
      policy: Lazy.stringValue({ produce: () => this.policy.json }),
      provider,
      tags,
    });
  }

  /** Returns the `depends_on` of the key: the role resources of its stack that the policy names. */
  protected dependsOn(): string[] {
    const identities = (): readonly Identity[] => [...this.administrators, ...this.users, ...this.deployers];
    return Lazy.listValue({ produce: () => dependables(this, identities())?.map((role) => dependable(role)) });
  }

  /** Returns the warnings of the policy, with all principals and statements added so far. */
  protected warnings(): readonly string[] {
    return this.policy.warnings;
  }

  /** Checks the policy now, and again at synthesis, when all principals and statements are added. */
  private checkPolicy(): void {
    void this.policy;
    for (const list of ["administrators", "users", "deployers"] as const) {
      this[list].forEach((identity, index) => this.checkPrincipal(`${list}[${index}]`, identity));
    }
    this.additionalStatements().forEach((statement, index) =>
      this.checkOrder(`additionalStatements[${index}]`, statement),
    );
    // The check for cycles reads the policy, so that it also reports the errors of the policy. The framework adds the path to each
    // message.
    const path = `[${this.node.path}] `;
    this.node.addValidation({
      validate: () => errorsOf([() => this.checkCycle()]).map(({ message }) => message.replace(path, "")),
    });
    // Warns only if the policy has no errors, which the validation reports.
    Aspects.of(this).add({
      visit: (node) => node === this && errorsOf([() => this.policy]).length === 0 && this.warn(),
    });
  }

  /** Refuses a statement that refers to a stack that is deployed after the key's stack. */
  private checkOrder(prop: string, statement: PolicyStatement): void {
    const order = deployAfter(this, JSON.stringify(statement));
    if (order) {
      fail(this, prop, `refer to no stack that is deployed after the key's stack, ${order.stack}`, order.later);
    }
  }

  /** Refuses a reference to a resource that needs the key, such as the namespace of a warehouse. */
  private checkCycle(): void {
    const cycle = cycleOf(this.resource, this.policy.json);
    if (cycle !== undefined) {
      fail(this, "policy", "refer to no resource that needs the key, because Terraform would have a cycle", cycle);
    }
  }

  private warn(): void {
    for (const warning of this.warnings()) {
      // An app may be synthesized twice: no warning is added again.
      if (this.node.metadata.every(({ data }) => data !== warning)) {
        Annotations.of(this).addWarning(warning);
      }
    }
  }

  /**
   * Returns a precondition that fails the plan if its caller is no administrator. KMS would refuse the policy at apply, because
   * the caller could not change it again.
   */
  private callerIsAdministrator(): Precondition {
    const { partition, props } = this;
    const { arn, condition, role, root } = callerIsOneOf(this, () => this.administrators, partition, props.provider);
    return {
      condition,
      errorMessage:
        `The caller of this plan, ${arn}, is not an administrator of this key, and ` +
        "KMS refuses a key policy that its caller could not change again. Three ways out: " +
        `(1) add \${${role}} to 'administrators', ${WITH_PATH}; ` +
        `(2) add the account root, ${root}, to 'administrators', so that the IAM policies of the account decide; ` +
        "(3) set 'bypassPolicyLockoutSafetyCheck' to true, if the key is meant to be out of this caller's hands.",
    };
  }
}
