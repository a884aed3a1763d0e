"""Clusters: the settings that moto drops."""
import uuid

from moto.core.responses import ActionResult
from moto.redshift import models
from moto.redshift.responses import RedshiftResponse

from ..aws import ACCOUNT, AwsError, arn_of
from . import secrets_manager

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
    "KmsKeyId": "kms_key_id",
    "MaintenanceTrackName": "maintenance_track_name",
    "ManualSnapshotRetentionPeriod": "manual_snapshot_retention_period",
    "MasterPasswordSecretKmsKeyId": "master_password_secret_kms_key_id",
    "NumberOfNodes": "number_of_nodes",
}
_create_cluster, _modify_cluster = RedshiftResponse.create_cluster, RedshiftResponse.modify_cluster
_delete_cluster = RedshiftResponse.delete_cluster
_restore_cluster = RedshiftResponse.restore_from_cluster_snapshot
_initialize, _initialize_snapshot = models.Cluster.__init__, models.Snapshot.__init__
_restore = models.RedshiftBackend.restore_from_cluster_snapshot


def clusters(region):
    return models.redshift_backends[ACCOUNT][region].clusters


def snapshots(region):
    return models.redshift_backends[ACCOUNT][region].snapshots


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


def _initialize_snapshot_with_key(self, cluster, *positional, **named):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_Snapshot.html: the key of the cluster."""
    _initialize_snapshot(self, cluster, *positional, **named)
    self.kms_key_id = cluster.kms_key_id


def _restore_with_key(self, **named):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_RestoreFromClusterSnapshot.html: the snapshot's key by default."""
    snapshot = self.describe_cluster_snapshots(snapshot_identifier=named["snapshot_identifier"])[0]
    return _restore(self, kms_key_id=snapshot.kms_key_id, **named)


def _keeps_settings(change):
    """An operation of moto that makes or changes a cluster, with the settings that it drops."""

    def changed(self):
        result = change(self)
        cluster = self.redshift_backend.clusters[self._get_param("ClusterIdentifier")]
        for member, attribute in _KEPT.items():
            if self._get_param(member) is not None:
                setattr(cluster, attribute, self._get_param(member))
        cluster.encrypted = cluster.encrypted or self._get_param("KmsKeyId") is not None
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
models.Snapshot.__init__ = _initialize_snapshot_with_key
models.RedshiftBackend.restore_from_cluster_snapshot = _restore_with_key
RedshiftResponse.create_cluster = _keeps_settings(_create_cluster)
RedshiftResponse.modify_cluster = _keeps_settings(_modify_cluster)
RedshiftResponse.delete_cluster = _delete_cluster_and_secret
RedshiftResponse.restore_from_cluster_snapshot = _keeps_settings(_restore_cluster)


def _modify_cluster_iam_roles(self):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterIamRoles.html"""
    cluster = cluster_of(self.region, self._get_param("ClusterIdentifier"))
    gone = set(self._get_param("RemoveIamRoles", []))
    cluster.iam_roles_arn = [r for r in cluster.iam_roles_arn if r not in gone]
    cluster.iam_roles_arn += [r for r in self._get_param("AddIamRoles", []) if r not in cluster.iam_roles_arn]
    return ActionResult({"Cluster": cluster})


RedshiftResponse.modify_cluster_iam_roles = _modify_cluster_iam_roles
