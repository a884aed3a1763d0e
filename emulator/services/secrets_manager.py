"""The secrets with the passwords of admins, which Redshift makes, rotates and deletes.

https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
"""
import json
import secrets
import time
import uuid

from moto.secretsmanager.models import FakeSecret, secretsmanager_backends

from .. import authorization
from ..aws import ACCOUNT, AwsError, arn_of
from ..registry import checks, handles

#: The owning service, and the prefix of the names.
#: https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html
OWNER = "redshift"
#: The page above: Redshift rotates a secret every 30 days by default.
DEFAULT_RULES = {"AutomaticallyAfterDays": 30}
#: The page above: the caller who lets Redshift manage a password needs these on the secret, and GetRandomPassword.
CALLER_OPERATIONS = ("CreateSecret", "DeleteSecret", "DescribeSecret", "RotateSecret", "TagResource", "UpdateSecret")
_to_dict = FakeSecret.to_dict


def _shown(self):
    """moto has neither Duration nor ScheduleExpression."""
    shown, rules = _to_dict(self), getattr(self, "rotation_rules", None)
    return shown if rules is None else {**shown, "RotationEnabled": self.rotation_enabled, "RotationRules": rules}


FakeSecret.to_dict = _shown


@checks("redshift", "CreateCluster", "ModifyCluster", "RestoreFromClusterSnapshot")
@checks("redshift-serverless", "CreateNamespace", "RestoreFromSnapshot", "UpdateNamespace")
def require_secret_permissions(request):
    parameters = request.parameters
    if not (parameters.get("ManageMasterPassword") or parameters.get("manageAdminPassword")):
        return
    name = parameters.get("ClusterIdentifier") or parameters["namespaceName"]
    secret = arn_of("secretsmanager", request.caller.region, f"secret:{OWNER}!{name}")
    for operation in CALLER_OPERATIONS:
        authorization.require(request.caller, f"secretsmanager:{operation}", secret)
    authorization.require(request.caller, "secretsmanager:GetRandomPassword", "*")


def create_admin_secret(region, warehouse, username, key_id=None):
    """The ARN of a new secret. Without a key, Secrets Manager's own key encrypts it."""
    backend = secretsmanager_backends[ACCOUNT][region]
    # AWS does not document what follows the prefix of the name.
    name = f"{OWNER}!{warehouse}-{username}"
    secret = backend.create_managed_secret(OWNER, name, _value(username), kms_key_id=key_id)
    secret.rotation_enabled, secret.rotation_rules = True, DEFAULT_RULES
    return secret.arn


def delete_admin_secret(region, arn):
    """A warehouse's secret is deleted with the warehouse, as the page above says."""
    secretsmanager_backends[ACCOUNT][region].secrets.pop(arn)


def _value(username):
    return json.dumps({"password": secrets.token_hex(16), "username": username})


def _managed(request):
    secret = secretsmanager_backends[ACCOUNT][request.caller.region].secrets.get(request.parameters["SecretId"])
    if secret is None:
        raise AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if secret.owning_service != OWNER:
        raise AwsError("InvalidRequestException", "The emulator rotates secrets that Redshift manages only.")
    return secret


@handles("secretsmanager", "RotateSecret")
def rotate_secret(request):
    """Managed rotation takes no Lambda function.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
    """
    secret, rules = _managed(request), request.parameters.get("RotationRules")
    if request.parameters.get("RotationLambdaARN"):
        raise AwsError("InvalidRequestException", "A secret with managed rotation takes no Lambda function.")
    if rules is not None:
        if rules.get("AutomaticallyAfterDays") and rules.get("ScheduleExpression"):
            message = "You can specify AutomaticallyAfterDays or ScheduleExpression, but not both."
            raise AwsError("InvalidParameterException", message)
        secret.rotation_enabled, secret.rotation_rules = True, rules
    if request.parameters.get("RotateImmediately", True):
        version = request.parameters.get("ClientRequestToken") or str(uuid.uuid4())
        secret.secret_string = _value(json.loads(secret.secret_string)["username"])
        made = {"createdate": int(time.time()), "secret_string": secret.secret_string, "version_id": version}
        secret.reset_default_version({**made, "version_stages": ["AWSCURRENT"]}, version)
        secret.last_rotation_date = made["createdate"]
    return {"ARN": secret.arn, "Name": secret.name, "VersionId": secret.default_version_id}


@handles("secretsmanager", "CancelRotateSecret")
def cancel_rotate_secret(request):
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html"""
    secret = _managed(request)
    secret.rotation_enabled = False
    return {"ARN": secret.arn, "Name": secret.name}
