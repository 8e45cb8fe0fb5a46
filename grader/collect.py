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
from pathlib import Path

from grader import intake
from grader.engine import exchange
from grader.marks import Attempt, counting, is_late
from grader.programme import Cohort, Hub, Week


@dataclass(frozen=True)
class Collected:
    """
    Say what became of one participant's hand-ins of *week*.

    *what* is collected, unchanged, kept (handed in after feedback went back) or refused.
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
    for hub in hubs:
        home = cohort.home(hub)
        by_person: dict[str, list[Attempt]] = defaultdict(list)
        for attempt in exchange.attempts(home, week.name):
            by_person[attempt.participant].append(attempt)
        for person, attempts in sorted(by_person.items()):
            yield _collect_one(cohort, week, hub, person, attempts, now)


def _collect_one(
    cohort: Cohort, week: Week, hub: Hub, person: str, attempts: list[Attempt], now: datetime
) -> Collected:
    home = cohort.home(hub)
    participant = cohort.participant(person)
    if participant is None or participant.hub != hub.name:
        reason = f"{person} is not on the roster of {hub.title}; the work stays in the exchange."
        return Collected(
            hub.name, person, week.name, "refused", attempts[-1].at, False, len(attempts), reason
        )
    due = cohort.due_for(week, participant)
    chosen = counting(attempts, due)
    assert chosen is not None, "there is at least one attempt"
    late, there = is_late(chosen.at, due), intake.handed_in(home).get((person, week.name))
    if there == chosen.at:
        what = "unchanged"
    elif there is not None and _handed_back(home, person, week):
        what = "kept"
    else:
        what = "collected"
        exchange.collect(home, week.name, [chosen], at=now)
    return Collected(hub.name, person, week.name, what, chosen.at, late, len(attempts))


def _handed_back(home: Path, person: str, week: Week) -> bool:
    return any((home / "feedback" / person / week.name).glob("*.html"))
