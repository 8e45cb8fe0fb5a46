"""Who needs you this week: each rule, what silences it, and the order of urgency."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from grader.attention import (
    ASK_ABOUT_CHANGE,
    ASK_ABOUT_SILENCE,
    ASK_ABOUT_START,
    HAND_IN_AGAIN,
    RULES,
    Reason,
    Rule,
    after_failure,
    falling,
    few_submitted,
    low_mark,
    missed_last,
    not_marked,
    often_late,
    reasons,
    same_misconception,
    silent,
    who_needs_you,
)
from grader.marks import Outcome
from grader.programme import Participant, Week
from grader.progress import Misconception, Progress, Standing, Status
from grader.thresholds import Limit, Limits

STARTS = datetime(2027, 1, 12, 9, tzinfo=UTC)
LIMITS = Limits()


def opened(number: int) -> datetime:
    """Tell when week *number* opens; it is due six days later."""
    return STARTS + timedelta(weeks=number - 1)


def week(
    number: int,
    status: Status = Status.MARKED,
    *,
    share: float | None = None,
    waiting: int = 0,
    late: bool = False,
    excused: str = "",
    reason: str = "",
    titles: tuple[str, ...] = (),
) -> Standing:
    """Make a week; one that was handed in was handed in on its due day, or a day late."""
    this = Week(f"week{number:02}", number, f"Title {number}")
    due = opened(number) + timedelta(days=6)
    handed_in = due + timedelta(days=1 if late else 0)
    submitted = status not in (Status.NOT_DUE, Status.NOTHING)
    return Standing(
        week=this,
        status=status,
        opened=opened(number),
        due=due,
        excused=excused,
        handed_in=handed_in if submitted else None,
        late=timedelta(days=1) if late else None,
        points=None if share is None else 10 * share,
        of_marked=10.0,
        out_of=10.0,
        waiting=waiting,
        reason=reason,
        misconceptions=tuple(
            Misconception(this, f"t{task}", title, f"Talk about: {title}")
            for task, title in enumerate(titles, 1)
        ),
    )


def person(
    *weeks: Standing, day: float | None = None, away: bool = False, id: str = "p001"
) -> Progress:
    """Follow somebody until *day* days after the start, or just after the last week was due."""
    now = weeks[-1].due + timedelta(hours=1) if day is None else STARTS + timedelta(days=day)
    return Progress(Participant(id), weeks, now, away)


def missed(number: int) -> Standing:
    """Make a week for which nothing was submitted."""
    return week(number, Status.NOTHING)


def words(reason: Reason | None) -> str:
    """Give the words of a reason that must be there."""
    assert reason is not None
    return reason.words


class TestFewSubmitted:
    def test_half_or_less(self) -> None:
        """Somebody who submitted half or less of the due weeks needs a mentor most."""
        found = few_submitted(person(week(1), missed(2)), LIMITS)

        assert "Submitted 1 of the 2 weeks that were due." == words(found)
        assert 5 == max(reason.severity for reason in reasons(person(week(1), missed(2))))

    def test_more_than_half(self) -> None:
        """Two of three weeks are enough."""
        assert few_submitted(person(week(1), week(2), missed(3)), LIMITS) is None

    def test_the_first_week_alone_says_little(self) -> None:
        """One due week is not yet a habit; having missed it is told by another rule."""
        assert few_submitted(person(missed(1)), LIMITS) is None

    def test_leave_and_weeks_not_due_do_not_count(self) -> None:
        """Weeks that leave excuses and weeks that are not due yet are not counted as missing."""
        away = week(2, Status.NOTHING, excused="on agreed leave")
        weeks = week(1), away, missed(3), week(4, Status.NOT_DUE)

        found = few_submitted(person(*weeks, day=26), LIMITS)

        assert "Submitted 1 of the 2 weeks that were due." == words(found)


class TestSilent:
    def test_a_fortnight(self) -> None:
        """Fourteen days without a hand-in are noticed, thirteen are not."""
        weeks = week(1), missed(2)

        assert "Nothing handed in for 14 days." == words(silent(person(*weeks, day=20), LIMITS))
        assert silent(person(*weeks, day=19.9), LIMITS) is None

    def test_never(self) -> None:
        """Who never handed anything in is counted from the day the first week opened."""
        found = silent(person(missed(1), missed(2), day=14), LIMITS)

        assert "Nothing handed in yet; the first week opened 14 days ago." == words(found)

    def test_nothing_was_due_since(self) -> None:
        """Nobody is silent while nothing was due since they last handed in."""
        assert silent(person(week(1), week(5, Status.NOT_DUE), day=33), LIMITS) is None

    def test_work_that_is_kept(self) -> None:
        """Who handed in again after feedback went back is not silent, though it is not marked."""
        back = replace(week(1), again=STARTS + timedelta(days=18))

        assert silent(person(back, missed(2), day=20), LIMITS) is None

    def test_a_time_that_is_not_known(self) -> None:
        """Where the time of the last hand-in is not known, nobody is called silent."""
        unknown = Standing(Week("week01", 1, "T"), Status.UNMARKED, opened(1), opened(1))

        assert silent(person(unknown, missed(2), day=60), LIMITS) is None


class TestMissedLast:
    def test_missed(self) -> None:
        """Nothing for the week that was due last is noticed by its number and title."""
        found = missed_last(person(week(1), week(2), missed(3)), LIMITS)

        assert "Nothing submitted for week 3 (Title 3)." == words(found)

    def test_an_older_gap_is_past(self) -> None:
        """A week missed earlier, with later ones submitted, is not brought up again."""
        assert missed_last(person(missed(1), week(2)), LIMITS) is None

    def test_due_in_two_days(self) -> None:
        """Somebody with nothing yet for a week that is due in two days is left in peace."""
        soon = person(week(1), week(2, Status.NOT_DUE), day=11)

        assert () == reasons(soon)

    def test_a_running_extension(self) -> None:
        """Somebody with more time for the week is left in peace about it."""
        assert () == reasons(person(week(1), week(2, Status.NOT_DUE, excused="has more time")))

    def test_leave(self) -> None:
        """Somebody whose week fell into agreed leave is left in peace about it."""
        assert () == reasons(person(week(1), week(2, Status.NOTHING, excused="on agreed leave")))

    def test_none_of_several_is_said_once(self) -> None:
        """Who submitted none of several weeks is not told of the last one as well."""
        assert missed_last(person(missed(1), missed(2)), LIMITS) is None


class TestNotMarked:
    def test_reason(self) -> None:
        """Work that could not be marked is brought up with its reason."""
        failed = week(2, Status.FAILED, reason="it ran longer than is allowed")

        assert (
            "The work for week 2 (Title 2) could not be marked: it ran longer than is allowed."
            == words(not_marked(person(week(1), failed), LIMITS))
        )

    def test_marked(self) -> None:
        """Marked work gives no such reason, whatever the mark."""
        assert not_marked(person(week(1, share=0.0)), LIMITS) is None

    @pytest.mark.parametrize(
        ("outcome", "beginning"),
        [
            (Outcome.TIMED_OUT, "Look together for a loop that never ends"),
            (Outcome.NOT_A_NOTEBOOK, "Ask them to hand in again"),
            (Outcome.REFUSED, "Ask them to hand in again"),
            (Outcome.MISSING, "Ask them to hand in again"),
            (Outcome.COULD_NOT_MARK, "Tell them that it is not their fault"),
            (None, "Open the notebook together and run it from the top"),
        ],
    )
    def test_what_to_do(self, outcome: Outcome | None, beginning: str) -> None:
        """What a mentor may do depends on how marking ended."""
        failed = replace(week(2, Status.FAILED), outcome=outcome)

        assert beginning == after_failure(failed)[: len(beginning)]

    def test_no_notebook(self) -> None:
        """Where the file is no notebook, the talk begins with handing in again."""
        failed = replace(week(1, Status.FAILED), outcome=Outcome.NOT_A_NOTEBOOK)

        (need,) = who_needs_you([person(failed)])

        assert HAND_IN_AGAIN == need.talking_point


class TestLowMark:
    def test_under_half(self) -> None:
        """A mark under half in the week marked last is noticed; half is enough."""
        low = week(2, share=0.4, titles=("Sorts text",))
        found = low_mark(person(week(1, share=1.0), low), LIMITS)

        assert "Earned 4 of 10 points in week 2 (Title 2)." == words(found)
        assert low_mark(person(week(1, share=0.5)), LIMITS) is None

    def test_so_far(self) -> None:
        """Where answers still wait for a person, the words say so."""
        found = low_mark(person(week(1, Status.BY_HAND, share=0.0, waiting=1)), LIMITS)

        assert (
            "Earned 0 of 10 points so far in week 1 (Title 1); no answer was recognised."
            == words(found)
        )

    def test_nothing_misunderstood_that_we_know(self) -> None:
        """A low mark without any hint says so, and gives the mentor something to do."""
        found = low_mark(person(week(1, share=0.4)), LIMITS)

        assert found == Reason(
            2,
            "Earned 4 of 10 points in week 1 (Title 1); the other answers were not recognised.",
            ASK_ABOUT_START,
        )

    def test_time_left(self) -> None:
        """A low mark or an untouched hand-in is left in peace until the week is due."""
        early = person(week(1, share=1.0), week(2, share=0.0), day=10)
        over = person(week(1, share=1.0), week(2, share=0.0), day=14)

        assert [(), 1] == [reasons(early), len(reasons(over))]

    def test_recovered(self) -> None:
        """A low mark is past once a later week is better; a week without a mark changes nothing."""
        better = week(1, share=0.1), week(2, share=0.9), week(3, Status.UNMARKED)

        assert low_mark(person(*better), LIMITS) is None


class TestFalling:
    def test_two_marks_well_under_the_usual(self) -> None:
        """Two marks in a row twenty points under the earlier median are noticed."""
        shares = (0.9, 0.8, 1.0, 0.6, 0.7)
        found = falling(person(*[week(n, share=s) for n, s in enumerate(shares, 1)]), LIMITS)

        assert "The last two marks, 60% and 70%, are well under the usual 90%." == words(found)
        assert ASK_ABOUT_CHANGE == (found.ask if found else "")

    def test_one_bad_week(self) -> None:
        """One bad week says little."""
        shares = (0.9, 0.9, 0.9, 0.9, 0.2)

        assert falling(person(*[week(n, share=s) for n, s in enumerate(shares, 1)]), LIMITS) is None

    def test_no_usual_yet(self) -> None:
        """With one earlier week there is nothing usual yet."""
        shares = (0.9, 0.2, 0.2)

        assert falling(person(*[week(n, share=s) for n, s in enumerate(shares, 1)]), LIMITS) is None

    def test_leave(self) -> None:
        """A mark of a week that leave covers is not held against anybody."""
        weeks = [week(n, share=s) for n, s in enumerate((0.9, 0.9, 0.9, 0.2), 1)]

        assert (
            falling(person(*weeks, week(5, share=0.2, excused="on agreed leave")), LIMITS) is None
        )


class TestSameMisconception:
    def test_in_two_tasks(self) -> None:
        """The same misunderstanding in two tasks, here of two weeks, is noticed by its title."""
        twice = person(
            week(1, titles=("Drops blanks",)), week(2, titles=("Sorts text", "Drops blanks"))
        )

        assert "Met the same misunderstanding in 2 tasks: Drops blanks." == words(
            same_misconception(twice, LIMITS)
        )

    def test_two_different_ones(self) -> None:
        """Two different misunderstandings are ordinary learning."""
        assert (
            same_misconception(person(week(1, titles=("Drops blanks", "Sorts text"))), LIMITS)
            is None
        )


class TestOftenLate:
    def test_two_of_three(self) -> None:
        """Two late hand-ins among the last three are noticed."""
        found = often_late(person(week(1, late=True), week(2), week(3, late=True)), LIMITS)

        assert "Late with 2 of the last 3 weeks." == words(found)

    def test_long_ago(self) -> None:
        """Late hand-ins before the last three are past."""
        weeks = week(1, late=True), week(2, late=True), week(3), week(4), week(5)

        assert often_late(person(*weeks), LIMITS) is None


class TestWhoNeedsYou:
    def test_the_worst_comes_first(self) -> None:
        """Three of ten submitted comes before one who is often late, however many small reasons."""
        gone = person(*[week(n) for n in (1, 2, 3)], *[missed(n) for n in range(4, 11)], id="p009")
        slow = person(
            *[week(n, share=0.4, late=True, titles=("Drops blanks",)) for n in range(1, 11)],
            id="p001",
        )

        assert ["p009", "p001"] == [
            need.progress.participant.id for need in who_needs_you([slow, gone])
        ]
        assert 3 == len(reasons(slow))

    def test_heard_of_longest_ago(self) -> None:
        """Of two with the same reasons, the one heard of longest ago comes first."""
        recent = person(missed(1), missed(2), week(3), missed(4), id="p001")
        older = person(week(1), missed(2), missed(3), missed(4), day=28, id="p002")
        other = person(missed(1), week(2), missed(3), missed(4), day=28, id="p003")

        found = [need.progress.participant.id for need in who_needs_you([recent, other, older])]

        assert ["p002", "p003", "p001"] == found

    def test_reasons_of_one_person(self) -> None:
        """The gravest reason of a person is told first."""
        found = reasons(person(week(1, share=0.1, late=True), missed(2), day=21))

        assert [5, 4, 3, 2] == [reason.severity for reason in found]

    def test_nobody(self) -> None:
        """Somebody who is up to date and well is not on the list."""
        assert () == who_needs_you([person(week(1, share=0.8), week(2, share=0.7))])

    def test_on_leave_today(self) -> None:
        """Somebody on agreed leave today is not listed, whatever they missed."""
        assert () == who_needs_you([person(missed(1), missed(2), away=True)])

    def test_limits(self) -> None:
        """The thresholds are the cohort's to set."""
        assert () == reasons(person(week(1, share=0.4)), Limits(low_mark=Limit(2, 0.3)))


