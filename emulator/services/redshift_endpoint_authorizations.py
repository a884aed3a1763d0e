"""The authorizations of other accounts to create endpoints of a cluster.

https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html
"""
from ..aws import ACCOUNT, AwsError, now
from ..registry import handles
from . import redshift
from .redshift_resources import Kind

AUTHORIZATIONS = Kind("endpoint authorization", "EndpointAuthorizationAlreadyExists", "EndpointAuthorizationNotFound")


def _name(cluster, account):
    """The time of creation is part of the name, so that the authorizations of a cluster go with it."""
    return f"{cluster.cluster_identifier}/{cluster.create_time}/{account}"


@handles("redshift", "AuthorizeEndpointAccess")
def authorize_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_AuthorizeEndpointAccess.html

    AWS does not document that a second call adds VPCs. terraform-provider-aws relies on it.
    """
    account, vpc_ids = request.parameters["Account"], request.parameters.get("VpcIds") or []
    cluster = redshift.cluster_of(request.caller.region, request.parameters.get("ClusterIdentifier"))
    existing = AUTHORIZATIONS.of(request.caller.region).get(_name(cluster, account))
    if existing and vpc_ids and not existing.members["AllowedAllVPCs"]:
        existing.members["AllowedVPCs"] += [vpc_id for vpc_id in vpc_ids if vpc_id not in existing.members["AllowedVPCs"]]
        return existing.members
    return AUTHORIZATIONS.create(request, _name(cluster, account), {
        "AllowedAllVPCs": not vpc_ids,
        "AllowedVPCs": vpc_ids,
        "AuthorizeTime": now(),
        "ClusterIdentifier": cluster.cluster_identifier,
        "ClusterStatus": cluster.status,
        "EndpointCount": 0,
        "Grantee": account,
        "Grantor": ACCOUNT,
        "Status": "Authorized",
    }).members


@handles("redshift", "RevokeEndpointAccess")
def revoke_endpoint_access(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_RevokeEndpointAccess.html"""
    account, vpc_ids = request.parameters.get("Account"), request.parameters.get("VpcIds") or []
    cluster = redshift.cluster_of(request.caller.region, request.parameters.get("ClusterIdentifier"))
    authorization = AUTHORIZATIONS.find(request, _name(cluster, account))
    missing = [vpc_id for vpc_id in vpc_ids if vpc_id not in authorization.members["AllowedVPCs"]]
    if missing:
        raise AwsError("EndpointAuthorizationNotFound", f"The VPC {missing[0]} is not authorized.")
    if not vpc_ids:
        AUTHORIZATIONS.delete(request, _name(cluster, account))
        return {**authorization.members, "Status": "Revoking"}
    authorization.members["AllowedVPCs"] = [v for v in authorization.members["AllowedVPCs"] if v not in vpc_ids]
    return authorization.members


@handles("redshift", "DescribeEndpointAuthorization")
def describe_endpoint_authorization(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeEndpointAuthorization.html"""
    region, account = request.caller.region, request.parameters.get("Account")
    names = {_name(cluster, account) for cluster in redshift.clusters(region).values()} if account else None
    wanted = request.parameters.get("ClusterIdentifier")
    return {"EndpointAuthorizationList": [
        authorization.members for name, authorization in AUTHORIZATIONS.of(region).items()
        if (names is None or name in names) and wanted in (None, authorization.members["ClusterIdentifier"])
    ]}
