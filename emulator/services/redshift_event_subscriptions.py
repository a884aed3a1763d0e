"""Event subscriptions: notifications of clusters to SNS topics.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-event-notifications.html
"""
from moto.sns.models import sns_backends

from ..aws import ACCOUNT, AwsError, now
from ..registry import handles
from . import redshift
from .redshift_resources import Kind, given

SUBSCRIPTIONS = Kind("event subscription", "SubscriptionAlreadyExist", "SubscriptionNotFound", "eventsubscription")
#: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html: for an account in a Region, adjustable.
QUOTA = 20
#: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateEventSubscription.html
CATEGORIES = {"configuration", "management", "monitoring", "pending", "security"}
SEVERITIES = {"ERROR", "INFO"}


def _members(parameters):
    members = given(parameters, "Enabled", "Severity", "SnsTopicArn", "SourceType")
    for member, shown in (("EventCategories", "EventCategoriesList"), ("SourceIds", "SourceIdsList")):
        if parameters.get(member) is not None:
            members[shown] = parameters[member]
    return members


def _check(request, members):
    region, topic = request.caller.region, members["SnsTopicArn"]
    if topic not in sns_backends[ACCOUNT][region].topics:
        raise AwsError("SNSTopicArnNotFound", f"The topic {topic} does not exist.")
    if members["SourceType"] == "cluster":
        for identifier in members["SourceIdsList"]:
            if identifier not in redshift.clusters(region):
                raise AwsError("SourceNotFound", f"The cluster {identifier} does not exist.")
    for category in members["EventCategoriesList"]:
        if category.lower() not in CATEGORIES:
            raise AwsError("SubscriptionCategoryNotFound", f"There is no event category {category}.")
    if members["Severity"] not in SEVERITIES:
        raise AwsError("SubscriptionSeverityNotFound", f"There is no event severity {members['Severity']}.")


@handles("redshift", "CreateEventSubscription")
def create_event_subscription(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateEventSubscription.html"""
    name = request.parameters["SubscriptionName"]
    if len(SUBSCRIPTIONS.find_all(request)) >= QUOTA:
        raise AwsError("EventSubscriptionQuotaExceeded", f"The account has {QUOTA} event subscriptions in this Region.")
    members = {
        # AWS does not document what a subscription without them shows.
        "Enabled": True, "EventCategoriesList": [], "Severity": "INFO", "SourceIdsList": [], "SourceType": None,
        **_members(request.parameters),
        "CustSubscriptionId": name,
        "CustomerAwsId": request.caller.account,
        "Status": "active",
        "SubscriptionCreationTime": now(),
    }
    _check(request, members)
    return {"EventSubscription": SUBSCRIPTIONS.create(request, name, members).shown}


@handles("redshift", "ModifyEventSubscription")
def modify_event_subscription(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyEventSubscription.html"""
    subscription = SUBSCRIPTIONS.find(request, request.parameters["SubscriptionName"])
    changed = {**subscription.members, **_members(request.parameters)}
    _check(request, changed)
    subscription.members = changed
    return {"EventSubscription": subscription.shown}


@handles("redshift", "DeleteEventSubscription")
def delete_event_subscription(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteEventSubscription.html"""
    SUBSCRIPTIONS.delete(request, request.parameters["SubscriptionName"])
    return {}


@handles("redshift", "DescribeEventSubscriptions")
def describe_event_subscriptions(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeEventSubscriptions.html"""
    subscriptions = SUBSCRIPTIONS.find_all(request, request.parameters.get("SubscriptionName"))
    return {"EventSubscriptionsList": [subscription.shown for subscription in subscriptions]}
