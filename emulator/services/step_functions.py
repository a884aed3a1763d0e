"""Step Functions: moto's interpreter of the Amazon States Language runs state machines. Tasks call the emulator, as their role.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""
import functools
import uuid

from moto.core.config import default_user_config

from .. import policies
from ..aws import AwsError, items
from ..caller import role_named
from ..registry import checks

#: The services that a task names otherwise than boto3 does.
_SERVICES = {"redshiftdata": "redshift-data"}
_PRINCIPAL = "states.amazonaws.com"
#: __main__.py sets it.
endpoint_url = None
default_user_config["stepfunctions"] = {"execute_state_machine": True}


@checks("stepfunctions", "CreateStateMachine")
def require_trust(request):
    """https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html. AWS does not document the error's text."""
    _call_emulator()
    arn = request.parameters["roleArn"]
    role = role_named(arn.split("/")[-1], request.caller.partition)
    trust = policies.documents(role.assume_role_policy_document) if role else []
    if not any(_PRINCIPAL in items(s["Principal"].get("Service")) for s in trust if s["Effect"] == "Allow"):
        raise AwsError("AccessDeniedException", f"Neither the global service principal {_PRINCIPAL}, nor the regional one is authorized "
                                                "to assume the provided role.")


@functools.cache
def _call_emulator():
    """Gives the interpreter clients of the emulator. Its import takes long, so that only a state machine imports it."""
    import boto3
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
    from moto.stepfunctions.parser.backend.execution import Execution
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    # StartExecution copies the state machine with its executions. A copy of a running one fails, because its thread cannot be copied.
    Execution.__deepcopy__ = lambda self, memo: self

    start_execution = StepFunctionsParserBackend.start_execution

    def start_named_execution(self, state_machine_arn, name, execution_input):
        """https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html: AWS gives a name if there is none."""
        return start_execution(self, state_machine_arn, name or str(uuid.uuid4()), execution_input)

    StepFunctionsParserBackend.start_execution = start_named_execution

    def client_of(region, service, state_credentials):
        name = state_credentials.role_arn.split("/")[-1]
        keys = {"aws_access_key_id": name, "aws_secret_access_key": "any"}
        return boto3.client(_SERVICES.get(service, service), endpoint_url=endpoint_url, region_name=region, **keys)

    state_task_service_aws_sdk.boto_client_for = client_of
