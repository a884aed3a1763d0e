import { DataAwsRedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/data-aws-redshiftserverless-namespace";
import { DataAwsRedshiftserverlessWorkgroup } from "@cdktf/provider-aws/lib/data-aws-redshiftserverless-workgroup";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import { RedshiftserverlessWorkgroup } from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { Construct } from "constructs";
import { checkKey, checkKeyPlace, type IDataApiKey, warnOfServices } from "../kms/key";
import { EncryptionContext } from "../kms/encryption-context";
import { arnPart, checkObject, checkRequired, type Place } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, propRules, type PropRules, required, text, withPresets } from "../private/prop-rules";
import { Released } from "../private/released";
import * as rules from "../private/rules";
import { releaseLogGroups } from "./audit-log-groups";
import { namespaceHasKey } from "./key-conditions";
import {
  checkAttributePlaces,
  EXISTING_WAREHOUSE_ATTRIBUTES,
  EXISTING_WAREHOUSE_PROPS,
  type ExistingWarehouseAttributes,
  type ExistingWarehouseProps,
} from "./existing-warehouse";
import type { IServerless } from "./warehouse";

/** The attributes of an existing serverless warehouse. */
export interface WorkgroupAttributes extends ExistingWarehouseAttributes {
  /** The ARN of the namespace, which is in the encryption context: `arn:PARTITION:redshift-serverless:REGION:ACCOUNT:namespace/ID`. */
  readonly namespaceArn: string;
  /** The ARN of the workgroup: `arn:PARTITION:redshift-serverless:REGION:ACCOUNT:workgroup/ID`. */
  readonly workgroupArn: string;
  /** The workgroup's name: 3 to 63 lowercase letters, digits or hyphens. */
  readonly workgroupName: string;
  /**
   * The namespace's name: 3 to 64 lowercase letters, digits or hyphens.
   *
   * @default - not known; ManualSnapshot requires it
   */
  readonly namespaceName?: string | undefined;
}

/** @internal */
export const WORKGROUP_ATTRIBUTES = propRules("WorkgroupAttributes", {
  ...EXISTING_WAREHOUSE_ATTRIBUTES.rules,
  namespaceArn: required(text(rules.NAMESPACE_ARN)),
  workgroupArn: required(text(rules.WORKGROUP_ARN)),
  workgroupName: required(text(rules.WORKGROUP_NAME)),
  namespaceName: text(rules.NAMESPACE_NAME),
} satisfies PropRules<WorkgroupAttributes>);

/** A serverless namespace and its workgroup that exist. */
export class ExistingServerless extends Construct implements IServerless {
  public readonly kind = "serverless";
  public readonly adminSecretArn: string | undefined;
  public readonly adminUsername: string | undefined;
  public readonly databaseName: string;
  public readonly encryptionContext: EncryptionContext;
  public readonly endpointAddress: string;
  public readonly endpointPort: number;
  public readonly key: IDataApiKey;
  public readonly namespaceArn: string;
  public readonly namespaceName: string | undefined;
  public readonly warehouseArn: string;
  public readonly workgroupName: string;

  /** @throws if an attribute breaks its rule */
  public constructor(scope: Construct, id: string, attributes: WorkgroupAttributes) {
    super(scope, id);
    checkObject(this, "attributes", attributes, "be given");
    checkProps(
      this,
      attributes,
      WORKGROUP_ATTRIBUTES,
      ({ key, workgroupArn }) => {
        checkKey(this, key);
        checkKeyPlace(this, key, placeOfArn(workgroupArn));
      },
      (attributes) => checkAttributePlaces(this, attributes, placeOfArn(attributes.workgroupArn)),
    );
    const settings = withPresets(attributes, WORKGROUP_ATTRIBUTES);
    this.adminSecretArn = settings.adminSecretArn;
    this.adminUsername = settings.adminUsername;
    this.databaseName = settings.databaseName;
    this.encryptionContext = EncryptionContext.forNamespace({ namespaceArn: settings.namespaceArn }, this);
    this.endpointAddress = settings.endpointAddress;
    this.endpointPort = settings.endpointPort;
    this.key = settings.key;
    this.namespaceArn = settings.namespaceArn;
    this.namespaceName = settings.namespaceName;
    this.warehouseArn = settings.workgroupArn;
    this.workgroupName = settings.workgroupName;
    warnOfServices(this, this.key, "redshift-serverless");
    this.release();
  }

  /**
   * Makes Terraform forget, and not destroy, the resources that an EncryptedServerless under the same construct ID has created.
   */
  private release(): void {
    new Released(this, "Resource", RedshiftserverlessNamespace);
    new Released(this, "Workgroup", RedshiftserverlessWorkgroup);
    releaseLogGroups(this);
  }
}

/**
 * Creates data sources that look up a workgroup by its name, and its namespace. Returns the ExistingServerless with the attributes
 * of the data sources.
 */
export function lookUpWorkgroup(
  scope: Construct,
  id: string,
  workgroupName: string,
  props: ExistingWarehouseProps,
): ExistingServerless {
  const where = `${scope.node.path}/${id}`;
  checkRequired(where, "workgroupName", workgroupName, rules.WORKGROUP_NAME);
  checkProps(where, props, EXISTING_WAREHOUSE_PROPS, ({ key }) => checkKey(where, key));
  const { key, provider } = props;
  const workgroup = new DataAwsRedshiftserverlessWorkgroup(
    scope,
    `${id}Workgroup`,
    defined({ provider, workgroupName }),
  );
  const namespace = new DataAwsRedshiftserverlessNamespace(
    scope,
    `${id}Namespace`,
    defined({
      lifecycle: { postcondition: namespaceHasKey(key.keyArn) },
      namespaceName: workgroup.namespaceName,
      provider,
    }),
  );
  const endpoint = workgroup.endpoint.get(0);
  return new ExistingServerless(scope, id, {
    ...props,
    adminUsername: namespace.adminUsername,
    databaseName: namespace.dbName,
    endpointAddress: endpoint.address,
    endpointPort: endpoint.port,
    namespaceArn: namespace.arn,
    namespaceName: workgroup.namespaceName,
    workgroupArn: workgroup.arn,
    workgroupName,
  });
}

function placeOfArn(arn: string): Place {
  const [partition, region, accountId] = [1, 3, 4].map((index) => arnPart(arn, index));
  return { accountId, partition, region };
}
