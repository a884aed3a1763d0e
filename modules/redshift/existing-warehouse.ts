import type { IDataApiKey } from "../kms/key";
import { checkAll, checkPlace, type Place, type Where } from "../private/checks";
import { code, number, propRules, type PropRules, required, text } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import * as rules from "../private/rules";

/** The props that an existing cluster and an existing serverless warehouse share, and that a plan does not look up. */
export interface ExistingWarehouseProps extends ResourceProps {
  /** The key that encrypts the warehouse, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /**
   * The ARN of the secret with the admin's name and password, if Redshift manages the secret. No data source has this ARN.
   *
   * @default - not known; SecretRotation requires it
   */
  readonly adminSecretArn?: string | undefined;
}

/** The attributes of an existing cluster and an existing serverless warehouse. */
export interface ExistingWarehouseAttributes extends ExistingWarehouseProps {
  /** The host name to connect to. */
  readonly endpointAddress: string;
  /**
   * The admin's name. DataApiAccess warns if its `databaseUser` is this user.
   *
   * @default - not known
   */
  readonly adminUsername?: string | undefined;
  /**
   * The name of the first database: 1 to 64 lowercase letters, digits, underscores or dollar signs.
   *
   * @default "dev"
   */
  readonly databaseName?: string | undefined;
  /**
   * The port to connect to: 1150 to 65535.
   *
   * @default 5439
   */
  readonly endpointPort?: number | undefined;
}

/** @internal */
export const EXISTING_WAREHOUSE_PROPS = propRules("ExistingWarehouseProps", {
  key: required(code()),
  adminSecretArn: text(rules.SECRET_ARN),
  ...RESOURCE_PROPS,
} satisfies PropRules<ExistingWarehouseProps>);

/** @internal */
export const EXISTING_WAREHOUSE_ATTRIBUTES = propRules("ExistingWarehouseAttributes", {
  ...EXISTING_WAREHOUSE_PROPS.rules,
  endpointAddress: required(text(rules.ENDPOINT_ADDRESS)),
  adminUsername: text(rules.DATABASE_USER),
  databaseName: text(rules.DATABASE_NAME, "dev"),
  endpointPort: number(rules.EXISTING_PORT, 5439),
} satisfies PropRules<ExistingWarehouseAttributes>);

/** Refuses a namespace, or the secret of the admin, of another partition, Region or account than the warehouse's. */
export function checkAttributePlaces(
  where: Where,
  { adminSecretArn, namespaceArn }: { readonly adminSecretArn?: string | undefined; readonly namespaceArn: string },
  place: Place,
): void {
  checkAll(
    () => checkPlace(where, "adminSecretArn", adminSecretArn, place),
    () => checkPlace(where, "namespaceArn", namespaceArn, place),
  );
}
