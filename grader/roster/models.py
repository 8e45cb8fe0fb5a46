"""The tables of cohort.toml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from grader import toml
from grader.programme import Timetable
from grader.roster.clocks import TIMEZONE
from grader.roster.values import (
    Address,
    Day,
    Due,
    FolderName,
    HubName,
    Moment,
    ParticipantId,
    TimeOfDay,
    WeekName,
    WrittenPath,
    ZoneName,
)
from grader.thresholds import Limit, Limits, Reporting

AnyTable = TypeVar("AnyTable", bound=toml.Table)


class _Head(toml.Table):
    name: FolderName = Field(examples=['"2027-spring"'])
    title: str = Field("", examples=['"Spring 2027"'])
    starts: Day = Field(examples=["2027-01-11"])
    timezone: ZoneName = Field(TIMEZONE, examples=['"Europe/London"'])
    course: WrittenPath = Field(".", examples=['"../accelerator"'])
    exchange: WrittenPath = Field("exchange", examples=['"exchange"'])
    feedback: Literal["at once", "when a mentor has looked"] = Field(
        "at once", examples=['"at once"']
    )
    undecided: Literal["a person decides", "beside the work"] = Field(
        "a person decides", examples=['"a person decides"']
    )
    shows: Literal["id", "name"] = Field("id", examples=['"id"'])


class _Weeks(toml.Table):
    release_at: TimeOfDay = Field(time(9), examples=["09:00:00"])
    due_after_days: int = Field(6, ge=0, le=366, examples=["6"])
    due_at: TimeOfDay = Field(time(18), examples=["18:00:00"])


class _Hub(toml.Table):
    name: HubName = Field(examples=['"sheffield"'])
    title: str = Field("", examples=['"Sheffield"'])
    due: Due = Field(default_factory=dict, examples=["{ week02 = 2027-01-26T18:00:00 }"])


class _Extension(toml.Table):
    participant: ParticipantId = Field(examples=['"p003"'])
    week: WeekName = Field(examples=['"week01"'])
    until: Moment = Field(examples=["2027-01-20T18:00:00"])


class _Leave(toml.Table):
    participant: ParticipantId = Field(examples=['"p004"'])
    first: Day = Field(alias="from", examples=["2027-02-01"])
    last: Day = Field(alias="until", examples=["2027-02-14"])

    @field_validator("last")
    @classmethod
    def _ends_after_it_begins(cls, value: date, info: ValidationInfo) -> date:
        first = info.data.get("first")
        if first is not None and value < first:
            do = "Exchange the two, or correct the one that is wrong."
            raise toml.wrong(f"is {value}, before the leave begins on {first}", do)
        return value


def _empty(table: type[AnyTable]) -> Callable[[], AnyTable]:
    """Make the table that is not written: all in it is as usual."""
    return lambda: table.model_validate({})


class _Rule(toml.Table):
    urgency: int | None = Field(None, ge=0, le=9, examples=["3"])


class _Share(_Rule):
    share: float | None = Field(None, gt=0, le=1, examples=["0.5"])


class _Days(_Rule):
    days: int | None = Field(None, ge=1, le=366, examples=["14"])


class _Tasks(_Rule):
    tasks: int | None = Field(None, ge=2, le=100, examples=["2"])


class _OfThree(_Rule):
    weeks: int | None = Field(None, ge=1, le=3, examples=["2"])


class _Attention(toml.Table):
    few_submitted: _Share = Field(
        default_factory=_empty(_Share), examples=["{ urgency = 5, share = 0.5 }"]
    )
    silent: _Days = Field(default_factory=_empty(_Days), examples=["{ urgency = 4, days = 14 }"])
    missed_last: _Rule = Field(default_factory=_empty(_Rule), examples=["{ urgency = 3 }"])
    not_marked: _Rule = Field(default_factory=_empty(_Rule), examples=["{ urgency = 3 }"])
    low_mark: _Share = Field(
        default_factory=_empty(_Share), examples=["{ urgency = 2, share = 0.5 }"]
    )
    falling: _Share = Field(
        default_factory=_empty(_Share), examples=["{ urgency = 2, share = 0.2 }"]
    )
    same_misconception: _Tasks = Field(
        default_factory=_empty(_Tasks), examples=["{ urgency = 2, tasks = 2 }"]
    )
    often_late: _OfThree = Field(
        default_factory=_empty(_OfThree), examples=["{ urgency = 1, weeks = 2 }"]
    )

    @property
    def limits(self) -> Limits:
        """Give the limits: what is written here, and the usual for all else."""
        usual = Limits()
        return Limits(**{name: _limit(getattr(self, name), getattr(usual, name)) for name in RULES})


class _Report(toml.Table):
    few: int = Field(Reporting.few, ge=4, le=1000, examples=["10"])
    small: int = Field(Reporting.small, ge=1, le=1000, examples=["5"])
    checks: int = Field(Reporting.checks, ge=1, le=100, examples=["3"])
    secure: float = Field(Reporting.secure, gt=0, le=1, examples=["0.8"])
    nearly: float = Field(Reporting.nearly, gt=0, le=1, examples=["0.5"])
    waiting_days: int = Field(Reporting.waiting_days, ge=1, le=366, examples=["7"])
    formgrader: Address = Field(
        "", examples=['"https://hub.example.org/services/{hub}/formgrader"']
    )
    organisation: str = Field("", examples=['"Department of Examples"'])
    contact: str = Field("", examples=['"accelerator@example.org"'])

    @property
    def reporting(self) -> Reporting:
        """Give what the pages say and keep back."""
        return Reporting(**self.model_dump())


def _limit(written: _Rule, usual: Limit) -> Limit:
    said = [
        value for value in written.model_dump(exclude={"urgency"}).values() if value is not None
    ]
    urgency = usual.urgency if written.urgency is None else written.urgency
    return Limit(urgency, said[0] if said else usual.at)


RULES = tuple(_Attention.model_fields)


class CohortFile(toml.Table):
    """Hold what cohort.toml says."""

    format: toml.Format = Field(examples=[str(toml.FORMAT)])
    cohort: _Head
    weeks: _Weeks = Field(default_factory=_empty(_Weeks))
    due: Due = Field(default_factory=dict)
    hub: list[_Hub] = Field(min_length=1)
    extension: list[_Extension] = Field(default_factory=list)
    leave: list[_Leave] = Field(default_factory=list)
    attention: _Attention = Field(default_factory=_empty(_Attention))
    report: _Report = Field(default_factory=_empty(_Report))

    @property
    def timetable(self) -> Timetable:
        """Tell when weeks open and close."""
        return Timetable(
            starts=self.cohort.starts,
            timezone=ZoneInfo(self.cohort.timezone),
            release_at=self.weeks.release_at,
            due_after_days=self.weeks.due_after_days,
            due_at=self.weeks.due_at,
            due=self.due,
        )
