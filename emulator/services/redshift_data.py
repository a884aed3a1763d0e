"""The Redshift Data API under a customer managed key: permissions of its callers, its grant, its statements and results.

https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
"""
import time
import uuid
from dataclasses import dataclass

from moto.kms.models import kms_backends

from .. import assumptions, authorization
from ..aws import AwsError, arn_of, now
from ..registry import handles, waits
from . import cloudtrail, kms, redshift, redshift_datashares, redshift_serverless
from . import redshift_data_sessions as sessions
from .redshift_data_answers import answer_of

SERVICE = "redshift-data"
#: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html: the serviceName of the encryption context.
SERVICE_NAME = "RedshiftDataAPI"
_STATEMENTS = {}
_seconds_kept = 86_400


def keep_statements(seconds):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html: AWS keeps results for 24 hours."""
    global _seconds_kept
    _seconds_kept = seconds


@dataclass(frozen=True)
class Warehouse:
    """The target of a statement."""
    #: The ARN that IAM policies name.
    arn: str
    key_id: str
    encryption_context: dict
    namespace_arn: str
    #: `redshift` or `redshift-serverless`.
    service: str


def warehouse_of(caller, parameters):
    if parameters.get("WorkgroupName"):
        workgroup = redshift_serverless.find(caller.region, "workgroup", parameters["WorkgroupName"])
        namespace = redshift_serverless.find(caller.region, "namespace", workgroup["namespaceName"])
        arn = assumptions.namespace_arn_of_context(namespace["namespaceArn"], caller.region)
        context = {"aws:redshift-serverless:arn": arn, "serviceName": SERVICE_NAME}
        return Warehouse(workgroup["workgroupArn"], namespace["kmsKeyId"], context, namespace["namespaceArn"], "redshift-serverless")
    cluster = redshift.clusters(caller.region).get(parameters.get("ClusterIdentifier"))
    if cluster is None:
        # https://github.com/aws/aws-cdk/issues/30536
        raise AwsError("ValidationException", "Redshift endpoint doesn't exist in this region.")
    arn = redshift.cluster_arn(caller.region, cluster.cluster_identifier)
    context = {
        "aws:redshift:arn": arn,
        "aws:redshift:createtime": assumptions.create_time_of_context(cluster.create_time),
        "serviceName": SERVICE_NAME,
    }
    return Warehouse(arn, cluster.kms_key_id, context, cluster.cluster_namespace_arn, "redshift")


@handles(SERVICE, "BatchExecuteStatement", "ExecuteStatement")
def execute_statement(request):
    caller, parameters = request.caller, request.parameters
    session = sessions.session_of(caller, parameters)
    members = ("ClusterIdentifier", "Database", "DbUser", "SecretArn", "WorkgroupName")
    target = session.target if session else {k: parameters[k] for k in members if parameters.get(k)}
    warehouse = warehouse_of(caller, target)
    authorization.require(caller, f"redshift-data:{request.operation}", warehouse.arn, sessions.owner_key(caller, session))
    # AWS does not document that a statement in a session needs less.
    _require_credentials(caller, target, warehouse)
    _grant_key(caller, warehouse)
    queries = [(sql, answer_of(sql)) for sql in parameters.get("Sqls") or [parameters["Sql"]]]
    # A batch is one transaction: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
    if _error_of(queries) is None:
        for sql, _ in queries:
            redshift_datashares.run(caller.region, warehouse.namespace_arn, sql)
    session = sessions.use(caller, parameters, session, target)
    shown = {**target, **({"SessionId": session.identifier} if session else {})}
    identifier = str(uuid.uuid4())
    # A batch answers as a statement without an answer of its own.
    answer = answer_of(parameters.get("Sql"))
    _STATEMENTS[identifier] = {
        "answer": answer,
        "canceled": False,
        "ends": time.monotonic() + answer.seconds,
        "expires": time.monotonic() + _seconds_kept,
        "is_batch": request.operation == "BatchExecuteStatement",
        "owner": caller.user_id,
        "queries": queries,
        "role": caller.arn,
        "shown": {**shown, "QueryString": str(parameters.get("Sql") or parameters.get("Sqls"))},
        "warehouse": warehouse,
    }
    return {**shown, "CreatedAt": now(), "Id": identifier}


def _require_credentials(caller, parameters, warehouse):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html#data-api-secrets"""
    if parameters.get("SecretArn"):
        return authorization.require(caller, "secretsmanager:GetSecretValue", parameters["SecretArn"])
    if warehouse.service == "redshift-serverless":
        return authorization.require(caller, "redshift-serverless:GetCredentials", warehouse.arn)
    cluster = parameters["ClusterIdentifier"]
    if parameters.get("DbUser"):
        arn = arn_of("redshift", caller.region, f"dbuser:{cluster}/{parameters['DbUser']}")
        return authorization.require(caller, "redshift:GetClusterCredentials", arn)
    arn = arn_of("redshift", caller.region, f"dbname:{cluster}/{parameters.get('Database', '')}")
    return authorization.require(caller, "redshift:GetClusterCredentialsWithIAM", arn)


