"""How far everybody is: silence, zero and failure are told apart, and the roster decides who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.marks import Mark, Outcome, Verdict
from grader.programme import Cohort, Extension, Hub, Leave, Participant, Timetable, Week
from grader.progress import Progress, Standing, Status, Work, how_long, progress

LONDON = ZoneInfo("Europe/London")
WEEK = Week("week01", 1, "Tables")
SHEFFIELD = Hub("sheffield", "Sheffield")
DUE = datetime(2027, 1, 18, 18, tzinfo=LONDON)
AFTER = DUE + timedelta(days=1)
BEFORE = DUE - timedelta(days=1)


@dataclass(frozen=True)
class Hint:
    """Stand in for a hint of the course."""

    title: str
    talking_point: str


HINTS = {"W01.T3.M2": Hint("Counts blanks as zero", "Ask what a blank means.")}


def cohort(extensions: tuple[Extension, ...] = (), leaves: tuple[Leave, ...] = ()) -> Cohort:
    """Make a cohort of one hub with two people."""
    here = Path("/nowhere")
    people = (Participant("p001", hub="sheffield"), Participant("p002", hub="sheffield"))
    return Cohort(
        name="spring2027",
        title="Spring 2027",
        directory=here,
        course=here,
        exchange=here,
        timetable=Timetable(date(2027, 1, 12), LONDON),
        hubs=(SHEFFIELD,),
        participants=people,
        extensions=extensions,
        leaves=leaves,
    )


def everyone(
    work: Work | None = None, now: datetime = AFTER, of: Cohort | None = None
) -> tuple[Progress, ...]:
    """Follow both people; *work* is what p001 handed in."""
    known = {("p001", "week01"): work} if work else {}
    return progress(of or cohort(), SHEFFIELD, [WEEK], known, HINTS, now=now)


def standing(work: Work | None = None, now: datetime = AFTER, of: Cohort | None = None) -> Standing:
    """Give how p001 stands in week 1."""
    return everyone(work, now, of)[0].weeks[0]


def mark(
    points: float | None, out_of: float = 2, cell: str = "t3_check", hint: str | None = None
) -> Mark:
    """Make a mark of week 1."""
    verdict = Verdict.BY_HAND if points is None else Verdict.PARTLY
    return Mark("week01", cell, points, out_of, verdict, hint)


def marked(*marks: Mark, outcome: Outcome = Outcome.FINISHED, penalty: float = 0) -> Work:
    """Make work that marking has run on, handed in a day early."""
    return Work(BEFORE, outcome, marks=marks, penalty=penalty)


class TestProgress:
    def test_somebody_who_never_handed_in_is_there(self) -> None:
        """Everybody on the roster is listed, whether or not they ever handed anything in."""
        people = everyone(marked(mark(2)))

        assert ["p001", "p002"] == [person.participant.id for person in people]
        assert Status.NOTHING == people[1].weeks[0].status

    def test_work_of_people_not_on_the_roster_is_left_out(self) -> None:
        """Work of somebody who is not on this hub's roster does not appear."""
        known = {("p999", "week01"): marked(mark(2))}

        people = progress(cohort(), SHEFFIELD, [WEEK], known, HINTS, now=AFTER)

        assert [Status.NOTHING, Status.NOTHING] == [person.weeks[0].status for person in people]

    def test_away(self) -> None:
        """Somebody on agreed leave today is away, the last day of the leave included."""
        of = cohort(leaves=(Leave("p001", date(2027, 1, 12), AFTER.date()),))

        assert [True, False] == [person.away for person in everyone(of=of)]

    def test_last_is_the_newest_hand_in(self) -> None:
        """The last submission is the newest by time, and none where nothing was handed in."""
        person, silent = everyone(marked(mark(2)))

        assert person.weeks[0] == person.last
        assert silent.last is None


