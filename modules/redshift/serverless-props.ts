import { checkKey } from "../kms/key";
import {
  arnPart,
  check,
  checkAll,
  checkNotBoth,
  checkPlace,
  fail,
  known,
  type Place,
  type Where,
} from "../private/checks";
import {
  checkProps,
  code,
  decision,
  flag,
  list,
  map,
  number,
  type PropRules,
  propRules,
  required,
  text,
  unique,
} from "../private/prop-rules";
import { follows, type OrNewer } from "../private/rule";
import * as rules from "../private/rules";
import { checkLogGroups } from "./audit-log-groups";
import { checkConfigParameters } from "./config-parameters";
import { checkIamRoles, checkSecret, WAREHOUSE_PROPS, type WarehouseProps } from "./warehouse-props";

/** A Redshift Serverless namespace and its workgroup. */
export interface EncryptedServerlessProps extends WarehouseProps {
  /** The namespace's name: 3 to 64 lowercase letters, digits or hyphens, and no reserved word. */
  readonly namespaceName: string;
  /**
   * The admin's password, write-only: it is in no plan and no state. It comes from an ephemeral resource or a variable,
   * never as a literal. Terraform 1.11 or newer.
   *
   * @default - Redshift creates a password, keeps it in Secrets Manager and rotates it
   */
  readonly adminUserPasswordWo?: string | undefined;
  /**
   * The version of `adminUserPasswordWo`: a change of it sends the password again. 1 or more.
   *
   * @default - none
   */
  readonly adminUserPasswordWoVersion?: number | undefined;
  /**
   * The admin's name: 1 to 128 lowercase letters, digits or any of `_+.@-`, and no reserved word.
   *
   * @default "warehouse_admin"
   */
  readonly adminUsername?: string | undefined;
  /**
   * The capacity that queries start with, in RPUs: 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1,024. Not
   * every Region has more than 512.
   *
   * @default - none: a price-performance target sets the capacity
   */
  readonly baseCapacity?: number | undefined;
  /**
   * Configuration parameters that differ from AWS's defaults. The defaults are sent, too. `ignoreConfigParameterChanges` decides
   * how a parameter of an existing workgroup changes.
   *
   * @default - AWS's defaults
   * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ConfigParameter.html
   */
  readonly configParameters?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether Terraform ignores changes of `configParameters` of an existing workgroup. AWS returns parameters that the provider
   * does not support: if they are not ignored, every plan removes them, and AWS refuses that. Set it to false for the one
   * deployment that changes a parameter.
   *
   * @default true
   */
  readonly ignoreConfigParameterChanges?: boolean | undefined;
  /**
   * The most capacity that the workgroup scales to, in RPUs: at least `baseCapacity`.
   *
   * @default - no limit
   */
  readonly maxCapacity?: number | undefined;
  /**
   * The level of the price-performance target, which sets the capacity in place of `baseCapacity`: 1 (cost) to 100 (speed), in
   * the steps 1, 25, 50, 75 and 100.
   *
   * @default - 50, as AWS decides, unless there is a `baseCapacity`
   */
  readonly pricePerformanceLevel?: number | undefined;
  /**
   * The security groups of the workgroup.
   *
   * @default - the VPC's default security group
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * The release track: current or trailing.
   *
   * @default "current"
   */
  readonly trackName?: OrNewer<"current" | "trailing"> | undefined;
  /**
   * The workgroup's name: 3 to 63 lowercase letters, digits or hyphens.
   *
   * @default - the namespace's name
   */
  readonly workgroupName?: string | undefined;
}

/** @internal */
export const ENCRYPTED_SERVERLESS_PROPS = propRules("EncryptedServerlessProps", {
  ...WAREHOUSE_PROPS,
  namespaceName: unique(required(text(rules.NAMESPACE_NAME))),
  adminUserPasswordWo: code(),
  adminUserPasswordWoVersion: code(),
  adminUsername: text(rules.ADMIN_USERNAME, "warehouse_admin"),
  baseCapacity: number(rules.BASE_CAPACITY),
  configParameters: decision(map()),
  ignoreConfigParameterChanges: decision(flag(true)),
  maxCapacity: number(rules.POSITIVE_INTEGER),
  pricePerformanceLevel: number(rules.PRICE_PERFORMANCE_LEVEL),
  securityGroupIds: list(rules.SECURITY_GROUP_ID),
  trackName: text(rules.TRACK_NAME, "current"),
  workgroupName: unique(text(rules.WORKGROUP_NAME)),
} satisfies PropRules<EncryptedServerlessProps>);

export function checkServerlessProps(where: Where, props: EncryptedServerlessProps): void {
  checkProps(
    where,
    props,
    ENCRYPTED_SERVERLESS_PROPS,
    (props) => checkKey(where, props.key),
    (props) => checkNotBoth(where, props, "adminSecretKeyArn", "adminUserPasswordWo", "a given password has no secret"),
    (props) => checkLogGroups(where, props),
    (props) =>
      checkPlaces(where, props, { partition: arnPart(props.key.keyArn, 1), region: arnPart(props.key.keyArn, 3) }),
    (props) => checkSecret(where, props, "adminUserPasswordWo", "adminUserPasswordWoVersion"),
    (props) => checkNames(where, props),
    (props) => checkSubnets(where, props),
    (props) => checkCapacity(where, props),
    (props) => checkConfigParameters(where, props.configParameters),
  );
}

/** Refuses an IAM role of another account or partition, and a key of the admin's secret of another partition or Region. */
export function checkPlaces(
  where: Where,
  props: Pick<EncryptedServerlessProps, "adminSecretKeyArn" | "defaultIamRoleArn" | "iamRoles">,
  { accountId, partition, region }: Place,
): void {
  checkAll(
    () => checkPlace(where, "adminSecretKeyArn", props.adminSecretKeyArn, { partition, region }),
    () => checkIamRoles(where, props, { accountId, partition }),
  );
}

function checkNames(where: Where, { namespaceName, workgroupName }: EncryptedServerlessProps): void {
  if (workgroupName === undefined && follows(namespaceName, rules.NAMESPACE_NAME)) {
    check(where, "workgroupName", namespaceName, rules.WORKGROUP_NAME);
  }
}

function checkSubnets(where: Where, { subnetIds }: EncryptedServerlessProps): void {
  if (known(subnetIds) && subnetIds !== undefined && subnetIds.length < 2) {
    fail(where, "subnetIds", "name subnets in at least two Availability Zones", subnetIds);
  }
}

function checkCapacity(where: Where, props: EncryptedServerlessProps): void {
  const { baseCapacity, maxCapacity } = props;
  checkNotBoth(where, props, "baseCapacity", "pricePerformanceLevel", "a target sets the capacity");
  if (follows(baseCapacity, rules.BASE_CAPACITY) && known(maxCapacity) && maxCapacity! < baseCapacity!) {
    fail(where, "maxCapacity", `be at least 'baseCapacity', ${baseCapacity}`, maxCapacity);
  }
}
