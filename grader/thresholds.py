"""Where rules begin to speak and numbers begin to count; each cohort may set its own in cohort.toml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """Say how urgent a rule's reason is, 9 the most and 0 never told, and *at* what it begins."""

    urgency: int
    at: float = 0


@dataclass(frozen=True)
class Limits:
    """
    Set where the rules of who needs a mentor begin; grader.attention has a function for each.

    Of *few_submitted*, *low_mark* and *falling* the beginning is a share, of *silent* days, of
    *same_misconception* tasks, and of *often_late* weeks among the last three.
    """

    few_submitted: Limit = Limit(5, 0.5)
    silent: Limit = Limit(4, 14)
    missed_last: Limit = Limit(3)
    not_marked: Limit = Limit(3)
    low_mark: Limit = Limit(2, 0.5)
    falling: Limit = Limit(2, 0.2)
    same_misconception: Limit = Limit(2, 2)
    often_late: Limit = Limit(1, 2)


@dataclass(frozen=True)
class Reporting:
    """
    Set what the pages say and keep back.

    Below *few* answers a statistic is "too few to say"; a number about fewer than *small* people of
    other hubs is kept back. An outcome is told from *checks* decided checks on: *secure* and *nearly*
    are shares of their points. Work that waits longer than *waiting_days* is said to. *formgrader* is
    its address, in which {hub} stands for the hub's name; *organisation* and *contact* answer for
    the pages.
    """

    few: int = 10
    small: int = 5
    checks: int = 3
    secure: float = 0.8
    nearly: float = 0.5
    waiting_days: int = 7
    formgrader: str = ""
    organisation: str = ""
    contact: str = ""
