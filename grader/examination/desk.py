"""Several submissions at once, each with a candidate and an examiner of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Self, TypeVar

from grader.errors import MachineError
from grader.examination.handed_in import HandedIn
from grader.examination.parents import Parents
from grader.examination.record import Record
from grader.examination.roles import cells
from grader.examination.verdicts import Examined, put_together
from grader.marking.judged import Judged
from grader.marking.referee import Channel, mark
from grader.marks import Outcome
from grader.notebooks import Notebook
from grader.processes import Limits, Tier

Key = TypeVar("Key")


class Desk:
    """
    Mark *workers* submissions at once inside the fence *tier*; use it as a context.

    Results come as they are ready, so a slow submission holds nobody up.
    """

    def __init__(self, tier: Tier, *, workers: int = 2, limits: Limits | None = None) -> None:
        self._tier, self._limits, self._number = tier, limits or Limits(), workers
        self._parents: list[Parents] = []
        self._lock = threading.Lock()
        self._context = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._threads = self._context.enter_context(ThreadPoolExecutor(self._number))
        return self

    def __exit__(self, *error: object) -> None:
        self._context.close()

    def examine(
        self, submissions: Iterable[tuple[Key, Callable[[], HandedIn], Record]]
    ) -> Iterator[tuple[Key, HandedIn, Examined]]:
        """Mark each submission; *key* comes back with what came of it."""
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
        try:
            with contextlib.ExitStack() as children:
                parents = self._parents_of(record)

                def candidate() -> Channel:
                    return children.enter_context(parents.candidate(handed_in.files)).channel

                first = candidate()
                examiner = children.enter_context(parents.examiner()).channel
                return mark(cells(name, notebook, record), first, examiner, replace=candidate)
        except MachineError as error:
            # The machine's failure is nobody's zero.
            return Judged(Outcome.COULD_NOT_MARK, str(error))

    def _parents_of(self, record: Record) -> Parents:
        """Give the parents of *record*: hubs with the same week share them."""
        with self._lock:
            for parents in self._parents:
                if parents.record is record or parents.record == record:
                    return parents
            parents = self._context.enter_context(Parents(record, self._tier, self._limits))
            self._parents.append(parents)
            return parents
