"""Managed VPC endpoints: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_EndpointAccess.html"""
import uuid

from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends

from ..aws import ACCOUNT, AwsError, now
from ..registry import handles
from .redshift_serverless import SERVICE, find, given, keep, new_arn, stored


@handles(SERVICE, "CreateEndpointAccess")
def create_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateEndpointAccess.html"""
    parameters, region = given(request.parameters), request.caller.region
    name = parameters["endpointName"]
    workgroup = find(region, "workgroup", parameters["workgroupName"])
    subnets = [_subnet_of(region, subnet) for subnet in parameters["subnetIds"]]
    vpc_id = subnets[0].vpc_id
    groups = parameters.get("vpcSecurityGroupIds") or [_default_security_group(region, vpc_id)]
    arn, identifier = new_arn(region, "endpoint")
    endpoint = {
        "address": f"{name}-endpoint-{identifier[:20]}.{region}.redshift-serverless.amazonaws.com",
        "endpointArn": arn, "endpointCreateTime": now(), "endpointName": name, "endpointStatus": "ACTIVE",
        "port": workgroup["port"], "subnetIds": parameters["subnetIds"], "vpcSecurityGroups": _memberships(groups),
        "vpcEndpoint": {
            "vpcEndpointId": f"vpce-{identifier.replace('-', '')[:17]}", "vpcId": vpc_id,
            "networkInterfaces": [_network_interface(subnet) for subnet in subnets],
        },
        "workgroupName": parameters["workgroupName"],
    }
    keep(region, "endpoint", name, endpoint)
    return {"endpoint": endpoint}


@handles(SERVICE, "GetEndpointAccess")
def get_endpoint_access(request):
    return {"endpoint": _endpoint_of(request)}


@handles(SERVICE, "ListEndpointAccess")
def list_endpoint_access(request):
    parameters = request.parameters
    return {"endpoints": [
        endpoint for endpoint in stored(request.caller.region, "endpoint").values()
        if parameters.get("workgroupName") in (None, endpoint["workgroupName"])
        and parameters.get("vpcId") in (None, endpoint["vpcEndpoint"]["vpcId"])
    ]}


@handles(SERVICE, "UpdateEndpointAccess")
def update_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateEndpointAccess.html"""
    endpoint, groups = _endpoint_of(request), request.parameters.get("vpcSecurityGroupIds")
    if groups:
        endpoint["vpcSecurityGroups"] = _memberships(groups)
    return {"endpoint": endpoint}


@handles(SERVICE, "DeleteEndpointAccess")
def delete_endpoint_access(request):
    endpoint = _endpoint_of(request)
    del stored(request.caller.region, "endpoint")[endpoint["endpointName"]]
    return {"endpoint": {**endpoint, "endpointStatus": "DELETING"}}


def _endpoint_of(request):
    return find(request.caller.region, "endpoint", request.parameters["endpointName"])


def _memberships(security_group_ids):
    return [{"status": "active", "vpcSecurityGroupId": group} for group in security_group_ids]


def _subnet_of(region, subnet_id):
    """AWS does not document the text."""
    try:
        return ec2_backends[ACCOUNT][region].get_subnet(subnet_id)
    except InvalidSubnetIdError:
        raise AwsError("ValidationException", f"The subnet {subnet_id} does not exist.") from None


def _default_security_group(region, vpc_id):
    return ec2_backends[ACCOUNT][region].get_security_group_from_name("default", vpc_id).id


def _network_interface(subnet):
    return {
        "availabilityZone": subnet.availability_zone, "networkInterfaceId": f"eni-{uuid.uuid4().hex[:17]}",
        "privateIpAddress": subnet.cidr_block.rsplit(".", 1)[0] + ".10", "subnetId": subnet.id,
    }
