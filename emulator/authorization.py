"""IAM's decision about a request. The identity policies of every caller whose role exists are enforced, on every service.

A role that was never created counts as an administrator, so that a shell needs no set-up. The roles that tests create get what
their policies allow, and no more.
"""
from moto.iam.models import iam_backends

from . import policies, resources
from .aws import ACCOUNT, AwsError

#: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permissions are required.
WITHOUT_PERMISSIONS = {("sts", "GetCallerIdentity")}
#: Key policies, trust policies and owners of statements decide, too: services/kms.py, services/sts.py, services/redshift_data.py.
AUTHORIZED_ELSEWHERE = {"kms", "redshift-data", "sts"}
#: The prefix of the actions, if it is not the name of botocore's model.
ACTION_PREFIXES = {"sns": "SNS"}


def require_request(request):
    """Refuses a request that the caller's identity policies do not allow."""
    if request.service in AUTHORIZED_ELSEWHERE or (request.service, request.operation) in WITHOUT_PERMISSIONS:
        return
    action = f"{ACTION_PREFIXES.get(request.service, request.service)}:{request.operation}"
    require(request.caller, action, resources.resource_of(request))


def require(caller, action, resource, context=None):
    # Another account needs a resource policy, which only keys have here.
    if caller.account != ACCOUNT or not allows(caller, action, resource, context):
        raise AwsError(
            "AccessDeniedException",
            f"User: {caller.session_arn} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action",
        )


def allows(caller, action, resource, context=None):
    """Whether the identity policies of a caller allow an action. A boundary must allow it, too.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    role = caller.role
    if caller.is_root or role is None:
        return True
    keys = {**caller.condition_keys, **(context or {})}
    managed = (policy.document for policy in role.managed_policies.values())
    statements = policies.documents(*role.policies.values(), *managed)
    if policies.decision(statements, action, resource, keys) != "Allow":
        return False
    boundary = role.permissions_boundary_arn
    return boundary is None or policies.decision(_boundary(boundary, caller), action, resource, keys) == "Allow"


def _boundary(arn, caller):
    policy = iam_backends[ACCOUNT][caller.partition].managed_policies.get(arn)
    return policies.documents(policy.document) if policy else []
