"""CloudTrail's event history, as far as it is about grants that the Data API made.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""
import json
import uuid

from .. import assumptions
from ..aws import now
from ..registry import handles

_EVENTS = {}
_ATTRIBUTES = ("EventId", "EventName", "EventSource")


def record_create_grant(caller, service, key, grant):
    """https://docs.aws.amazon.com/kms/latest/developerguide/ct-creategrant.html"""
    invoked_by = assumptions.service_of_create_grant_event(service, caller.region)
    time, identifier = now(), str(uuid.uuid4())
    event = {
        "eventVersion": "1.08",
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": caller.user_id,
            "arn": caller.session_arn,
            "accountId": caller.account,
            "invokedBy": invoked_by,
        },
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "kms.amazonaws.com",
        "eventName": "CreateGrant",
        "awsRegion": caller.region,
        "sourceIPAddress": invoked_by,
        "userAgent": invoked_by,
        "requestParameters": {
            "keyId": key.arn,
            "granteePrincipal": grant.grantee_principal,
            "operations": grant.operations,
            "constraints": {k[0].lower() + k[1:]: v for k, v in grant.constraints.items()},
        },
        "responseElements": {"grantId": grant.id, "keyId": key.arn},
        "eventID": identifier,
        "readOnly": False,
        "resources": [{"ARN": key.arn, "accountId": key.account_id, "type": "AWS::KMS::Key"}],
        "eventType": "AwsApiCall",
        "recipientAccountId": caller.account,
    }
    _EVENTS.setdefault(caller.region, []).insert(0, {
        "CloudTrailEvent": json.dumps(event), "EventId": identifier, "EventName": event["eventName"],
        "EventSource": event["eventSource"], "EventTime": time, "ReadOnly": "false",
    })


@handles("cloudtrail", "LookupEvents")
def lookup_events(request):
    """The newest event is the first. AWS shows an event minutes after it happened; the emulator shows it at once."""
    parameters = request.parameters
    wanted = {a["AttributeKey"]: a["AttributeValue"] for a in parameters.get("LookupAttributes") or []}
    start, end = parameters.get("StartTime"), parameters.get("EndTime")
    return {"Events": [
        event for event in _EVENTS.get(request.caller.region, [])
        if all(key in _ATTRIBUTES and event[key] == value for key, value in wanted.items())
        and (start is None or event["EventTime"] >= start) and (end is None or event["EventTime"] <= end)
    ]}
