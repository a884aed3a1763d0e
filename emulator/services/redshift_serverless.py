"""Redshift Serverless, which moto lacks: namespaces, workgroups, usage limits, resource policies and tags.

https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/Welcome.html
"""
import uuid

from .. import assumptions
from ..aws import AwsError, arn_of, now
from ..registry import handles, names_resources
from . import kms

SERVICE = "redshift-serverless"
#: Every resource, by kind and name.
STORED = {"namespaces": {}, "workgroups": {}, "limits": {}, "policies": {}, "tags": {}}
#: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ConfigParameter.html
CONFIG_PARAMETERS = {
    "auto_mv": "true",
    "datestyle": "ISO, MDY",
    "enable_case_sensitive_identifier": "false",
    "enable_user_activity_logging": "true",
    "max_query_execution_time": "14400",
    "query_group": "default",
    "require_ssl": "true",
    "search_path": "$user, public",
    "use_fips_ssl": "false",
}
_SECRET_MEMBERS = ("adminUserPassword", "manageAdminPassword", "tags")


def stored(kind, name, label):
    try:
        return STORED[kind][name]
    except KeyError:
        raise AwsError("ResourceNotFoundException", f"{label} {name} not found.") from None


@names_resources(SERVICE)
def resource_of(request):
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftserverless.html"""
    for member, kind, arn in (("workgroupName", "workgroups", "workgroupArn"), ("namespaceName", "namespaces", "namespaceArn")):
        if request.parameters.get(member):
            return STORED[kind].get(request.parameters[member], {}).get(arn, "*")
    return request.parameters.get("resourceArn", "*")


def _arn(request, kind, identifier):
    return arn_of(SERVICE, request.caller.region, f"{kind}/{identifier}")


def _tag(request, arn):
    STORED["tags"][arn] = {t["key"]: t["value"] for t in request.parameters.get("tags") or []}


def _given(parameters):
    return {k: v for k, v in parameters.items() if v is not None}


# ---- namespaces: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Namespace.html

@handles(SERVICE, "CreateNamespace")
def create_namespace(request):
    parameters = _given(request.parameters)
    name, identifier = parameters["namespaceName"], str(uuid.uuid4())
    if name in STORED["namespaces"]:
        raise AwsError("ConflictException", f"Namespace {name} already exists.")
    namespace = {
        "adminUsername": "admin", "dbName": "dev", "kmsKeyId": "AWS_OWNED_KMS_KEY", "logExports": [], **parameters,
        "creationDate": now(), "namespaceArn": _arn(request, "namespace", identifier), "namespaceId": identifier,
        "status": "AVAILABLE",
    }
    _use_key(request, namespace, parameters.get("kmsKeyId"))
    if parameters.get("manageAdminPassword"):
        namespace["adminPasswordSecretArn"] = arn_of("secretsmanager", request.caller.region, f"secret:redshift!{name}-admin")
        namespace.setdefault("adminPasswordSecretKmsKeyId", "AWS_OWNED_KMS_KEY")
    STORED["namespaces"][name] = namespace
    _tag(request, namespace["namespaceArn"])
    return {"namespace": _shown(namespace)}


@handles(SERVICE, "GetNamespace")
def get_namespace(request):
    return {"namespace": _shown(stored("namespaces", request.parameters["namespaceName"], "Namespace"))}


@handles(SERVICE, "UpdateNamespace")
def update_namespace(request):
    namespace = stored("namespaces", request.parameters["namespaceName"], "Namespace")
    _use_key(request, namespace, request.parameters.get("kmsKeyId"))
    namespace |= _given(request.parameters)
    return {"namespace": _shown(namespace)}


@handles(SERVICE, "DeleteNamespace")
def delete_namespace(request):
    name = request.parameters["namespaceName"]
    namespace = stored("namespaces", name, "Namespace")
    if any(w["namespaceName"] == name for w in STORED["workgroups"].values()):
        raise AwsError("ConflictException", "There is an operation running or a workgroup associated with the namespace.")
    del STORED["namespaces"][name]
    return {"namespace": _shown({**namespace, "status": "DELETING"})}


def _use_key(request, namespace, key_id):
    context = {"aws:redshift-serverless:arn": namespace["namespaceArn"]}
    kms.use_through("redshift-serverless", request.caller, key_id, kms.WAREHOUSE_OPERATIONS, context)


def _shown(namespace):
    shown = {k: v for k, v in namespace.items() if k not in _SECRET_MEMBERS}
    # The service answers with this text for each role; AWS does not document it.
    shown["iamRoles"] = [f"IamRole(applyStatus=in-sync, iamRoleArn={arn})" for arn in namespace.get("iamRoles") or []]
    return shown


# ---- workgroups: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Workgroup.html

@handles(SERVICE, "CreateWorkgroup")
def create_workgroup(request):
    parameters = _given(request.parameters)
    stored("namespaces", parameters["namespaceName"], "Namespace")
    name, identifier = parameters["workgroupName"], str(uuid.uuid4())
    if name in STORED["workgroups"]:
        raise AwsError("ConflictException", f"Workgroup {name} already exists.")
    port, region = parameters.get("port") or 5439, request.caller.region
    config = assumptions.config_parameters(CONFIG_PARAMETERS, region) | _config_of(parameters)
    if config["require_ssl"] == "false":
        raise AwsError("ValidationException", "require_ssl cannot be false when a workgroup is created.")
    address = f"{name}.{request.caller.account}.{region}.redshift-serverless.amazonaws.com"
    workgroup = {
        "baseCapacity": 128, "enhancedVpcRouting": False, "publiclyAccessible": False, "securityGroupIds": [], "subnetIds": [],
        "trackName": "current", **parameters, "configParameters": _config_list(config), "creationDate": now(),
        "endpoint": {"address": address, "port": port, "vpcEndpoints": []}, "port": port, "status": "AVAILABLE",
        "workgroupArn": _arn(request, "workgroup", identifier), "workgroupId": identifier, "workgroupVersion": "1.0",
    }
    STORED["workgroups"][name] = workgroup
    _tag(request, workgroup["workgroupArn"])
    return {"workgroup": workgroup}


@handles(SERVICE, "GetWorkgroup")
def get_workgroup(request):
    return {"workgroup": stored("workgroups", request.parameters["workgroupName"], "Workgroup")}


@handles(SERVICE, "UpdateWorkgroup")
def update_workgroup(request):
    workgroup = stored("workgroups", request.parameters["workgroupName"], "Workgroup")
    config = _config_of(workgroup) | _config_of(request.parameters)
    workgroup |= {**_given(request.parameters), "configParameters": _config_list(config)}
    return {"workgroup": workgroup}


@handles(SERVICE, "DeleteWorkgroup")
def delete_workgroup(request):
    workgroup = stored("workgroups", request.parameters["workgroupName"], "Workgroup")
    del STORED["workgroups"][workgroup["workgroupName"]]
    return {"workgroup": {**workgroup, "status": "DELETING"}}


def _config_of(parameters):
    return {p["parameterKey"]: p["parameterValue"] for p in parameters.get("configParameters") or []}


def _config_list(config):
    return [{"parameterKey": k, "parameterValue": v} for k, v in config.items()]


# ---- usage limits: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UsageLimit.html

@handles(SERVICE, "CreateUsageLimit")
def create_usage_limit(request):
    identifier = str(uuid.uuid4())
    limit = {"breachAction": "log", "period": "monthly", **_given(request.parameters), "usageLimitId": identifier,
             "usageLimitArn": _arn(request, "usagelimit", identifier)}
    STORED["limits"][identifier] = limit
    return {"usageLimit": limit}


@handles(SERVICE, "DeleteUsageLimit", "GetUsageLimit", "UpdateUsageLimit")
def usage_limit(request):
    limit = stored("limits", request.parameters["usageLimitId"], "Usage limit")
    if request.operation == "DeleteUsageLimit":
        del STORED["limits"][limit["usageLimitId"]]
    elif request.operation == "UpdateUsageLimit":
        limit |= _given(request.parameters)
    return {"usageLimit": limit}


# ---- resource policies: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_PutResourcePolicy.html

@handles(SERVICE, "GetResourcePolicy", "PutResourcePolicy")
def resource_policy(request):
    arn = request.parameters["resourceArn"]
    if request.operation == "PutResourcePolicy":
        STORED["policies"][arn] = request.parameters["policy"]
    return {"resourcePolicy": {"policy": stored("policies", arn, "Policy"), "resourceArn": arn}}


@handles(SERVICE, "DeleteResourcePolicy")
def delete_resource_policy(request):
    STORED["policies"].pop(request.parameters["resourceArn"], None)
    return {}


# ---- tags: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_TagResource.html

@handles(SERVICE, "ListTagsForResource", "TagResource", "UntagResource")
def tags(request):
    found = STORED["tags"].setdefault(request.parameters["resourceArn"], {})
    if request.operation == "ListTagsForResource":
        return {"tags": [{"key": k, "value": v} for k, v in found.items()]}
    found |= {t["key"]: t["value"] for t in request.parameters.get("tags") or []}
    for key in request.parameters.get("tagKeys") or []:
        found.pop(key, None)
    return {}