class TestRulesOfACohort:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
    def test_each_can_be_turned_off(self, rule: Rule) -> None:
        """A rule whose urgency is nought is never told."""
        name = rule.__name__
        off = replace(LIMITS, **{name: replace(getattr(LIMITS, name), urgency=0)})
        told = [(each, reason) for each in TROUBLED if (reason := rule(each, LIMITS))]

        assert len(told) > 0
        for each, reason in told:
            assert reason in reasons(each, LIMITS)
            assert reason.words not in [other.words for other in reasons(each, off)]

    def test_the_order_is_the_cohorts(self) -> None:
        """A cohort that finds lateness most urgent has it told first."""
        late = replace(LIMITS, often_late=Limit(9, 2))
        slow = person(week(1, late=True), week(2, late=True, share=0.1))

        assert "Late with 2 of the last 2 weeks." == reasons(slow, late)[0].words
        assert "Late with 2 of the last 2 weeks." == reasons(slow)[-1].words

    @pytest.mark.parametrize(
        ("limits", "told"),
        [(Limits(silent=Limit(4, 20)), False), (Limits(silent=Limit(4, 19)), True)],
    )
    def test_days_of_silence(self, limits: Limits, told: bool) -> None:
        """After how many days somebody is silent is the cohort's to say."""
        quiet = person(week(1), missed(2), day=25.5)

        assert told == (silent(quiet, limits) is not None)


