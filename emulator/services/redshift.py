"""Clusters: the settings that moto drops, and the use of the caller's permissions on the key."""
import uuid

from moto.core.responses import ActionResult
from moto.redshift import models
from moto.redshift.responses import RedshiftResponse

from ..aws import ACCOUNT, AwsError, arn_of
from ..registry import checks, handles
from . import kms, secrets_manager

# https://docs.aws.amazon.com/redshift/latest/APIReference/API_Cluster.html: the values of a new cluster.
models.Cluster.cluster_availability_status = "Available"
models.Cluster.availability_zone_relocation_status = "disabled"
models.Cluster.multi_az = "disabled"
models.Cluster.maintenance_track_name = "current"
models.Cluster.manual_snapshot_retention_period = -1
models.Cluster.master_password_secret_arn = None
models.Cluster.snapshot_schedule_identifier = None

#: The members that a cluster keeps under another name.
_KEPT = {
    "DefaultIamRoleArn": "default_iam_role_arn",
    "MaintenanceTrackName": "maintenance_track_name",
    "ManualSnapshotRetentionPeriod": "manual_snapshot_retention_period",
    "MasterPasswordSecretKmsKeyId": "master_password_secret_kms_key_id",
    "NumberOfNodes": "number_of_nodes",
}
_create_cluster, _modify_cluster = RedshiftResponse.create_cluster, RedshiftResponse.modify_cluster
_delete_cluster = RedshiftResponse.delete_cluster
_initialize = models.Cluster.__init__
_parameters = {}


def clusters(region):
    return models.redshift_backends[ACCOUNT][region].clusters


def cluster_of(region, identifier):
    try:
        return clusters(region)[identifier]
    except KeyError:
        raise AwsError("ClusterNotFound", f"Cluster {identifier} not found.") from None


def cluster_arn(region, identifier):
    return arn_of("redshift", region, f"cluster:{identifier}")


def _initialize_cluster(self, *positional, **named):
    _initialize(self, *positional, **named)
    self.preferred_maintenance_window = self.preferred_maintenance_window.lower()
    self.cluster_namespace_arn = arn_of("redshift", self.region, f"namespace:{uuid.uuid4()}")


def _keeps_settings(change):
    """CreateCluster or ModifyCluster of moto, with the settings that it drops."""

    def changed(self):
        result = change(self)
        cluster = self.redshift_backend.clusters[self._get_param("ClusterIdentifier")]
        for member, attribute in _KEPT.items():
            if self._get_param(member) is not None:
                setattr(cluster, attribute, self._get_param(member))
        for member, attribute in {"AvailabilityZoneRelocation": "availability_zone_relocation_status", "MultiAZ": "multi_az"}.items():
            if self._get_param(member) is not None:
                setattr(cluster, attribute, "enabled" if self._get_bool_param(member) else "disabled")
        if self._get_bool_param("ManageMasterPassword") and cluster.master_password_secret_arn is None:
            cluster.master_password_secret_arn = secrets_manager.create_admin_secret(
                self.region, cluster.cluster_identifier, cluster.master_username, self._get_param("MasterPasswordSecretKmsKeyId")
            )
        count = cluster.number_of_nodes
        cluster.cluster_nodes = [{"NodeRole": "SHARED" if count == 1 else "LEADER", "PrivateIPAddress": "10.0.0.1"}]
        cluster.cluster_nodes += [
            {"NodeRole": f"COMPUTE-{i}", "PrivateIPAddress": f"10.0.0.{i + 2}"} for i in range(count if count > 1 else 0)
        ]
        return result

    return changed


def _delete_cluster_and_secret(self):
    cluster = self.redshift_backend.clusters.get(self._get_param("ClusterIdentifier"))
    result = _delete_cluster(self)
    if cluster.master_password_secret_arn is not None:
        secrets_manager.delete_admin_secret(self.region, cluster.master_password_secret_arn)
    return result


models.Cluster.__init__ = _initialize_cluster
RedshiftResponse.create_cluster = _keeps_settings(_create_cluster)
RedshiftResponse.modify_cluster = _keeps_settings(_modify_cluster)
RedshiftResponse.delete_cluster = _delete_cluster_and_secret


@checks("redshift", "CreateCluster")
def require_key_of_cluster(request):
    caller, parameters = request.caller, request.parameters
    context = {"aws:redshift:arn": cluster_arn(caller.region, parameters["ClusterIdentifier"])}
    kms.use_through("redshift", caller, parameters.get("KmsKeyId"), ["DescribeKey", "CreateGrant"], context)


@checks("redshift", "ModifyCluster")
def refuse_another_key(request):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/changing-cluster-encryption.html"""
    if request.parameters.get("KmsKeyId"):
        raise AwsError("InvalidParameterCombination", "This encryption info combination is invalid")


@handles("redshift", "ModifyClusterParameterGroup")
def modify_cluster_parameter_group(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterParameterGroup.html"""
    name = request.parameters["ParameterGroupName"]
    stored = _parameters.setdefault((request.caller.region, name), {})
    stored |= {p["ParameterName"]: p["ParameterValue"] for p in request.parameters["Parameters"]}
    return {"ParameterGroupName": name, "ParameterGroupStatus": "Your parameter group has been updated"}


@handles("redshift", "DescribeClusterParameters")
def describe_cluster_parameters(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterParameters.html"""
    stored = _parameters.get((request.caller.region, request.parameters["ParameterGroupName"]), {})
    return {"Parameters": [
        {"ParameterName": k, "ParameterValue": v, "Source": "user", "ApplyType": "static", "IsModifiable": True}
        for k, v in stored.items()
    ]}


def _modify_cluster_iam_roles(self):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterIamRoles.html"""
    cluster = cluster_of(self.region, self._get_param("ClusterIdentifier"))
    gone = set(self._get_param("RemoveIamRoles", []))
    cluster.iam_roles_arn = [r for r in cluster.iam_roles_arn if r not in gone]
    cluster.iam_roles_arn += [r for r in self._get_param("AddIamRoles", []) if r not in cluster.iam_roles_arn]
    return ActionResult({"Cluster": cluster})


RedshiftResponse.modify_cluster_iam_roles = _modify_cluster_iam_roles
