"""Key policies and grants, enforced on every operation on a key."""
import dataclasses

from moto.kms import models, responses
from moto.kms.models import kms_backends

from .. import assumptions, authorization, policies
from ..aws import ACCOUNT, AwsError, arn_of, items, now
from ..caller import caller_of
from ..registry import checks, handles
from . import iam

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
#: The operations that need a key that is enabled: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
ENABLED_OPERATIONS = GRANT_OPERATIONS - {"DescribeKey", "RetireGrant"} | {"ReplicateKey"}
#: The operations that have no encryption context: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
OPERATIONS_WITHOUT_CONTEXT = {"DescribeKey", "RetireGrant"}
#: The operations of KEY_OPERATIONS, and of the retiring of grants, that a key of another account serves:
#: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
CROSS_ACCOUNT_OPERATIONS = {
    "CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
    "GetKeyRotationStatus", "ListGrants", "RetireGrant", "RevokeGrant",
}
#: What makes or changes a warehouse needs these:
#: https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-kms-customer-managed-key.html
WAREHOUSE_OPERATIONS = ("CreateGrant", "GenerateDataKey", "Encrypt", "Decrypt", "DescribeKey")
#: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit
MAX_POLICY_BYTES = 32_768


def account_of(key_id, account):
    """The account of an ARN. A key ID and an alias are of the caller's account."""
    fields = key_id.split(":")
    return fields[4] if len(fields) > 5 else account


def key_of(region, key_id, account=ACCOUNT):
    """The key of an ID, an ARN, an alias or an alias' ARN. The account is the caller's.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
    """
    fields = key_id.split(":")
    if len(fields) > 5 and fields[3] != region:
        raise AwsError("NotFoundException", f"Invalid arn {fields[3]}")
    account = account_of(key_id, account)
    backend = kms_backends[account][region]
    name = backend.get_alias_name(key_id)
    if name.startswith("alias/"):
        name = backend.get_key_id_from_alias(name)
        if name is None:
            arn = key_id if len(fields) > 5 else arn_of("kms", region, key_id, account)
            raise AwsError("NotFoundException", f"Alias {arn} is not found.")
    key = backend.keys.get(backend.get_key_id(name))
    if key is None:
        arn = key_id if len(fields) > 5 else arn_of("kms", region, f"key/{key_id}", account)
        raise AwsError("NotFoundException", f"Key '{arn}' does not exist")
    return key


def _validate_key_id(self, key_id):
    """moto refuses the IDs of multi-Region keys. An alias serves some operations only."""
    if "alias/" in key_id:
        raise AwsError("NotFoundException", f"Invalid keyId '{key_id}'")
    key_of(self.region, key_id, self.current_account)


def _account_of_request(self):
    """moto has one account. Here a key is of the account of its ARN, or else of the caller's."""
    key_id = self._get_param("KeyId") or self._get_param("TargetKeyId") or ""
    return account_of(key_id, caller_of(self.headers.get("Authorization", ""))[0].account)


_assert_policy_name = responses._assert_default_policy
# https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html: the name may be left out.
responses._assert_default_policy = lambda name: _assert_policy_name(name or "default")
responses.KmsResponse._validate_cmk_id = _validate_key_id
responses.KmsResponse.get_current_account = _account_of_request
# moto takes a Deny for one principal as a Deny for all.
responses.KmsResponse._validate_key_policy = lambda self, key_id, action: None


_initialize_grant = models.Grant.__init__


