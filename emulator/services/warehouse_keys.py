"""The permissions on a customer managed key of a caller who makes, restores or changes a warehouse or its admin secret.

The callers of CreateNamespace and UpdateNamespace are checked in redshift_serverless_namespaces.py, where the namespace gets its ARN.
"""
from ..aws import AwsError
from ..registry import checks
from . import kms, redshift, redshift_serverless

#: https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
SECRET_OPERATIONS = ("Decrypt", "GenerateDataKey", "CreateGrant", "RetireGrant")
#: https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html#kms-permission-serverless-aug2026
NAMESPACE_OPERATIONS = {
    "CreateWorkgroup": ("Encrypt", "GenerateDataKey", "CreateGrant", "Decrypt"),
    "RestoreFromRecoveryPoint": ("Encrypt", "GenerateDataKey", "CreateGrant", "Decrypt"),
    "RestoreFromSnapshot": ("Encrypt", "GenerateDataKey", "CreateGrant", "Decrypt"),
    "RestoreTableFromRecoveryPoint": ("Decrypt",),
    "RestoreTableFromSnapshot": ("Decrypt",),
}


def _use(request, key_id):
    caller = request.caller
    context = {"aws:redshift:arn": redshift.cluster_arn(caller.region, request.parameters["ClusterIdentifier"])}
    kms.use_through("redshift", caller, key_id, kms.WAREHOUSE_OPERATIONS, context)


@checks("redshift", "CreateCluster")
def require_key_of_cluster(request):
    _use(request, request.parameters.get("KmsKeyId"))


@checks("redshift", "RestoreFromClusterSnapshot")
def require_key_of_restored_cluster(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_RestoreFromClusterSnapshot.html: the key may be another one."""
    snapshot = redshift.snapshots(request.caller.region).get(request.parameters.get("SnapshotIdentifier"))
    key_id, snapshot_key_id = request.parameters.get("KmsKeyId"), snapshot and snapshot.kms_key_id
    _use(request, key_id or snapshot_key_id)
    if key_id and snapshot_key_id and key_id != snapshot_key_id:
        # AWS does not document the permissions on the snapshot's key. The data is under it, so that its use takes Decrypt.
        context = {"aws:redshift:arn": redshift.cluster_arn(request.caller.region, snapshot.cluster_identifier)}
        kms.use_through("redshift", request.caller, snapshot_key_id, ("Decrypt",), context)


@checks("redshift", "ModifyCluster")
def require_key_of_modified_cluster(request):
    """A key can be given to an unencrypted cluster only.

    https://docs.aws.amazon.com/redshift/latest/mgmt/changing-cluster-encryption.html
    """
    key_id = request.parameters.get("KmsKeyId")
    cluster = redshift.cluster_of(request.caller.region, request.parameters["ClusterIdentifier"])
    if key_id and cluster.encrypted:
        raise AwsError("InvalidParameterCombination", "This encryption info combination is invalid")
    _use(request, key_id)


@checks("redshift-serverless", *NAMESPACE_OPERATIONS)
def require_key_of_namespace(request):
    namespace = redshift_serverless.stored(request.caller.region, "namespace").get(request.parameters["namespaceName"], {})
    context = {"aws:redshift-serverless:arn": namespace.get("namespaceArn", "")}
    try:
        operations = NAMESPACE_OPERATIONS[request.operation]
        kms.use_through("redshift-serverless", request.caller, namespace.get("kmsKeyId"), operations, context)
    except AwsError as error:
        if error.code != "AccessDeniedException":
            raise
        raise AwsError("ValidationException", "Insufficient KMS permissions.") from None


# AWS does not document the encryption context of these, nor how Redshift learns that the caller may retire grants.
@checks("redshift", "CreateCluster", "ModifyCluster", "RestoreFromClusterSnapshot")
def require_key_of_cluster_secret(request):
    kms.use_through("redshift", request.caller, request.parameters.get("MasterPasswordSecretKmsKeyId"), SECRET_OPERATIONS)


@checks("redshift-serverless", "CreateNamespace", "RestoreFromSnapshot", "UpdateNamespace")
def require_key_of_namespace_secret(request):
    # Without a managed password, the operation refuses the key of the secret.
    managed = request.parameters.get("manageAdminPassword")
    key_id = request.parameters.get("adminPasswordSecretKmsKeyId") if managed else None
    kms.use_through("redshift-serverless", request.caller, key_id, SECRET_OPERATIONS)
