import { check, fail, type Where } from "../private/checks";
import { matching, type Rule } from "../private/rule";
import { BOOLEAN_PARAMETER, PARAMETER_VALUE } from "../private/rules";

/**
 * The parameters of a workgroup that AWS sets, with AWS's defaults. All are sent, because the provider would show a diff for a
 * parameter that is not sent.
 */
export const DEFAULT_CONFIG_PARAMETERS: Readonly<Record<string, string>> = {
  auto_mv: "true",
  datestyle: "ISO, MDY",
  enable_case_sensitive_identifier: "false",
  enable_user_activity_logging: "true",
  max_query_execution_time: "14400",
  query_group: "default",
  require_ssl: "true",
  search_path: "$user, public",
  use_fips_ssl: "false",
};
const ALWAYS_TRUE = "be left out: it is always true";
/** https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html */
const DROPPED = "be left out: AWS dropped it on 2025-05-02; limit max_query_execution_time instead";
/** The provider's list lacks such a parameter, at least up to 6.64: https://github.com/hashicorp/terraform-provider-aws/pull/49986 */
const SET_BY_CLI =
  "be left out, because the AWS provider refuses it: set it with aws redshift-serverless update-workgroup, " +
  "and leave 'ignoreConfigParameterChanges' true";
/** The query monitoring limits that both AWS and the provider accept. */
const QUERY_LIMITS = [
  "max_join_row_count",
  "max_nested_loop_join_row_count",
  "max_query_blocks_read",
  "max_query_queue_time",
  "max_query_temp_blocks_to_disk",
  "max_scan_row_count",
];
/** The parameters that are refused, each with the rule for the error. */
const REFUSED_CONFIG_PARAMETERS = new Map([
  ["enable_large_strings_opt_in", SET_BY_CLI],
  ["enable_user_activity_logging", ALWAYS_TRUE],
  ["max_query_cpu_time", DROPPED],
  ["max_query_cpu_usage_percent", DROPPED],
  ["require_ssl", ALWAYS_TRUE],
  ["wlm_json_configuration", SET_BY_CLI],
]);
export const SUPPORTED_CONFIG_PARAMETERS = [...Object.keys(DEFAULT_CONFIG_PARAMETERS), ...QUERY_LIMITS].filter(
  (name) => !REFUSED_CONFIG_PARAMETERS.has(name),
);

/** https://docs.aws.amazon.com/redshift/latest/dg/cm-c-wlm-query-monitoring-rules.html */
const LIMIT_TEXT = matching("be a whole number, or -1 for no limit", String.raw`-1|\d{1,15}`);

function valueRule(name: string): Rule {
  if (name.startsWith("max_")) {
    return LIMIT_TEXT;
  }
  return BOOLEAN_PARAMETER.values!.includes(DEFAULT_CONFIG_PARAMETERS[name]!) ? BOOLEAN_PARAMETER : PARAMETER_VALUE;
}

/** Checks the configuration parameters of a workgroup. */
export function checkConfigParameters(where: Where, parameters: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    const refusal = REFUSED_CONFIG_PARAMETERS.get(name);
    if (refusal !== undefined) {
      fail(where, `configParameters.${name}`, refusal, value);
    }
    if (!SUPPORTED_CONFIG_PARAMETERS.includes(name)) {
      fail(where, `configParameters.${name}`, `be one of ${SUPPORTED_CONFIG_PARAMETERS.join(", ")}`, name);
    }
    check(where, `configParameters.${name}`, value, valueRule(name));
  }
}
