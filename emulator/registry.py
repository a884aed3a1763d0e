"""The operations that the emulator answers itself, and the checks that it makes before moto answers."""

_handlers = {}
_checks = {}
_resources = {}
_waits = {}


def handles(service, *operations):
    """Makes a function answer operations: from a request to the members of its result."""
    return _register(_handlers, service, operations)


def checks(service, *operations):
    """Makes a function check requests before they are answered: it raises an AwsError."""
    return _register(_checks, service, operations)


def waits(service, *operations):
    """Makes a function decide whether the answer of a request has to wait: from a request to a boolean."""
    return _register(_waits, service, operations)


def names_resources(service):
    """Makes a function name the resource of a service's requests: from a request to an ARN, or "*"."""
    def register(function):
        _resources[service] = function
        return function

    return register


def handler_of(request):
    found = _handlers.get((request.service, request.operation), [])
    return found[0] if found else None


def checks_of(request):
    return _checks.get((request.service, request.operation), [])


def is_waiting(request):
    return any(is_pending(request) for is_pending in _waits.get((request.service, request.operation), []))


def resource_of(request):
    """The ARN of the resource that a request is about; None if no function names it."""
    function = _resources.get(request.service)
    return function and function(request)


def _register(registered, service, operations):
    def register(function):
        for operation in operations:
            registered.setdefault((service, operation), []).append(function)
        return function

    return register
