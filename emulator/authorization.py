"""IAM's decision about a request. The identity policies of every caller whose role exists are enforced, on every service.

A role that was never created counts as an administrator, so that a shell needs no set-up. The roles that tests create get what
their policies allow, and no more.
"""
from moto.iam.models import iam_backends

from . import passed_roles, policies, resources
from .aws import ACCOUNT, AwsError

#: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permissions are required.
WITHOUT_PERMISSIONS = {("sts", "GetCallerIdentity")}
#: Key policies, trust policies and owners of statements decide, too: services/kms.py, services/sts.py, services/redshift_data.py.
AUTHORIZED_ELSEWHERE = {"kms", "redshift-data", "sts"}
#: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html: the code of the protocols whose services are older.
INVALID_TOKEN = {"query": "InvalidClientTokenId", "ec2": "AuthFailure"}

#: The kinds of policies that a caller has, in the words of AWS's denials:
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
IDENTITY, BOUNDARY, SESSION = "identity-based policy", "permissions boundary", "session policy"
#: A resource's policy names the session, the role or the account of the caller. These policies of the caller must allow the
#: request, too.
LIMITS = {"session": (), "role": (BOUNDARY, SESSION), "account": (IDENTITY, BOUNDARY, SESSION)}

_checked = {}


def checked_by(name):
    """The requests of the role with a name that were judged: the action, the resource, and whether it was allowed; sorted."""
    return [{"action": a, "resource": r, "allowed": ok} for a, r, ok in sorted(_checked.get(name, ()))]


def require_request(request):
    """Refuses a request that the caller's policies do not allow, and one of a session whose role is deleted.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
    """
    caller = request.caller
    if caller.is_deleted:
        code = INVALID_TOKEN.get(request.protocol, "UnrecognizedClientException")
        raise AwsError(code, "The security token included in the request is invalid.")
    if request.service in AUTHORIZED_ELSEWHERE or (request.service, request.operation) in WITHOUT_PERMISSIONS:
        return
    action = f"{resources.ACTION_PREFIXES.get(request.service, request.service)}:{resources.action_of(request)}"
    for resource in resources.resources_of(request):
        require(caller, action, resource)
    for role_arn, service in passed_roles.of(request):
        require(caller, "iam:PassRole", role_arn, {"iam:PassedToService": service})


def require(caller, action, resource, context=None, owner=ACCOUNT):
    """Refuses an action that the caller's policies do not allow. The owner is the account of the resource."""
    # Another account needs a resource policy, which only keys have here.
    foreign = f"because no resource-based policy allows the {action} action" if caller.account != owner else None
    reason = foreign or denial(caller, action, resource, context)
    _record(caller, action, resource, reason is None)
    if reason:
        raise AwsError(
            "AccessDeniedException",
            f"User: {caller.session_arn} is not authorized to perform: {action} on resource: {resource} {reason}",
        )


def denial(caller, action, resource, context=None):
    """Why the caller's policies deny an action; None if each of them allows it."""
    decisions = _decisions(caller, action, resource, context)
    for kind, decision in decisions.items():
        if decision == "Deny":
            return f"with an explicit deny in {'an' if kind == IDENTITY else 'a'} {kind}"
    return next((f"because no {kind} allows the {action} action" for kind, d in decisions.items() if d is None), None)


def allows_with(statements, caller, action, resource, context, owner=ACCOUNT):
    """Whether the policy of a resource, and the caller's policies, allow an action. A caller of another account needs both.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    decisions = _decisions(caller, action, resource, context)
    granted = policies.grant(statements, caller, action, {**caller.condition_keys, **context})
    limits = LIMITS[granted if caller.account == owner else "account"] if granted else ()
    denied = granted is None or "Deny" in decisions.values()
    allowed = not denied and all(decisions.get(kind, "Allow") == "Allow" for kind in limits)
    _record(caller, action, resource, allowed)
    return allowed


def _record(caller, action, resource, allowed):
    """Only roles that exist have policies that a check reads."""
    if caller.role is not None:
        _checked.setdefault(caller.name, set()).add((action, resource, allowed))


def _decisions(caller, action, resource, context):
    """The decision of each kind of policy that the caller has."""
    role = caller.role
    if caller.is_root or role is None:
        return {}
    managed = map(_document, role.managed_policies.values())
    statements = {IDENTITY: policies.documents(*role.policies.values(), *managed)}
    if role.permissions_boundary_arn:
        statements[BOUNDARY] = _boundary(role.permissions_boundary_arn, caller)
    if caller.session_policy:
        statements[SESSION] = policies.documents(caller.session_policy)
    keys = {**caller.condition_keys, **(context or {})}
    return {kind: policies.decision(s, action, resource, keys) for kind, s in statements.items()}


def _boundary(arn, caller):
    policy = iam_backends[ACCOUNT][caller.partition].managed_policies.get(arn)
    return policies.documents(_document(policy)) if policy else []


def _document(managed_policy):
    return next(v.document for v in managed_policy.versions if v.version_id == managed_policy.default_version_id)
