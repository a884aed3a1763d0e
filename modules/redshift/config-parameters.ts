import { check, fail, type Where } from "../private/checks";
import type { Rule } from "../private/rule";
import { BOOLEAN_PARAMETER, integerParameter, PARAMETER_VALUE } from "../private/rules";

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
const MAX_ROWS = 999_999_999_999_999;
const MAX_SECONDS = 86_399;
/**
 * The query monitoring limits that both AWS and the provider accept, with their largest values:
 * https://docs.aws.amazon.com/redshift/latest/dg/cm-c-wlm-query-monitoring-rules.html
 */
const QUERY_LIMITS: Readonly<Record<string, number>> = {
  max_join_row_count: MAX_ROWS,
  max_nested_loop_join_row_count: MAX_ROWS,
  max_query_blocks_read: 1_048_575,
  max_query_execution_time: MAX_SECONDS,
  max_query_queue_time: MAX_SECONDS,
  max_query_temp_blocks_to_disk: 319_815_679,
  max_scan_row_count: MAX_ROWS,
};
/** The parameters that are refused, each with the rule for the error. */
const REFUSED_CONFIG_PARAMETERS = new Map([
  ["enable_large_strings_opt_in", SET_BY_CLI],
  ["enable_user_activity_logging", ALWAYS_TRUE],
  ["max_query_cpu_time", DROPPED],
  ["max_query_cpu_usage_percent", DROPPED],
  ["require_ssl", ALWAYS_TRUE],
  ["wlm_json_configuration", SET_BY_CLI],
]);
export const SUPPORTED_CONFIG_PARAMETERS = Object.keys({ ...DEFAULT_CONFIG_PARAMETERS, ...QUERY_LIMITS }).filter(
  (name) => !REFUSED_CONFIG_PARAMETERS.has(name),
);

function valueRule(name: string): Rule {
  const most = QUERY_LIMITS[name];
  if (most !== undefined) {
    return integerParameter(`be an integer from 0 to ${most}, or -1 for no limit`, { max: most, min: -1 });
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