def _grant_key(caller, warehouse):
    """The first statement makes a grant on the key, under the caller's permissions."""
    if _is_readable(caller.region, warehouse):
        return
    context = warehouse.encryption_context
    via = assumptions.via_service_of_data_api(warehouse.service, caller.region)
    key = kms.use_through(warehouse.service, caller, warehouse.key_id, ["DescribeKey", "CreateGrant"], context, via)
    identifier = make_grant(key, context)
    cloudtrail.record_create_grant(caller, warehouse.service, key, key.grants[identifier])


def make_grant(key, context):
    """Makes the Data API's grant for a warehouse of an encryption context. Returns its ID."""
    grantee = assumptions.grantee_of_data_api_grant(key.region)
    operations = assumptions.operations_of_data_api_grant(key.region)
    constraints = {"EncryptionContextSubset": context}
    identifier, _ = kms_backends[key.account_id][key.region].create_grant(key.id, grantee, operations, "", constraints, None)
    return identifier


def _is_readable(region, warehouse):
    if not warehouse.key_id or warehouse.key_id == "AWS_OWNED_KMS_KEY":
        return True
    key = kms.key_of(region, warehouse.key_id)
    context = warehouse.encryption_context
    granted = any((g.constraints or {}).get("EncryptionContextSubset") == context for g in key.grants.values())
    return key.key_state == "Enabled" and granted


def _is_expired(statement):
    return statement["expires"] <= time.monotonic()


def _statement_of(request):
    """A statement that its caller may follow: one of the same role.

    https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html: redshift-data:statement-owner-iam-userid
    """
    caller = request.caller
    statement = _STATEMENTS.get(request.parameters["Id"])
    if statement is None:
        raise AwsError("ResourceNotFoundException", "Query does not exist.")
    owner = {"redshift-data:statement-owner-iam-userid": statement["owner"]}
    authorization.require(caller, f"redshift-data:{request.operation}", "*", owner)
    if statement["role"] != caller.arn:
        raise AwsError("ResourceNotFoundException", "Query does not exist.")
    if _is_expired(statement):
        raise AwsError(*assumptions.error_of_expired_statement())
    if not _is_readable(caller.region, statement["warehouse"]):
        message = "The Data API can no longer use the customer managed key of this statement."
        raise AwsError("AccessDeniedException", message)
    return statement


def _status(statement):
    """https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html"""
    if statement["canceled"]:
        return "ABORTED"
    if statement["ends"] > time.monotonic():
        return "STARTED"
    return "FAILED" if _error_of(statement["queries"]) else "FINISHED"


def _error_of(queries):
    return next((answer.error for _, answer in queries if answer.error), None)