def _initialize_dated_grant(self, *positional, **named):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html: moto has no CreationDate."""
    _initialize_grant(self, *positional, **named)
    self.creation_date = now()


models.Grant.__init__ = _initialize_dated_grant


def condition_keys(encryption_context=None, via=None, grant=None):
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
    keys = {f"kms:EncryptionContext:{k}": v for k, v in (encryption_context or {}).items()}
    if encryption_context:
        keys["kms:EncryptionContextKeys"] = list(encryption_context)
    if via:
        keys["kms:ViaService"] = via
    if grant:
        keys |= {"kms:GrantOperations": grant.get("Operations", []), "kms:GranteePrincipal": grant.get("GranteePrincipal", "")}
        keys |= {"kms:GrantConstraintType": kind for kind in grant.get("Constraints") or {}}
        if grant.get("RetiringPrincipal"):
            keys["kms:RetiringPrincipal"] = grant["RetiringPrincipal"]
    return keys


def require(caller, key, operation, context, encryption_context=None):
    """Refuses an operation that neither the key policy nor a grant allows. A caller of another account needs an IAM policy, too.

    https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    """
    if operation in ENABLED_OPERATIONS:
        require_enabled(key)
    if caller.account == key.account_id or operation in CROSS_ACCOUNT_OPERATIONS:
        context = {**context, "kms:ResourceAliases": list(key.aliases)}
        if _policy_allows(key.policy, caller, operation, key.arn, context, key.account_id):
            return
        if operation in GRANT_OPERATIONS and _grant_allows(key, caller, operation, encryption_context or {}):
            return
    action = f"kms:{operation}"
    reason = caller.account != key.account_id and authorization.denial(caller, action, key.arn, context)
    raise AwsError(
        "AccessDeniedException",
        f"User: {caller.session_arn} is not authorized to perform: {action} on resource: {key.arn} "
        + (reason or f"because no resource-based policy allows the {action} action"),
    )


def require_enabled(key):
    if key.key_state == "Disabled":
        raise AwsError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state.startswith("Pending"):
        what = "import" if key.key_state == "PendingImport" else "deletion"
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending {what}.")


def _policy_allows(policy, caller, operation, key_arn, context, owner):
    return authorization.allows_with(policies.documents(policy), caller, f"kms:{operation}", key_arn, context, owner)


def allows_service(key, service, operation, context):
    """Whether the key policy lets an AWS service use a key by itself, and not for a caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
    """
    def named(principal):
        return principal == "*" or service in items((principal or {}).get("Service"))

    statements = [s for s in policies.documents(key.policy) if named(s.get("Principal"))]
    return policies.decision(statements, f"kms:{operation}", key.arn, context) == "Allow"


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


def use_through(service, caller, key_id, operations, encryption_context=None, via=None):
    """An AWS service uses a key for its caller, under the caller's permissions. Returns None for AWS's own key."""
    if not key_id or key_id == "AWS_OWNED_KMS_KEY":
        return None
    key = key_of(caller.region, key_id, caller.account)
    via = via or assumptions.via_service(service, caller.region)
    for operation in operations:
        given = None if operation in OPERATIONS_WITHOUT_CONTEXT else encryption_context
        context = condition_keys(given, via)
        if operation == "CreateGrant":
            context["kms:GrantIsForAWSResource"] = "true"
        require(caller, key, operation, context, given)
    return key


@checks("kms", *KEY_OPERATIONS)
def require_key_access(request):
    caller, parameters, operation = request.caller, request.parameters, request.operation
    key_id = parameters.get("KeyId") or parameters.get("TargetKeyId")
    if operation == "Decrypt" and not key_id:
        # moto's ciphertext begins with the ID of its key.
        key_id = parameters["CiphertextBlob"][:36].decode(errors="replace")
    encryption_context, grant = parameters.get("EncryptionContext") or {}, None
    if operation == "CreateGrant":
        grant = parameters
        constraints = parameters.get("Constraints") or {}
        encryption_context = constraints.get("EncryptionContextSubset") or constraints.get("EncryptionContextEquals") or {}
    context = condition_keys(encryption_context, grant=grant)
    require(caller, key_of(caller.region, key_id, caller.account), operation, context, encryption_context)


@checks("kms", "CreateKey", "ListAliases", "ListKeys")
def require_identity(request):
    """These operations take no key policy: https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies.html"""
    caller = request.caller
    authorization.require(caller, f"kms:{request.operation}", "*", owner=caller.account)
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    if request.operation == "CreateKey" and request.parameters.get("Tags"):
        key_arn = arn_of("kms", caller.region, "key/*", caller.account)
        authorization.require(caller, "kms:TagResource", key_arn, owner=caller.account)


@checks("kms", "CreateAlias", "DeleteAlias", "UpdateAlias")
def require_alias_access(request):
    """The alias is IAM's. The key that it refers to is its key policy's: that of UpdateAlias, too, before and after.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
    """
    caller, name = request.caller, request.parameters["AliasName"]
    arn = arn_of("kms", caller.region, name, caller.account)
    authorization.require(caller, f"kms:{request.operation}", arn, owner=caller.account)
    if request.operation != "CreateAlias":
        require(caller, key_of(caller.region, name, caller.account), request.operation, condition_keys())


@checks("kms", "CreateKey", "PutKeyPolicy", "ReplicateKey")
def check_policy(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"""
    policy = request.parameters.get("Policy")
    caller = dataclasses.replace(request.caller, region=request.parameters.get("ReplicaRegion") or request.caller.region)
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
        principal = {} if statement["Principal"] == "*" else statement["Principal"]
        if not isinstance(principal, dict) or not all(iam.principal_exists(p, caller.partition) for p in items(principal.get("AWS"))):
            message = "Policy contains a statement with one or more invalid principals."
            raise AwsError("MalformedPolicyDocumentException", message)
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key
    if not request.parameters.get("BypassPolicyLockoutSafetyCheck"):
        # A key that is not made yet has no ID that a policy of IAM could name.
        key_id = request.parameters.get("KeyId") if request.operation == "PutKeyPolicy" else None
        any_key = arn_of("kms", caller.region, "key/*", caller.account)
        key_arn = key_of(caller.region, key_id, caller.account).arn if key_id else any_key
        if not _policy_allows(policy, caller, "PutKeyPolicy", key_arn, condition_keys(), caller.account):
            message = "The new key policy will not allow you to update the key policy in the future."
            raise AwsError("MalformedPolicyDocumentException", message)


