"""Facts that AWS does not document, a function for each. A record of a real account replaces the value that is assumed.

docs/verified-on-aws.md lists them.
"""
from . import records

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
#: The choice of --via; None leaves it to the records.
chosen_via = None
#: The choice of --expired-as.
expired_as = "ValidationException"


def via_service(service, region):
    """The kms:ViaService that `redshift` or `redshift-serverless` sends if it creates a warehouse."""
    return _VIA_SERVICE[chosen_via or "regional"](service, region)


def via_service_of_data_api(service, region):
    """The kms:ViaService that the Data API sends for a warehouse of `redshift` or `redshift-serverless`."""
    record = records.of(region)
    # A record is about a namespace.
    if chosen_via is not None or record is None or service != "redshift-serverless":
        return via_service(service, region)
    accepted = sorted(name for name, answer in record["viaServices"].items() if answer == "FINISHED")
    return accepted[0] if accepted else via_service(service, region)


def error_of_expired_statement():
    """The code and the message of the error about a statement that AWS keeps no longer."""
    return expired_as, _EXPIRED[expired_as]


def grantee_of_data_api_grant(region):
    """The grantee of the grant that the Data API makes."""
    grant = records.data_api_grant(region)
    return grant["grantee"] if grant else "redshift-data.amazonaws.com"


def operations_of_data_api_grant(region):
    """The operations of that grant. AWS documents three that the Data API needs, but not that they are all.

    https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
    """
    grant = records.data_api_grant(region)
    return grant["operations"] if grant else ["Encrypt", "GenerateDataKey", "Decrypt"]


def namespace_arn_of_context(namespace_arn, region):
    """The aws:redshift-serverless:arn. AWS documents the namespace's ARN, with `namespace:ID` in the example.

    The ARNs of the service have `namespace/ID`:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftserverless.html
    """
    grant = records.data_api_grant(region)
    recorded = grant["constraints"]["EncryptionContextSubset"]["aws:redshift-serverless:arn"] if grant else ""
    return namespace_arn.replace(":namespace/", ":namespace:") if ":namespace:" in recorded else namespace_arn


def create_time_of_context(cluster_create_time):
    """The aws:redshift:createtime of a cluster. AWS documents the format, but not that it is the ClusterCreateTime."""
    return cluster_create_time.strftime("%Y%m%dT%H%MZ")


def service_of_create_grant_event(service, region):
    """The service that CloudTrail names as invokedBy, sourceIPAddress and userAgent of the Data API's CreateGrant.

    The name without the Region is the form on DynamoDB's page:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    grant = records.data_api_grant(region)
    if grant and grant["event"] and grant["event"]["invokedBy"] and service == "redshift-serverless":
        return grant["event"]["invokedBy"]
    return f"{service}.amazonaws.com"


def config_parameters(documented, region):
    """The configuration parameters of a new workgroup. AWS adds some before it documents them."""
    record = records.of(region)
    return record["workgroup"]["configParameters"] if record else documented


def stored_resource_policy(document, statements, arn):
    """How Redshift Serverless returns the resource policy of a snapshot. AWS does not document it.

    The provider reads one statement that is no list, and removes its Resource:
    https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/redshiftserverless/resource_policy.go.
    Several statements are a list: https://github.com/hashicorp/terraform-provider-aws/issues/44088.
    """
    returned = [{**statement, "Resource": arn} for statement in statements]
    return {**document, "Statement": returned[0] if len(returned) == 1 else returned}
