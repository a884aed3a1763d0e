import { Construct } from "constructs";
import { checkIdentity, type Identity } from "../iam/identity";
import type { PolicyStatement } from "../private/statement";
import type { IDataApiKey } from "./key";
import { checkStatement, isJson } from "./key-policy";

/** The principals of a key policy. */
export type KeyPrincipals = Readonly<Record<"administrators" | "deployers" | "users", readonly Identity[]>>;

/** Collects the principals and statements of a key policy until the stack is synthesized. */
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
    return [...this.initialPrincipals().administrators, ...this.addedPrincipals.administrators];
  }

  /** The IAM principals that create, restore and change warehouses under the key. */
  public get deployers(): readonly Identity[] {
    return [...this.initialPrincipals().deployers, ...this.addedPrincipals.deployers];
  }

  /** The IAM principals that use the Data API with the key. */
  public get users(): readonly Identity[] {
    return [...this.initialPrincipals().users, ...this.addedPrincipals.users];
  }

  public addAdministrator(identity: Identity): void {
    this.addPrincipal("administrators", identity);
  }

  public addDeployer(identity: Identity): void {
    this.addPrincipal("deployers", identity);
  }

  public addStatement(statement: PolicyStatement): void {
    const statements = this.additionalStatements();
    if (!isJson(statement) || statements.every((other) => JSON.stringify(other) !== JSON.stringify(statement))) {
      this.checkStatement("statement", statement, statements);
      this.addedStatements.push(statement);
      this.onAdd();
    }
  }

  public addUser(identity: Identity): void {
    this.addPrincipal("users", identity);
  }

  /** Returns the statements that follow the statements for principals in the policy. */
  protected additionalStatements(): readonly PolicyStatement[] {
    return this.addedStatements;
  }

  /** Returns the principals that the props give. Methods such as `addUser` add others. */
  protected abstract initialPrincipals(): KeyPrincipals;

  /** Checks a principal before it is added. */
  protected checkPrincipal(prop: string, identity: Identity): void {
    checkIdentity(this, prop, identity, this.partition);
  }

  /** Checks a statement before it is added to the others. */
  protected checkStatement(prop: string, statement: PolicyStatement, others: readonly PolicyStatement[]): void {
    checkStatement(this, prop, statement, others);
  }

  /** Runs after a principal or a statement is added. A subclass may override it. */
  protected onAdd(): void {}

  private addPrincipal(list: keyof KeyPrincipals, identity: Identity): void {
    this.checkPrincipal("identity", identity);
    if (this[list].every(({ arn }) => arn !== identity.arn)) {
      this.addedPrincipals[list].push(identity);
      this.onAdd();
    }
  }
}
