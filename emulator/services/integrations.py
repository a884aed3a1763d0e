"""Zero-ETL integrations into namespaces. The API of Redshift has those of DynamoDB, the API of RDS those of databases.

The emulator models no sources, and copies no data.

https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-setting-up.create-integration-ddb.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.creating.html
"""
import uuid

from moto.kms.models import kms_backends

from ..aws import ACCOUNT, AwsError, arn_of, now
from ..registry import handles
from . import kms, redshift_namespaces, redshift_resource_policies
from .redshift_resources import Kind, given

#: The name of a service in pairs of encryption contexts, and the member of its requests with the tags.
_SERVICES = {"rds": ("RDS", "Tags"), "redshift": ("Redshift", "TagList")}
_INTEGRATIONS = {
    "rds": Kind("integration", "IntegrationAlreadyExistsFault", "IntegrationNotFoundFault"),
    "redshift": Kind("integration", "IntegrationAlreadyExistsFault", "IntegrationNotFoundFault", "integration"),
}
#: https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-setting-up.create-integration-ddb.html: the operations of the grant.
_OPERATIONS = ["Decrypt", "GenerateDataKey", "CreateGrant"]
_REDSHIFT = "redshift.amazonaws.com"


@handles("redshift", "CreateIntegration")
@handles("rds", "CreateIntegration")
def create_integration(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateIntegration.html
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateIntegration.html
    """
    service, parameters, region = request.service, request.parameters, request.caller.region
    name, target = parameters["IntegrationName"], parameters["TargetArn"]
    if any(integration.members["IntegrationName"] == name for integration in _INTEGRATIONS[service].find_all(request)):
        raise AwsError("IntegrationAlreadyExistsFault", f"The integration {name} already exists.")
    if service == "redshift" and not redshift_namespaces.exists(region, target):
        raise AwsError("IntegrationTargetNotFoundFault", f"The target {target} does not exist.")
    _require_authorization(parameters["SourceArn"], target)
    identifier = str(uuid.uuid4())
    arn = arn_of(service, region, f"integration:{identifier}")
    context = {
        **(parameters.get("AdditionalEncryptionContext") or {}),
        f"aws:{service}:integration:arn": arn,
        "aws:servicename:id": _SERVICES[service][0],
    }
    _grant_key(request, arn, context)
    integration = _INTEGRATIONS[service].create(request, identifier, {
        **given(parameters, "AdditionalEncryptionContext", "DataFilter", "Description"),
        "CreateTime": now(),
        "IntegrationArn": arn,
        "IntegrationName": name,
        "KMSKeyId": parameters.get("KMSKeyId") or "AWS_OWNED_KMS_KEY",
        "SourceArn": parameters["SourceArn"],
        "Status": "active",
        "TargetArn": target,
    })
    integration.tags = parameters.get(_SERVICES[service][1]) or []
    return integration.shown


def _require_authorization(source, target):
    """AWS does not document the error of a source that the namespace does not authorize.

    https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-using.redshift-iam.html
    """
    if not redshift_resource_policies.authorizes(target, source):
        raise AwsError("AccessDeniedException", f"{target} does not authorize the source {source}.")


def _grant_key(request, arn, context):
    """The caller and Redshift create grants. AWS does not document the error if the key policy allows Redshift none, nor the grantee."""
    key_id = request.parameters.get("KMSKeyId")
    key = kms.use_through(request.service, request.caller, key_id, ("DescribeKey", "CreateGrant"), context)
    if key is None:
        return
    sent = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": arn}
    grant = {"GranteePrincipal": _REDSHIFT, "Operations": _OPERATIONS}
    if not kms.allows_service(key, _REDSHIFT, "CreateGrant", {**kms.condition_keys(context, grant=grant), **sent}):
        raise AwsError("AccessDeniedException", f"The key policy does not allow {_REDSHIFT} to create grants with {key.arn}.")
    constraints = {"EncryptionContextSubset": context}
    kms_backends[key.account_id][request.caller.region].create_grant(key.id, _REDSHIFT, _OPERATIONS, "", constraints, None)


def _found(request):
    """The integration of an ARN or, in the API of RDS, of an identifier."""
    identifier = request.parameters.get("IntegrationArn") or request.parameters.get("IntegrationIdentifier")
    return _INTEGRATIONS[request.service].find(request, identifier.split(":")[-1])


@handles("redshift", "DescribeIntegrations")
@handles("rds", "DescribeIntegrations")
def describe_integrations(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeIntegrations.html"""
    is_one = any(request.parameters.get(member) for member in ("IntegrationArn", "IntegrationIdentifier"))
    integrations = [_found(request)] if is_one else _INTEGRATIONS[request.service].find_all(request)
    return {"Integrations": [integration.shown for integration in integrations]}


@handles("redshift", "ModifyIntegration")
@handles("rds", "ModifyIntegration")
def modify_integration(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyIntegration.html"""
    integration = _found(request)
    integration.members |= given(request.parameters, "DataFilter", "Description", "IntegrationName")
    return integration.shown


@handles("redshift", "DeleteIntegration")
@handles("rds", "DeleteIntegration")
def delete_integration(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteIntegration.html"""
    integration = _found(request)
    _INTEGRATIONS[request.service].delete(request, integration.name)
    return {**integration.shown, "Status": "deleting"}


@handles("rds", "AddTagsToResource", "RemoveTagsFromResource")
def change_tags(request):
    """https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html: of integrations only."""
    integration = _INTEGRATIONS["rds"].find(request, request.parameters["ResourceName"].split(":")[-1])
    changed = request.parameters.get("Tags") or []
    gone = {*(request.parameters.get("TagKeys") or []), *(tag["Key"] for tag in changed)}
    integration.tags = [tag for tag in integration.tags if tag["Key"] not in gone] + changed
    return {}
