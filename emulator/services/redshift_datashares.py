"""Datashares: SQL makes them and adds consumers, their owner authorizes, and a consumer associates a namespace.

https://docs.aws.amazon.com/redshift/latest/dg/across-account.html
"""
import re

from ..aws import ACCOUNT, AwsError, arn_of, now
from ..registry import handles
from . import redshift_namespaces

#: The datashares, by ARN.
_SHARES = {}
#: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_DATASHARE.html
_CREATE = re.compile(r'CREATE\s+DATASHARE\s+"?([\w$-]+)"?', re.IGNORECASE)
#: https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html
_GRANT = re.compile(
    r"""GRANT\s+USAGE\s+ON\s+DATASHARE\s+"?([\w$-]+)"?\s+TO\s+ACCOUNT\s+'(\d{12})'(\s+VIA\s+DATA\s+CATALOG)?""", re.IGNORECASE
)
_ARN = re.compile(r"arn:aws[a-z-]*:redshift:[a-z0-9-]+:(\d{12}):datashare:[0-9a-f-]{36}/.+")


def run(region, namespace_arn, statement):
    """Runs an SQL statement of a namespace, if it is about datashares."""
    created, granted = _CREATE.match(statement.strip()), _GRANT.match(statement.strip())
    if created:
        arn = _arn(region, namespace_arn, created.group(1))
        _SHARES[arn] = {"DataShareArn": arn, "ProducerArn": namespace_arn, "DataShareAssociations": []}
    if granted:
        name, account, through_catalog = granted.groups()
        consumer = f"DataCatalog/{account}" if through_catalog else account
        share = _SHARES.get(_arn(region, namespace_arn, name))
        if share and _association(share, consumer) is None:
            share["DataShareAssociations"].append(_new_association(consumer, "PENDING_AUTHORIZATION"))


def _arn(region, namespace_arn, name):
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshift.html#amazonredshift-resources-for-iam-policies"""
    namespace_id = re.split("[:/]", namespace_arn)[-1]
    return arn_of("redshift", region, f"datashare:{namespace_id}/{name}")


def _association(share, consumer):
    return next((a for a in share["DataShareAssociations"] if a["ConsumerIdentifier"] == consumer), None)


def _new_association(consumer, status):
    return {"ConsumerIdentifier": consumer, "CreatedDate": now(), "Status": status, "StatusChangeDate": now()}


def _own(request):
    """A datashare of the account. AWS does not document the message; terraform-provider-aws reads its end."""
    arn = request.parameters["DataShareArn"]
    share = _SHARES.get(arn)
    if share is None or not redshift_namespaces.exists(request.caller.region, share["ProducerArn"]):
        raise AwsError("InvalidDataShareFault", f"The datashare {arn} is not valid because the ARN doesn't exist.")
    return share


def _visible(request):
    """A datashare that the account can see. The emulator has one account: another one has authorized each that it is asked for."""
    arn = request.parameters["DataShareArn"]
    found = _ARN.fullmatch(arn)
    if found and found.group(1) != ACCOUNT and arn not in _SHARES:
        producer = re.sub(r":datashare:(.+?)/.+", r":namespace:\1", arn)
        _SHARES[arn] = {
            "DataShareArn": arn,
            "DataShareAssociations": [_new_association(ACCOUNT, "AVAILABLE")],
            "ProducerArn": producer,
        }
    return _SHARES[arn] if found and found.group(1) != ACCOUNT else _own(request)


@handles("redshift", "AuthorizeDataShare")
def authorize_data_share(request):
    """https://docs.aws.amazon.com/redshift/latest/dg/writes-authorizing.html: a consumer must be added to the datashare before."""
    share, consumer = _own(request), request.parameters["ConsumerIdentifier"]
    association = _association(share, consumer)
    if association is None:
        raise AwsError("InvalidDataShareFault", f"The datashare {share['DataShareArn']} has no consumer {consumer}.")
    association |= {
        "ProducerAllowedWrites": bool(request.parameters.get("AllowWrites")),
        "Status": "AUTHORIZED",
        "StatusChangeDate": now(),
    }
    return share


@handles("redshift", "DeauthorizeDataShare")
def deauthorize_data_share(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeauthorizeDataShare.html"""
    share = _own(request)
    association = _association(share, request.parameters["ConsumerIdentifier"])
    if association is None or association["Status"] == "DEAUTHORIZED":
        message = "The request is not valid because you have already removed authorization from the data share."
        raise AwsError("InvalidDataShareFault", message)
    association |= {"Status": "DEAUTHORIZED", "StatusChangeDate": now()}
    return share


@handles("redshift", "AssociateDataShareConsumer")
def associate_data_share_consumer(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_AssociateDataShareConsumer.html"""
    share, consumer = _visible(request), _consumer(request)
    status = (_association(share, request.caller.account) or {}).get("Status")
    if status not in ("ACTIVE", "AUTHORIZED", "AVAILABLE"):
        message = f"The datashare {share['DataShareArn']} is not authorized for the account {request.caller.account}."
        raise AwsError("InvalidDataShareFault", message)
    association = _association(share, consumer) or _new_association(consumer, "ACTIVE")
    association |= {"ConsumerAcceptedWrites": bool(request.parameters.get("AllowWrites")), "Status": "ACTIVE"}
    if association not in share["DataShareAssociations"]:
        share["DataShareAssociations"].append(association)
    return share


@handles("redshift", "DisassociateDataShareConsumer")
def disassociate_data_share_consumer(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DisassociateDataShareConsumer.html"""
    share, consumer = _visible(request), _consumer(request)
    association = _association(share, consumer)
    if association is None:
        message = f"The datashare {share['DataShareArn']} either doesn't exist or isn't associated with this data consumer."
        raise AwsError("InvalidDataShareFault", message)
    share["DataShareAssociations"].remove(association)
    return share


def _consumer(request):
    """The namespace that a request is about. The emulator associates neither whole accounts nor Regions."""
    arn = request.parameters.get("ConsumerArn")
    if arn is None:
        raise AwsError("InvalidAction", "The emulator associates datashares with namespaces only.")
    if not redshift_namespaces.exists(request.caller.region, arn):
        raise AwsError("InvalidNamespaceFault", f"The namespace {arn} does not exist.")
    return arn


@handles("redshift", "DescribeDataShares")
def describe_data_shares(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeDataShares.html"""
    if request.parameters.get("DataShareArn"):
        return {"DataShares": [_visible(request)]}
    return {"DataShares": list(_SHARES.values())}
