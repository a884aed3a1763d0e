"""A request, read by AWS's own model of the API: botocore has it, and moto's parsers and serializers use it."""
import functools
import gzip
import json
import re
import time
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.parse import PROTOCOL_PARSERS, EC2QueryParser, QueryParser
from moto.core.responses import BaseResponse
from moto.core.serialize import get_serializer_class
from werkzeug.wrappers import Request as HttpRequest

from . import api_models
from .aws import AwsError
from .caller import caller_of

#: The services that sign requests under another name than that of botocore's model.
_MODELS = {"monitoring": "cloudwatch", "states": "stepfunctions"}
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html: each protocol has its own code.
_ACCESS_DENIED = {"query": "AccessDenied", "ec2": "UnauthorizedOperation", "rest-xml": "AccessDenied"}


class _FormParser:
    """Notes the names that moto's parsers read, and takes no boolean but true and false."""

    def _default_handle(self, shape, value, prefix=""):
        self.read_names.add(prefix)
        return super()._default_handle(shape, value, prefix)

    def _parse_list(self, shape, node, prefix=""):
        if node.get(prefix) == "":
            self.read_names.add(prefix)
        return super()._parse_list(shape, node, prefix)

    def _parse_boolean(self, shape, query_params, prefix=""):
        if query_params.get(prefix, "true") not in ("true", "false"):
            raise ValueError(f"{prefix} must be true or false")
        return super()._parse_boolean(shape, query_params, prefix)


class _QueryParser(_FormParser, QueryParser):
    pass


class _Ec2Parser(_FormParser, EC2QueryParser):
    pass


_PARSERS = {**PROTOCOL_PARSERS, "ec2": _Ec2Parser, "query": _QueryParser}


#: The operations of STS that take no signature: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
_UNSIGNED = ("AssumeRoleWithWebIdentity",)


class Request:
    def __init__(self, http: HttpRequest):
        self.http = http
        self.received = time.monotonic()
        self.caller, signed = caller_of(http.headers.get("Authorization", ""))
        body = http.get_data(cache=True)
        self.body = gzip.decompress(body) if http.headers.get("Content-Encoding") == "gzip" else body
        self.is_signed = signed != ""
        self.service = _MODELS.get(signed, signed) if self.is_signed else "sts"
        self.form = {}
        #: The names in the form that the model explains.
        self.read_names = set()
        self.url_parameters = {}
        self.protocol = "query"
        self.operation = None

    def read(self):
        """Finds the operation."""
        try:
            model = api_models.model_of(self.service)
        except UnknownServiceError:
            raise AwsError("UnknownServiceException", f"AWS has no service {self.service}.") from None
        self.protocol = self._protocol(model) if self.is_signed else "query"
        if self.protocol in ("query", "ec2"):
            form = (self.body or self.http.query_string).decode()
            self.form = {k: v[0] for k, v in parse_qs(form, keep_blank_values=True).items()}
        self.operation = self._operation(model)
        if not self.is_signed and self.operation not in _UNSIGNED:
            raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token")
        try:
            self.model = model.operation_model(self.operation)
        except OperationNotFoundError:
            raise AwsError("InvalidAction", f"AWS's model of {self.service} has no operation {self.operation}.") from None

    @functools.cached_property
    def parameters(self):
        """The members of the request, as the types of the model."""
        parser = _PARSERS[self.protocol](self.model)
        parser.read_names = self.read_names
        try:
            return parser.parse({
                # A stream, such as an object of S3, is no text of the model.
                "body": b"" if self.model.has_streaming_input else self.body,
                "headers": self.http.headers,
                "method": self.http.method,
                "url_params": self.url_parameters,
                "url_path": self.http.path,
                "values": self.form or self.http.values,
            })
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"The request cannot be read: {error}"
            raise api_models.invalid(self, message) if self.form else AwsError("SerializationException", message) from None

    @functools.cached_property
    def members(self):
        """The members of the request as they were sent, if they are JSON, also those that the model lacks; else the parameters."""
        if self.protocol not in ("json", "rest-json"):
            return self.parameters
        try:
            body = json.loads(self.body or b"{}")
        except ValueError as error:
            raise AwsError("SerializationException", f"The request is not JSON: {error}") from None
        if not isinstance(body, dict):
            raise AwsError("SerializationException", "The request is not an object.")
        if self.protocol == "json":
            return body
        located = {n: m.serialization for n, m in self.model.input_shape.members.items() if "location" in m.serialization}
        return body | {s.get("name", n): self.parameters[n] for n, s in located.items() if n in self.parameters}

    def _protocol(self, model):
        if "X-Amz-Target" in self.http.headers:
            return "json"
        supported = model.metadata.get("protocols", [model.metadata["protocol"]])
        if self.http.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return "ec2" if "ec2" in supported else "query"
        return next((p for p in (model.metadata["protocol"], *supported) if p in PROTOCOL_PARSERS), "query")

    def _operation(self, model):
        if self.protocol == "json":
            return self.http.headers.get("X-Amz-Target", "").split(".")[-1]
        if self.form:
            return self.form.get("Action")
        found = {name: match for name in model.operation_names if (match := self._match(model.operation_model(name)))}
        operation = max(found, key=lambda name: self._specificity(model.operation_model(name)), default=None)
        self.url_parameters = found[operation].groupdict() if operation else {}
        return operation

    def _match(self, operation):
        pattern = BaseResponse.uri_to_regexp(operation.http["requestUri"].split("?")[0])
        return operation.http["method"] == self.http.method and re.match(pattern, self.http.path)

    def _specificity(self, operation):
        """Orders operations by how exactly they describe the request: it has all that they require, their path, the rest.

        Operations of S3 share a path and a method, as PutObject and CopyObject, which requires a header.
        """
        shape = operation.input_shape
        path, _, query = operation.http["requestUri"].partition("?")
        located = [shape.members[name].serialization for name in shape.required_members] if shape else []
        queries = [*parse_qs(query, keep_blank_values=True)]
        queries += [s["name"] for s in located if s.get("location") == "querystring"]
        headers = [s["name"] for s in located if s.get("location") == "header"]
        is_complete = all(q in self.http.args for q in queries) and all(h in self.http.headers for h in headers)
        return is_complete, path.count("/"), len(queries) + len(headers)

    def serialize(self, result):
        """A result, or an AwsError, in the protocol of the request: status, headers and body."""
        service_model = api_models.model_of(self.service)
        model = getattr(self, "model", None) or service_model.operation_model(service_model.operation_names[0])
        if isinstance(result, AwsError) and result.code == "AccessDeniedException" and self.protocol in _ACCESS_DENIED:
            result = AwsError(_ACCESS_DENIED[self.protocol], result.message)
        serialized = get_serializer_class(self.service, self.protocol)(model).serialize(result)
        return serialized["status_code"], serialized["headers"], serialized["body"]
