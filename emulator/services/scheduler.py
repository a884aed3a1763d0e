"""EventBridge Scheduler: what moto lacks of schedules and their groups, and the run of a schedule.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
"""
import json
import re
import uuid

from moto.scheduler.models import scheduler_backends
from moto.sts.models import sts_backends
from werkzeug.test import EnvironBuilder

from .. import policies
from ..aws import ACCOUNT, AwsError, arn_of, now, partition_of
from ..caller import caller_of, role_named
from ..registry import checks
from . import kms

PRINCIPAL = "scheduler.amazonaws.com"
#: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
_EXPRESSION = re.compile(
    r"rate\([1-9]\d* (minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|"
    r"cron\(\S+ \S+ (\? \S+ [^ ?]+|[^ ?]+ \S+ \?) \S+\)"
)
#: The services of universal targets that the emulator runs: the name of each in botocore, and the prefix of its operations.
#: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
_TARGETS = {"redshiftdata": ("redshift-data", "RedshiftData")}
_TARGET = re.compile(r"arn:[a-z-]+:scheduler:::aws-sdk:([a-z0-9]+):([A-Za-z]+)")


def _group_of(region, name):
    group = scheduler_backends[ACCOUNT][region].schedule_groups.get(name or "default")
    if group is None:
        raise AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.")
    return group


@checks("scheduler", "CreateScheduleGroup")
def refuse_second_group(request):
    """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html"""
    name = request.parameters["Name"]
    if name in scheduler_backends[ACCOUNT][request.caller.region].schedule_groups:
        raise AwsError("ConflictException", f"Schedule group {name} already exists.")


@checks("scheduler", "DeleteScheduleGroup")
def require_group(request):
    """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html"""
    _group_of(request.caller.region, request.parameters["Name"])


@checks("scheduler", "CreateSchedule", "UpdateSchedule")
def check_schedule(request):
    """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html"""
    caller, parameters = request.caller, request.parameters
    group, expression = _group_of(caller.region, parameters.get("GroupName")), parameters["ScheduleExpression"]
    if not _EXPRESSION.fullmatch(expression):
        raise AwsError("ValidationException", f"Invalid Schedule Expression {expression}.")
    _require_trust(parameters["Target"]["RoleArn"], group.arn, caller.partition)
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html: the caller needs these on a customer managed key.
    arn = arn_of("scheduler", caller.region, f"schedule/{group.name}/{parameters['Name']}")
    operations = ("DescribeKey", "GenerateDataKey", "Decrypt")
    kms.use_through("scheduler", caller, parameters.get("KmsKeyArn"), operations, _context(arn))


def _context(schedule_arn):
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html#key-management-cloud-trail"""
    return {"aws:scheduler:schedule:arn": schedule_arn}


def _require_trust(role_arn, source_arn, partition):
    """Scheduler sends the ARN of the schedule's group, and no ARN of a schedule. AWS does not document the text of the error.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    role = role_named(role_arn.split("/")[-1], partition)
    context = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": source_arn}
    if role is None or role.arn != role_arn or not policies.trusts(role.assume_role_policy_document, PRINCIPAL, context):
        message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        raise AwsError("ValidationException", message)


# ---- runs

def run(region, group_name, name, source_group, respond):
    """Runs a schedule now: Scheduler assumes its role, sends its input to its target, and a failure to its dead-letter queue.

    `source_group` is the group that Scheduler names. `respond` answers a request. Returns the status and body of each answer.
    """
    partition, backend = partition_of(region), scheduler_backends[ACCOUNT][region]
    schedule = backend.get_schedule(group_name, name)
    target = schedule.target
    _require_trust(target["RoleArn"], arn_of("scheduler", region, f"schedule-group/{source_group}"), partition)
    # The example of the page on encryption has a session with such a name.
    session = sts_backends[ACCOUNT][partition].assume_role(region, uuid.uuid4().hex, target["RoleArn"], None, 3600, None)
    caller, _ = caller_of(_authorization(session, region, "kms"))
    if schedule.kms_key_arn:
        context = _context(schedule.arn)
        key = kms.key_of(region, schedule.kms_key_arn)
        kms.require(caller, key, "Decrypt", kms.condition_keys(context), context)
    service, operation = _TARGET.fullmatch(target["Arn"]).groups()
    signed, prefix = _TARGETS[service]
    body = _with_keywords(target["Input"], schedule.arn)
    answer = _call(session, region, signed, f"{prefix}.{operation[0].upper()}{operation[1:]}", body, respond)
    runs = {"target": answer}
    if answer["status"] >= 400 and target.get("DeadLetterConfig"):
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html: the role sends the event.
        queue = target["DeadLetterConfig"]["Arn"].split(":")[-1]
        message = {"MessageBody": body, "QueueUrl": f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{queue}"}
        runs["deadLetter"] = _call(session, region, "sqs", "AmazonSQS.SendMessage", json.dumps(message), respond)
    return runs


def _with_keywords(text, schedule_arn):
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
    keywords = {
        "attempt-number": "1",
        "execution-id": uuid.uuid4().hex[:16],
        "schedule-arn": schedule_arn,
        "scheduled-time": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return re.sub(r"<aws\.scheduler\.([a-z-]+)>", lambda found: keywords.get(found[1], found[0]), text)


def _authorization(session, region, service):
    return f"AWS4-HMAC-SHA256 Credential={session.access_key_id}/20260101/{region}/{service}/aws4_request, Signature=none"


def _call(session, region, service, operation, body, respond):
    headers = {
        "Authorization": _authorization(session, region, service),
        "Content-Type": "application/x-amz-json-1.1",
        "Host": f"{service}.{region}.amazonaws.com",
        "X-Amz-Target": operation,
    }
    response = respond(EnvironBuilder(method="POST", data=body.encode(), headers=headers).get_environ())
    return {"body": response.get_data(as_text=True), "status": response.status_code}
