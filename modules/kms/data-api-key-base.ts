import { Construct } from "constructs";
import { checkIdentity, type Identity } from "../iam/identity";
import { checkPartition } from "../private/checks";
import type { PolicyStatement } from "../private/statement";
import type { IDataApiKey } from "./key";
import { checkAdditional } from "./key-policy";

/** The principals of a key policy. */
export type KeyPrincipals = Readonly<Record<"administrators" | "deployers" | "users", readonly Identity[]>>;

/** Collects the principals and statements of a key policy, which is complete when the stack is synthesized. */
export abstract class DataApiKeyBase extends Construct implements IDataApiKey {
  public abstract readonly accountId: string;
  public abstract readonly keyArn: string;
  public abstract readonly keyId: string;
  public abstract readonly partition: string;
  public abstract readonly region: string;
  public abstract readonly requiredStatements: readonly PolicyStatement[];
  public abstract readonly viaServices: readonly string[];
  public abstract readonly warehouseDeployers: readonly Identity[] | undefined;

  private readonly addedPrincipals = {
    administrators: [] as Identity[],
    deployers: [] as Identity[],
    users: [] as Identity[],
  };
  private readonly addedStatements: PolicyStatement[] = [];

  /** The IAM principals that administer the key. */
  public get administrators(): readonly Identity[] {
    return this.principals("administrators");
  }

  /** The IAM principals that create, restore and change warehouses under the key. */
  public get deployers(): readonly Identity[] {
    return this.principals("deployers");
  }

  /** The IAM principals that use the Data API with the key. */
  public get users(): readonly Identity[] {
    return this.principals("users");
  }

  public addAdministrator(identity: Identity): void {
    this.addPrincipal("administrators", identity);
  }

  public addDeployer(identity: Identity): void {
    this.addPrincipal("deployers", identity);
  }

  public addStatement(statement: PolicyStatement): void {
    const statements = this.additionalStatements();
    const json = JSON.stringify(statement);
    if (statements.every((other) => JSON.stringify(other) !== json)) {
      checkAdditional(this, [...statements, statement]);
      this.addedStatements.push(statement);
      this.onAdd();
    }
  }

  public addUser(identity: Identity): void {
    this.addPrincipal("users", identity);
  }

  /** The statements that follow those for principals. */
  protected additionalStatements(): readonly PolicyStatement[] {
    return this.addedStatements;
  }

  /** The principals that the key has without the methods that add others. */
  protected abstract initialPrincipals(): KeyPrincipals;

  /** Runs after a principal or a statement is added. */
  protected abstract onAdd(identity?: Identity): void;

  /** Returns the initial list itself as long as it is all, because untyped code may give any value, which is checked later. */
  private principals(list: keyof KeyPrincipals): readonly Identity[] {
    const initial = this.initialPrincipals()[list];
    const added = this.addedPrincipals[list];
    return added.length === 0 ? initial : [...initial, ...added];
  }

  private addPrincipal(list: keyof KeyPrincipals, identity: Identity): void {
    checkIdentity(this, "identity", identity);
    checkPartition(this, "identity", identity.arn, this.partition);
    if (this[list].every(({ arn }) => arn !== identity.arn)) {
      this.addedPrincipals[list].push(identity);
      this.onAdd(identity);
    }
  }
}
