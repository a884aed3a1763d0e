"""Limits and refusals of IAM that moto lacks."""
import re

from moto.core.utils import get_service_model
from moto.iam.models import iam_backends

from .. import policies
from ..aws import ACCOUNT, AwsError, items
from ..caller import role_named
from ..registry import checks, names_resources

#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: IAM counts no white space.
MAX_INLINE_CHARACTERS = 10_240
MAX_MANAGED_CHARACTERS = 6_144
#: The default quota.
MAX_TRUST_CHARACTERS = 2_048
#: The paths of the roles that only AWS makes and changes.
PROTECTED_PATHS = ("/aws-reserved/", "/aws-service-role/")
_PRINCIPAL = re.compile(r"arn:([a-z-]+):(?:iam::(\d{12}):(?:root|role/.+|user/.+)|sts::(\d{12}):assumed-role/([^/]+)/.+)")


def _operations_that_fail_with(shape):
    model = get_service_model("iam")
    operations = map(model.operation_model, model.operation_names)
    return [o.name for o in operations if any(error.name == shape for error in o.error_shapes)]


@names_resources("iam")
def resource_of(request):
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html"""
    parameters, partition = request.parameters, request.caller.partition
    path = parameters.get("Path") or "/"
    if parameters.get("RoleName"):
        role = role_named(parameters["RoleName"], partition)
        return role.arn if role else f"arn:{partition}:iam::{ACCOUNT}:role{path}{parameters['RoleName']}"
    if parameters.get("PolicyName"):
        return f"arn:{partition}:iam::{ACCOUNT}:policy{path}{parameters['PolicyName']}"
    return parameters.get("PolicyArn", "*")


def principal_exists(name, partition):
    """Whether a policy may name a principal. A role or a user of the account must exist, under that path and no other.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    found = _PRINCIPAL.fullmatch(name)
    if not found:
        return name == "*" or re.fullmatch(r"\d{12}", name) is not None
    named_partition, account, session_account, session_role = found.groups()
    if named_partition != partition:
        return False
    if name.endswith(":root") or ACCOUNT not in (account, session_account):
        return True
    if session_role:
        return role_named(session_role, partition) is not None
    backend = iam_backends[ACCOUNT][partition]
    return name in {p.arn for p in (*backend.roles.values(), *backend.users.values())}


# ---- roles of AWS: https://repost.aws/knowledge-center/identity-center-aws-reserved-sso and
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html

def _is_service(caller):
    """AWS does not let IAM Identity Center be a caller. Here an access key ID such as sso.amazonaws.com is that service."""
    return caller.name.endswith(".amazonaws.com")


# The operations are those that AWS's model says to fail so. TagRole is none of them.
@checks("iam", *_operations_that_fail_with("UnmodifiableEntityException"))
def refuse_changes_of_protected_roles(request):
    name = request.parameters["RoleName"]
    role = role_named(name, request.caller.partition)
    if role is None or not role.path.startswith(PROTECTED_PATHS) or _is_service(request.caller):
        return
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-service-linked-role.html: its description may change.
    describes = request.operation in ("UpdateRole", "UpdateRoleDescription") and "MaxSessionDuration" not in request.parameters
    if describes and role.path.startswith("/aws-service-role/"):
        return
    message = f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
    raise AwsError("UnmodifiableEntity", message)


@checks("iam", "CreateRole")
def refuse_protected_paths(request):
    """AWS does not document this refusal. Its text is from an account, as its users report it."""
    path = request.parameters.get("Path") or "/"
    if path.startswith(PROTECTED_PATHS) and not _is_service(request.caller):
        raise AwsError("InvalidInput", f"The path '{path}' is reserved for AWS use")


# ---- sizes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

def _characters(*documents):
    return sum(len(re.sub(r"\s", "", document)) for document in documents)


@checks("iam", "PutRolePolicy")
def limit_inline_policies(request):
    """The inline policies of a role have one limit together."""
    parameters = request.parameters
    role = role_named(parameters["RoleName"], request.caller.partition)
    if role is None:
        return
    kept = [document for name, document in role.policies.items() if name != parameters["PolicyName"]]
    if _characters(*kept, parameters["PolicyDocument"]) > MAX_INLINE_CHARACTERS:
        message = f"Maximum policy size of {MAX_INLINE_CHARACTERS} bytes exceeded for role {role.name}"
        raise AwsError("LimitExceeded", message)


@checks("iam", "CreatePolicy", "CreatePolicyVersion")
def limit_managed_policy(request):
    if _characters(request.parameters["PolicyDocument"]) > MAX_MANAGED_CHARACTERS:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {MAX_MANAGED_CHARACTERS}")


# ---- trust policies

@checks("iam", "CreateRole", "UpdateAssumeRolePolicy")
def check_trust_policy(request):
    """https://repost.aws/knowledge-center/iam-trust-policy-error"""
    document = request.parameters.get("AssumeRolePolicyDocument") or request.parameters["PolicyDocument"]
    try:
        statements = policies.documents(document)
    except (AttributeError, ValueError):
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    for statement in statements:
        principal = statement.get("Principal")
        for name in items(principal.get("AWS")) if isinstance(principal, dict) else []:
            if not principal_exists(name, request.caller.partition):
                raise AwsError("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{name}"')
    if _characters(document) > MAX_TRUST_CHARACTERS:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {MAX_TRUST_CHARACTERS}")
