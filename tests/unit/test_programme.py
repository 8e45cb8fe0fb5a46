"""When work is due, and for whom: the rules of programme.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.programme import (
    Cohort,
    Extension,
    Hub,
    Leave,
    Mentor,
    Participant,
    Programme,
    Timetable,
    Week,
)

LONDON = ZoneInfo("Europe/London")
WEEKS = tuple(Week(f"week{n:02}", n, f"Week {n}") for n in range(1, 13))
WEEK01, WEEK02, WEEK11, WEEK12 = WEEKS[0], WEEKS[1], WEEKS[10], WEEKS[11]
SHEFFIELD, LONDON_HUB = Hub("sheffield", "Sheffield"), Hub("london", "London")
ANN = Participant("p001", hub="sheffield", mentor="m01")
BEN = Participant("p002", hub="london")


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON)  # type: ignore[arg-type, misc]


@pytest.fixture
def cohort() -> Cohort:
    return Cohort(
        name="2027-spring",
        title="Spring 2027",
        directory=Path("/cohort"),
        course=Path("/course"),
        exchange=Path("/cohort/exchange"),
        timetable=Timetable(date(2027, 1, 11), LONDON),
        hubs=(SHEFFIELD, LONDON_HUB),
        participants=(ANN, BEN),
        mentors=(Mentor("m01", hubs=("sheffield", "london")),),
    )


class TestTimetable:
    def test_week_one_opens_on_the_first_hub_day(self) -> None:
        """Week 1 opens at nine on the day the cohort starts."""
        assert local(2027, 1, 11, 9) == Timetable(date(2027, 1, 11), LONDON).released(WEEK01)

    def test_weeks_follow_each_other(self) -> None:
        """Each week opens seven days after the one before, and is due six days later."""
        timetable = Timetable(date(2027, 1, 11), LONDON)
        assert local(2027, 1, 18, 9) == timetable.released(WEEK02)
        assert local(2027, 1, 24, 18) == timetable.due_for_all(WEEK02)

    def test_a_moved_date_replaces_the_ordinary_one(self) -> None:
        """A week in `[due]` is due when that says."""
        timetable = Timetable(date(2027, 1, 11), LONDON, due={"week02": local(2027, 1, 26, 12)})
        assert local(2027, 1, 26, 12) == timetable.due_for_all(WEEK02)
        assert local(2027, 1, 17, 18) == timetable.due_for_all(WEEK01)

    def test_six_o_clock_stays_six_o_clock_in_summer_time(self) -> None:
        """Work is due at 18:00 by the clock on the wall: 18:00 UTC in winter, 17:00 in summer."""
        timetable = Timetable(date(2027, 1, 11), LONDON)
        week10, due_in_summer = WEEKS[9], timetable.due_for_all(WEEK11)
        assert datetime(2027, 3, 21, 18, tzinfo=UTC) == timetable.due_for_all(week10)
        assert datetime(2027, 3, 28, 17, tzinfo=UTC) == due_in_summer
        assert "2027-03-28T18:00:00+01:00" == due_in_summer.isoformat()

    def test_a_week_with_the_clock_change_is_an_hour_shorter(self) -> None:
        """From Monday nine to Sunday six is an hour less when the clocks go forward."""
        timetable = Timetable(date(2027, 1, 11), LONDON)

        def hours(week: Week) -> float:
            opens, closes = timetable.released(week), timetable.due_for_all(week)
            return (closes.astimezone(UTC) - opens.astimezone(UTC)).total_seconds() / 3600

        assert [153, 152, 153] == [hours(week) for week in WEEKS[9:12]]


class TestDue:
    def test_x4_a_closed_hub_moves_its_own_date_only(self, cohort: Cohort) -> None:
        """X4: a hub that was closed has another due time, and the other hubs keep theirs."""
        closed = replace(SHEFFIELD, due={"week02": local(2027, 1, 26, 18)})
        cohort = replace(cohort, hubs=(closed, LONDON_HUB))
        assert local(2027, 1, 26, 18) == cohort.due_for(WEEK02, ANN)
        assert local(2027, 1, 24, 18) == cohort.due_for(WEEK02, BEN)
        assert local(2027, 1, 17, 18) == cohort.due_for(WEEK01, ANN)

    def test_x4_a_hub_s_date_wins_over_the_date_for_all(self, cohort: Cohort) -> None:
        """X4: a hub's own due time counts even where the week was moved for everybody."""
        closed = replace(SHEFFIELD, due={"week02": local(2027, 1, 26, 18)})
        moved = replace(cohort.timetable, due={"week02": local(2027, 1, 25, 18)})
        cohort = replace(cohort, hubs=(closed, LONDON_HUB), timetable=moved)
        assert local(2027, 1, 26, 18) == cohort.due(WEEK02, closed)
        assert local(2027, 1, 25, 18) == cohort.due(WEEK02, LONDON_HUB)

    def test_x1_an_extension_is_for_one_person_and_one_week(self, cohort: Cohort) -> None:
        """X1: an extension moves that participant's week, nobody else's and no other week."""
        extension = Extension("p001", "week01", local(2027, 1, 20, 18))
        cohort = replace(cohort, extensions=(extension,))
        assert local(2027, 1, 20, 18) == cohort.due_for(WEEK01, ANN)
        assert local(2027, 1, 17, 18) == cohort.due_for(WEEK01, BEN)
        assert local(2027, 1, 24, 18) == cohort.due_for(WEEK02, ANN)

    def test_x1_the_extension_written_last_counts(self, cohort: Cohort) -> None:
        """X1: of two extensions for one week the one written last counts, even if it is shorter."""
        longer = Extension("p001", "week01", local(2027, 1, 22, 18))
        shorter = Extension("p001", "week01", local(2027, 1, 20, 18))
        cohort = replace(cohort, extensions=(longer, shorter))
        assert shorter == cohort.extension(WEEK01, ANN)
        assert shorter.until == cohort.due_for(WEEK01, ANN)

    def test_x1_an_extension_wins_over_the_hub_s_date(self, cohort: Cohort) -> None:
        """X1: the most personal time wins, so an extension counts before the hub's own date."""
        closed = replace(SHEFFIELD, due={"week02": local(2027, 1, 26, 18)})
        extension = Extension("p001", "week02", local(2027, 1, 25, 12))
        cohort = replace(cohort, hubs=(closed, LONDON_HUB), extensions=(extension,))
        assert local(2027, 1, 25, 12) == cohort.due_for(WEEK02, ANN)


