"""The whole of cohort.toml, checked with what the roster and the course say."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from grader import toml
from grader.errors import Complaint
from grader.programme import Programme
from grader.roster.clocks import TIMEZONE, zone
from grader.roster.models import CohortFile
from grader.roster.values import Known

_TAKEN = frozenset({"exchange", "reports", "programme"})
_ONE_TABLE = "Put `due` and the rest into the table on line {line}, and remove this one."


def check_file(
    document: toml.Document,
    participants: frozenset[str] | None = None,
    programme: Programme | None = None,
) -> tuple[CohortFile | None, list[Complaint]]:
    """Check *document*; ids and week names only where *participants* and *programme* are given."""
    head = texts_in_head(document)
    folders = (Path(head[key]).parts[:1] for key in ("exchange", "course") if head.get(key))
    known = Known(
        zone=zone(head.get("timezone", TIMEZONE)) or UTC,
        taken=_TAKEN.union(*folders),
        participants=participants,
        weeks=frozenset(week.name for week in programme.weeks) if programme else None,
    )
    file, complaints = toml.check(document, CohortFile, known)
    complaints += toml.repeated(document, "hub", "name", do=_ONE_TABLE)
    return file, complaints


def texts_in_head(document: toml.Document) -> dict[str, str]:
    """Peek at the texts in `[cohort]`, checked or not."""
    head = document.data.get("cohort")
    written = head.items() if isinstance(head, dict) else ()
    return {key: value for key, value in written if isinstance(value, str)}


def hub_names(document: toml.Document) -> frozenset[str] | None:
    """Peek at the hubs' names, so that the roster can be checked; None if one cannot be read."""
    names = [hub.get("name") for hub in document.tables("hub")]
    readable = [name for name in names if isinstance(name, str) and name]
    return frozenset(readable) if names and readable == names else None
