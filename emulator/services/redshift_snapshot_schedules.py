"""Snapshot schedules, and their association with clusters.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html#snapshot-schedules
"""
import re

from ..aws import AwsError
from ..registry import handles
from . import redshift
from .redshift_resources import Kind, given

SCHEDULES = Kind("snapshot schedule", "SnapshotScheduleAlreadyExists", "SnapshotScheduleNotFound", "snapshotschedule")
#: rate(1 hour) to rate(24 hours), or cron(minute hours days-of-week): snapshots are an hour apart or more.
_RATE = re.compile(r"rate\((?:1 hour|(?:[2-9]|1\d|2[0-4]) hours)\)")
_CRON = re.compile(r"cron\(\d{1,2} [\d,*/-]+ [\dA-Z,*/#?-]+\)")


def _check(definitions):
    for definition in definitions or []:
        if not _RATE.fullmatch(definition) and not _CRON.fullmatch(definition):
            raise AwsError("InvalidSchedule", f"The schedule {definition} is not valid.")


def _clusters_of(request, identifier):
    clusters = redshift.clusters(request.caller.region).values()
    return [c.cluster_identifier for c in clusters if c.snapshot_schedule_identifier == identifier]


def _shown(request, schedule):
    clusters = _clusters_of(request, schedule.name)
    associated = [{"ClusterIdentifier": name, "ScheduleAssociationState": "ACTIVE"} for name in clusters]
    return {**schedule.shown, "AssociatedClusterCount": len(clusters), "AssociatedClusters": associated}


@handles("redshift", "CreateSnapshotSchedule")
def create_snapshot_schedule(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateSnapshotSchedule.html"""
    parameters = request.parameters
    _check(parameters.get("ScheduleDefinitions"))
    members = given(parameters, "ScheduleDefinitions", "ScheduleDescription", "ScheduleIdentifier")
    return _shown(request, SCHEDULES.create(request, parameters["ScheduleIdentifier"], members))


@handles("redshift", "ModifySnapshotSchedule")
def modify_snapshot_schedule(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifySnapshotSchedule.html"""
    schedule = SCHEDULES.find(request, request.parameters["ScheduleIdentifier"])
    _check(request.parameters["ScheduleDefinitions"])
    schedule.members["ScheduleDefinitions"] = request.parameters["ScheduleDefinitions"]
    return _shown(request, schedule)


@handles("redshift", "DeleteSnapshotSchedule")
def delete_snapshot_schedule(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteSnapshotSchedule.html"""
    schedule = SCHEDULES.find(request, request.parameters["ScheduleIdentifier"])
    clusters = _clusters_of(request, schedule.name)
    if clusters:
        message = f"The snapshot schedule {schedule.name} is associated with {', '.join(clusters)}."
        raise AwsError("InvalidClusterSnapshotScheduleState", message)
    SCHEDULES.delete(request, schedule.name)
    return {}


@handles("redshift", "DescribeSnapshotSchedules")
def describe_snapshot_schedules(request):
    """A name that no schedule has gives an empty list.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeSnapshotSchedules.html lists no error.
    """
    cluster, identifier = request.parameters.get("ClusterIdentifier"), request.parameters.get("ScheduleIdentifier")
    shown = [_shown(request, s) for s in SCHEDULES.find_all(request) if identifier in (None, s.name)]
    if cluster:
        shown = [s for s in shown if cluster in (c["ClusterIdentifier"] for c in s["AssociatedClusters"])]
    return {"SnapshotSchedules": shown}


@handles("redshift", "ModifyClusterSnapshotSchedule")
def modify_cluster_snapshot_schedule(request):
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterSnapshotSchedule.html"""
    parameters = request.parameters
    cluster = redshift.cluster_of(request.caller.region, parameters["ClusterIdentifier"])
    identifier = parameters.get("ScheduleIdentifier")
    if identifier:
        SCHEDULES.find(request, identifier)
    cluster.snapshot_schedule_identifier = None if parameters.get("DisassociateSchedule") else identifier
    cluster.snapshot_schedule_state = "ACTIVE" if cluster.snapshot_schedule_identifier else None
    return {}
