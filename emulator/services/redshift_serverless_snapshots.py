"""Snapshots: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Snapshot.html"""
from ..aws import ACCOUNT, AwsError, now
from ..registry import handles
from .redshift_serverless import SERVICE, find, find_by_arn, forget_tags, given, keep, new_arn, stored, tag

#: https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateSnapshot.html lists no default. The provider's
#: is -1, which AWS takes: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/redshiftserverless_snapshot
FOR_EVER = -1


@handles(SERVICE, "CreateSnapshot")
def create_snapshot(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateSnapshot.html"""
    parameters, region = given(request.parameters), request.caller.region
    namespace = find(region, "namespace", parameters["namespaceName"])
    if all(w["namespaceName"] != parameters["namespaceName"] for w in stored(region, "workgroup").values()):
        # AWS does not document it: https://github.com/aws-solutions-library-samples/guidance-for-game-analytics-pipeline-on-aws/pull/100
        message = "You can't create a snapshot because there isn't a workgroup created for the namespace."
        raise AwsError("ValidationException", message)
    arn, _ = new_arn(region, "snapshot")
    taken = now()
    snapshot = {
        "accountsWithProvisionedRestoreAccess": [], "accountsWithRestoreAccess": [], "adminUsername": namespace["adminUsername"],
        "kmsKeyId": namespace["kmsKeyId"], "namespaceArn": namespace["namespaceArn"], "namespaceName": namespace["namespaceName"],
        "ownerAccount": ACCOUNT, "snapshotArn": arn, "snapshotCreateTime": taken, "snapshotName": parameters["snapshotName"],
        "snapshotRetentionPeriod": parameters.get("retentionPeriod", FOR_EVER), "snapshotRetentionStartTime": taken,
        "status": "AVAILABLE",
    }
    keep(region, "snapshot", parameters["snapshotName"], snapshot)
    tag(region, arn, parameters.get("tags"))
    return {"snapshot": snapshot}


@handles(SERVICE, "GetSnapshot")
def get_snapshot(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetSnapshot.html"""
    parameters, region = request.parameters, request.caller.region
    if parameters.get("snapshotArn"):
        return {"snapshot": find_by_arn(region, parameters["snapshotArn"])[1]}
    if not parameters.get("snapshotName"):
        raise AwsError("ValidationException", "Specify the name or the ARN of a snapshot.")
    return {"snapshot": find(region, "snapshot", parameters["snapshotName"])}


@handles(SERVICE, "ListSnapshots")
def list_snapshots(request):
    wanted = {k: v for k, v in given(request.parameters).items() if k in ("namespaceArn", "namespaceName", "ownerAccount")}
    snapshots = stored(request.caller.region, "snapshot").values()
    return {"snapshots": [snapshot for snapshot in snapshots if wanted.items() <= snapshot.items()]}


@handles(SERVICE, "UpdateSnapshot")
def update_snapshot(request):
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateSnapshot.html"""
    parameters = given(request.parameters)
    snapshot = find(request.caller.region, "snapshot", parameters["snapshotName"])
    if "retentionPeriod" in parameters:
        snapshot["snapshotRetentionPeriod"] = parameters["retentionPeriod"]
    return {"snapshot": snapshot}


@handles(SERVICE, "DeleteSnapshot")
def delete_snapshot(request):
    region = request.caller.region
    snapshot = find(region, "snapshot", request.parameters["snapshotName"])
    del stored(region, "snapshot")[snapshot["snapshotName"]]
    forget_tags(region, snapshot["snapshotArn"])
    return {"snapshot": {**snapshot, "status": "DELETED"}}
