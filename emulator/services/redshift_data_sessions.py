"""Sessions of the Data API: statements of one role that share a connection to a warehouse.

https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-session-reuse
"""
import datetime
import uuid
from dataclasses import dataclass, field

from .. import authorization
from ..aws import AwsError, now
from ..registry import handles

#: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html: what SessionKeepAliveSeconds cannot extend.
MAX_AGE = datetime.timedelta(hours=24)
_SESSIONS = {}


@dataclass
class Session:
    #: The aws:userid of the caller that opened it.
    owner: str
    #: The role of the owner. A session is the role's: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
    role_arn: str
    #: The members of the first statement that name the warehouse and the database.
    target: dict
    keep_alive: int
    created: datetime.datetime = field(default_factory=now)
    updated: datetime.datetime = field(default_factory=now)
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def ends(self):
        return min(self.updated + datetime.timedelta(seconds=self.keep_alive), self.created + MAX_AGE)

    @property
    def status(self):
        """A statement ends at once here, so that no session is BUSY."""
        return "CLOSED" if self.ends <= now() else "AVAILABLE"

    def use(self, keep_alive):
        self.updated = now()
        self.keep_alive = self.keep_alive if keep_alive is None else keep_alive


def session_of(caller, parameters):
    """The open session that a statement names; None if it names none. AWS does not document the texts of the errors."""
    identifier = parameters.get("SessionId")
    if identifier is None:
        return None
    session = _SESSIONS.get(identifier)
    if session is None or session.role_arn != caller.arn or session.status == "CLOSED":
        raise AwsError("ValidationException", f"Session {identifier} is not available.")
    return session


def use(caller, parameters, session, target):
    """The session that a statement leaves open: the one that it names, or its own if it asks for one; else None."""
    keep_alive = parameters.get("SessionKeepAliveSeconds")
    if session is None and keep_alive is not None:
        session = Session(caller.user_id, caller.arn, target, keep_alive)
        _SESSIONS[session.identifier] = session
    elif session is not None:
        session.use(keep_alive)
    return session


def owner_key(caller, session=None):
    """https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html: a statement outside of sessions is its caller's."""
    return {"redshift-data:session-owner-iam-userid": session.owner if session else caller.user_id}


@handles("redshift-data", "ListSessions")
def list_sessions(request):
    """https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListSessions.html"""
    caller, parameters = request.caller, request.parameters
    authorization.require(caller, "redshift-data:ListSessions", "*", owner_key(caller))
    filters = {m: parameters[m] for m in ("ClusterIdentifier", "Database", "WorkgroupName") if m in parameters}
    if "SessionId" in parameters and (filters or "Status" in parameters):
        raise AwsError("ValidationException", "SessionId excludes Status, ClusterIdentifier, WorkgroupName and Database.")
    if {"ClusterIdentifier", "WorkgroupName"} <= filters.keys():
        raise AwsError("ValidationException", "ClusterIdentifier excludes WorkgroupName.")
    found = [
        session for session in _SESSIONS.values()
        if session.role_arn == caller.arn
        and (parameters.get("RoleLevel", True) or session.owner == caller.user_id)
        and session.identifier == parameters.get("SessionId", session.identifier)
        and session.created > now() - MAX_AGE
        and session.status in _statuses(parameters)
        and filters.items() <= session.target.items()
    ]
    start = int(parameters.get("NextToken") or 0)
    end = start + (parameters.get("MaxResults") or len(found))
    more = {"NextToken": str(end)} if end < len(found) else {}
    return {"Sessions": [_shown(session) for session in found[start:end]], **more}


def _statuses(parameters):
    if "SessionId" in parameters:
        return ("AVAILABLE", "BUSY", "CLOSED")
    return (parameters["Status"],) if "Status" in parameters else ("AVAILABLE", "BUSY")


def _shown(session):
    targets = {m: v for m, v in session.target.items() if m != "SecretArn"}
    return {
        **targets, "CreatedAt": session.created, "SessionAliveSeconds": session.keep_alive, "SessionId": session.identifier,
        "SessionTtl": session.ends, "Status": session.status, "UpdatedAt": session.updated,
    }
