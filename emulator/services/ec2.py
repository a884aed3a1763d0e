"""Interface VPC endpoints: the settings that moto drops, and refusals that it lacks.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
"""
from moto.ec2.models import ec2_backends
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.vpcs import VPCs

from ..aws import ACCOUNT, AwsError
from ..registry import checks

_initialize, _modify = VPCEndPoint.__init__, VPCs.modify_vpc_endpoint


def _initialize_endpoint(self, *positional, **named):
    """An endpoint without a security group has the default one of its VPC."""
    _initialize(self, *positional, **named)
    if self.vpc_endpoint_type == "Interface" and not self.security_group_ids:
        self.security_group_ids = [self.ec2_backend.get_default_security_group(self.vpc_id).id]


def _modify_endpoint(self):
    """moto does not modify PrivateDnsEnabled.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    """
    result = _modify(self)
    if self._get_param("PrivateDnsEnabled") is not None:
        endpoint = self.ec2_backend.vpc_end_points[self._get_param("VpcEndpointId")]
        endpoint.private_dns_enabled = self._get_bool_param("PrivateDnsEnabled")
    return result


VPCEndPoint.__init__ = _initialize_endpoint
VPCs.modify_vpc_endpoint = _modify_endpoint


@checks("ec2", "CreateVpcEndpoint")
def check_interface_endpoint(request):
    backend, parameters = ec2_backends[ACCOUNT][request.caller.region], request.parameters
    if parameters.get("VpcEndpointType") != "Interface":
        return
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    subnets = backend.describe_subnets(filters={"subnet-id": parameters.get("SubnetIds") or []})
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise AwsError("DuplicateSubnetsInSameZone", "An interface VPC endpoint takes one subnet of each Availability Zone.")
    if parameters.get("PrivateDnsEnabled", True):
        _check_private_dns(backend, parameters["VpcId"], parameters["ServiceName"])


@checks("ec2", "ModifyVpcEndpoint")
def check_modified_endpoint(request):
    backend, parameters = ec2_backends[ACCOUNT][request.caller.region], request.parameters
    endpoint = backend.vpc_end_points.get(parameters["VpcEndpointId"])
    if endpoint is not None and parameters.get("PrivateDnsEnabled") and not endpoint.private_dns_enabled:
        _check_private_dns(backend, endpoint.vpc_id, endpoint.service_name)


def _check_private_dns(backend, vpc_id, service_name):
    """The page above: the VPC has DNS support and DNS host names.

    AWS does not document the second refusal: https://github.com/hashicorp/terraform-provider-aws/issues/17535 shows it.
    """
    vpc = backend.vpcs.get(vpc_id)
    # moto refuses a VPC that does not exist.
    if vpc is None:
        return
    if not _is_on(vpc.enable_dns_support) or not _is_on(vpc.enable_dns_hostnames):
        raise AwsError("InvalidParameter", f"Private DNS requires enableDnsSupport and enableDnsHostnames of {vpc_id}.")
    for other in backend.vpc_end_points.values():
        if (other.vpc_id, other.service_name) == (vpc_id, service_name) and other.private_dns_enabled:
            message = f"private-dns-enabled cannot be set because there is already a conflicting DNS domain in {vpc_id}."
            raise AwsError("InvalidParameter", message)


def _is_on(attribute):
    """moto keeps an attribute as a boolean until it is modified, and then as a string."""
    return str(attribute).lower() == "true"
