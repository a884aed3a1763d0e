"""Copies of snapshots in another Region, and the grants that they need there.

https://docs.aws.amazon.com/redshift/latest/mgmt/cross-region-snapshot-copy.html
"""
from moto.core.responses import ActionResult
from moto.redshift import models
from moto.redshift.responses import RedshiftResponse

from ..aws import ACCOUNT, AwsError
from ..registry import checks
from . import redshift

_enable_snapshot_copy = RedshiftResponse.enable_snapshot_copy
_create_snapshot_copy_grant = RedshiftResponse.create_snapshot_copy_grant


def grants(region):
    return models.redshift_backends[ACCOUNT][region].snapshot_copy_grants


def _enable(self):
    """moto drops the retention period of manual snapshots, which is -1, for ever, by default.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableSnapshotCopy.html
    """
    result = _enable_snapshot_copy(self)
    cluster = self.redshift_backend.clusters[self._get_param("ClusterIdentifier")]
    retention_period = self._get_int_param("ManualSnapshotRetentionPeriod", -1)
    cluster.cluster_snapshot_copy_status["ManualSnapshotRetentionPeriod"] = retention_period
    return result


def _modify_retention_period(self):
    """moto answers without the cluster.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifySnapshotCopyRetentionPeriod.html
    """
    identifier, period = self._get_param("ClusterIdentifier"), self._get_int_param("RetentionPeriod")
    return ActionResult({"Cluster": self.redshift_backend.modify_snapshot_copy_retention_period(identifier, period)})


def _create_grant(self):
    """moto gives grants no tags.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateSnapshotCopyGrant.html
    """
    result = _create_snapshot_copy_grant(self)
    grant = self.redshift_backend.snapshot_copy_grants[self._get_param("SnapshotCopyGrantName")]
    models.TaggableResourceMixin.__init__(grant, ACCOUNT, self.region, self._get_param("Tags", []))
    self.redshift_backend.RESOURCE_TYPE_MAP[grant.resource_type] = self.redshift_backend.snapshot_copy_grants
    return result


models.SnapshotCopyGrant.resource_id = property(lambda self: self.snapshot_copy_grant_name)
RedshiftResponse.enable_snapshot_copy = _enable
RedshiftResponse.modify_snapshot_copy_retention_period = _modify_retention_period
RedshiftResponse.create_snapshot_copy_grant = _create_grant


@checks("redshift", "EnableSnapshotCopy")
def require_grant(request):
    """The grant exists in the destination Region.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableSnapshotCopy.html
    """
    name, region = request.parameters.get("SnapshotCopyGrantName"), request.parameters["DestinationRegion"]
    if name and name not in grants(region):
        raise AwsError("SnapshotCopyGrantNotFoundFault", f"The snapshot copy grant {name} does not exist in {region}.")


@checks("redshift", "DeleteSnapshotCopyGrant")
def refuse_used_grant(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteSnapshotCopyGrant.html"""
    name, region = request.parameters["SnapshotCopyGrantName"], request.caller.region
    copying = {"DestinationRegion": region, "SnapshotCopyGrantName": name}.items()
    for other in models.redshift_backends[ACCOUNT].keys():
        for cluster in redshift.clusters(other).values():
            if copying <= (cluster.cluster_snapshot_copy_status or {}).items():
                message = f"The cluster {cluster.cluster_identifier} uses the snapshot copy grant {name}."
                raise AwsError("InvalidSnapshotCopyGrantStateFault", message)
