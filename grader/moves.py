"""
What moves when a week's marks are given again: cell by cell, and in all.

Pure arithmetic on what stands in the gradebook, what the ledger says of it, and the new marks. A
mark by hand stays (G4), so a cell that has one moves only with the points it is out of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.marks import Mark, Verdict


@dataclass(frozen=True)
class Standing:
    """
    Give what stands for one graded cell of one submission.

    *points* is None while a person has still to decide; *by_hand* is what a person gave, or None;
    *extra* is credit on top of either.
    """

    notebook: str
    cell: str
    points: float | None
    out_of: float
    by_hand: float | None = None
    extra: float = 0.0


@dataclass(frozen=True)
class Move:
    """
    Give one graded cell before and after.

    *was_out_of* is None for a check that is new, *out_of* for one that was taken out; a verdict is
    None where nothing is known of it.
    """

    notebook: str
    cell: str
    was: float | None
    points: float | None
    was_out_of: float | None
    out_of: float | None
    verdict_was: Verdict | None = None
    verdict: Verdict | None = None
    hint_was: str | None = None
    hint: str | None = None
    by_hand: bool = False

    @property
    def moved(self) -> bool:
        """Tell whether points changed, or what they are out of."""
        return (self.was, self.was_out_of) != (self.points, self.out_of)


def compare(
    standing: Iterable[Standing], before: Iterable[Mark], after: Sequence[Mark]
) -> tuple[Move, ...]:
    """Compare what is *standing*, of which *before* gives the reasons, with the marks *after*."""
    stood = {(each.notebook, each.cell): each for each in standing}
    reasons = {(mark.notebook, mark.cell): mark for mark in before}
    new = {(mark.notebook, mark.cell): mark for mark in after}
    return tuple(_moves(stood, reasons, new))


def _moves(
    stood: dict[tuple[str, str], Standing],
    reasons: dict[tuple[str, str], Mark],
    new: dict[tuple[str, str], Mark],
) -> Iterator[Move]:
    for place in dict.fromkeys((*new, *stood)):
        was, reason, mark = stood.get(place), reasons.get(place), new.get(place)
        yield Move(
            notebook=place[0],
            cell=place[1],
            was=was.points if was else None,
            points=_points(was, mark) if mark else None,
            was_out_of=was.out_of if was else None,
            out_of=mark.out_of if mark else None,
            verdict_was=reason.verdict if reason else None,
            verdict=mark.verdict if mark else None,
            hint_was=reason.hint if reason else None,
            hint=mark.hint if mark else None,
            by_hand=bool(was and was.by_hand is not None),
        )


def _points(was: Standing | None, mark: Mark) -> float | None:
    """Give what will stand: a person's points, unless what they are out of has changed."""
    if was is None:
        return mark.points
    if was.by_hand is not None:
        return was.points if was.out_of == mark.out_of else None
    return None if mark.points is None else mark.points + was.extra
