import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { Annotations } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Identity } from "../iam/identity";
import { arnPart, check, checkObject, checkPartition, fail, known, type Place, type Where } from "../private/checks";
import { follows } from "../private/rule";
import { ACCOUNT_ID, KEY_ARN, PARTITION, REGION } from "../private/rules";
import { checkDeployedBefore, replaceTriggers } from "../private/stack-boundary";
import type { PolicyStatement } from "../private/statement";

/** A customer managed key that encrypts warehouses: one that is created here, or one that exists. */
export interface IDataApiKey extends IConstruct {
  /** The account of the warehouses, whose principals use the key through Redshift: 12 digits. */
  readonly accountId: string;
  /** The key's ARN. Warehouses name their key by its ARN only. */
  readonly keyArn: string;
  /** The key's ID. */
  readonly keyId: string;
  /** The key's partition. */
  readonly partition: string;
  /** The key's Region. */
  readonly region: string;
  /**
   * The statements that the key policy must have, besides the owner's statements. A key that is created here has them. The owner of
   * an existing key must add them: a TerraformOutput of this list has the statements of the whole app. KMS refuses a policy that
   * names a role that does not exist.
   */
  readonly requiredStatements: readonly PolicyStatement[];
  /** The values of `kms:ViaService` that count as Redshift. */
  readonly viaServices: readonly string[];
  /**
   * The resource of a key or of a replica that is created here.
   *
   * @default - none: the key exists
   */
  readonly resource?: KmsKey | KmsReplicaKey | undefined;
  /**
   * The principals that may create, restore and change warehouses under the key: its administrators, users and deployers. A
   * plan of a warehouse fails if its caller is none of them.
   *
   * @default - unknown: no plan fails
   */
  readonly warehouseDeployers?: readonly Identity[] | undefined;

  /**
   * Adds an administrator to the key policy, unless the policy has it.
   *
   * @example
   * key.addAdministrator(Identity.forAccountRoot("111122223333"));
   *
   * @throws if the principal is of another partition, or of a stack that is deployed after the key's
   */
  addAdministrator(identity: Identity): void;
  /**
   * Adds a deployer to the key policy, unless the policy has it. A deployer creates, restores and changes warehouses.
   *
   * @example
   * key.addDeployer(Identity.fromArn("arn:aws:iam::111122223333:role/Deployer"));
   *
   * @throws if the principal is of another partition, or of a stack that is deployed after the key's
   */
  addDeployer(identity: Identity): void;
  /**
   * Adds a statement to the key policy, unless the policy has it.
   *
   * @example
   * key.addStatement(KeyStatements.forAlarms({ accountId: "111122223333" }));
   *
   * @throws if the statement is malformed, another one has its Sid, or it refers to a stack that is deployed after the key's
   */
  addStatement(statement: PolicyStatement): void;
  /**
   * Adds a user to the key policy, unless the policy has it. DataApiAccess adds its role as a user.
   *
   * @example
   * key.addUser(Identity.fromArn("arn:aws:iam::111122223333:role/Analyst"));
   *
   * @throws if the principal is of another partition, or of a stack that is deployed after the key's
   */
  addUser(identity: Identity): void;
}

/**
 * Returns the `replace_triggered_by` of a warehouse, so that Terraform replaces the warehouse together with its key. A plan that
 * replaces the key does not show the new ARN. Without the trigger, the plan of a protected warehouse would succeed, and the old
 * key would be scheduled for deletion.
 */
export function replacedWith(scope: Construct, key: IDataApiKey): string[] | undefined {
  return replaceTriggers(scope, [key.resource, "arn"]);
}

/** Checks that a prop is a key with a valid ARN. Refuses a key of a stack that is deployed later. */
export function checkKey(where: Where, key: IDataApiKey, prop = "key"): void {
  checkObject(where, prop, key, "be a DataApiKey, or a key that DataApiKey.fromKeyArn returns", "keyArn", "addUser");
  check(where, `${prop}.keyArn`, key.keyArn, KEY_ARN);
  checkDeployedBefore(where, prop, key.keyArn);
}

