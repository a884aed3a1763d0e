"""Usage limits of clusters.

https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-usage-limits.html
"""
import uuid

from ..aws import AwsError
from ..registry import handles
from . import redshift
from .redshift_resources import Kind, given

LIMITS = Kind("usage limit", "UsageLimitAlreadyExists", "UsageLimitNotFound", "usagelimit")
#: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateUsageLimit.html: the limit type of each feature.
LIMIT_TYPES = {
    "concurrency-scaling": "time",
    "cross-region-datasharing": "data-scanned",
    "extra-compute-for-automatic-optimization": "time",
    "spectrum": "data-scanned",
}
#: https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-set-limit-cluster.html
LIMITS_OF_FEATURE = 4
#: AWS does not document which limits are the same.
_IDENTITY = ("ClusterIdentifier", "FeatureType", "Period", "BreachAction")


def _limits(request):
    """The limits of the clusters that there are."""
    clusters = redshift.clusters(request.caller.region)
    return [limit for limit in LIMITS.find_all(request) if limit.members["ClusterIdentifier"] in clusters]


@handles("redshift", "CreateUsageLimit")
def create_usage_limit(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateUsageLimit.html"""
    members = {
        "BreachAction": "log",
        "Period": "monthly",
        **given(request.parameters, "Amount", "BreachAction", "ClusterIdentifier", "FeatureType", "LimitType", "Period"),
    }
    redshift.cluster_of(request.caller.region, members["ClusterIdentifier"])
    feature, limit_type = members["FeatureType"], LIMIT_TYPES[members["FeatureType"]]
    if members["LimitType"] != limit_type:
        raise AwsError("InvalidUsageLimit", f"The limit type of {feature} must be {limit_type}.")
    _check_amount(members)
    same_feature = [
        limit.members for limit in _limits(request)
        if all(limit.members[m] == members[m] for m in ("ClusterIdentifier", "FeatureType"))
    ]
    if any(all(other[m] == members[m] for m in _IDENTITY) for other in same_feature):
        raise AwsError("UsageLimitAlreadyExists", f"The cluster has this usage limit of {feature}.")
    if len(same_feature) >= LIMITS_OF_FEATURE:
        raise AwsError("LimitExceededFault", f"The cluster has {LIMITS_OF_FEATURE} usage limits of {feature}.")
    identifier = str(uuid.uuid4())
    return LIMITS.create(request, identifier, {**members, "UsageLimitId": identifier}).shown


@handles("redshift", "ModifyUsageLimit")
def modify_usage_limit(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyUsageLimit.html"""
    limit = LIMITS.find(request, request.parameters["UsageLimitId"])
    changed = {**limit.members, **given(request.parameters, "Amount", "BreachAction")}
    _check_amount(changed)
    limit.members = changed
    return limit.shown


@handles("redshift", "DeleteUsageLimit")
def delete_usage_limit(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteUsageLimit.html"""
    LIMITS.delete(request, request.parameters["UsageLimitId"])
    return {}


@handles("redshift", "DescribeUsageLimits")
def describe_usage_limits(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeUsageLimits.html"""
    identifier = request.parameters.get("UsageLimitId")
    wanted = given(request.parameters, "ClusterIdentifier", "FeatureType", "UsageLimitId")
    limits = LIMITS.find_all(request, identifier) if identifier else _limits(request)
    return {"UsageLimits": [li.shown for li in limits if all(li.members[m] == v for m, v in wanted.items())]}


def _check_amount(members):
    if members["Amount"] <= 0:
        raise AwsError("InvalidUsageLimit", "The amount must be a positive number.")
