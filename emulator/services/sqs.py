"""The permissions on queues under a customer managed key.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""
from moto.sqs.models import sqs_backends

from ..aws import ACCOUNT, arn_of
from ..registry import checks, names_resources
from . import kms

#: The page above: a producer needs both, a consumer Decrypt only.
OPERATIONS = {"ReceiveMessage": ("Decrypt",), "SendMessage": ("GenerateDataKey", "Decrypt")}


@names_resources("sqs")
def resource_of(request):
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html"""
    url = request.parameters.get("QueueUrl")
    return url and arn_of("sqs", request.caller.region, url.split("/")[-1])


@checks("sqs", *OPERATIONS)
def require_key_of_queue(request):
    caller, arn = request.caller, resource_of(request)
    queue = sqs_backends[ACCOUNT][caller.region].queues.get(arn.split(":")[-1])
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#sqs-encryption-context
    context = {"aws:sqs:arn": arn}
    kms.use_through("sqs", caller, queue and queue.kms_master_key_id, OPERATIONS[request.operation], context)
