"""The properties of keys: their usage, states, rotation and replicas.

https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
"""
import copy
import dataclasses
import datetime
import uuid

from moto.core.utils import unix_time
from moto.kms import models

from .. import authorization
from ..aws import AwsError, arn_of, now
from ..registry import checks, handles
from .kms import key_of

_initialize, _to_dict = models.Key.__init__, models.Key.to_dict
_rotation_periods = {}


def _initialize_key(self, policy, key_usage, *positional, **named):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html: the defaults."""
    _initialize(self, policy, key_usage or "ENCRYPT_DECRYPT", *positional, **named)
    self.multi_region = bool(self.multi_region)
    if self.origin == "EXTERNAL":
        # https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
        self.key_state, self.enabled = "PendingImport", False


def _key_id(multi_region=False):
    """moto's IDs of multi-Region keys have another length, and nothing can be decrypted under them."""
    identifier = str(uuid.uuid4())
    return "mrk-" + identifier.replace("-", "") if multi_region else identifier


def _described(self):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html: members without a value are left out."""
    metadata = {k: v for k, v in _to_dict(self)["KeyMetadata"].items() if v is not None}
    if self.multi_region:
        primary = primary_of(self)
        metadata["MultiRegionConfiguration"] = {
            "MultiRegionKeyType": "PRIMARY" if self is primary else "REPLICA",
            "PrimaryKey": {"Arn": primary.arn, "Region": primary.region},
            "ReplicaKeys": [{"Arn": key.arn, "Region": key.region} for key in replicas_of(primary)],
        }
    if self.key_state == "PendingReplicaDeletion":
        metadata["PendingDeletionWindowInDays"] = self.pending_window_in_days
    return {"KeyMetadata": metadata}


models.generate_key_id = _key_id
models.Key.__init__ = _initialize_key
models.Key.to_dict = _described


def _named(request):
    return key_of(request.caller.region, request.parameters["KeyId"], request.caller.account)


@checks("kms", "CreateKey")
def require_usage(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"""
    parameters = request.parameters
    spec = parameters.get("KeySpec") or parameters.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    if spec != "SYMMETRIC_DEFAULT" and not parameters.get("KeyUsage"):
        message = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
        raise AwsError("ValidationException", message)


# ---- replicas: https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html

def primary_of(key):
    """The key itself, or the primary key of a replica."""
    if not key.multi_region:
        return key
    return models.kms_backends[key.account_id][key.multi_region_configuration["PrimaryKey"]["Region"]].keys[key.id]


def replicas_of(primary):
    backends = models.kms_backends[primary.account_id].values()
    return [b.keys[primary.id] for b in backends if primary.id in b.keys and b.keys[primary.id] is not primary]


@handles("kms", "ReplicateKey")
def replicate_key(request):
    """A replica has a policy, a description, tags, aliases and grants of its own. It is enabled at once, for AWS after a while."""
    parameters, region = request.parameters, request.parameters["ReplicaRegion"]
    primary = _named(request)
    if not primary.multi_region or primary is not primary_of(primary):
        raise AwsError("UnsupportedOperationException", f"{primary.arn} is not a multi-Region primary key.")
    caller = dataclasses.replace(request.caller, region=region)
    owner = primary.account_id
    authorization.require(caller, "kms:CreateKey", "*", owner=owner)
    arn = arn_of("kms", region, f"key/{primary.id}", owner)
    tags = parameters.get("Tags") or []
    if tags:
        authorization.require(caller, "kms:TagResource", arn, owner=owner)
    backend = models.kms_backends[owner][region]
    if primary.id in backend.keys:
        raise AwsError("AlreadyExistsException", f"{arn} already exists.")
    replica = copy.copy(primary)
    created = now()
    replica.region, replica.arn, replica.creation_date = region, arn, unix_time(created)
    replica.policy = parameters.get("Policy") or primary.generate_default_policy()
    replica.description = parameters.get("Description", "")
    replica.aliases, replica.grants = {}, {}
    backend.keys[replica.id] = replica
    backend.tag_resource(replica.id, tags)
    metadata = {**replica.to_dict()["KeyMetadata"], "CreationDate": created}
    return {"ReplicaKeyMetadata": metadata, "ReplicaPolicy": replica.policy, "ReplicaTags": tags}


# ---- rotation, which related keys share: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html

@checks("kms", "DisableKeyRotation", "EnableKeyRotation", "RotateKeyOnDemand")
def refuse_rotation_of_replica(request):
    key = _named(request)
    if key is not primary_of(key):
        raise AwsError("UnsupportedOperationException", f"{key.arn} is a replica key. Rotate its primary key.")


@handles("kms", "EnableKeyRotation")
def enable_key_rotation(request):
    """moto has no rotation period: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""
    key = _named(request)
    key.key_rotation_status = True
    _rotation_periods[key.id] = request.parameters.get("RotationPeriodInDays", 365)
    return {}


@handles("kms", "GetKeyRotationStatus")
def get_key_rotation_status(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html"""
    key = primary_of(_named(request))
    enabled = bool(key.key_rotation_status)
    period = {"RotationPeriodInDays": _rotation_periods.get(key.id, 365)} if enabled else {}
    return {"KeyId": key.id, "KeyRotationEnabled": enabled, **period}


# ---- states: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html

def _is_pending(key):
    return key.key_state.startswith("Pending")


@handles("kms", "ScheduleKeyDeletion")
def schedule_key_deletion(request):
    """The waiting period of a primary key begins once its last replica is deleted, which takes a week at least.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    """
    key, days = _named(request), request.parameters.get("PendingWindowInDays", 30)
    if not 7 <= days <= 30:
        raise AwsError("ValidationException", f"PendingWindowInDays must be between 7 and 30, got: {days}")
    if _is_pending(key):
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    key.enabled, key.pending_window_in_days = False, days
    answer = {"KeyId": key.arn, "PendingWindowInDays": days}
    if key is primary_of(key) and replicas_of(key):
        key.key_state = "PendingReplicaDeletion"
    else:
        key.key_state = "PendingDeletion"
        answer["DeletionDate"] = key.deletion_date = now().replace(microsecond=0) + datetime.timedelta(days=days)
    return {**answer, "KeyState": key.key_state}


@handles("kms", "CancelKeyDeletion", "DisableKey", "EnableKey")
def change_state(request):
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html: the key is disabled then."""
    key = _named(request)
    if _is_pending(key) != (request.operation == "CancelKeyDeletion"):
        raise AwsError("KMSInvalidStateException", f"{key.arn} is {'' if _is_pending(key) else 'not '}pending deletion.")
    key.enabled = request.operation == "EnableKey"
    key.key_state, key.deletion_date = "Enabled" if key.enabled else "Disabled", None
    return {"KeyId": key.arn} if request.operation == "CancelKeyDeletion" else {}
