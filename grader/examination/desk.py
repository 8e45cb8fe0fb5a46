"""Several submissions at once, each with a candidate and an examiner of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import Self, TypeVar

from grader import receipts
from grader.errors import MachineError
from grader.examination.handed_in import HandedIn
from grader.examination.parents import Parents
from grader.examination.record import Record
from grader.examination.roles import cells
from grader.examination.verdicts import Examined, not_python, put_together
from grader.marking.judged import Judged
from grader.marking.judged import Limits as Times
from grader.marking.lines import ENDED_ITSELF, Channel
from grader.marking.referee import mark
from grader.marks import Outcome
from grader.notebooks import Notebook
from grader.processes import Child, Limits, Tier

_CAUSES = {
    "memory": (Outcome.OUT_OF_MEMORY, "The notebook used more memory than there is."),
    "cpu": (Outcome.TIMED_OUT, "The notebook reckoned for longer than it may."),
    "processes": (Outcome.STOPPED_ITSELF, "The notebook started too many processes."),
    "disk": (Outcome.STOPPED_ITSELF, "The notebook wrote more than there is room for."),
    "file size": (Outcome.STOPPED_ITSELF, "The notebook wrote too large a file."),
}
Key = TypeVar("Key")


class Desk:
    """
    Mark *workers* submissions at once inside the fence *tier*; use it as a context.

    Results come as they are ready, so a slow submission holds nobody up. Examiners sign what they
    decide with *key*. Left in the middle, it ends everything at once. *limits* bound what the
    processes may use, *times* how long cells, checks and notebooks may take.
    """

    def __init__(
        self,
        tier: Tier,
        *,
        workers: int = 2,
        limits: Limits | None = None,
        key: receipts.Key | None = None,
        times: Times | None = None,
    ) -> None:
        self._times = times or Times()
        self._tier, self._limits, self._number = tier, limits or Limits(), workers
        self._key = key or receipts.new_key()
        self._parents: list[Parents] = []
        self._lock = threading.Lock()
        self._is_left = False

    def __enter__(self) -> Self:
        self._threads = ThreadPoolExecutor(self._number)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._leave()
        self._threads.shutdown()
        for parents in self._parents:
            parents.__exit__()

    def _leave(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._is_left = True
        for parents in self._parents:
            parents.leave()

    def examine(
        self, submissions: Iterable[tuple[Key, Callable[[], HandedIn], Record]]
    ) -> Iterator[tuple[Key, HandedIn, Examined]]:
        """
        Mark each submission; *key* comes back with what came of it.

        Raises MachineError where not even the parents can be started: then nobody can be marked.
        """
        submissions = tuple(submissions)
        for record in {id(record): record for _, _, record in submissions}.values():
            self._parents_of(record)
        waiting: dict[Future[tuple[HandedIn, Examined]], Key] = {
            self._threads.submit(self._one, take, record): key for key, take, record in submissions
        }
        try:
            for future in as_completed(waiting):
                handed_in, examined = future.result()
                yield waiting[future], handed_in, examined
        finally:
            for future in waiting:
                future.cancel()

    def _one(self, take: Callable[[], HandedIn], record: Record) -> tuple[HandedIn, Examined]:
        try:
            handed_in = take()
            judged = {
                name: self._notebook(name, nb, handed_in, record)
                for name, nb in handed_in.notebooks.items()
            }
            return handed_in, put_together(handed_in, judged, record)
        except Exception as error:
            # Whatever one submission does to us, the others are marked, and this one is told.
            reason = f"The kit could not mark it: {type(error).__name__}: {error}"
            return HandedIn({}), Examined(Outcome.COULD_NOT_MARK, reason, ())

    def _notebook(
        self, name: str, notebook: Notebook, handed_in: HandedIn, record: Record
    ) -> Judged:
        if name in record.foreign:
            return not_python(cells(name, notebook, record), record.foreign[name])
        try:
            with contextlib.ExitStack() as children:
                parents = self._parents_of(record)
                made: list[Child] = []

                def candidate() -> Channel:
                    made.append(children.enter_context(parents.candidate(handed_in.files)))
                    return made[-1].channel

                first = candidate()
                examiner = children.enter_context(parents.examiner()).channel
                seal = receipts.Seal(self._key, handed_in.submission, name)
                todo = cells(name, notebook, record)
                judged = mark(todo, first, examiner, self._times, replace=candidate, seal=seal)
                return _with_cause(judged, made)
        except MachineError as error:
            # The machine's failure is nobody's zero.
            return Judged(Outcome.COULD_NOT_MARK, str(error))

    def _parents_of(self, record: Record) -> Parents:
        """Give the parents of *record*: hubs with the same week share them."""
        with self._lock:
            if self._is_left:
                raise MachineError("the marking was stopped")
            known = (p for p in self._parents if p.record is record or p.record == record)
            parents = next(known, None) or Parents(record, self._tier, self._limits)
            if parents not in self._parents:
                self._parents.append(parents)
        return parents.__enter__()


def _with_cause(judged: Judged, candidates: Sequence[Child]) -> Judged:
    """Say why a candidate that was ended, was ended: whoever keeps the limits knows."""
    if judged.outcome is not Outcome.STOPPED_ITSELF:
        return judged
    ended = next((e for c in reversed(candidates) if (e := c.ended(seconds=1))), None)
    outcome, words = _CAUSES.get(ended.reason if ended else "", (judged.outcome, ""))
    if not words:
        return judged
    told = judged.reason.replace(ENDED_ITSELF, words)
    rest = [replace(c, reason=c.reason.replace(ENDED_ITSELF, words)) for c in judged.cells]
    return Judged(outcome, told, tuple(rest))
