"""Workgroups: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Workgroup.html"""
from .. import assumptions
from ..aws import AwsError, now
from ..registry import handles
from .redshift_serverless import SERVICE, find, forget_tags, given, keep, new_arn, stored, tag

#: The base capacity of a workgroup whose price-performance target sets the capacity. AWS does not document it:
#: https://github.com/go-to-k/cdk-real-drift/issues/1489 observed it, with the target of a workgroup that is given neither.
SET_BY_TARGET = -1
DEFAULT_TARGET = {"status": "ENABLED", "level": 50}
_DISABLED = "DISABLED"
#: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ConfigParameter.html has the keys. A new workgroup
#: has these values: https://github.com/go-to-k/cdk-real-drift/pull/1441.
DEFAULT_PARAMETERS = {
    "auto_mv": "true",
    "datestyle": "ISO, MDY",
    "enable_case_sensitive_identifier": "false",
    # https://docs.aws.amazon.com/redshift/latest/dg/r_enable_large_strings_opt_in.html: Yes, No, or not set. A parameter that is
    # not set is returned without a value: https://github.com/hashicorp/terraform-provider-aws/issues/49939.
    "enable_large_strings_opt_in": "",
    "enable_user_activity_logging": "true",
    "max_query_execution_time": "14400",
    "query_group": "default",
    "require_ssl": "true",
    "search_path": "$user, public",
    "use_fips_ssl": "false",
}
#: https://docs.aws.amazon.com/redshift/latest/dg/cm-c-wlm-query-monitoring-rules.html#cm-c-wlm-query-monitoring-metrics-serverless
#: AWS dropped max_query_cpu_time and max_query_cpu_usage_percent on May 2, 2025:
#: https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html
QUERY_MONITORING = {
    "max_cpu_skew", "max_io_skew", "max_join_row_count", "max_nested_loop_join_row_count", "max_query_blocks_read",
    "max_query_execution_time", "max_query_queue_time", "max_query_temp_blocks_to_disk", "max_return_row_count",
    "max_scan_row_count",
}
WLM = "wlm_json_configuration"
#: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html
MAX_WLM_CHARACTERS = 8_000
#: This value removes a limit of queries: https://github.com/hashicorp/terraform-provider-aws/issues/33899
REMOVED = "-1"


@handles(SERVICE, "CreateWorkgroup")
def create_workgroup(request):
    parameters, region = given(request.parameters), request.caller.region
    name = parameters["workgroupName"]
    find(region, "namespace", parameters["namespaceName"])
    arn, identifier = new_arn(region, "workgroup")
    port = parameters.get("port", 5439)
    address = f"{name}.{request.caller.account}.{region}.redshift-serverless.amazonaws.com"
    workgroup = {
        "enhancedVpcRouting": False, "publiclyAccessible": False, "securityGroupIds": [], "subnetIds": [],
        "trackName": "current", **parameters, **_capacity(parameters), "creationDate": now(),
        "endpoint": {"address": address, "port": port, "vpcEndpoints": []}, "port": port, "status": "AVAILABLE",
        "workgroupArn": arn, "workgroupId": identifier, "workgroupVersion": "1.0",
    }
    _check_max_capacity(workgroup)
    # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2454
    config = _config_of(parameters)
    if config.get("require_ssl") == "false":
        raise AwsError("ValidationException", "require_ssl cannot be false when a workgroup is created.")
    workgroup["configParameters"] = _configured(assumptions.config_parameters(DEFAULT_PARAMETERS, region), config)
    keep(region, "workgroup", name, workgroup)
    tag(region, arn, parameters.get("tags"))
    return {"workgroup": workgroup}


@handles(SERVICE, "GetWorkgroup")
def get_workgroup(request):
    return {"workgroup": find(request.caller.region, "workgroup", request.parameters["workgroupName"])}


@handles(SERVICE, "ListWorkgroups")
def list_workgroups(request):
    return {"workgroups": list(stored(request.caller.region, "workgroup").values())}


@handles(SERVICE, "UpdateWorkgroup")
def update_workgroup(request):
    parameters = given(request.parameters)
    workgroup = find(request.caller.region, "workgroup", parameters.pop("workgroupName"))
    _check_one_change(workgroup, parameters)
    changed = {**workgroup, **parameters, **_capacity_change(workgroup, parameters)}
    if changed.get("maxCapacity") == -1:
        # https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html: -1 turns the limit off.
        del changed["maxCapacity"]
    _check_max_capacity(changed)
    if "configParameters" in parameters:
        changed["configParameters"] = _configured(_config_of(workgroup), _config_of(parameters))
        if changed["configParameters"] == workgroup["configParameters"]:
            # https://github.com/hashicorp/terraform-provider-aws/issues/49939 has the text.
            message = "You didn't specify any changes to the configuration parameters."
            raise AwsError("ValidationException", message)
    changed["endpoint"] = {**changed["endpoint"], "port": changed["port"]}
    stored(request.caller.region, "workgroup")[workgroup["workgroupName"]] = changed
    return {"workgroup": changed}


