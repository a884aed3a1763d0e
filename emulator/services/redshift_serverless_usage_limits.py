"""Usage limits: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UsageLimit.html"""
import uuid

from ..aws import AwsError, arn_of
from ..registry import handles
from .redshift_serverless import SERVICE, find_by_arn, given, stored


@handles(SERVICE, "CreateUsageLimit")
def create_usage_limit(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateUsageLimit.html"""
    parameters, region = given(request.parameters), request.caller.region
    find_by_arn(region, parameters["resourceArn"])
    _check_amount(parameters)
    identifier = str(uuid.uuid4())
    limit = {"breachAction": "log", "period": "monthly", **parameters, "usageLimitId": identifier,
             "usageLimitArn": arn_of(SERVICE, region, f"usagelimit/{identifier}")}
    stored(region, "usage limit")[identifier] = limit
    return {"usageLimit": limit}


@handles(SERVICE, "GetUsageLimit")
def get_usage_limit(request):
    return {"usageLimit": _limit_of(request)}


@handles(SERVICE, "ListUsageLimits")
def list_usage_limits(request):
    wanted = {k: v for k, v in given(request.parameters).items() if k in ("resourceArn", "usageType")}
    limits = stored(request.caller.region, "usage limit").values()
    return {"usageLimits": [limit for limit in limits if wanted.items() <= limit.items()]}


@handles(SERVICE, "UpdateUsageLimit")
def update_usage_limit(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateUsageLimit.html"""
    limit, parameters = _limit_of(request), given(request.parameters)
    _check_amount(parameters)
    limit |= parameters
    return {"usageLimit": limit}


@handles(SERVICE, "DeleteUsageLimit")
def delete_usage_limit(request):
    limit = _limit_of(request)
    del stored(request.caller.region, "usage limit")[limit["usageLimitId"]]
    return {"usageLimit": limit}


def _limit_of(request):
    identifier = request.parameters["usageLimitId"]
    try:
        return stored(request.caller.region, "usage limit")[identifier]
    except KeyError:
        raise AwsError("ResourceNotFoundException", f"Usage limit {identifier} not found.") from None


def _check_amount(parameters):
    if parameters.get("amount", 1) <= 0:
        raise AwsError("ValidationException", "The amount of a usage limit must be a positive number.")
