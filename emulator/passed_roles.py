"""The roles that a request passes to a service of AWS. The caller needs iam:PassRole on each.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""
from .aws import items

#: https://docs.aws.amazon.com/redshift/latest/mgmt/copy-unload-iam-role.html
_REDSHIFT, _SERVERLESS = "redshift.amazonaws.com", "redshift-serverless.amazonaws.com"
#: https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html: the scheduler's principal.
_SCHEDULER = "scheduler.redshift.amazonaws.com"
#: https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
_EVENT_SCHEDULER = "scheduler.amazonaws.com"

#: For each operation, the members with roles, and the service that gets them. A dot is a member of a structure or of each element.
_PASSED = {
    ("events", "PutRule"): (("RoleArn",), "events.amazonaws.com"),
    ("events", "PutTargets"): (("Targets.RoleArn",), "events.amazonaws.com"),
    ("redshift", "CreateCluster"): (("IamRoles", "DefaultIamRoleArn"), _REDSHIFT),
    ("redshift", "CreateScheduledAction"): (("IamRole",), _SCHEDULER),
    ("redshift", "ModifyClusterIamRoles"): (("AddIamRoles", "DefaultIamRoleArn"), _REDSHIFT),
    ("redshift", "ModifyScheduledAction"): (("IamRole",), _SCHEDULER),
    ("redshift", "RestoreFromClusterSnapshot"): (("IamRoles", "DefaultIamRoleArn"), _REDSHIFT),
    ("redshift-serverless", "CreateNamespace"): (("iamRoles", "defaultIamRoleArn"), _SERVERLESS),
    ("redshift-serverless", "CreateScheduledAction"): (("roleArn",), _SCHEDULER),
    ("redshift-serverless", "UpdateNamespace"): (("iamRoles", "defaultIamRoleArn"), _SERVERLESS),
    ("redshift-serverless", "UpdateScheduledAction"): (("roleArn",), _SCHEDULER),
    ("scheduler", "CreateSchedule"): (("Target.RoleArn",), _EVENT_SCHEDULER),
    ("scheduler", "UpdateSchedule"): (("Target.RoleArn",), _EVENT_SCHEDULER),
    # https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html
    ("stepfunctions", "CreateStateMachine"): (("roleArn",), "states.amazonaws.com"),
}


def of(request):
    """The ARN of each role that a request passes, and the service that gets it."""
    paths, service = _PASSED.get((request.service, request.operation), ((), None))
    arns = {arn for path in paths for arn in _at(request.parameters, path.split("."))}
    return [(arn, service) for arn in sorted(arns)]


def _at(value, names):
    if not names:
        return [found for found in items(value) if found]
    return [found for element in items(value) for found in _at(element.get(names[0]), names[1:])]
