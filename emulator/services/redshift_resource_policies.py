"""The resource policies of namespaces: who may create zero-ETL integrations, and of which sources.

https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-using.redshift-iam.html
"""
from .. import policies
from ..aws import AwsError, items
from ..registry import handles
from . import redshift_namespaces

_POLICIES = {}


def _policy_of(request):
    arn = request.parameters["ResourceArn"]
    if arn not in _POLICIES or not redshift_namespaces.exists(request.caller.region, arn):
        raise AwsError("ResourceNotFoundFault", f"{arn} has no resource policy.")
    return {"Policy": _POLICIES[arn], "ResourceArn": arn}


def authorizes(namespace_arn, source_arn):
    """Whether the policy of a namespace lets Redshift integrate a source."""
    document = policies.documents(_POLICIES[namespace_arn]) if namespace_arn in _POLICIES else []
    by_service = [s for s in document if "redshift.amazonaws.com" in items((s.get("Principal") or {}).get("Service"))]
    context = {"aws:SourceArn": source_arn}
    return policies.decision(by_service, "redshift:AuthorizeInboundIntegration", namespace_arn, context) == "Allow"


@handles("redshift", "PutResourcePolicy")
def put_resource_policy(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_PutResourcePolicy.html"""
    arn, policy = request.parameters["ResourceArn"], request.parameters["Policy"]
    if not redshift_namespaces.exists(request.caller.region, arn):
        raise AwsError("ResourceNotFoundFault", f"The namespace {arn} does not exist.")
    try:
        statements = policies.documents(policy)
    except (AttributeError, ValueError):
        statements = []
    if not statements:
        raise AwsError("InvalidPolicyFault", "The resource policy is not valid.")
    _POLICIES[arn] = policy
    return {"ResourcePolicy": _policy_of(request)}


@handles("redshift", "GetResourcePolicy")
def get_resource_policy(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetResourcePolicy.html"""
    return {"ResourcePolicy": _policy_of(request)}


@handles("redshift", "DeleteResourcePolicy")
def delete_resource_policy(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteResourcePolicy.html"""
    del _POLICIES[_policy_of(request)["ResourceArn"]]
    return {}
