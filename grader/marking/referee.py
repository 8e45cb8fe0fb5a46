"""
The referee: drives candidate and examiner through one notebook, and carries their words.

It is the trusted side. It reads plain values only, keeps the clock, and believes the examiner about
verdicts and nobody else; what passes between the two it forwards unread.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace as altered
from pathlib import Path
from typing import Any

from grader.marking import plain
from grader.marking.files import MOST_BYTES, MOST_FILES, Files
from grader.marking.judged import Cell, CellResult, Judged, Limits, Role
from grader.marking.lines import Channel, Failing, Gone, Lines, Silent
from grader.marking.messages import (
    ASK,
    CALL_BACK,
    DO,
    DONE,
    REPLY,
    Message,
)
from grader.marking.outputs import counted, tidied, whole
from grader.marking.wire import Caps, Codec, Refused
from grader.marks import Outcome, Verdict
from grader.receipts import Seal

_BESIDE = (Verdict.PASSED.value, Verdict.PARTLY.value, Verdict.FAILED.value)
_MOST_NAMES, _LONGEST_NAME, _LONGEST_SOURCE = 2000, 1000, 1 << 20
_BY_EXAMINER = (Role.SET_UP, Role.CHECK)


def mark(
    cells: Sequence[Cell],
    candidate: Channel,
    examiner: Channel,
    limits: Limits | None = None,
    *,
    course: Sequence[Path] = (),
    replace: Callable[[], Channel] | None = None,
    seal: Seal | None = None,
) -> Judged:
    """
    Run *cells* in order and give back what became of each.

    *course* is the examiner's own import path. *replace* gives a fresh candidate when one does not
    come back from a check; its cells are run again and the marking goes on. *seal* is for the
    examiner alone to sign its verdicts with.
    """
    referee = _Referee(candidate, examiner, limits or Limits(), replace, seal)
    try:
        return referee.whole(cells, [str(folder) for folder in course])
    except Failing as failing:
        rest = [_undecided(cell, str(failing)) for cell in cells[len(referee.results) :]]
        return Judged(Outcome.COULD_NOT_MARK, str(failing), (*referee.results, *rest))


def _undecided(cell: Cell, reason: str) -> CellResult:
    """Leave a check to a person: the machine failed, not the work."""
    verdict = Verdict.UNDECIDED if cell.role is Role.CHECK else None
    return CellResult(cell.id, verdict=verdict, reason=reason)


class _Referee:
    def __init__(
        self,
        candidate: Channel,
        examiner: Channel,
        limits: Limits,
        replace: Callable[[], Channel] | None,
        seal: Seal | None,
    ) -> None:
        self.lines = Lines(candidate, examiner, limits.grace_seconds)
        self.limits, self.replace, self.seal = limits, replace, seal
        self.codec = Codec(plain.WORDS, caps=Caps(size=limits.frame_mib << 20))
        self.until = time.monotonic() + limits.notebook_seconds
        self.results: list[CellResult] = []
        self.room = limits.notebook_output_kib << 10
        self.gone: Gone | None = None
        self.cut = self.late = False
        self.silent = ""
        self._number = 0
        self._asked: list[int] = []  # asks that wait for their reply, one inside the other
        self._news: list[dict[str, Any]] = []
        self._ran: list[Cell] = []

    def whole(self, cells: Sequence[Cell], course: list[str]) -> Judged:
        """Run every cell; a check that cannot be reached says why."""
        self._begin(course)
        for cell in cells:
            if self.silent:
                self.results.append(_undecided(cell, self.silent))
            elif cell.role is Role.CHECK:
                self.results.append(self._check(cell))
            elif cell.role is Role.EXAMINER_SET_UP:
                self.results.append(self._prepare(cell))
            elif self.gone is None:
                self.results.append(self._run(cell))
            else:
                self.results.append(CellResult(cell.id, reason=self.gone.reason))
        return Judged(*self._outcome(), tuple(self.results))

    def _outcome(self) -> tuple[Outcome, str]:
        if self.silent:
            return Outcome.TIMED_OUT, self.silent
        if self.gone is not None:
            return self.gone.outcome, self.gone.reason
        if self.late:
            return Outcome.TIMED_OUT, "A cell took too long and was stopped."
        if self.cut:
            return Outcome.TOO_MUCH_OUTPUT, "Some of what the notebook shows was left out."
        return Outcome.FINISHED, ""

    def _begin(self, course: list[str]) -> None:
        start = {"do": "start", "limits": vars(self.limits), "first": 0}
        try:
            self._tell_candidate(start)
        except Gone as gone:
            self.gone = gone
        seal = self.seal and {
            "secret": self.seal.key.secret,
            "submission": self.seal.submission,
            "notebook": self.seal.notebook,
        }
        self._tell_examiner({**start, "course": course, "seal": seal}, 30.0)

    # Cells of the participant and set-up

    def _run(self, cell: Cell) -> CellResult:
        seconds = min(self.limits.cell_seconds, self._rest())
        wanted = {"do": "run", "source": cell.source, "seconds": seconds, "kept": cell.prepared}
        if seconds <= 0:
            self.gone = Gone(Outcome.TIMED_OUT, "The notebook as a whole took too long.")
            return CellResult(cell.id, reason=self.gone.reason)
        begun = time.monotonic()
        try:
            self._send_candidate(DO, wanted)
            # Both at once: the examiner may ask only after the candidate has come to its end.
            if cell.role in _BY_EXAMINER:
                self._send_examiner({"do": "set up", "id": cell.id, "source": cell.source,
                                     "seconds": seconds})  # fmt: skip
            done = self._done(seconds)
        except Gone as gone:
            self.gone = Gone(gone.outcome, f"{gone.reason} It stopped in cell {cell.id}.")
            done = {}
        if cell.role in _BY_EXAMINER:
            self._pump(seconds)
        return self._shown(cell, done, time.monotonic() - begun)

    def _prepare(self, cell: Cell) -> CellResult:
        """Have the examiner alone run a set-up cell of the instructor's."""
        seconds = self.limits.cell_seconds
        wanted = {"do": "prepare", "id": cell.id, "source": cell.source, "seconds": seconds}
        self._tell_examiner(wanted, seconds)
        return CellResult(cell.id)

    def _done(self, seconds: float) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while True:
            message = self.lines.hear_candidate(until)
            if message.letter == DONE and message.number == self._number:
                return self._read(message)

    def _shown(self, cell: Cell, done: dict[str, Any], seconds: float) -> CellResult:
        self._ran.append(cell)
        self.cut = self.cut or done.get("cut") is True
        self.late = self.late or done.get("late") is True
        self._news.append(
            {
                "source": cell.source if len(cell.source) < _LONGEST_SOURCE else "",
                "files": _written(done.get("files")),
                "role": cell.role.value,
                "bound": _bound(done.get("bound")),
                "released": cell.released,
            }
        )
        count, shown = done.get("count"), done.get("outputs")
        # Twice the cap: a text of its own is counted in characters, and what is around it as well.
        outputs = tidied(shown, room=min(self.limits.output_kib << 11, self.room))
        self.room -= len(json.dumps(outputs))
        self.cut = self.cut or (type(shown) is list and len(outputs) < len(shown))
        return CellResult(
            cell.id,
            tuple(outputs),
            counted(count),
            reason=self.gone.reason if self.gone else "",
            seconds=seconds,
        )

    # Checks

    def _check(self, cell: Cell) -> CellResult:
        if self.gone is not None or self._rest() <= 0:
            why = self.gone.reason if self.gone else "The notebook as a whole took too long."
            reason = f"This check did not run: {why}"
            return CellResult(cell.id, verdict=Verdict.NOT_REACHED, points=0.0, reason=reason)
        seconds = min(self.limits.check_seconds, self._rest())
        wanted = {"do": "check", "id": cell.id, "source": cell.source, "points": cell.points}
        while len(self._news) > 1 and sum(map(_size, self._news)) > MOST_BYTES:
            # More than one frame holds, say: three cells that each wrote a large file.
            self._tell_examiner({"do": "hear", "news": [self._news.pop(0)]}, seconds)
        self._send_examiner({**wanted, "seconds": seconds, "news": self._news})
        self._news = []
        try:
            said = self._pump(seconds)
        except Silent as silent:
            # What the notebook gave keeps the check from ever ending: a number that cannot be
            # reckoned with in any time. The check failed; a person looks at those after it.
            self.silent = str(silent)
            reason = f"This check did not run to its end: it took longer than {seconds:g} s."
            return CellResult(cell.id, verdict=Verdict.NOT_REACHED, points=0.0, reason=reason)
        if "verdict" not in said:
            raise Failing("The process that holds the checks said nothing that can be read.")
        self._revive()
        result = CellResult(
            cell.id,
            tuple(tidied(said["outputs"])),
            verdict=Verdict(said["verdict"]),
            points=said["points"],
            hint=whole(said["hint"]),
            text=whole(said["text"]),
            reason=whole(said["reason"]),
            seconds=said["seconds"],
            receipt=said["receipt"],
        )
        may = cell.beside and result.verdict is Verdict.UNDECIDED and self.gone is None
        return self._beside(cell, result) if may else result

    def _beside(self, cell: Cell, result: CellResult) -> CellResult:
        """Decide a check that cannot cross beside the participant's code, as its author allows."""
        seconds = min(self.limits.check_seconds, self._rest())
        wanted = {"do": "check", "source": cell.source, "points": cell.points, "seconds": seconds}
        try:
            self._send_candidate(DO, wanted)
            said = self._done(seconds)
        except Gone as gone:
            self.gone = gone
            return result
        verdict, points = said.get("verdict"), said.get("points")
        if verdict not in _BESIDE or not isinstance(points, int | float):
            return result
        if not 0 <= points <= cell.points:
            return result
        sure = Verdict(verdict)
        hint = said["hint"] if type(said.get("hint")) is str else ""
        receipt = self.seal.sign(cell.id, sure, points, hint) if self.seal else ""
        return altered(
            result, verdict=sure, points=float(points), hint=hint, reason="", receipt=receipt,
            beside=True,
        )  # fmt: skip

    def _revive(self) -> None:
        """Replace a candidate that a check's call ended, and bring it to where the last one was."""
        if self.gone is None or self.replace is None or self._rest() <= 0:
            return
        replace, self.replace = self.replace, None  # once: a second time it is the work's nature
        try:
            self.lines.candidate = replace()
            self._tell_candidate({"do": "start", "limits": vars(self.limits), "first": 1 << 40})
            for cell in self._ran:
                seconds = min(self.limits.cell_seconds, self._rest())
                self._send_candidate(DO, {"do": "run", "source": cell.source, "seconds": seconds})
                self._done(seconds)
        except Gone as gone:
            self.gone = gone
        else:
            self.gone = None

    def _pump(self, seconds: float) -> dict[str, Any]:
        """Carry words between the two until the examiner has done its work."""
        self._asked.clear()
        hard = time.monotonic() + seconds + self.limits.call_seconds + 2 * self.limits.grace_seconds
        while True:
            message = self.lines.hear_examiner(hard - time.monotonic())
            if message.letter == DONE and message.number == self._number:
                return self._read(message)
            if message.letter in (ASK, REPLY):
                if time.monotonic() > hard and self.gone is None:
                    self.gone = Gone(Outcome.TIMED_OUT, "The notebook kept its check from ending.")
                self._carry(message)

    def _carry(self, message: Message) -> None:
        """Forward one word of the examiner's, and the candidate's answer to it."""
        if message.letter == ASK:
            self._asked.append(message.number)
        try:
            if self.gone is not None:
                raise self.gone
            self.lines.to_candidate(message)
            answer = self._answer()
        except Gone as gone:
            self.gone = gone
            content = self.codec.dumps({"stop": f"{gone.reason} It stopped in this check."})
            answer = Message(REPLY, self._asked[-1] if self._asked else 0, content)
        if answer.letter == REPLY and self._asked:
            self._asked.pop()
        self.lines.to_examiner(answer)

    def _answer(self) -> Message:
        """Wait for the reply to the last ask, or for a call back; pass over anything else."""
        until = time.monotonic() + self.limits.call_seconds
        while True:
            answer = self.lines.hear_candidate(until)
            if answer.letter == CALL_BACK or (
                answer.letter == REPLY and self._asked and answer.number == self._asked[-1]
            ):
                return answer

    # Words

    def _rest(self) -> float:
        return self.until - time.monotonic()

    def _tell_candidate(self, wanted: dict[str, Any]) -> None:
        self._send_candidate(DO, wanted)
        self._done(30.0)

    def _tell_examiner(self, wanted: dict[str, Any], seconds: float) -> None:
        self._send_examiner(wanted)
        self._pump(seconds)

    def _send_candidate(self, letter: bytes, wanted: dict[str, Any]) -> None:
        self._number += 1
        try:
            content = self.codec.dumps(wanted)
        except Refused as error:
            raise Gone(Outcome.STOPPED_ITSELF, "The notebook has too long a cell.") from error
        self.lines.to_candidate(Message(letter, self._number, content))

    def _send_examiner(self, wanted: dict[str, Any]) -> None:
        # The number is that of the candidate's work where both do the same cell.
        if wanted["do"] != "set up":
            self._number += 1
        self.lines.to_examiner(Message(DO, self._number, self.codec.dumps(wanted)))

    def _read(self, message: Message) -> dict[str, Any]:
        try:
            value = self.codec.loads(message.content)
        except Refused:
            value = {}
        return value if type(value) is dict else {}


def _written(files: Any) -> Files:
    """Give what a cell wrote, where it keeps to the caps that every candidate was given."""
    there = files.get(".") if type(files) is dict else None
    if type(there) is not dict or len(there) > MOST_FILES:
        return {}
    kinds = set(map(type, there.values()))
    if kinds - {bytes, type(None)} or any(len(n) > _LONGEST_NAME for n in there):
        return {}
    return there if sum(len(each or b"") for each in there.values()) <= MOST_BYTES else {}


def _bound(names: Any) -> list[str]:
    """Give the names that a cell bound, as many as a candidate is to tell."""
    told = names[:_MOST_NAMES] if type(names) is list else []
    return [name for name in told if type(name) is str and len(name) < _LONGEST_NAME]


def _size(news: dict[str, Any]) -> int:
    """Measure what *news* takes in a frame, where a character may become six."""
    return 6 * len(news["source"]) + sum(len(each or b"") for each in news["files"].values())
