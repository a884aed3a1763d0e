"""The words that every service shares: the account, partitions, ARNs, errors and times."""
import datetime
import os

from moto.core.exceptions import ServiceException
from moto.utilities.utils import get_partition as partition_of

__all__ = ["ACCOUNT", "AwsError", "arn_of", "items", "now", "partition_of"]

ACCOUNT = os.environ["MOTO_ACCOUNT_ID"]


class AwsError(ServiceException):
    """An error that AWS answers with: its code and its message. The API model has the HTTP status."""

    def __init__(self, code, message):
        super().__init__(code, message)


def arn_of(service, region, resource, account=ACCOUNT):
    """arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, with the partition of the Region."""
    return f"arn:{partition_of(region)}:{service}:{region}:{account}:{resource}"


def items(value):
    """A policy element as a list: AWS takes a single value and a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
