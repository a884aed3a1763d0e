"""EventBridge's test of a pattern, which moto lacks.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
"""
import json

from moto.events.models import EventPattern

from ..registry import handles


@handles("events", "TestEventPattern")
def test_event_pattern(request):
    parameters = request.parameters
    return {"Result": EventPattern.load(parameters["EventPattern"]).matches_event(json.loads(parameters["Event"]))}
