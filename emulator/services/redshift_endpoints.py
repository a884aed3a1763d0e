"""The VPC endpoints of clusters that Redshift manages.

https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html
"""
import uuid

from moto.ec2.models import ec2_backends
from moto.redshift.models import redshift_backends

from ..aws import ACCOUNT, AwsError, now
from ..registry import handles
from . import redshift
from .redshift_resources import Kind

ENDPOINTS = Kind("Redshift-managed VPC endpoint", "EndpointAlreadyExists", "EndpointNotFound")
#: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html
ENDPOINTS_OF_CLUSTER = 30


@handles("redshift", "CreateEndpointAccess")
def create_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateEndpointAccess.html"""
    region, parameters = request.caller.region, request.parameters
    name, owner = parameters["EndpointName"], parameters.get("ResourceOwner") or ACCOUNT
    # https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc-console-grantor.html
    if owner != ACCOUNT:
        raise AwsError("AccessToClusterDenied", f"The account {owner} has granted no access to its cluster.")
    cluster = redshift.cluster_of(region, parameters.get("ClusterIdentifier"))
    _check(request, cluster)
    subnet_group = redshift_backends[ACCOUNT][region].subnet_groups.get(parameters["SubnetGroupName"])
    if subnet_group is None:
        raise AwsError("ClusterSubnetGroupNotFoundFault", f"Subnet group {parameters['SubnetGroupName']} not found.")
    endpoint = ENDPOINTS.create(request, name, {
        # AWS does not document the form of the address.
        "Address": f"{name}-endpoint-{uuid.uuid4().hex[:12]}.{region}.redshift.amazonaws.com",
        "ClusterIdentifier": cluster.cluster_identifier,
        "EndpointCreateTime": now(),
        "EndpointName": name,
        "EndpointStatus": "active",
        "Port": cluster.port,
        "ResourceOwner": owner,
        "SubnetGroupName": subnet_group.cluster_subnet_group_name,
        "VpcEndpoint": _vpc_endpoint(subnet_group),
    })
    _use_security_groups(request, endpoint)
    return endpoint.members


def _check(request, cluster):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html#managing-cluster-cross-vpc-considerations"""
    if "enabled" not in (cluster.availability_zone_relocation_status, cluster.multi_az):
        raise AwsError("InvalidClusterState", "The cluster must have relocation or Multi-AZ turned on.")
    endpoints = [e for e in ENDPOINTS.find_all(request) if e.members["ClusterIdentifier"] == cluster.cluster_identifier]
    if len(endpoints) >= ENDPOINTS_OF_CLUSTER:
        message = f"The cluster has {ENDPOINTS_OF_CLUSTER} Redshift-managed VPC endpoints."
        raise AwsError("EndpointsPerClusterLimitExceeded", message)


def _vpc_endpoint(subnet_group):
    subnet = subnet_group.subnets[0]
    interface = {
        "AvailabilityZone": subnet.availability_zone,
        "NetworkInterfaceId": f"eni-{uuid.uuid4().hex[:17]}",
        "PrivateIpAddress": subnet.get_available_subnet_ip(None),
        "SubnetId": subnet.id,
    }
    return {
        "NetworkInterfaces": [interface],
        "VpcEndpointId": f"vpce-{uuid.uuid4().hex[:17]}",
        "VpcId": subnet_group.vpc_id,
    }


def _use_security_groups(request, endpoint):
    """The security groups of the request, or the default one of the VPC."""
    ec2 = ec2_backends[ACCOUNT][request.caller.region]
    vpc_id = endpoint.members["VpcEndpoint"]["VpcId"]
    groups = request.parameters.get("VpcSecurityGroupIds") or [ec2.get_default_security_group(vpc_id).id]
    endpoint.members["VpcSecurityGroups"] = [{"Status": "active", "VpcSecurityGroupId": group} for group in groups]


@handles("redshift", "ModifyEndpointAccess")
def modify_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyEndpointAccess.html"""
    endpoint = ENDPOINTS.find(request, request.parameters["EndpointName"])
    if request.parameters.get("VpcSecurityGroupIds"):
        _use_security_groups(request, endpoint)
    return endpoint.members


@handles("redshift", "DeleteEndpointAccess")
def delete_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteEndpointAccess.html"""
    endpoint = ENDPOINTS.delete(request, request.parameters["EndpointName"])
    return {**endpoint.members, "EndpointStatus": "deleting"}


@handles("redshift", "DescribeEndpointAccess")
def describe_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeEndpointAccess.html"""
    cluster = request.parameters.get("ClusterIdentifier")
    endpoints = [e.members for e in ENDPOINTS.find_all(request, request.parameters.get("EndpointName"))]
    return {"EndpointAccessList": [e for e in endpoints if cluster in (None, e["ClusterIdentifier"])]}
