"""Resource policies, which share snapshots: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_PutResourcePolicy.html

The resource policy of a serverless namespace, for zero-ETL integrations, is of the Redshift API: redshift_resource_policies.py.
"""
import json

from .. import assumptions, policies
from ..aws import AwsError, items
from ..registry import handles
from .redshift_serverless import SERVICE, find_by_arn, stored


@handles(SERVICE, "PutResourcePolicy")
def put_resource_policy(request):
    parameters, region = request.parameters, request.caller.region
    arn = parameters["resourceArn"]
    find_by_arn(region, arn)
    try:
        document = json.loads(parameters["policy"])
        statements = policies.documents(document)
    except (AttributeError, ValueError):
        raise AwsError("ValidationException", "The policy is not valid JSON.") from None
    if not statements or any(not items(s.get("Action")) or "Principal" not in s for s in statements):
        raise AwsError("ValidationException", "A statement lacks Action or Principal.")
    stored(region, "resource policy")[arn] = json.dumps(assumptions.stored_resource_policy(document, statements, arn))
    return _shown(region, arn)


@handles(SERVICE, "GetResourcePolicy")
def get_resource_policy(request):
    region, arn = request.caller.region, request.parameters["resourceArn"]
    find_by_arn(region, arn)
    return _shown(region, arn)


@handles(SERVICE, "DeleteResourcePolicy")
def delete_resource_policy(request):
    region, arn = request.caller.region, request.parameters["resourceArn"]
    _shown(region, arn)
    del stored(region, "resource policy")[arn]
    return {}


def _shown(region, arn):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetResourcePolicy.html"""
    try:
        return {"resourcePolicy": {"policy": stored(region, "resource policy")[arn], "resourceArn": arn}}
    except KeyError:
        raise AwsError("ResourceNotFoundException", f"The resource policy of {arn} was not found.") from None
