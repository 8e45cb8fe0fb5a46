"""
Who needs you this week: rules with reasons in words, the most urgent first.

No prediction: cohorts are too small for one, and a mentor must be able to see why somebody is on
the list. Each rule looks at one participant's progress and gives a reason or nothing. Somebody on
leave today is never listed, and a week that leave or a running extension covers is never counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from grader.marks import Outcome, is_late
from grader.progress import Progress, Standing, Status, counted
from grader.thresholds import Limits

ASK_ABOUT_SILENCE = "Ask what got in the way, then open the notebook together."
ASK_ABOUT_TIME = "Ask whether there is time for this in their week; more can be agreed."
ASK_ABOUT_START = "Ask where they got stuck, and look at the first unfinished task together."
ASK_ABOUT_CHANGE = "Ask what has changed in the last weeks, in their work or in the course."
ASK_ABOUT_WORK = "Ask them to explain one answer in their own words."
RUN_IT_TOGETHER = "Open the notebook together and run it from the top; no mark is lost by this."
HAND_IN_AGAIN = "Ask them to hand in again, and look together at which file they send."
ASK_ABOUT_FAILURE: Mapping[Outcome, str] = {
    Outcome.TIMED_OUT: "Look together for a loop that never ends; no mark is lost by this.",
    Outcome.OUT_OF_MEMORY: "Look together for a table that grows at each step; no mark is lost by this.",
    Outcome.TOO_MUCH_OUTPUT: "Look together for a `print` inside a loop; no mark is lost by this.",
    Outcome.STOPPED_ITSELF: "Look together for `exit()` or `quit()`; no mark is lost by this.",
    Outcome.NOT_A_NOTEBOOK: HAND_IN_AGAIN,
    Outcome.REFUSED: HAND_IN_AGAIN,
    Outcome.MISSING: HAND_IN_AGAIN,
    Outcome.COULD_NOT_MARK: "Tell them that it is not their fault; the instructor marks it again.",
}


@dataclass(frozen=True)
class Reason:
    """
    Give one reason to sit with somebody.

    *severity* runs from 1 to 5; *ask* opens the conversation where their work does not.
    """

    severity: int
    words: str
    ask: str = ""


@dataclass(frozen=True)
class Need:
    """Say who needs a mentor and why, the most urgent reason first."""

    progress: Progress
    reasons: tuple[Reason, ...]

    @property
    def talking_point(self) -> str:
        """Suggest one way to begin: silence and failure come before what was misunderstood."""
        from_hints = next(
            (m.talking_point for m in self.progress.misunderstood if m.talking_point), ""
        )
        return self.reasons[0].ask or from_hints or ASK_ABOUT_WORK


Rule = Callable[[Progress, Limits], Reason | None]


def few_submitted(progress: Progress, limits: Limits) -> Reason | None:
    """Notice somebody who submitted half or less of the due weeks, once there are two."""
    due = progress.due
    done = sum(week.submitted for week in due)
    if len(due) < 2 or done > limits.few_submitted.at * len(due):
        return None
    words = f"Submitted {done or 'none'} of the {len(due)} weeks that were due."
    return Reason(limits.few_submitted.urgency, words, ASK_ABOUT_SILENCE)


def silent(progress: Progress, limits: Limits) -> Reason | None:
    """Notice somebody who handed nothing in for a fortnight although something was due since."""
    last = progress.last
    if last and last.heard is None:
        return None
    since = last.heard if last and last.heard else _began(progress)
    missed_since = any(not week.submitted and week.due > since for week in progress.due)
    if not missed_since or progress.now - since < timedelta(days=limits.silent.at):
        return None
    days = counted((progress.now - since).days, "day")
    never = f"Nothing handed in yet; the first week opened {days} ago."
    words = f"Nothing handed in for {days}." if last else never
    return Reason(limits.silent.urgency, words, ASK_ABOUT_SILENCE)


def missed_last(progress: Progress, limits: Limits) -> Reason | None:
    """Notice somebody who submitted nothing for the week that was due last."""
    latest = max(progress.due, key=lambda week: week.due, default=None)
    if latest is None or latest.submitted:
        return None
    if progress.last is None and len(progress.due) > 1:  # "none of the weeks" says it already
        return None
    words = f"Nothing submitted for {_named(latest)}."
    return Reason(limits.missed_last.urgency, words, ASK_ABOUT_SILENCE)


def not_marked(progress: Progress, limits: Limits) -> Reason | None:
    """Notice work that could not be marked: its owner may not know how to go on."""
    failed = [week for week in progress.weeks if week.status is Status.FAILED]
    if not failed:
        return None
    words = f"The work for {_named(failed[-1])} could not be marked: {failed[-1].reason}."
    return Reason(limits.not_marked.urgency, words, after_failure(failed[-1]))


def after_failure(standing: Standing) -> str:
    """Say what to do about work that could not be marked."""
    outcome = standing.outcome
    return ASK_ABOUT_FAILURE.get(outcome, RUN_IT_TOGETHER) if outcome else RUN_IT_TOGETHER


def low_mark(progress: Progress, limits: Limits) -> Reason | None:
    """Notice a mark under half in the week that was marked last; who has time left is left alone."""
    marked = _marked_and_due(progress)
    if not marked or (marked[-1].share or 0.0) >= limits.low_mark.at:
        return None
    last = marked[-1]
    so_far = " so far" if last.waiting else ""
    words = f"Earned {last.points:g} of {last.of_marked:g} points{so_far} in {_named(last)}"
    if last.misconceptions:
        return Reason(limits.low_mark.urgency, f"{words}.")
    unseen = "the other answers were not recognised" if last.points else "no answer was recognised"
    return Reason(limits.low_mark.urgency, f"{words}; {unseen}.", ASK_ABOUT_START)


def falling(progress: Progress, limits: Limits) -> Reason | None:
    """Notice two marks in a row well under what is usual for this person, given two weeks of usual."""
    shares = [week.share or 0.0 for week in _marked_and_due(progress)]
    if len(shares) < 4:
        return None
    usual, last_two = median(shares[:-2]), shares[-2:]
    if max(last_two) > usual - limits.falling.at + 1e-9:
        return None
    words = (
        f"The last two marks, {last_two[0]:.0%} and {last_two[1]:.0%}, are well under the usual "
        f"{usual:.0%}."
    )
    return Reason(limits.falling.urgency, words, ASK_ABOUT_CHANGE)


def same_misconception(progress: Progress, limits: Limits) -> Reason | None:
    """Notice the same misunderstanding met in two tasks, of one week or of several."""
    met = [m for week in _not_excused(progress) for m in week.misconceptions]
    title, tasks = next(iter(Counter(m.title for m in met).most_common(1)), ("", 0))
    if tasks < limits.same_misconception.at:
        return None
    ask = next((m.talking_point for m in reversed(met) if m.title == title), "")
    words = f"Met the same misunderstanding in {tasks} tasks: {title}."
    return Reason(limits.same_misconception.urgency, words, ask)


def often_late(progress: Progress, limits: Limits) -> Reason | None:
    """Notice so many late hand-ins among the last three."""
    last_three = [week for week in _not_excused(progress) if week.submitted][-3:]
    late = sum(week.late is not None for week in last_three)
    if late < limits.often_late.at:
        return None
    words = f"Late with {late} of the last {len(last_three)} weeks."
    return Reason(limits.often_late.urgency, words, ASK_ABOUT_TIME)


RULES: tuple[Rule, ...] = (
    few_submitted,
    silent,
    missed_last,
    not_marked,
    low_mark,
    falling,
    same_misconception,
    often_late,
)


def reasons(progress: Progress, limits: Limits | None = None) -> tuple[Reason, ...]:
    """Give the reasons to sit with this participant, the most urgent first."""
    if progress.away:
        return ()
    given = (rule(progress, limits or Limits()) for rule in RULES)
    found = [reason for reason in given if reason and reason.severity]
    return tuple(sorted(found, key=lambda reason: -reason.severity))


def who_needs_you(people: Iterable[Progress], limits: Limits | None = None) -> tuple[Need, ...]:
    """
    List those who need a mentor.

    The gravest reason decides, so that many small ones never outrank it; then all together; then
    who was heard of longest ago.
    """
    needs = [Need(person, found) for person in people if (found := reasons(person, limits))]
    return tuple(sorted(needs, key=_urgency))


def _urgency(need: Need) -> tuple[int, int, datetime, str]:
    last = need.progress.last
    heard = (last.heard if last else None) or _began(need.progress)
    severities = [reason.severity for reason in need.reasons]
    return -max(severities), -sum(severities), heard, need.progress.participant.id


def _marked_and_due(progress: Progress) -> list[Standing]:
    """List the marked weeks that nothing excuses and whose due time has passed."""
    due = [week for week in _not_excused(progress) if is_late(progress.now, week.due)]
    return [week for week in due if week.share is not None]


def _not_excused(progress: Progress) -> list[Standing]:
    return [week for week in progress.weeks if not week.excused]


def _began(progress: Progress) -> datetime:
    return min((week.opened for week in progress.weeks), default=progress.now)


def _named(standing: Standing) -> str:
    return f"week {standing.week.number} ({standing.week.title})"
