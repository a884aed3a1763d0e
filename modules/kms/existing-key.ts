import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { Identity } from "../iam/identity";
import { checkObject, checkRequired, known } from "../private/checks";
import { KEY_ARN } from "../private/rules";
import { Released } from "../private/released";
import type { PolicyStatement } from "../private/statement";
import type { IDataApiKey } from "./key";
import { DataApiKeyPolicy } from "./key-policy";

/** A key that exists, and who shall use it. */
export interface ExistingDataApiKeyProps {
  /** The key's ARN (not an alias, not a key ID). The key may be of another account. */
  readonly keyArn: string;
  /**
   * The account whose principals may use the key through Redshift: the warehouse's account, 12 digits.
   *
   * @default - the key's account
   */
  readonly accountId?: string | undefined;
  /**
   * The IAM principals that create, restore and change warehouses under the key.
   *
   * @default - not known: no plan compares its caller with them
   */
  readonly deployers?: readonly Identity[] | undefined;
  /**
   * The IAM principals that use the Data API with this key.
   *
   * @default - nobody
   */
  readonly users?: readonly Identity[] | undefined;
  /**
   * The values of `kms:ViaService` that count as Redshift.
   *
   * @default - the regional names of Redshift and Redshift Serverless in the key's Region, and redshift.amazonaws.com
   */
  readonly viaServices?: readonly string[] | undefined;
}

/** A key that exists, as DataApiKey.fromKeyArn adopts it. */
export class ExistingDataApiKey extends Construct implements IDataApiKey {
  public readonly keyArn: string;
  public readonly keyId: string;
  /**
   * The key's owner must add these to its policy, so that warehouses and the Data API can use the key. KMS refuses a policy
   * that names a role that does not exist. A Sid that the policy has already must become another one.
   */
  public readonly requiredStatements: readonly PolicyStatement[];
  public readonly viaServices: readonly string[];
  public readonly warehouseDeployers: readonly Identity[] | undefined;

  /** @throws if the ARN is not a key's, or a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: ExistingDataApiKeyProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { deployers, keyArn, users } = props;
    this.warehouseDeployers = deployers && [...deployers, ...(users ?? [])];
    checkRequired(this, "keyArn", keyArn, KEY_ARN);
    // A key that DataApiKey made, under this id, is let go of and not deleted.
    new Released(this, "Resource", KmsKey);
    new Released(this, "Alias", KmsAlias);
    // arn:PARTITION:kms:REGION:ACCOUNT:key/ID
    const part = (index: number): string =>
      known(keyArn) ? keyArn.split(":")[index]! : Token.asString(Fn.element(Fn.split(":", keyArn), index));
    this.keyArn = keyArn;
    this.keyId = known(keyArn) ? keyArn.split("/")[1]! : Token.asString(Fn.element(Fn.split("/", keyArn), 1));
    this.viaServices = props.viaServices ?? DataApiKeyPolicy.viaServicesFor(part(3));
    this.requiredStatements = DataApiKeyPolicy.requiredStatements(
      {
        accountId: props.accountId ?? part(4),
        deployers,
        partition: part(1),
        users,
        viaServices: this.viaServices,
      },
      this,
    );
  }
}
