import type { Model } from "../../model/model";
import { attributeOf, blocksOf, exists, stringOf, valueOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { asText } from "../../plan/predicates";
import { type Rule, rule } from "../rule";

const PASSWORD = "https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html";

/** The rules about public access, TLS and passwords of warehouses. */
export const EXPOSURE_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-public",
    title: "The warehouse can be reached from the internet",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html",
    subjects: (model) => model.withType("aws_redshift_cluster", "aws_redshiftserverless_workgroup"),
    unjudged: (warehouse, model) => model.whyHidden(warehouse, "publicly_accessible"),
    faultOf: (warehouse) =>
      valueOf(warehouse, "after", "publicly_accessible") === true && {
        consequence:
          "The warehouse can be reached from outside of its VPC, and only its security groups and routes keep others out.",
        remedy: "Set publicly_accessible to false. The Data API does not need it.",
      },
  }),
  rule({
    id: "warehouse-tls-not-required",
    title: "Connections need no TLS",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-ssl-support.html",
    subjects: (model) => model.withType("aws_redshift_cluster", "aws_redshiftserverless_workgroup"),
    unjudged: (warehouse, model) => (exists(warehouse, "after") ? whyTlsUnknown(warehouse, model) : undefined),
    faultOf: (warehouse, model) => {
      const source = exists(warehouse, "after") ? sourceWithoutTls(warehouse, model) : undefined;
      return (
        source !== undefined && {
          consequence: `Clients may connect without TLS, and send the password and the data in plain text (${source}).`,
          remedy: "Set require_ssl to true in the parameter group or, for a workgroup, in config_parameter.",
        }
      );
    },
  }),
  rule({
    id: "warehouse-password-in-code",
    title: "The admin's password is in the code",
    see: PASSWORD,
    subjects: passwords,
    faultOf: ({ attribute, isConstant, managed }) =>
      isConstant && {
        consequence: `${attribute} is in the configuration. Everybody who can read the code can read the password.`,
        remedy: `Set ${managed} to true in place of ${attribute}, so that Redshift creates the password, and do not use the old password again.`,
      },
  }),
  rule({
    id: "warehouse-password-in-state",
    title: "The admin's password is in the state",
    see: PASSWORD,
    subjects: passwords,
    faultOf: ({ attribute, isConstant, managed }) =>
      !isConstant && {
        consequence: `${attribute} is in the state and in every saved plan. Everybody who can read the state or a plan can read the password.`,
        remedy: `Set ${managed} to true in place of ${attribute}, or give the password in ${attribute}_wo.`,
      },
  }),
];

/**
 * Returns the parameter group or parameter that does not require TLS; undefined if TLS is required, or if the plan does not show
 * that.
 */
function sourceWithoutTls(warehouse: PlannedResource, model: Model): string | undefined {
  if (warehouse.type === "aws_redshiftserverless_workgroup") {
    const isOff = isNotTrue(parameterOf(warehouse, "config_parameter"));
    return isOff ? "its config_parameter require_ssl" : undefined;
  }
  const name = stringOf(warehouse, "after", "cluster_parameter_group_name");
  if (name === "default.redshift-1.0") {
    return name;
  }
  const group = parameterGroupOf(warehouse, model);
  const value = group && parameterOf(group, "parameter");
  // A group without the parameter has the value of its family: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
  const isOff = value === null ? stringOf(group!, "after", "family") === "redshift-1.0" : isNotTrue(value);
  return isOff ? group!.address : undefined;
}

/** Returns why the plan does not show whether TLS is required; undefined if the plan shows it. */
function whyTlsUnknown(warehouse: PlannedResource, model: Model): string | undefined {
  if (warehouse.type === "aws_redshiftserverless_workgroup") {
    return model.whyHidden(warehouse, "config_parameter");
  }
  const group = parameterGroupOf(warehouse, model);
  if (group) {
    return model.whyHidden(group, "parameter", "family");
  }
  const name = stringOf(warehouse, "after", "cluster_parameter_group_name");
  // Nobody can change the default group of a family, so it has the values of the family.
  if (name === "default.redshift-2.0") {
    return undefined;
  }
  return name === undefined
    ? (model.whyHidden(warehouse, "cluster_parameter_group_name") ?? "AWS chooses its parameter group")
    : `its parameter group ${name} is not in the plan`;
}

/** Returns the parameter group of a cluster; undefined if it is unknown or not in the plan. */
export function parameterGroupOf(cluster: PlannedResource, model: Model): PlannedResource | undefined {
  const name = stringOf(cluster, "after", "cluster_parameter_group_name");
  const type = "aws_redshift_parameter_group";
  return name === undefined
    ? model.references.linkOf(cluster, "cluster_parameter_group_name", [type])?.resource
    : model.withValue(type, "name", name)[0];
}

/** Whether the value of a parameter is known, and not true. */
function isNotTrue(value: string | null | undefined): boolean {
  return value !== undefined && value !== null && value !== "true";
}

/** Returns the value of require_ssl in the blocks of an attribute; null if the blocks lack it, undefined if they are not known. */
function parameterOf(resource: PlannedResource, attribute: string): string | null | undefined {
  const parameters = blocksOf(resource, "after", attribute);
  const values = parameters
    ?.filter(({ name, parameter_key: key }) => asText(name ?? key).toLowerCase() === "require_ssl")
    .map(({ parameter_value, value }) => asText(value ?? parameter_value).toLowerCase());
  // If several blocks set it, any of them may win, so a value that is not true counts first.
  return values && (values.find((value) => value !== "true") ?? values[0] ?? null);
}

/**
 * Returns the attributes that set the password of an admin, each with whether it is a constant in the configuration, and the
 * attribute to use in its place.
 */
function passwords(model: Model) {
  return model.warehouses.flatMap(({ address, kind, resource }) => {
    const [attribute, managed] =
      kind === "cluster"
        ? (["master_password", "manage_master_password"] as const)
        : (["admin_user_password", "manage_admin_password"] as const);
    if (!exists(resource, "after")) {
      return [];
    }
    const isSet = attributeOf(resource, "after", attribute).kind !== "absent";
    // The plan hides the value of a write-only attribute, but its configuration part has a constant value.
    const constants = [attribute, `${attribute}_wo`].filter((name) =>
      model.references.configuration.isConstant(resource, name),
    );
    const inCode = constants.map((name) => ({ address, attribute: name, isConstant: true, managed }));
    return isSet && !constants.includes(attribute)
      ? [{ address, attribute, isConstant: false, managed }, ...inCode]
      : inCode;
  });
}