def _parts_of(identifier, queries):
    """The statements of a batch. AWS does not document the status of those after one that fails."""
    failed = next((n for n, (_, answer) in enumerate(queries) if answer.error), len(queries))
    for number, (sql, answer) in enumerate(queries):
        status = "FINISHED" if number < failed else "FAILED" if number == failed else "ABORTED"
        error = {"Error": answer.error} if number == failed else {}
        yield {"Id": f"{identifier}:{number + 1}", "QueryString": sql, "Status": status, **error}


@waits(SERVICE, "DescribeStatement")
def is_running(request):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-calling-considerations-long-polling.html"""
    statement = _STATEMENTS.get(request.members.get("Id"))
    seconds = request.members.get("WaitTimeSeconds")
    is_waiting = isinstance(seconds, int) and time.monotonic() < request.received + seconds
    return is_waiting and statement is not None and _status(statement) == "STARTED"


@handles(SERVICE, "DescribeStatement")
def describe_statement(request):
    statement = _statement_of(request)
    answer, status = statement["answer"], _status(statement)
    has_result = status == "FINISHED" and bool(answer.pages)
    shown = {**statement["shown"], "Duration": 1, "HasResultSet": has_result, "Id": request.parameters["Id"], "Status": status}
    if status == "FAILED":
        shown["Error"] = _error_of(statement["queries"])
    if statement["is_batch"] and status in ("FAILED", "FINISHED"):
        shown["SubStatements"] = list(_parts_of(request.parameters["Id"], statement["queries"]))
    return {**shown, "ResultRows": answer.rows if has_result else -1}


@handles(SERVICE, "GetStatementResult")
def get_statement_result(request):
    """AWS does not document the size of a page, nor the text of the error; users report the text."""
    statement = _statement_of(request)
    answer = statement["answer"]
    if _status(statement) != "FINISHED" or not answer.pages:
        message = "Query does not have result. Please check query status with DescribeStatement."
        raise AwsError("ResourceNotFoundException", message)
    page = int(request.parameters.get("NextToken") or 0)
    more = {"NextToken": str(page + 1)} if page + 1 < len(answer.pages) else {}
    return {"ColumnMetadata": answer.columns, "Records": answer.pages[page], "TotalNumRows": answer.rows, **more}


@handles(SERVICE, "CancelStatement")
def cancel_statement(request):
    """The error's text: https://github.com/aws/aws-sdk-js-v3/issues/3056"""
    statement = _statement_of(request)
    status, identifier = _status(statement), request.parameters["Id"]
    if status != "STARTED":
        message = f"Could not cancel a query that is already in {status} state with ID: {identifier}"
        raise AwsError("ValidationException", message)
    statement["canceled"] = True
    return {"Status": True}


@handles(SERVICE, "ListStatements")
def list_statements(request):
    """https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListStatements.html: only finished ones by default."""
    caller, parameters = request.caller, request.parameters
    owner = {"redshift-data:statement-owner-iam-userid": caller.user_id}
    authorization.require(caller, "redshift-data:ListStatements", "*", owner)
    mine = {"role": caller.arn} if parameters.get("RoleLevel", True) else {"owner": caller.user_id}
    there = {k: parameters[k] for k in ("ClusterIdentifier", "Database", "WorkgroupName") if parameters.get(k)}
    status = parameters.get("Status", "FINISHED")
    kept = (
        i
        for i, s in _STATEMENTS.items()
        if mine.items() <= s.items()
        and there.items() <= s["shown"].items()
        and status in ("ALL", _status(s))
        and not _is_expired(s)
    )
    return {"Statements": [_listed(i, _STATEMENTS[i]) for i in kept]}


def _listed(identifier, statement):
    """https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_StatementData.html"""
    texts = [sql for sql, _ in statement["queries"]]
    text = {"QueryStrings": texts} if statement["is_batch"] else {"QueryString": texts[0]}
    return {"Id": identifier, "IsBatchStatement": statement["is_batch"], "Status": _status(statement), **text}
