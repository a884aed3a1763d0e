"""Parameter groups: their parameters, which moto drops, their clusters, and the reboot that a change waits for.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
"""
from moto.core.responses import ActionResult
from moto.redshift.models import Cluster, redshift_backends
from moto.redshift.responses import RedshiftResponse

from ..aws import ACCOUNT, AwsError
from ..registry import checks, handles
from . import redshift

#: The parameters by Region and group.
_parameters = {}
Cluster.awaits_reboot = False


def _groups(region):
    return redshift_backends[ACCOUNT][region].parameter_groups


@checks("redshift", "CreateCluster", "ModifyCluster", "RestoreFromClusterSnapshot")
def require_group_of_cluster(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html"""
    name = request.parameters.get("ClusterParameterGroupName")
    # AWS has a default group of each family.
    if name and not name.startswith("default.") and name not in _groups(request.caller.region):
        raise AwsError("ClusterParameterGroupNotFound", f"ParameterGroup not found: {name}")


@checks("redshift", "DeleteClusterParameterGroup")
def require_group_without_clusters(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteClusterParameterGroup.html"""
    region, name = request.caller.region, request.parameters["ParameterGroupName"]
    clusters = [c.cluster_identifier for c in redshift.clusters(region).values() if name in c.cluster_parameter_group_name]
    if clusters:
        message = f"The parameter group {name} is associated with {', '.join(clusters)}."
        raise AwsError("InvalidClusterParameterGroupState", message)


@checks("redshift", "CreateClusterParameterGroup")
def forget_parameters_of_deleted_group(request):
    region, name = request.caller.region, request.parameters["ParameterGroupName"]
    if name not in _groups(region):
        _parameters.pop((region, name), None)


@handles("redshift", "ModifyClusterParameterGroup")
def modify_cluster_parameter_group(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterParameterGroup.html"""
    name = request.parameters["ParameterGroupName"]
    stored = _parameters.setdefault((request.caller.region, name), {})
    stored |= {p["ParameterName"]: p["ParameterValue"] for p in request.parameters["Parameters"]}
    for cluster in redshift.clusters(request.caller.region).values():
        # The parameters are static.
        cluster.awaits_reboot = cluster.awaits_reboot or name in cluster.cluster_parameter_group_name
    return {"ParameterGroupName": name, "ParameterGroupStatus": "Your parameter group has been updated"}


@handles("redshift", "DescribeClusterParameters")
def describe_cluster_parameters(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterParameters.html"""
    stored = _parameters.get((request.caller.region, request.parameters["ParameterGroupName"]), {})
    return {"Parameters": [
        {"ParameterName": k, "ParameterValue": v, "Source": "user", "ApplyType": "static", "IsModifiable": True}
        for k, v in stored.items()
    ]}


def _status_of_groups(cluster):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ClusterParameterGroupStatus.html"""
    status = "pending-reboot" if cluster.awaits_reboot else "in-sync"
    return [{"ParameterGroupName": group.name, "ParameterApplyStatus": status} for group in cluster.parameter_groups]


def _reboot_cluster(self):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_RebootCluster.html. The cluster is available at once."""
    cluster = redshift.cluster_of(self.region, self._get_param("ClusterIdentifier"))
    cluster.awaits_reboot = False
    return ActionResult({"Cluster": cluster})


Cluster.cluster_parameter_group_status_list = property(_status_of_groups)
RedshiftResponse.reboot_cluster = _reboot_cluster