class TestStatus:
    def test_not_due_yet(self) -> None:
        """Until the due second itself has passed, having handed in nothing is no silence."""
        assert Status.NOT_DUE == standing(now=DUE).status

    def test_nothing_submitted(self) -> None:
        """S1: After the due time, nothing handed in is called nothing submitted."""
        assert Status.NOTHING == standing(now=DUE + timedelta(seconds=1)).status

    def test_waiting_for_marking_to_run(self) -> None:
        """S2: Work that marking has not run on yet is submitted and has no points, not even zero."""
        found = standing(Work(BEFORE))

        assert Status.UNMARKED == found.status
        assert found.points is None

    def test_could_not_be_marked(self) -> None:
        """S3: Work that ended badly could not be marked; the reason is in words and nothing is zero."""
        found = standing(marked(outcome=Outcome.TIMED_OUT))

        assert Status.FAILED == found.status
        assert "it ran longer than is allowed" == found.reason
        assert found.points is None

    @pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.FINISHED])
    def test_every_bad_end_has_words(self, outcome: Outcome) -> None:
        """Every bad end is explained in a phrase, not by its bare name."""
        assert len(standing(marked(outcome=outcome)).reason.split()) > 4

    def test_the_recorded_reason_is_shown(self) -> None:
        """A reason that marking recorded is shown instead of the general one."""
        found = standing(Work(BEFORE, Outcome.REFUSED, reason="The folder holds a link."))

        assert "The folder holds a link" == found.reason

    def test_a_person_puts_a_failure_right(self) -> None:
        """Once a person has marked all of it, work that ended badly counts as marked."""
        work = Work(BEFORE, Outcome.TIMED_OUT, marks=(mark(1),), looked_at=True)

        assert Status.MARKED == standing(work).status

    def test_waiting_for_you_to_mark(self) -> None:
        """S4: Answers that wait for a person are counted, and points are those given so far."""
        found = standing(marked(mark(1.5), mark(None, out_of=4, cell="reflection")))

        assert Status.BY_HAND == found.status
        assert (1, 1.5, 2, 6) == (found.waiting, found.points, found.of_marked, found.out_of)

    def test_marked(self) -> None:
        """S5: Work with all points given is marked; zero points are zero, not silence."""
        found = standing(marked(mark(0), mark(0)))

        assert Status.MARKED == found.status
        assert (0, 4) == (found.points, found.out_of)

    def test_penalty(self) -> None:
        """A late penalty is taken off, and never leads below zero."""
        assert 1 == standing(marked(mark(2), penalty=1)).points
        assert 0 == standing(marked(mark(2), penalty=3)).points


class TestLate:
    def test_late_by(self) -> None:
        """S6: Late work says by how long; the due second itself is on time."""
        assert timedelta(hours=3) == standing(Work(DUE + timedelta(hours=3))).late
        assert standing(Work(DUE)).late is None

    def test_an_extension_moves_the_due_time(self) -> None:
        """Somebody with an extension is late only after their own due time."""
        own = DUE + timedelta(days=2)
        of = cohort(extensions=(Extension("p001", "week01", own),))

        assert standing(Work(own), of=of).late is None
        assert Status.NOT_DUE == standing(now=own, of=of).status

    def test_a_time_that_is_not_known_is_not_late(self) -> None:
        """Work whose hand-in time cannot be read is submitted, and nobody calls it late."""
        found = standing(Work(None))

        assert found.submitted
        assert found.late is None

    @pytest.mark.parametrize(
        ("span", "words"),
        [
            (timedelta(minutes=59), "less than an hour"),
            (timedelta(hours=1), "1 hour"),
            (timedelta(hours=23, minutes=59), "23 hours"),
            (timedelta(hours=24), "1 day"),
            (timedelta(hours=45), "1 day"),
            (timedelta(days=2, hours=23), "2 days"),
        ],
    )
    def test_how_long(self, span: timedelta, words: str) -> None:
        """Times are told in whole hours below a day, and in whole days from there on."""
        assert words == how_long(span)


class TestExcused:
    def test_a_running_extension(self) -> None:
        """A running extension excuses, and one that has run out does not."""
        own = DUE + timedelta(days=2)
        of = cohort(extensions=(Extension("p001", "week01", own),))

        assert "has more time" == standing(now=own, of=of).excused
        assert "" == standing(now=own + timedelta(seconds=1), of=of).excused

    @pytest.mark.parametrize("day", [date(2027, 1, 12), date(2027, 1, 18)])
    def test_leave(self, day: date) -> None:
        """Leave on the hub day or on the day the week is due excuses that week."""
        of = cohort(leaves=(Leave("p001", day, day),))

        assert "on agreed leave" == standing(of=of).excused
        assert () == everyone(of=of)[0].due


class TestMisconceptions:
    def test_each_title_once(self) -> None:
        """A misunderstanding met in two tasks of a week is named once."""
        work = marked(mark(0, hint="W01.T3.M2"), mark(0, cell="t4_check", hint="W01.T3.M2"))

        assert ["Counts blanks as zero"] == [
            found.title for found in everyone(work)[0].misunderstood
        ]

    def test_titles_not_codes(self) -> None:
        """What was misunderstood is told by its title, once for each task."""
        work = marked(mark(0, hint="W01.T3.M2"), mark(0, cell="t3_more", hint="W01.T3.M2"))

        assert [("t3", "Counts blanks as zero")] == [
            (found.task, found.title) for found in standing(work).misconceptions
        ]

    def test_full_marks_misunderstand_nothing(self) -> None:
        """Where a mentor gave full marks after all, the check's hint is dropped."""
        assert () == standing(marked(mark(2, hint="W01.T3.M2"))).misconceptions

    def test_a_code_without_a_hint(self) -> None:
        """A code that no hint explains shows itself, so that nothing is lost."""
        work = marked(mark(0, hint="W01.T9.M9"))

        assert ["W01.T9.M9"] == [found.title for found in standing(work).misconceptions]
