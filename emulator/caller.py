"""The caller of a request. The access key ID names it, because nobody signs requests to the emulator.

`root` is the account root. `Name` is the role of that name, in a session of the same name. `444455556666.Name` is a role of
another account. An access key ID that AssumeRole returned is that session.
"""
import dataclasses
import re

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from .aws import ACCOUNT, partition_of


@dataclasses.dataclass(frozen=True)
class Caller:
    account: str
    region: str
    partition: str
    #: The role's name, or `root`.
    name: str
    #: The ARN that key policies and trust policies name: the root's or the role's.
    arn: str
    #: The ARN that GetCallerIdentity returns.
    session_arn: str
    user_id: str
    #: The policy that AssumeRole was given.
    session_policy: str | None = None
    #: Whether the caller is a session of a role that is deleted, or made again since.
    is_deleted: bool = False

    @property
    def is_root(self):
        return self.name == "root"

    @property
    def role(self):
        """The role in IAM; None if the emulator has no such role."""
        return role_named(self.name, self.partition) if self.account == ACCOUNT else None

    @property
    def condition_keys(self):
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
        return {
            "aws:PrincipalAccount": self.account,
            "aws:PrincipalArn": self.arn,
            "aws:PrincipalType": "Account" if self.is_root else "AssumedRole",
            "aws:RequestedRegion": self.region,
            "aws:userid": self.user_id,
            "kms:CallerAccount": self.account,
        }


def role_named(name, partition):
    return next((role for role in iam_backends[ACCOUNT][partition].roles.values() if role.name == name), None)


def caller_of(authorization):
    """The caller and the service of a request, from its Authorization header."""
    found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", authorization)
    key_id, region, service = found.groups() if found else ("anonymous", "us-east-1", "")
    partition = partition_of(region)
    assumed = sts_backends[ACCOUNT][partition].get_assumed_role_from_access_key(key_id)
    if assumed is not None:
        name = assumed.role_arn.split("/")[-1]
        role = role_named(name, partition)
        is_deleted = role is None or role.id != assumed.role_id
        caller = _role(ACCOUNT, region, name, assumed.session_name)
        return dataclasses.replace(caller, session_policy=assumed.policy, is_deleted=is_deleted), service
    account, name = key_id.split(".", 1) if re.match(r"\d{12}\.", key_id) else (ACCOUNT, key_id)
    if name == "root":
        arn = f"arn:{partition}:iam::{account}:root"
        return Caller(account, region, partition, name, arn, arn, account), service
    return _role(account, region, name, name), service


def _role(account, region, name, session):
    partition = partition_of(region)
    role = role_named(name, partition) if account == ACCOUNT else None
    return Caller(
        account, region, partition, name,
        role.arn if role else f"arn:{partition}:iam::{account}:role/{name}",
        f"arn:{partition}:sts::{account}:assumed-role/{name}/{session}",
        f"{role.id if role else 'AROA' + name.upper()}:{session}",
    )
