"""Parameter groups: their parameters, which moto drops, and their clusters.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
"""
from moto.redshift.models import redshift_backends

from ..aws import ACCOUNT, AwsError
from ..registry import checks, handles
from . import redshift

#: The parameters by Region and group.
_parameters = {}


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
    return {"ParameterGroupName": name, "ParameterGroupStatus": "Your parameter group has been updated"}


@handles("redshift", "DescribeClusterParameters")
def describe_cluster_parameters(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterParameters.html"""
    stored = _parameters.get((request.caller.region, request.parameters["ParameterGroupName"]), {})
    return {"Parameters": [
        {"ParameterName": k, "ParameterValue": v, "Source": "user", "ApplyType": "static", "IsModifiable": True}
        for k, v in stored.items()
    ]}