@handles("kms", "ListGrants")
def list_grants(request):
    """moto lists all grants in one page: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html"""
    parameters = request.parameters
    key = key_of(request.caller.region, parameters["KeyId"], request.caller.account)
    limit = parameters.get("Limit", 50)
    if not 1 <= limit <= 100:
        raise AwsError("ValidationException", f"Limit must be between 1 and 100, got: {limit}")
    wanted = {"id": parameters.get("GrantId"), "grantee_principal": parameters.get("GranteePrincipal")}
    grants = [g for g in key.grants.values() if all(v is None or getattr(g, name) == v for name, v in wanted.items())]
    start = 0
    if parameters.get("Marker"):
        # A grant that is revoked between two pages has no place any more.
        start = next((i for i, g in enumerate(grants) if g.id == parameters["Marker"]), None)
        if start is None:
            raise AwsError("InvalidMarkerException", "The marker is not valid.")
    end = start + limit
    members = [_entry_of(grant, key) for grant in grants[start:end]]
    more = {"NextMarker": grants[end].id} if end < len(grants) else {}
    return {"Grants": members, "Truncated": bool(more), **more}


def _entry_of(grant, key):
    members = {name: value for name, value in grant.to_json().items() if value not in (None, "")}
    return {**members, "CreationDate": grant.creation_date, "KeyId": key.arn}


# ---- retiring of grants: https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html

@checks("kms", "ListRetirableGrants")
def require_retirable_grants(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html: the principal is the resource."""
    authorization.require(request.caller, "kms:ListRetirableGrants", request.parameters["RetiringPrincipal"])


@handles("kms", "RetireGrant")
def retire_grant(request):
    """The grant decides who may retire it. The account may, too, and delegates that by IAM policies."""
    caller, key, grant = request.caller, *_grant_of(request)
    names = (caller.arn, caller.session_arn)
    is_grantee = grant.grantee_principal in names and "RetireGrant" in grant.operations
    if grant.retiring_principal not in names and not is_grantee:
        authorization.require(caller, "kms:RetireGrant", key.arn, owner=key.account_id)
    del key.grants[grant.id]
    return {}


def _grant_of(request):
    parameters, region = request.parameters, request.caller.region
    if parameters.get("GrantToken"):
        keys = [key for backends in kms_backends.values() if region in backends for key in backends[region].keys.values()]
        found = [(key, grant) for key in keys for grant in key.grants.values() if grant.token == parameters["GrantToken"]]
        if not found:
            raise AwsError("InvalidGrantTokenException", "The grant token is not valid.")
        return found[0]
    if not parameters.get("KeyId") or not parameters.get("GrantId"):
        raise AwsError("ValidationException", "RetireGrant requires a grant token, or a key and a grant ID.")
    key = key_of(region, parameters["KeyId"], request.caller.account)
    if parameters["GrantId"] not in key.grants:
        raise AwsError("NotFoundException", f"Grant ID {parameters['GrantId']} not found")
    return key, key.grants[parameters["GrantId"]]
