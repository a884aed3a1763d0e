"""Custom domain names of workgroups: https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-connection-CNAME.html"""
from moto.acm.exceptions import CertificateNotFound
from moto.acm.models import acm_backends

from .. import authorization
from ..aws import ACCOUNT, AwsError
from ..registry import handles
from .redshift_serverless import SERVICE, find, stored

_MEMBERS = ("customDomainCertificateArn", "customDomainCertificateExpiryTime", "customDomainName")


@handles(SERVICE, "CreateCustomDomainAssociation")
def create_custom_domain_association(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateCustomDomainAssociation.html"""
    parameters, region = request.parameters, request.caller.region
    workgroup, name = find(region, "workgroup", parameters["workgroupName"]), parameters["customDomainName"]
    if any(other.get("customDomainName") == name for other in stored(region, "workgroup").values()):
        raise AwsError("ConflictException", f"The custom domain {name} is associated already.")
    if "customDomainName" in workgroup:
        raise AwsError("ConflictException", f"Workgroup {workgroup['workgroupName']} has a custom domain already.")
    return _associate(request, workgroup)


@handles(SERVICE, "UpdateCustomDomainAssociation")
def update_custom_domain_association(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateCustomDomainAssociation.html"""
    return _associate(request, _workgroup_of(request))


@handles(SERVICE, "GetCustomDomainAssociation")
def get_custom_domain_association(request):
    return _association_of(_workgroup_of(request))


@handles(SERVICE, "ListCustomDomainAssociations")
def list_custom_domain_associations(request):
    wanted = request.parameters.get("customDomainCertificateArn")
    return {"associations": [
        _association_of(workgroup) for workgroup in stored(request.caller.region, "workgroup").values()
        if "customDomainName" in workgroup
        and wanted in (None, workgroup["customDomainCertificateArn"])
    ]}


@handles(SERVICE, "DeleteCustomDomainAssociation")
def delete_custom_domain_association(request):
    workgroup = _workgroup_of(request)
    for member in _MEMBERS:
        del workgroup[member]
    return {}


def _associate(request, workgroup):
    """The certificate is one of ACM, in the workgroup's Region, that the caller may describe. AWS does not document the texts."""
    arn = request.parameters["customDomainCertificateArn"]
    authorization.require(request.caller, "acm:DescribeCertificate", arn)
    try:
        certificate = acm_backends[ACCOUNT][request.caller.region].get_certificate(arn)
    except CertificateNotFound:
        raise AwsError("ValidationException", f"The certificate {arn} does not exist.") from None
    if certificate.status != "ISSUED":
        raise AwsError("ValidationException", f"The certificate {arn} is {certificate.status}.")
    workgroup |= {
        "customDomainCertificateArn": arn,
        "customDomainCertificateExpiryTime": certificate._cert.not_valid_after_utc.replace(tzinfo=None),
        "customDomainName": request.parameters["customDomainName"],
    }
    return _association_of(workgroup)


def _association_of(workgroup):
    return {member: workgroup[member] for member in (*_MEMBERS, "workgroupName")}


def _workgroup_of(request):
    """The workgroup that has the custom domain of a request."""
    name = request.parameters["customDomainName"]
    workgroup = find(request.caller.region, "workgroup", request.parameters["workgroupName"])
    if workgroup.get("customDomainName") != name:
        raise AwsError("ResourceNotFoundException", f"Custom domain {name} not found.")
    return workgroup