/** The Regions that props give to created keys. For a key without a given Region, a read of `key.region` creates a data source. */
const GIVEN_REGIONS = new WeakMap<object, string>();

/** Records the Region that the props of a created key give. */
export function recordRegion(key: object, region: string | undefined): void {
  if (region !== undefined) {
    GIVEN_REGIONS.set(key, region);
  }
}

/** Returns the Region of a key as a literal, from its ARN or its props. Undefined if the Region is unknown at synthesis. */
export function literalRegion(key: IDataApiKey): string | undefined {
  const region = arnPart(key.keyArn, 3) ?? GIVEN_REGIONS.get(key);
  return follows(region, REGION) ? region : undefined;
}

/** Refuses a key of another Region, unless the Region of the key or of the warehouse is a token. */
export function checkKeyRegion(where: Where, key: IDataApiKey, region: string | undefined, prop = "key"): void {
  const keyRegion = literalRegion(key);
  if (keyRegion === undefined || !follows(region, REGION) || keyRegion === region) {
    return;
  }
  if (known(key.keyArn)) {
    fail(where, `${prop}.keyArn`, `be the ARN of a key in ${region}`, key.keyArn);
  }
  fail(where, `${prop}.region`, `be ${region}`, keyRegion);
}

/** Refuses a key whose partition, Region or `accountId` is not the warehouse's, unless one of the two is a token or absent. */
export function checkKeyPlace(where: Where, key: IDataApiKey, { accountId, partition, region }: Place): void {
  checkPartition(where, "key.keyArn", key.keyArn, partition);
  checkKeyRegion(where, key, region);
  if (follows(partition, PARTITION) && follows(key.partition, PARTITION) && key.partition !== partition) {
    fail(where, "key.partition", `be ${partition}`, key.partition);
  }
  if (follows(accountId, ACCOUNT_ID) && follows(key.accountId, ACCOUNT_ID) && key.accountId !== accountId) {
    const must = `be the warehouse's account, ${accountId}: the key policy lets only principals of 'accountId' use the key`;
    fail(where, "key.accountId", must, key.accountId);
  }
}

/**
 * Adds a statement to the key policy that lets an AWS service use the key, unless the policy has one for this service. A
 * statement with only `kms:CreateGrant`, as for integrations, does not count.
 */
export function letServiceUse(key: IDataApiKey, service: string, statement: () => PolicyStatement): void {
  const services = key.requiredStatements
    .filter(({ Action, Effect }) => Effect === "Allow" && Action !== "kms:CreateGrant")
    .flatMap(({ Principal }) => Principal?.Service ?? []);
  if (!services.some((principal) => principal.startsWith(`${service}.`))) {
    key.addStatement(statement());
  }
}

/** The service name `redshift.amazonaws.com`, which counts in every Region and for both kinds of warehouses. */
const REDSHIFT = "redshift.amazonaws.com";

/**
 * Adds a warning if the `viaServices` of the key lack the service of the warehouse, so that nobody could use the key through that
 * service.
 */
export function warnOfServices(scope: Construct, key: IDataApiKey, service: "redshift-serverless" | "redshift"): void {
  const region = literalRegion(key);
  const names = [REDSHIFT, `${service}.${region ?? "REGION"}.amazonaws.com`];
  const allows = (name: string) =>
    !known(name) || names.includes(name) || (region === undefined && name.startsWith(`${service}.`));
  if (!key.viaServices.some(allows)) {
    Annotations.of(scope).addWarning(
      `the 'viaServices' of the key have neither ${names.join(" nor ")}: the key policy lets nobody use the key through the ` +
        "service of this warehouse. The warehouse cannot be created, and its Data API fails. Add one of these services",
    );
  }
}
