"""Who a caller is, and who may assume a role."""
from .. import authorization, policies
from ..aws import AwsError
from ..caller import role_named
from ..registry import checks, handles


@handles("sts", "GetCallerIdentity")
def get_caller_identity(request):
    caller = request.caller
    return {"Account": caller.account, "Arn": caller.session_arn, "UserId": caller.user_id}


@checks("sts", "AssumeRole")
def require_trust(request):
    """A role that the trust policy names may assume it. If the policy names the account, IAM decides.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-iam-roles.html
    """
    caller, parameters = request.caller, request.parameters
    arn = parameters["RoleArn"]
    role = role_named(arn.split("/")[-1], caller.partition)
    context = {**caller.condition_keys, "sts:RoleSessionName": parameters["RoleSessionName"]}
    if parameters.get("ExternalId"):
        context["sts:ExternalId"] = parameters["ExternalId"]
    by_identity = authorization.allows(caller, "sts:AssumeRole", arn, context)
    if role is not None and role.arn == arn and _trusts(role, caller, context, by_identity):
        return
    raise AwsError("AccessDenied", f"User: {caller.session_arn} is not authorized to perform: sts:AssumeRole on resource: {arn}")


def _trusts(role, caller, context, by_identity):
    statements = policies.documents(role.assume_role_policy_document)
    return policies.resource_decision(statements, caller, "sts:AssumeRole", context, by_identity) == "Allow"