@handles(SERVICE, "DeleteWorkgroup")
def delete_workgroup(request):
    region = request.caller.region
    workgroup = find(region, "workgroup", request.parameters["workgroupName"])
    del stored(region, "workgroup")[workgroup["workgroupName"]]
    forget_tags(region, workgroup["workgroupArn"])
    return {"workgroup": {**workgroup, "status": "DELETING"}}


def _check_one_change(workgroup, changes):
    """You can't update multiple parameters in one request, but a target is disabled together with a base capacity.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateWorkgroup.html. The text is that of
    https://github.com/hashicorp/terraform-provider-aws/issues/28108.
    """
    disables = changes.get("pricePerformanceTarget", {}).get("status") == _DISABLED
    if len(changes) > 1 and not (disables and set(changes) == {"baseCapacity", "pricePerformanceTarget"}):
        message = f"Can't update multiple configurations at the same time for workgroup {workgroup['workgroupName']}."
        raise AwsError("ValidationException", message)


# ---- capacity. The texts of the updates are those of the provider's source, which AWS's documentation lacks:
# https://github.com/hashicorp/terraform-provider-aws/pull/46137

def _capacity(parameters):
    """The target and the base capacity of a new workgroup. AWS does not document the text of the refusals."""
    base, target = parameters.get("baseCapacity"), parameters.get("pricePerformanceTarget")
    if target is None:
        target = DEFAULT_TARGET if base is None else {"status": _DISABLED}
    enabled = target.get("status") != _DISABLED
    if enabled and base is not None:
        raise AwsError("ValidationException", "You can't set a base capacity when PerformanceTarget is Enabled.")
    if not enabled and base is None:
        raise AwsError("ValidationException", "You must set a base capacity when disabling pricePerformanceTargetStatus.")
    # https://github.com/hashicorp/terraform-provider-aws/issues/43164: a disabled target has no level.
    if not enabled:
        return {"baseCapacity": base, "pricePerformanceTarget": {"status": _DISABLED}}
    return {"baseCapacity": SET_BY_TARGET, "pricePerformanceTarget": DEFAULT_TARGET | target}


def _capacity_change(workgroup, changes):
    if "baseCapacity" not in changes and "pricePerformanceTarget" not in changes:
        return {}
    target = changes.get("pricePerformanceTarget")
    if target is None:
        if workgroup["pricePerformanceTarget"]["status"] != _DISABLED:
            raise AwsError("ValidationException", "Base capacity cannot be updated when PerformanceTarget is Enabled.")
        return {}
    if target.get("status") == _DISABLED and "baseCapacity" not in changes:
        raise AwsError("ValidationException", "You must set a base capacity when disabling pricePerformanceTargetStatus.")
    return _capacity(changes)


def _check_max_capacity(workgroup):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html. AWS does not document the text."""
    if workgroup.get("maxCapacity", workgroup["baseCapacity"]) < workgroup["baseCapacity"]:
        raise AwsError("ValidationException", "The max capacity must be at least the base capacity.")


# ---- configuration parameters

def _config_of(parameters):
    return {p["parameterKey"]: p["parameterValue"] for p in parameters.get("configParameters") or []}


def _configured(current, changes):
    """The parameters of a workgroup after a change. AWS does not document what becomes of the metrics that a workgroup has
    if wlm_json_configuration is set later.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ConfigParameter.html
    """
    supported = set(DEFAULT_PARAMETERS) | QUERY_MONITORING | {WLM}
    for key, value in changes.items():
        if key not in supported:
            # https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/redshiftserverless/workgroup.go
            # has the text.
            message = f"The parameter key {key} isn't supported. Supported values: [{sorted(supported)}]"
            raise AwsError("ValidationException", message)
        if key == WLM and len(value) > MAX_WLM_CHARACTERS:
            raise AwsError("ValidationException", f"The value of {WLM} can have at most {MAX_WLM_CHARACTERS} characters.")
    if WLM in changes and QUERY_MONITORING & set(changes):
        raise AwsError("ValidationException", f"You can specify query monitoring metrics or {WLM}, but not both.")
    config = current | changes
    for key in QUERY_MONITORING & {key for key, value in changes.items() if value == REMOVED}:
        del config[key]
    return [{"parameterKey": key, "parameterValue": config[key]} for key in sorted(config)]
