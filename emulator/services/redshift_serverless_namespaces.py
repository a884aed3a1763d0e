"""Namespaces: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Namespace.html"""
from ..aws import AwsError, arn_of, now
from ..registry import handles
from . import kms
from .redshift_serverless import SERVICE, find, forget_tags, given, keep, new_arn, stored, tag

AWS_OWNED_KEY = "AWS_OWNED_KMS_KEY"
#: The choice of --namespaces. AWS's default is 25: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html
max_namespaces = 25
#: The members that one request can change together.
#: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateNamespace.html
_CHANGED_TOGETHER = (
    {"adminPasswordSecretKmsKeyId", "adminUserPassword", "adminUsername", "manageAdminPassword"},
    {"defaultIamRoleArn", "iamRoles"},
    {"kmsKeyId"},
    {"logExports"},
)
_NOT_SHOWN = ("adminUserPassword", "manageAdminPassword", "tags")


@handles(SERVICE, "CreateNamespace")
def create_namespace(request):
    parameters, region = given(request.parameters), request.caller.region
    # The API reference lists no ServiceQuotaExceededException for this operation. AWS does not document the text.
    if len(stored(region, "namespace")) >= max_namespaces:
        raise AwsError("ValidationException", f"An account can have at most {max_namespaces} namespaces in a Region.")
    arn, identifier = new_arn(region, "namespace")
    namespace = {
        "adminUsername": "admin", "dbName": "dev", "kmsKeyId": AWS_OWNED_KEY, "logExports": [], **parameters,
        "creationDate": now(), "namespaceArn": arn, "namespaceId": identifier, "status": "AVAILABLE",
    }
    _check_admin(parameters)
    _use_key(request, namespace, parameters.get("kmsKeyId"))
    _manage_admin(request, namespace)
    keep(region, "namespace", parameters["namespaceName"], namespace)
    tag(region, arn, parameters.get("tags"))
    return {"namespace": _shown(namespace)}


@handles(SERVICE, "GetNamespace")
def get_namespace(request):
    return {"namespace": _shown(find(request.caller.region, "namespace", request.parameters["namespaceName"]))}


@handles(SERVICE, "ListNamespaces")
def list_namespaces(request):
    return {"namespaces": [_shown(namespace) for namespace in stored(request.caller.region, "namespace").values()]}


@handles(SERVICE, "UpdateNamespace")
def update_namespace(request):
    parameters = given(request.parameters)
    namespace = find(request.caller.region, "namespace", parameters["namespaceName"])
    changed = set(parameters) - {"namespaceName"}
    if sum(bool(changed & together) for together in _CHANGED_TOGETHER) > 1:
        raise AwsError("ValidationException", f"You can't update {' and '.join(sorted(changed))} in one request.")
    _check_admin(parameters)
    # https://github.com/hashicorp/terraform-provider-aws/issues/28122 has the text.
    if ("adminUsername" in changed) != ("adminUserPassword" in changed) and not parameters.get("manageAdminPassword"):
        if changed & {"adminUsername", "adminUserPassword"}:
            raise AwsError("ValidationException", "Specify both the user name and password, or neither.")
    if "kmsKeyId" in changed:
        _check_key_change(namespace, parameters["kmsKeyId"])
        _use_key(request, namespace, parameters["kmsKeyId"])
    namespace |= parameters
    _manage_admin(request, namespace)
    return {"namespace": _shown(namespace)}


@handles(SERVICE, "DeleteNamespace")
def delete_namespace(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_DeleteNamespace.html"""
    name, region = request.parameters["namespaceName"], request.caller.region
    namespace = find(region, "namespace", name)
    # https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-console-namespace-delete.html
    if any(workgroup["namespaceName"] == name for workgroup in stored(region, "workgroup").values()):
        raise AwsError("ConflictException", "There is an operation running or a workgroup associated with the namespace.")
    del stored(region, "namespace")[name]
    forget_tags(region, namespace["namespaceArn"])
    return {"namespace": _shown({**namespace, "status": "DELETING"})}


def _check_admin(parameters):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateNamespace.html"""
    managed = parameters.get("manageAdminPassword")
    if managed and "adminUserPassword" in parameters:
        raise AwsError("ValidationException", "You can't use adminUserPassword if manageAdminPassword is true.")
    if "adminPasswordSecretKmsKeyId" in parameters and not managed:
        raise AwsError("ValidationException", "You can only use adminPasswordSecretKmsKeyId if manageAdminPassword is true.")


def _manage_admin(request, namespace):
    if namespace.get("manageAdminPassword"):
        secret = f"secret:redshift!{namespace['namespaceName']}-{namespace['adminUsername']}"
        namespace["adminPasswordSecretArn"] = arn_of("secretsmanager", request.caller.region, secret)
        namespace.setdefault("adminPasswordSecretKmsKeyId", AWS_OWNED_KEY)


def _check_key_change(namespace, key_id):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroups-and-namespaces-rotate-kms-key.html"""
    if AWS_OWNED_KEY in (namespace["kmsKeyId"], key_id):
        raise AwsError("ValidationException", "The key of a namespace can change only from one customer managed key to another.")


def _use_key(request, namespace, key_id):
    context = {"aws:redshift-serverless:arn": namespace["namespaceArn"]}
    kms.use_through(SERVICE, request.caller, key_id, kms.WAREHOUSE_OPERATIONS, context)


def _shown(namespace):
    shown = {k: v for k, v in namespace.items() if k not in _NOT_SHOWN}
    # AWS does not document this form of a role. The provider reads it:
    # https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/redshiftserverless/namespace.go
    shown["iamRoles"] = [f"IamRole(applyStatus=in-sync, iamRoleArn={arn})" for arn in namespace.get("iamRoles") or []]
    return shown
