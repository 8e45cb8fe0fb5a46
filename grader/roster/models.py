"""The tables of cohort.toml."""

from __future__ import annotations

from datetime import date, time
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from grader import toml
from grader.programme import Timetable
from grader.roster.clocks import TIMEZONE
from grader.roster.values import (
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


class CohortFile(toml.Table):
    """Hold what cohort.toml says."""

    format: toml.Format = Field(examples=[str(toml.FORMAT)])
    cohort: _Head
    weeks: _Weeks = Field(default_factory=lambda: _Weeks.model_validate({}))
    due: Due = Field(default_factory=dict)
    hub: list[_Hub] = Field(min_length=1)
    extension: list[_Extension] = Field(default_factory=list)
    leave: list[_Leave] = Field(default_factory=list)

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
