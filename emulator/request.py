"""A request, read by AWS's own model of the API: botocore has it, and moto's parsers and serializers use it."""
import gzip
import json
import re
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.responses import BaseResponse
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.wrappers import Request as HttpRequest

from .aws import AwsError
from .caller import caller_of

#: The services that sign requests under another name than that of botocore's model.
_MODELS = {"monitoring": "cloudwatch"}
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html: each protocol has its own code.
_ACCESS_DENIED = {"query": "AccessDenied", "ec2": "UnauthorizedOperation", "rest-xml": "AccessDenied"}


class Request:
    def __init__(self, http: HttpRequest):
        self.http = http
        self.caller, signed = caller_of(http.headers.get("Authorization", ""))
        self.service = _MODELS.get(signed, signed)
        body = http.get_data(cache=True)
        self.body = gzip.decompress(body) if http.headers.get("Content-Encoding") == "gzip" else body
        self.form = {}
        self.url_parameters = {}
        self.protocol = "query"
        self.operation = None
        self.parameters = {}

    def read(self):
        """Finds the operation and reads its parameters."""
        try:
            model = get_service_model(self.service)
        except UnknownServiceError:
            raise AwsError("UnknownServiceException", f"AWS has no service {self.service or 'without a signature'}.") from None
        self.protocol = self._protocol(model)
        if self.protocol in ("query", "ec2"):
            self.form = {k: v[0] for k, v in parse_qs(self.body.decode(), keep_blank_values=True).items()}
        self.operation = self._operation(model)
        try:
            self.model = model.operation_model(self.operation)
        except OperationNotFoundError:
            raise AwsError("InvalidAction", f"AWS's model of {self.service} has no operation {self.operation}.") from None
        parser = PROTOCOL_PARSERS[self.protocol](self.model)
        try:
            self.parameters = parser.parse({
                "body": self.body,
                "headers": self.http.headers,
                "method": self.http.method,
                "url_params": self.url_parameters,
                "url_path": self.http.path,
                "values": self.form or self.http.values,
            })
        except (KeyError, TypeError, ValueError) as error:
            raise AwsError("SerializationException", f"The request cannot be read: {error}") from None

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
        for name in model.operation_names:
            http = model.operation_model(name).http
            pattern = BaseResponse.uri_to_regexp(http["requestUri"].split("?")[0])
            found = re.match(pattern, self.http.path)
            if found and http["method"] == self.http.method:
                self.url_parameters = found.groupdict()
                return name
        return None

    @property
    def raw_members(self):
        """The members as they were sent, also those that the model does not have."""
        return json.loads(self.body or b"{}") if self.protocol in ("json", "rest-json") else self.form

    def serialize(self, result):
        """A result, or an AwsError, in the protocol of the request: status, headers and body."""
        service_model = get_service_model(self.service)
        model = getattr(self, "model", None) or service_model.operation_model(service_model.operation_names[0])
        if isinstance(result, AwsError) and result.code == "AccessDeniedException" and self.protocol in _ACCESS_DENIED:
            result = AwsError(_ACCESS_DENIED[self.protocol], result.message)
        serialized = get_serializer_class(self.service, self.protocol)(model).serialize(result)
        return serialized["status_code"], serialized["headers"], serialized["body"]
