"""The records of `npm run verify:aws`: what a real account answered. tools/verify-aws/record.ts has their format."""
import json
import re
from pathlib import Path

from .aws import ACCOUNT, partition_of

DIRECTORY = Path(__file__).parent / "records"
_MEMBERS = {"date", "grants", "partition", "region", "revoked", "viaServices", "withoutViaService", "workgroup"}
_SERVICE_NAME = "RedshiftDataAPI"
_records = []


class UnreadableRecord(Exception):
    pass


def read(directory):
    """Reads the records of a directory, which need not exist."""
    _records[:] = [_parsed(path) for path in sorted(Path(directory).glob("*.json"))]


def of(region):
    """The record of a Region, or another one of its partition, with the Region and the account filled in; None without one."""
    found = [r for r in _records if r["partition"] == partition_of(region)]
    if not found:
        return None
    record = next((r for r in found if r["region"] == region), found[0])
    text = re.sub(r"\bREGION\b", region, json.dumps(record))
    return json.loads(re.sub(r"\bACCOUNT\b", ACCOUNT, text))


def data_api_grant(region):
    """The grant that the Data API made; None without a record."""
    record = of(region)
    return record and _data_api_grant(record)


def _data_api_grant(record):
    return next(g for g in record["grants"] if _context_of(g).get("serviceName") == _SERVICE_NAME)


def _context_of(grant):
    return grant["constraints"].get("EncryptionContextSubset") or {}


def _parsed(path):
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        missing = _MEMBERS - set(record)
        if missing:
            raise UnreadableRecord(f"it lacks {', '.join(sorted(missing))}")
        if not any(_context_of(grant).get("serviceName") == _SERVICE_NAME for grant in record["grants"]):
            raise UnreadableRecord(f"it has no grant with the serviceName {_SERVICE_NAME}")
        return record
    except (AttributeError, KeyError, TypeError, ValueError, UnreadableRecord) as error:
        raise UnreadableRecord(f"{path} must be a record of npm run verify:aws: {error}") from None
