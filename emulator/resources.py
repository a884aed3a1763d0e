"""The ARN of the resource that a request is about, as IAM policies name it; "*" if an action takes no resource.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
from . import registry
from .aws import arn_of

#: For each service, the members that name a resource, the first one first, and the rest of its ARN.
_MEMBERS = {
    "redshift": {
        "SnapshotIdentifier": lambda name, p: f"snapshot:{p.get('ClusterIdentifier') or p.get('SnapshotClusterIdentifier') or '*'}/{name}",
        "ClusterIdentifier": lambda name, p: f"cluster:{name}",
        "ParameterGroupName": lambda name, p: f"parametergroup:{name}",
        "ClusterSubnetGroupName": lambda name, p: f"subnetgroup:{name}",
        "SnapshotCopyGrantName": lambda name, p: f"snapshotcopygrant:{name}",
        "ScheduleIdentifier": lambda name, p: f"snapshotschedule:{name}",
        "SubscriptionName": lambda name, p: f"eventsubscription:{name}",
        "UsageLimitId": lambda name, p: f"usagelimit:{name}",
    },
    "logs": {
        "logGroupName": lambda name, p: f"log-group:{name}",
    },
    "cloudwatch": {
        "AlarmName": lambda name, p: f"alarm:{name}",
    },
    "sns": {
        "Name": lambda name, p: name,
    },
}
#: The members that hold the ARN itself.
_ARN_MEMBERS = ("ResourceName", "ResourceArn", "resourceArn", "TopicArn", "DataShareArn", "SecretId")

def resource_of(request):
    named = registry.resource_of(request)
    if named is not None:
        return named
    parameters = request.parameters
    for member, rest in _MEMBERS.get(request.service, {}).items():
        if isinstance(parameters.get(member), str):
            return arn_of(request.service, request.caller.region, rest(parameters[member], parameters))
    return next((parameters[m] for m in _ARN_MEMBERS if str(parameters.get(m, "")).startswith("arn:")), "*")