class TestLeave:
    @pytest.mark.parametrize(
        ("day", "away"),
        [
            (date(2027, 1, 31), False),
            (date(2027, 2, 1), True),
            (date(2027, 2, 14), True),
            (date(2027, 2, 15), False),
        ],
    )
    def test_x3_both_days_are_included(self, cohort: Cohort, day: date, away: bool) -> None:
        """X3: leave begins on its first day and ends on the evening of its last."""
        leave = Leave("p001", date(2027, 2, 1), date(2027, 2, 14))
        cohort = replace(cohort, leaves=(leave,))
        assert away == cohort.on_leave(ANN, day)
        assert not cohort.on_leave(BEN, day)

    def test_x3_leave_moves_no_due_time(self, cohort: Cohort) -> None:
        """X3: who is on leave has the same due time as before."""
        leave = Leave("p001", date(2027, 1, 11), date(2027, 1, 31))
        assert cohort.due_for(WEEK01, ANN) == replace(cohort, leaves=(leave,)).due_for(WEEK01, ANN)


class TestCohort:
    def test_people_are_found_by_hub(self, cohort: Cohort) -> None:
        """A hub's participants are its own, and a mentor of two hubs is at both."""
        assert (ANN,) == cohort.at(SHEFFIELD)
        assert cohort.mentors == cohort.mentors_at(SHEFFIELD) == cohort.mentors_at(LONDON_HUB)

    def test_each_hub_has_a_course_and_a_home(self, cohort: Cohort) -> None:
        """nbgrader's course id and directory follow from the names of hub and cohort."""
        assert "sheffield-2027-spring" == cohort.course_id(SHEFFIELD)
        assert Path("/cohort/sheffield") == cohort.home(SHEFFIELD)

    def test_what_is_not_there_is_none(self, cohort: Cohort) -> None:
        """An unknown hub, participant or week is None."""
        assert cohort.hub("leeds") is None
        assert cohort.participant("p009") is None
        assert Programme("a", "A", WEEKS).week("week13") is None

    def test_what_is_there_is_found(self, cohort: Cohort) -> None:
        """A hub, a participant and a week are found by name."""
        assert SHEFFIELD == cohort.hub("sheffield")
        assert BEN == cohort.participant("p002")
        assert WEEK12 == Programme("a", "A", WEEKS).week("week12")


class TestProbableWeek:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("week1", "week01"),
            ("week", "week01"),
            ("we", "week01"),
            ("1", "week01"),
            ("01", "week01"),
            ("Week 7", "week07"),
            ("wek11", "week11"),
            ("week13", "week12"),
            ("week0", "week01"),
            ("weke", "week01"),
        ],
    )
    def test_a_mistyped_week_is_recognised(self, written: str, meant: str) -> None:
        """The week of that number was probably meant, or the nearest, or the first that is alike."""
        week = Programme("course", "Course", WEEKS).probable_week(written)

        assert meant == (week and week.name)

    def test_weeks_with_other_names(self) -> None:
        """A number in a week's name counts before its place in the programme."""
        named = (Week("intro", 1, ""), Week("ps1", 2, ""), Week("ps2", 3, ""))
        found = [Programme("c", "C", named).probable_week(w) for w in ("ps01", "2", "into", "xyz")]

        assert ["ps1", "ps2", "intro", None] == [week and week.name for week in found]

    def test_a_course_without_weeks(self) -> None:
        """Where there is no week, none was meant."""
        assert None is Programme("course", "Course", ()).probable_week("week01")
