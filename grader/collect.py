"""
Take in what was handed in: for each participant the attempt that counts, and nothing lost.

Every attempt stays in the exchange. Cases A1 to A3, L1 and X1 of the policies decide which one is
copied to submitted/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader import intake, turns
from grader.engine import exchange, gradebook
from grader.marks import Attempt, counting, is_late
from grader.programme import Cohort, Hub, Week


@dataclass(frozen=True)
class Collected:
    """
    Say what became of one participant's hand-ins of *week*.

    *what* is collected, unchanged, kept (handed in after feedback went back), moved (to another
    hub), left (the roster) or refused (nobody knows the id); *reason* says what that means.
    """

    hub: str
    participant: str
    week: str
    what: str
    at: datetime
    late: bool = False
    attempts: int = 1
    reason: str = ""


def collect(
    cohort: Cohort, week: Week, hubs: Sequence[Hub], *, now: datetime
) -> Iterator[Collected]:
    """Collect *week* at *hubs*; those whose counting attempt is already there stay as they are."""
    with turns.taken(cohort, hubs, f"grader collect {week.name}"):
        for hub in hubs:
            by_person: dict[str, list[Attempt]] = defaultdict(list)
            for attempt in exchange.attempts(cohort.home(hub), week.name):
                by_person[attempt.participant].append(attempt)
            for person, attempts in sorted(by_person.items()):
                yield _collect_one(cohort, week, hub, person, attempts, now)


def _collect_one(
    cohort: Cohort, week: Week, hub: Hub, person: str, attempts: list[Attempt], now: datetime
) -> Collected:
    home = cohort.home(hub)
    participant = cohort.participant(person)
    if participant is None or participant.hub != hub.name:
        what, reason = _stranger(cohort, week, hub, person)
        at, late = attempts[-1].at, False
        return Collected(hub.name, person, week.name, what, at, late, len(attempts), reason)
    due = cohort.due_for(week, participant)
    chosen = counting(attempts, due)
    assert chosen is not None, "there is at least one attempt"
    late, there = is_late(chosen.at, due), _there(cohort, hub).get((person, week.name))
    reason = ""
    if there == chosen.at:
        what = "unchanged"
    elif there is not None and _handed_back(cohort, hub, person, week):
        what = "kept"
        reason = (
            f"{person} handed in again after feedback on {week.name} went back: "
            "it is kept, and not marked (A3)."
        )
    else:
        what = "collected"
        exchange.collect(home, week.name, [chosen], at=now)
    return Collected(hub.name, person, week.name, what, chosen.at, late, len(attempts), reason)


def _stranger(cohort: Cohort, week: Week, hub: Hub, person: str) -> tuple[str, str]:
    """Say of somebody who is not a participant of *hub* what they are, and what that means."""
    home, participant = cohort.home(hub), cohort.participant(person)
    there = (person, week.name) in _there(cohort, hub)
    if participant is not None:
        new = cohort.hub(participant.hub)
        where = new.title if new else participant.hub
        if there:
            return "moved", f"{person} is at {where} now, with what was collected before the move."
        return "moved", (
            f"{person} is at {where} now, and what they handed in here was never collected: "
            "it stays in the exchange. Ask them to hand it in there, if it is to count."
        )
    if person in gradebook.people(home):
        return "left", (
            f"{person} has left: marks are kept, and work not collected yet stays in the exchange."
        )
    return "refused", (
        f"{person} is no participant on the roster. Add them to roster.csv and run "
        "`grader cohort sync`, or leave it: it stays in the exchange."
    )


def _there(cohort: Cohort, hub: Hub) -> dict[tuple[str, str], datetime | None]:
    return intake.handed_in(cohort.home(hub), submitted=cohort.folder(hub, "submitted"))


def _handed_back(cohort: Cohort, hub: Hub, person: str, week: Week) -> bool:
    return any((cohort.folder(hub, "feedback") / person / week.name).glob("*.html"))
