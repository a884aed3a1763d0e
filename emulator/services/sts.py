"""Who a caller is, and who may assume a role."""
import base64
import json
import time

from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole

from .. import authorization, policies
from ..aws import ACCOUNT, AwsError
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


@checks("sts", "AssumeRoleWithWebIdentity")
def require_web_identity(request):
    """A provider of the account has the issuer and the audience of a token, and the trust policy lets its user in.

    Nobody signs tokens for the emulator, so that it does not check signatures.
    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    parameters, partition = request.parameters, request.caller.partition
    claims = _claims(parameters["WebIdentityToken"])
    issuer = str(claims.get("iss")).removeprefix("https://")
    providers = iam_backends[ACCOUNT][partition].open_id_providers
    provider = next((provider for provider in providers.values() if provider.url == issuer), None)
    if provider is None:
        raise AwsError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{issuer}")
    if claims.get("aud") not in provider.client_id_list:
        raise AwsError("InvalidIdentityToken", "Incorrect token audience")
    if not claims.get("exp", 0) > time.time():
        raise AwsError("ExpiredTokenException", "Token expired")
    context = {f"{issuer}:{claim}": claims.get(claim) for claim in ("aud", "sub")}
    context["sts:RoleSessionName"] = parameters["RoleSessionName"]
    arn = parameters["RoleArn"]
    role = role_named(arn.split("/")[-1], partition)
    is_trusted = role is not None and role.arn == arn and policies.trusts(
        role.assume_role_policy_document, provider.arn, context, "Federated", "sts:AssumeRoleWithWebIdentity"
    )
    if not is_trusted:
        raise AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def _claims(token):
    """The claims of a JSON Web Token: https://www.rfc-editor.org/rfc/rfc7519#section-3"""
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        raise AwsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from None
