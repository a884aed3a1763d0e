"""Scheduled actions: a pause, a resume or a resize of a cluster, by a role that Redshift's scheduler assumes.

https://docs.aws.amazon.com/redshift/latest/APIReference/API_ScheduledAction.html
"""
import re

from .. import policies
from ..aws import AwsError
from ..caller import role_named
from ..registry import handles
from . import redshift
from .redshift_resources import Kind, given

ACTIONS = Kind("scheduled action", "ScheduledActionAlreadyExists", "ScheduledActionNotFound")
#: https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html
SCHEDULER = "scheduler.redshift.amazonaws.com"
_AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")
#: Two invocations are an hour apart or more, so that there is one minute.
_CRON = re.compile(r"cron\(\d{1,2} [\d,*/-]+ [\dLW,*/?-]+ [\dA-Z,*/-]+ [\dA-Z,*/?#-]+ [\d,*/-]+\)")
_MEMBERS = ("EndTime", "IamRole", "Schedule", "ScheduledActionDescription", "ScheduledActionName", "StartTime", "TargetAction")


def _check(request):
    parameters = request.parameters
    schedule, target = parameters.get("Schedule"), parameters.get("TargetAction")
    if schedule is not None and not _AT.fullmatch(schedule) and not _CRON.fullmatch(schedule):
        raise AwsError("InvalidSchedule", f"The schedule {schedule} is not valid.")
    if target is not None:
        operations = [message for message in target.values() if message is not None]
        if len(operations) != 1:
            raise AwsError("InvalidScheduledAction", "A scheduled action has one target action.")
        redshift.cluster_of(request.caller.region, operations[0]["ClusterIdentifier"])
    if parameters.get("IamRole") is not None:
        _check_role(request, parameters["IamRole"])


def _check_role(request, arn):
    """AWS does not document the error. terraform-provider-aws reads its code and this message.

    AWS does not document the condition keys that the scheduler sends, so that the emulator sends none.
    """
    role = role_named(arn.split("/")[-1], request.caller.partition)
    if role is None or role.arn != arn or not policies.trusts(role.assume_role_policy_document, SCHEDULER, {}):
        message = f"The IAM role must delegate access to Amazon Redshift scheduler: {arn}"
        raise AwsError("InvalidParameterValue", message)


def _state(enabled):
    return "ACTIVE" if enabled else "DISABLED"


@handles("redshift", "CreateScheduledAction")
def create_scheduled_action(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateScheduledAction.html"""
    parameters = request.parameters
    _check(request)
    # AWS does not document the default of Enable.
    members = {**given(parameters, *_MEMBERS), "State": _state(parameters.get("Enable", True))}
    return ACTIONS.create(request, parameters["ScheduledActionName"], members).members


@handles("redshift", "ModifyScheduledAction")
def modify_scheduled_action(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyScheduledAction.html"""
    parameters = request.parameters
    action = ACTIONS.find(request, parameters["ScheduledActionName"])
    _check(request)
    action.members |= given(parameters, *_MEMBERS)
    if parameters.get("Enable") is not None:
        action.members["State"] = _state(parameters["Enable"])
    return action.members


@handles("redshift", "DeleteScheduledAction")
def delete_scheduled_action(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteScheduledAction.html"""
    ACTIONS.delete(request, request.parameters["ScheduledActionName"])
    return {}


@handles("redshift", "DescribeScheduledActions")
def describe_scheduled_actions(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeScheduledActions.html"""
    actions = ACTIONS.find_all(request, request.parameters.get("ScheduledActionName"))
    return {"ScheduledActions": [action.members for action in actions]}
