"""Manual snapshots of clusters: the members that moto drops.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
"""
from moto.core.responses import ActionResult
from moto.redshift import models
from moto.redshift.responses import RedshiftResponse

from ..aws import ACCOUNT, AwsError, arn_of
from . import redshift

#: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterSnapshot.html
FOR_EVER = -1
_create_snapshot = RedshiftResponse.create_cluster_snapshot

models.Snapshot.manual_snapshot_retention_period = FOR_EVER
models.Snapshot.owner_account = ACCOUNT
models.Snapshot.snapshot_arn = property(lambda self: arn_of("redshift", self.region, f"snapshot:{self.resource_id}"))


def _create(self):
    result = _create_snapshot(self)
    snapshot = self.redshift_backend.snapshots[self._get_param("SnapshotIdentifier")]
    snapshot.manual_snapshot_retention_period = self._get_int_param("ManualSnapshotRetentionPeriod", FOR_EVER)
    return result


def _modify(self):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterSnapshot.html"""
    identifier = self._get_param("SnapshotIdentifier")
    snapshot = redshift.snapshots(self.region).get(identifier)
    if snapshot is None:
        raise AwsError("ClusterSnapshotNotFound", f"Snapshot {identifier} not found.")
    snapshot.manual_snapshot_retention_period = self._get_int_param("ManualSnapshotRetentionPeriod", FOR_EVER)
    return ActionResult({"Snapshot": snapshot})


RedshiftResponse.create_cluster_snapshot = _create
RedshiftResponse.modify_cluster_snapshot = _modify
