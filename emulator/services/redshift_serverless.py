"""Redshift Serverless, which moto lacks: what its resources share. A file beside this one models each kind of resource.

https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/Welcome.html
"""
import uuid

from ..aws import AwsError, arn_of
from ..registry import handles, names_resources

SERVICE = "redshift-serverless"
#: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-tagging.html
MAX_TAGS = 50
#: The kinds of resources that ARNs and IAM policies name: the ARN's word, its member, and the member of requests that names one.
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftserverless.html
_KINDS = {
    "namespace": ("namespace", "namespaceArn", "namespaceName"),
    "workgroup": ("workgroup", "workgroupArn", "workgroupName"),
    "snapshot": ("snapshot", "snapshotArn", "snapshotName"),
    "endpoint": ("managedvpcendpoint", "endpointArn", "endpointName"),
}
_stored = {}
_tags = {}


def stored(region, kind):
    """The resources of a kind in a Region, by name."""
    return _stored.setdefault((region, kind), {})


def find(region, kind, name):
    """Each operation on a resource lists the ResourceNotFoundException. AWS does not document its text: users report that of
    a workgroup, and terraform-provider-aws takes a snapshot as deleted if the text has the word snapshot.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetWorkgroup.html
    https://github.com/aws/amazon-redshift-jdbc-driver/issues/137
    """
    try:
        return stored(region, kind)[name]
    except KeyError:
        text = f"Serverless workgroup {name} not found." if kind == "workgroup" else f"The {kind} {name} was not found."
        raise AwsError("ResourceNotFoundException", text) from None


def find_by_arn(region, arn):
    """A resource that has an ARN, and its kind."""
    for kind, (_, member, _) in _KINDS.items():
        for resource in stored(region, kind).values():
            if resource[member] == arn:
                return kind, resource
    raise AwsError("ResourceNotFoundException", f"The resource {arn} was not found.")


def keep(region, kind, name, resource):
    """Stores a new resource. Each operation that creates one lists the ConflictException."""
    if name in stored(region, kind):
        raise AwsError("ConflictException", f"{kind.capitalize()} {name} already exists.")
    stored(region, kind)[name] = resource


def new_arn(region, kind):
    """The ARN of a new resource, and the ID that it ends with."""
    identifier = str(uuid.uuid4())
    return arn_of(SERVICE, region, f"{_KINDS[kind][0]}/{identifier}"), identifier


def given(parameters):
    return {k: v for k, v in parameters.items() if v is not None}


@names_resources(SERVICE)
def resource_of(request):
    """The ARN of the resource that a request names; a new one has no ID yet."""
    parameters, region = request.parameters, request.caller.region
    named = {kind for kind, (_, _, name) in _KINDS.items() if parameters.get(name)}
    for kind in ("endpoint", "snapshot", "workgroup", "namespace"):
        if kind in named:
            word, member, name = _KINDS[kind]
            found = stored(region, kind).get(parameters[name])
            return found[member] if found else arn_of(SERVICE, region, f"{word}/*")
    return parameters.get("resourceArn") or parameters.get("snapshotArn") or "*"


# ---- tags: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_TagResource.html

def tag(region, arn, tags):
    tagged = _tags.get((region, arn), {}) | {t["key"]: t["value"] for t in tags or []}
    if len(tagged) > MAX_TAGS:
        raise AwsError("TooManyTagsException", f"A resource can have at most {MAX_TAGS} tags.")
    _tags[region, arn] = tagged


def forget_tags(region, arn):
    _tags.pop((region, arn), None)


@handles(SERVICE, "ListTagsForResource", "TagResource", "UntagResource")
def tags_of_resource(request):
    parameters, region = request.parameters, request.caller.region
    arn = parameters["resourceArn"]
    find_by_arn(region, arn)
    if request.operation == "ListTagsForResource":
        return {"tags": [{"key": k, "value": v} for k, v in _tags.get((region, arn), {}).items()]}
    if request.operation == "TagResource":
        tag(region, arn, parameters["tags"])
    for key in parameters.get("tagKeys") or []:
        _tags.get((region, arn), {}).pop(key, None)
    return {}
