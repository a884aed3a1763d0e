"""Answers requests: reads each by its API model, checks it, asks IAM, then answers or lets moto answer."""
import io
import json
import logging
import sys
import threading
import time
import uuid
import warnings

from moto.backends import list_of_moto_modules
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response

from . import api_models, authorization, registry, services  # noqa: F401 -- the services register what they answer
from .aws import AwsError
from .request import Request
from .services import kms, redshift_data, redshift_data_answers, scheduler

# AWS answers with errors that its models lack, such as AccessDenied.
warnings.filterwarnings("ignore", message=".*does not match an error shape")
#: moto's backends and the emulator's own are not safe to use from several threads.
_LOCK = threading.RLock()
#: The path that a test reads the checked actions of a role from. AWS has no such path.
CHECKED = "/_emulator/checked"
#: The path that a test gives the answers of SQL statements to. AWS has no such path.
ANSWERS = "/_emulator/answers"
#: The path that makes grants of the Data API for a list of encryption contexts. AWS has no such path.
GRANTS = "/_emulator/grants"
#: How often a request that waits is looked at, in seconds.
_PAUSE = 0.05
#: The path that runs a schedule. AWS has no such path.
RUN = "/_emulator/run"
#: The path that makes AWS throttle the next requests of an operation. AWS has no such path.
THROTTLE = "/_emulator/throttle"
#: How many of the next requests of an operation are throttled.
_throttled = {}
_MOTO_SERVICES = set(list_of_moto_modules())
_moto = DomainDispatcherApplication(create_backend_app)


def listen(port):
    """A server on loopback that does not serve yet."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server("127.0.0.1", port, application, threaded=True)


def application(environ, start_response):
    http = HttpRequest(environ)
    if http.path == CHECKED:
        with _LOCK:
            checked = authorization.checked_by(http.args.get("role", ""))
        return Response(json.dumps(checked), mimetype="application/json")(environ, start_response)
    if http.path == ANSWERS:
        with _LOCK:
            redshift_data_answers.add(json.loads(http.get_data()))
        return Response(status=204)(environ, start_response)
    if http.path == GRANTS:
        with _LOCK:
            key = kms.key_of(http.args["region"], http.args["key"])
            for context in json.loads(http.get_data()):
                redshift_data.make_grant(key, context)
        return Response(status=204)(environ, start_response)
    if http.path == THROTTLE:
        with _LOCK:
            _throttled[http.args["service"], http.args["operation"]] = int(http.args["requests"])
        return Response(status=204)(environ, start_response)
    if http.path == RUN:
        return _run_of_schedule(http.args)(environ, start_response)
    return respond(environ)(environ, start_response)


def respond(environ):
    """Answers a request to AWS."""
    http = HttpRequest(environ)
    # moto reads the body again.
    environ["wsgi.input"] = io.BytesIO(http.get_data(cache=True))
    with _LOCK:
        # It reads the roles, which another thread may change.
        request = Request(http)
    _wait(request)
    with _LOCK:
        try:
            request.read()
            response = answer(request)
        except AwsError as error:
            response = _refusal(request, error)
        if response is None:
            response = _answer_of_moto(request, environ)
    return response


def _run_of_schedule(args):
    """Runs a schedule, which AWS does at its times only. `sourceGroup` is another group than the schedule's."""
    group, name = args["schedule"].split("/")
    try:
        with _LOCK:
            runs = scheduler.run(args["region"], group, name, args.get("sourceGroup", group), respond)
    except AwsError as error:
        return Response(json.dumps({"error": error.message}), 403, mimetype="application/json")
    return Response(json.dumps(runs), mimetype="application/json")


def _wait(request):
    """Waits without the lock, so that other requests are answered."""
    while True:
        with _LOCK:
            try:
                request.read()
                is_waiting = registry.is_waiting(request)
            except AwsError:
                # The answer has the error.
                return
        if not is_waiting:
            return
        time.sleep(_PAUSE)


def answer(request):
    """The emulator's own answer; None if the answer is moto's."""
    if _throttled.get((request.service, request.operation), 0) > 0:
        _throttled[request.service, request.operation] -= 1
        raise AwsError("ThrottlingException", "Rate exceeded")
    api_models.check(request)
    authorization.require_request(request)
    for check in registry.checks_of(request):
        check(request)
    handler = registry.handler_of(request)
    return None if handler is None else _response(request, handler(request))


def _answer_of_moto(request, environ):
    try:
        if request.service.replace("-", "") not in _MOTO_SERVICES:
            raise NotImplementedError
        return Response.from_app(_moto, environ, buffered=True)
    except NotImplementedError:
        return _refusal(request, AwsError("InvalidAction", f"The emulator has no {request.service} {request.operation}."))


def _refusal(request, error):
    print(f"refused {request.service} {request.operation}: {error}", file=sys.stderr, flush=True)
    return _response(request, error)


def _response(request, result):
    status, headers, body = request.serialize(result)
    return Response(body, status, {**headers, "x-amzn-RequestId": str(uuid.uuid4())})

