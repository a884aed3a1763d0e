"""Key policies and grants, enforced on every operation on a key."""
import re

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends

from .. import assumptions, authorization, policies
from ..aws import ACCOUNT, AwsError, items
from ..registry import checks, handles

#: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
GRANT_OPERATIONS = {
    "CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo", "RetireGrant",
}
#: The operations on one key: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
KEY_OPERATIONS = (
    "CancelKeyDeletion", "CreateAlias", "CreateGrant", "Decrypt", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey",
    "EnableKeyRotation", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GetKeyPolicy", "GetKeyRotationStatus",
    "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListResourceTags", "PutKeyPolicy", "ReplicateKey", "RevokeGrant",
    "RotateKeyOnDemand", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateAlias", "UpdateKeyDescription",
)
#: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit
MAX_POLICY_BYTES = 32_768
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):(root|role/.+|user/.+)")
_rotation_periods = {}


def key_of(region, key_id):
    backend = kms_backends[ACCOUNT][region]
    try:
        return backend.keys[backend.any_id_to_key_id(key_id)]
    except KeyError:
        raise AwsError("NotFoundException", f"Key '{key_id}' does not exist") from None


def condition_keys(encryption_context=None, via=None, grant=None):
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
    keys = {f"kms:EncryptionContext:{k}": v for k, v in (encryption_context or {}).items()}
    if encryption_context:
        keys["kms:EncryptionContextKeys"] = list(encryption_context)
    if via:
        keys |= {"kms:ViaService": via, "kms:GrantIsForAWSResource": "true"}
    if grant:
        keys |= {"kms:GrantOperations": grant.get("Operations", []), "kms:GranteePrincipal": grant.get("GranteePrincipal", "")}
        keys |= {"kms:GrantConstraintType": kind for kind in grant.get("Constraints") or {}}
    return keys


def require(caller, key, operation, context, encryption_context=None):
    """Refuses an operation that neither the key policy nor a grant allows.

    https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
    """
    if key.key_state in ("Disabled", "PendingDeletion") and operation in GRANT_OPERATIONS and operation != "DescribeKey":
        code = "DisabledException" if key.key_state == "Disabled" else "KMSInvalidStateException"
        raise AwsError(code, f"{key.arn} is {key.key_state}.")
    if _policy_allows(key.policy, caller, operation, key.arn, context):
        return
    if operation in GRANT_OPERATIONS and _grant_allows(key, caller, operation, encryption_context or {}):
        return
    raise AwsError(
        "AccessDeniedException",
        f"User: {caller.session_arn} is not authorized to perform: kms:{operation} on resource: {key.arn} "
        f"because no resource-based policy allows the kms:{operation} action",
    )


def _policy_allows(policy, caller, operation, key_arn, context):
    return authorization.allows_with(policies.documents(policy), caller, f"kms:{operation}", key_arn, context)


def _grant_allows(key, caller, operation, encryption_context):
    for grant in key.grants.values():
        constraints = grant.constraints or {}
        subset, equal = constraints.get("EncryptionContextSubset"), constraints.get("EncryptionContextEquals")
        if grant.grantee_principal not in (caller.arn, caller.session_arn) or operation not in grant.operations:
            continue
        if subset and any(encryption_context.get(k) != v for k, v in subset.items()):
            continue
        if equal is not None and equal != encryption_context:
            continue
        return True
    return False


def use_through(service, caller, key_id, operations, encryption_context=None):
    """An AWS service uses a key for its caller, under the caller's permissions. Returns None for AWS's own key."""
    if not key_id or key_id == "AWS_OWNED_KMS_KEY":
        return None
    key = key_of(caller.region, key_id)
    via = assumptions.via_service(service, caller.region)
    for operation in operations:
        require(caller, key, operation, condition_keys(encryption_context, via), encryption_context)
    return key


@checks("kms", *KEY_OPERATIONS)
def require_key_access(request):
    caller, parameters, operation = request.caller, request.parameters, request.operation
    key_id = parameters.get("KeyId") or parameters.get("TargetKeyId")
    if operation == "Decrypt" and not key_id:
        return
    encryption_context, grant = parameters.get("EncryptionContext") or {}, None
    if operation == "CreateGrant":
        grant = parameters
        constraints = parameters.get("Constraints") or {}
        encryption_context = constraints.get("EncryptionContextSubset") or constraints.get("EncryptionContextEquals") or {}
    context = condition_keys(encryption_context, grant=grant)
    require(caller, key_of(caller.region, key_id), operation, context, encryption_context)


@checks("kms", "CreateKey", "ListAliases", "ListKeys")
def require_identity(request):
    """These operations take no key policy: https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies.html"""
    authorization.require(request.caller, f"kms:{request.operation}", "*")


@checks("kms", "CreateKey", "PutKeyPolicy")
def check_policy(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"""
    policy = request.parameters.get("Policy")
    if policy is None:
        return
    try:
        statements = policies.documents(policy)
    except (AttributeError, ValueError):
        raise AwsError("MalformedPolicyDocumentException", "The policy is not valid JSON.") from None
    if len(policy.encode()) > MAX_POLICY_BYTES:
        raise AwsError("LimitExceededException", "The key policy is larger than 32 KB.")
    for statement in statements:
        if statement.get("Effect") not in ("Allow", "Deny") or "Principal" not in statement or "Resource" not in statement:
            raise AwsError("MalformedPolicyDocumentException", "A statement lacks Effect, Principal or Resource.")
        for name in [] if statement["Principal"] == "*" else items(statement["Principal"].get("AWS")):
            if not _exists(name, request.caller.partition):
                message = "Policy contains a statement with one or more invalid principals."
                raise AwsError("MalformedPolicyDocumentException", message)
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key
    if not request.parameters.get("BypassPolicyLockoutSafetyCheck"):
        if not _policy_allows(policy, request.caller, "PutKeyPolicy", "*", condition_keys()):
            message = "The new key policy will not allow you to update the key policy in the future."
            raise AwsError("MalformedPolicyDocumentException", message)


def _exists(name, partition):
    """KMS refuses a role or user of the account that does not exist, under that path and no other."""
    found = _PRINCIPAL.fullmatch(name)
    if not found:
        return name == "*" or re.fullmatch(r"\d{12}", name) is not None
    account, principal = found.groups()
    if principal == "root" or account != ACCOUNT:
        return True
    backend = iam_backends[ACCOUNT][partition]
    return name in {p.arn for p in (*backend.roles.values(), *backend.users.values())}


@handles("kms", "EnableKeyRotation")
def enable_key_rotation(request):
    """moto has no rotation period: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""
    key = key_of(request.caller.region, request.parameters["KeyId"])
    key.key_rotation_status = True
    _rotation_periods[key.arn] = request.parameters.get("RotationPeriodInDays", 365)
    return {}


@handles("kms", "GetKeyRotationStatus")
def get_key_rotation_status(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html"""
    key = key_of(request.caller.region, request.parameters["KeyId"])
    enabled = bool(key.key_rotation_status)
    period = {"RotationPeriodInDays": _rotation_periods.get(key.arn, 365)} if enabled else {}
    return {"KeyId": key.id, "KeyRotationEnabled": enabled, **period}
