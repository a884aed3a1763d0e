"""Resources of Redshift that moto lacks. If they have tags, moto's CreateTags, DescribeTags and DeleteTags take them."""
from moto.redshift import models

from ..aws import ACCOUNT, AwsError


class Resource(models.TaggableResourceMixin):
    """A resource, with the members of the API's model."""

    def __init__(self, arn_type, region, name, members, tags):
        super().__init__(ACCOUNT, region, tags)
        self.resource_type = arn_type
        self.name = name
        self.members = members

    @property
    def resource_id(self):
        return self.name

    @property
    def shown(self):
        return {**self.members, "Tags": self.tags}


class Kind:
    """The resources of a kind, by Region and name."""

    def __init__(self, label, already_exists, not_found, arn_type=None):
        """`already_exists` and `not_found` are the codes of AWS's errors. Only resources with an `arn_type` have tags."""
        self._label = label
        self._already_exists = already_exists
        self._not_found = not_found
        self._arn_type = arn_type
        self._regions = {}

    def of(self, region):
        """The resources of a Region, by name."""
        resources = self._regions.setdefault(region, {})
        if self._arn_type:
            models.redshift_backends[ACCOUNT][region].RESOURCE_TYPE_MAP[self._arn_type] = resources
        return resources

    def create(self, request, name, members):
        region = request.caller.region
        if name in self.of(region):
            raise AwsError(self._already_exists, f"The {self._label} {name} already exists.")
        resource = Resource(self._arn_type, region, name, members, request.parameters.get("Tags"))
        self.of(region)[name] = resource
        return resource

    def find(self, request, name):
        try:
            return self.of(request.caller.region)[name]
        except KeyError:
            raise AwsError(self._not_found, f"The {self._label} {name} does not exist.") from None

    def find_all(self, request, name=None):
        """The resource of a name, or all of the Region."""
        return [self.find(request, name)] if name else list(self.of(request.caller.region).values())

    def delete(self, request, name):
        resource = self.find(request, name)
        del self.of(request.caller.region)[name]
        return resource


def given(parameters, *members):
    """The members that a request has."""
    return {member: parameters[member] for member in members if parameters.get(member) is not None}
