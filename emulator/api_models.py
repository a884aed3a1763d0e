"""AWS's own models of its APIs, which botocore ships, and the checks of requests against them.

`newer_models/` adds the operations that botocore's models lack, in botocore's own format; each names its page of AWS's documentation.
"""
import base64
import functools
import pathlib

import regex
from botocore.loaders import Loader
from moto.core.model import ServiceModel

from .aws import AwsError

_loader = Loader(extra_search_paths=[pathlib.Path(__file__).parent / "newer_models"])

#: The code of a request that breaks the model, if the protocol or the service has another than the JSON protocols.
_CODES = {
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    "ec2": "InvalidParameterValue",
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html#API_CreateLogGroup_Errors
    "logs": "InvalidParameterException",
    # https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
    "query": "ValidationError",
    # https://docs.aws.amazon.com/redshift/latest/APIReference/CommonErrors.html
    "redshift": "InvalidParameterValue",
}
#: The services that have a code of its own for a missing member.
_MISSING_PARAMETER = ("ec2", "redshift")
#: The members of each form that name the operation.
_OF_EVERY_FORM = {"Action", "Version"}
#: The Python types of a value, and AWS's name for the type.
_TYPES = {
    "blob": ((bytes, str), "a Blob"),
    "boolean": (bool, "a Boolean"),
    "double": ((float, int), "a Double"),
    "float": ((float, int), "a Float"),
    "integer": (int, "an Integer"),
    "list": (list, "a List"),
    "long": (int, "a Long"),
    "map": (dict, "a Map"),
    "string": (str, "a String"),
    "structure": (dict, "a Structure"),
}
_BASE64 = regex.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
#: The types whose values have members of their own.
_WITH_MEMBERS = ("list", "map", "structure")


@functools.cache
def model_of(service):
    return ServiceModel(_loader.load_service_model(service, "service-2"), service)


def invalid(request, message):
    """The error of a request that breaks the model."""
    return AwsError(_CODES.get(request.service) or _CODES.get(request.protocol, "ValidationException"), message)


def check(request):
    """Refuses a request that breaks the model: unknown and missing members, types, enums, patterns, lengths and ranges."""
    shape = request.model.input_shape
    if shape is None:
        return
    check_of = _Check(request)
    violations = list(check_of.structure(shape, request.members, ""))
    unread = request.form.keys() - request.read_names - _OF_EVERY_FORM
    if unread:
        raise check_of.unknown(min(unread))
    if violations:
        errors = "1 validation error" if len(violations) == 1 else f"{len(violations)} validation errors"
        raise invalid(request, f"{errors} detected: {'; '.join(violations)}")


class _Check:
    def __init__(self, request):
        self.request = request
        self.has_wire_names = request.protocol in ("json", "rest-json")

    def unknown(self, name):
        """Only EC2 documents its answer to unknown members. The emulator refuses them, so that none is dropped in silence."""
        if self.request.protocol == "ec2":
            return AwsError("UnknownParameter", f"The parameter {name} is not recognized")
        return invalid(self.request, f"The API model of {self.request.service} {self.request.operation} has no member {name}.")

    def structure(self, shape, values, path):
        members = {self._name(name, member): (name, member) for name, member in shape.members.items()}
        for name in values.keys() - members.keys():
            raise self.unknown(f"{path}{name}")
        for sent_name, (name, member) in members.items():
            at, value = f"{path}{name[0].lower()}{name[1:]}", values.get(sent_name)
            if value is not None:
                yield from self._member(member, value, at)
            elif name in shape.required_members and self.request.service in _MISSING_PARAMETER:
                raise AwsError("MissingParameter", f"The request must contain the parameter {path}{name}")
            elif name in shape.required_members:
                yield _message("Value null", at, "Member must not be null")

    def _name(self, name, member):
        return member.serialization.get("name", name) if self.has_wire_names else name

    def _member(self, shape, value, path):
        self._require_type(shape, value, path)
        violated = list(_violated(shape, value))
        shown = "Value" if shape.metadata.get("sensitive") else f"Value '{_shown(value)}'"
        if shape.type_name == "structure" and not shape.is_document_type:
            yield from self.structure(shape, value, f"{path}.")
        elif shape.type_name == "list" and shape.member.type_name in _WITH_MEMBERS:
            for i, element in enumerate(value):
                yield from self._member(shape.member, element, f"{path}.{i + 1}.member")
        elif shape.type_name == "list":
            violated += self._of_all("Member must satisfy constraint", shape.member, value, path)
        elif shape.type_name == "map":
            violated += self._of_all("Map keys must satisfy constraint", shape.key, value.keys(), path)
            if shape.value.type_name in _WITH_MEMBERS:
                for key, element in value.items():
                    yield from self._member(shape.value, element, f"{path}.{key}.member")
            else:
                violated += self._of_all("Map value must satisfy constraint", shape.value, value.values(), path)
        yield from (_message(shown, path, constraint) for constraint in violated)

    def _of_all(self, words, shape, values, path):
        constraints = {}
        for value in values:
            self._require_type(shape, value, path)
            constraints |= dict.fromkeys(_violated(shape, value))
        return [f"{words}: [{', '.join(constraints)}]"] if constraints else []

    def _require_type(self, shape, value, path):
        """Members of forms are strings, and moto's parser has read them as the model's types."""
        types, name = _TYPES.get(shape.type_name, (object, ""))
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool and types is not object):
            raise AwsError("SerializationException", f"{_token(value)} can not be converted to {name}: {path}")
        if shape.type_name == "blob" and isinstance(value, str) and not _BASE64.fullmatch(value):
            raise AwsError("SerializationException", f"The value is not Base64: {path}")


def _violated(shape, value):
    """The constraints that a value violates, as AWS words them."""
    limits, kind = shape.metadata, shape.type_name
    if kind == "string":
        pattern, enum = limits.get("pattern"), limits.get("enum")
        if pattern and not _compiled(pattern).fullmatch(value):
            yield f"Member must satisfy regular expression pattern: {pattern}"
        if enum and value not in enum:
            yield f"Member must satisfy enum value set: [{', '.join(enum)}]"
    if kind in ("double", "float", "integer", "long"):
        measure, size = "value", value
    elif kind in ("blob", "list", "map", "string"):
        measure, size = "length", len(base64.b64decode(value) if kind == "blob" and isinstance(value, str) else value)
    else:
        return
    if size < limits.get("min", size):
        yield f"Member must have {measure} greater than or equal to {limits['min']}"
    if size > limits.get("max", size):
        yield f"Member must have {measure} less than or equal to {limits['max']}"


@functools.cache
def _compiled(pattern):
    """The models' patterns are of Java; unlike `re`, regex has their character classes, such as \\p{L}."""
    return regex.compile(pattern)


def _message(shown, path, constraint):
    return f"{shown} at '{path}' failed to satisfy constraint: {constraint}"


def _shown(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k}={_shown(v)}' for k, v in value.items())}}}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _token(value):
    """AWS's name of a JSON value. AWS does not document it."""
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    names = {dict: "START_OBJECT", float: "NUMBER_VALUE", int: "NUMBER_VALUE", list: "START_ARRAY", str: "STRING_VALUE"}
    return names.get(type(value), type(value).__name__)
