"""Single values of cohort.toml, each with its rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, ValidationInfo

from grader import toml
from grader.roster.clocks import exists, zone
from grader.roster.places import ROSTER


@dataclass(frozen=True)
class Known:
    """Tell the rules what the other file and the course say; None where that is not known."""

    zone: tzinfo
    taken: frozenset[str]
    participants: frozenset[str] | None
    weeks: frozenset[str] | None


def _known(info: ValidationInfo) -> Known:
    known = info.context
    assert isinstance(known, Known)
    return known


def _folder(value: str) -> str:
    if not value or not all("a" <= c <= "z" or c in "-0123456789" for c in value):
        do = "Use a-z, 0-9 and - only."
    elif value.startswith("-") or len(value) > 32:
        do = "Begin with a letter or digit, and use at most 32 characters."
    else:
        return value
    raise toml.wrong(f'is "{value}", which cannot name folders', do)


def _path(value: str) -> str:
    if not value or not value.isprintable():
        raise toml.wrong("is not a path", "Write a path relative to cohort.toml.")
    return value


def _address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s\"'<>]+|/[^\s\"'<>]*", value):
        do = (
            "Write an address that begins with https:// or with /; {hub} stands for the hub's name."
        )
        raise toml.wrong(f'is "{value}", which is not an address', do)
    return value.rstrip("/")


def _time_zone(value: str) -> str:
    if zone(value) is None:
        similar = toml.or_similar(value, available_timezones())
        do = "Write a name of the time zone database, such as Europe/London."
        raise toml.wrong(f'is "{value}", a time zone nobody knows{similar}', do)
    return value


def _hub(value: str, info: ValidationInfo) -> str:
    if value in _known(info).taken:
        do = "Call the hub otherwise: each hub has a folder of its name beside the others."
        raise toml.wrong(f'is "{value}", a folder the cohort needs for something else', do)
    return value


def _sensible(value: date) -> date:
    if not 2000 <= value.year < 2100:
        raise toml.wrong(f"is in the year {value.year}", "Correct the year.")
    return value


def _whole_seconds(value: time) -> time:
    return value.replace(microsecond=0)


def _local(value: datetime, info: ValidationInfo) -> datetime:
    """Make *value* aware: in the cohort's time zone, unless it says its offset."""
    _sensible(value)
    here = _known(info).zone
    if value.tzinfo is not None:
        return value.astimezone(here)
    aware = value.replace(tzinfo=here)
    if not exists(aware):
        what = f"is {value}, a time the clocks skip in {here}"
        raise toml.wrong(what, "Write a time before or after the skipped hour.")
    return aware


def _week(value: str, info: ValidationInfo) -> str:
    return _checked_week(value, f'is "{value}", which is no week of the programme', info)


def _week_key(value: str, info: ValidationInfo) -> str:
    return _checked_week(value, "is no week of the programme", info)


def _checked_week(value: str, what: str, info: ValidationInfo) -> str:
    weeks = _known(info).weeks
    if weeks is not None and value not in weeks:
        do = f"Write one of: {', '.join(sorted(weeks))}."
        raise toml.wrong(what + toml.or_similar(value, weeks), do)
    return value


def _participant(value: str, info: ValidationInfo) -> str:
    people = _known(info).participants
    if people is not None and value not in people:
        what = f'is "{value}", and {ROSTER} has no participant of that id'
        do = "Correct the id, add the participant to the roster, or remove this table."
        raise toml.wrong(what, do)
    return value


Address = Annotated[str, AfterValidator(_address)]
FolderName = Annotated[str, AfterValidator(_folder)]
WrittenPath = Annotated[str, AfterValidator(_path)]
ZoneName = Annotated[str, AfterValidator(_time_zone)]
HubName = Annotated[toml.Name, AfterValidator(_hub)]
WeekName = Annotated[str, AfterValidator(_week)]
ParticipantId = Annotated[str, AfterValidator(_participant)]
Day = Annotated[date, AfterValidator(_sensible)]
TimeOfDay = Annotated[time, AfterValidator(_whole_seconds)]
Moment = Annotated[datetime, AfterValidator(_local)]
Due = dict[Annotated[str, AfterValidator(_week_key)], Moment]