TROUBLED = (
    person(missed(1), missed(2), day=15),
    person(week(1), week(2), missed(3)),
    person(week(1, Status.FAILED, reason="it ran out of memory")),
    person(week(1, share=0.1)),
    person(*[week(n, share=s) for n, s in enumerate((0.9, 0.9, 0.6, 0.6), 1)]),
    person(week(1, titles=("A",)), week(2, titles=("A",))),
    person(week(1, late=True), week(2, late=True)),
)


class TestTalkingPoint:
    def test_silence_first(self) -> None:
        """With somebody silent the talk begins with what got in the way, not an old mistake."""
        (need,) = who_needs_you([person(week(1, titles=("Drops blanks",)), missed(2))])

        assert ASK_ABOUT_SILENCE == need.talking_point
        assert ["Drops blanks"] == [met.title for met in need.progress.misunderstood]

    def test_from_the_hints(self) -> None:
        """With a low mark the talk begins with what was misunderstood last."""
        (need,) = who_needs_you(
            [person(week(1, titles=("Drops blanks",)), week(2, share=0.2, titles=("Sorts text",)))]
        )

        assert "Talk about: Sorts text" == need.talking_point

    def test_nothing_earned(self) -> None:
        """With work that was hardly begun the talk begins at the first task."""
        (need,) = who_needs_you([person(week(1, share=0.0))])

        assert (
            "Ask where they got stuck, and look at the first unfinished task together."
            == need.talking_point
        )

    def test_what_is_met_again_and_again(self) -> None:
        """With a misunderstanding met twice the talk is about that one."""
        (need,) = who_needs_you(
            [
                person(
                    week(1, titles=("Drops blanks",)),
                    week(2, titles=("Sorts text", "Drops blanks")),
                )
            ]
        )

        assert "Talk about: Drops blanks" == need.talking_point
