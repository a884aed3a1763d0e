"""Who a caller is, and who may assume a role."""
from moto.sts.models import AssumedRole

from .. import authorization, policies
from ..aws import AwsError
from ..caller import role_named
from ..registry import checks, handles

_initialize = AssumedRole.__init__


def _initialize_session(self, *positional, **named):
    """A session ends with its role: one of the same name is another role, with another ID."""
    _initialize(self, *positional, **named)
    self.role_id = role_named(self.role_arn.split("/")[-1], self.partition).id


AssumedRole.__init__ = _initialize_session


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
    if parameters.get("PolicyArns"):
        raise AwsError("InvalidAction", "The emulator has no PolicyArns of AssumeRole. Use Policy.")
    arn = parameters["RoleArn"]
    role = role_named(arn.split("/")[-1], caller.partition)
    context = {"sts:RoleSessionName": parameters["RoleSessionName"]}
    if parameters.get("ExternalId"):
        context["sts:ExternalId"] = parameters["ExternalId"]
    if role is not None and role.arn == arn:
        statements = policies.documents(role.assume_role_policy_document)
        if authorization.allows_with(statements, caller, "sts:AssumeRole", arn, context):
            return
    raise AwsError("AccessDenied", f"User: {caller.session_arn} is not authorized to perform: sts:AssumeRole on resource: {arn}")
