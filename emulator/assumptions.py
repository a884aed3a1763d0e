"""Facts that AWS does not document, in one place. Each has the value that the emulator assumes."""

_VIA_SERVICE = {
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service lists both names.
    "regional": lambda service, region: f"{service}.{region}.amazonaws.com",
    # https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html shows this name in its example of a key policy.
    "documented": lambda service, region: "redshift.amazonaws.com",
}
_EXPIRED = {
    # https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html lists both errors, and says nothing
    # of statements that have expired. Users report the first one; Terraform's provider has a case for each.
    "ValidationException": "Could not retrieve the query result as it has expired after 24 hours.",
    "ResourceNotFoundException": "Query does not exist.",
}
_via = "regional"
_expired_as = "ValidationException"


def use_via_service(name):
    global _via
    _via = name


def via_service(service, region):
    """The kms:ViaService that `redshift` or `redshift-serverless` sends. AWS does not document the Data API's."""
    return _VIA_SERVICE[_via](service, region)


def use_error_of_expired_statement(code):
    global _expired_as
    _expired_as = code


def error_of_expired_statement():
    """The code and the message of the error about a statement that AWS keeps no longer."""
    return _expired_as, _EXPIRED[_expired_as]


def grantee_of_data_api_grant(region):
    """The grantee of the grant that the Data API makes. AWS does not document it."""
    return "redshift-data.amazonaws.com"


def create_time_of_context(cluster_create_time):
    """The aws:redshift:createtime of a cluster. AWS documents the format, but not that it is the ClusterCreateTime."""
    return cluster_create_time.strftime("%Y%m%dT%H%MZ")
