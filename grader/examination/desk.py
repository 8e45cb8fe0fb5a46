"""Several submissions at once: each worker is one warm process that forks candidate and examiner."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import Self, TypeVar

from grader.errors import MachineError
from grader.examination.handed_in import HandedIn
from grader.examination.record import Record
from grader.examination.roles import cells
from grader.examination.verdicts import Examined, put_together
from grader.marking.judged import Judged
from grader.marking.referee import mark
from grader.marks import Outcome
from grader.notebooks import Notebook
from grader.processes import Child, Limits, Tier, Warm

CANDIDATE = "grader.marking.candidate:main"
EXAMINER = "grader.marking.examiner:main"
STACK = ("grader.marking.warmed", "sklearn.linear_model", "matplotlib.pyplot", "grader.claims")
Key = TypeVar("Key")


class Desk:
    """
    Mark submissions on *workers* warm processes inside the fence *tier*; use it as a context.

    Results come as they are ready, so a slow submission holds nobody up.
    """

    def __init__(self, tier: Tier, *, workers: int = 2, limits: Limits | None = None) -> None:
        self._tier, self._limits, self._number = tier, limits or Limits(), workers
        self._idle: SimpleQueue[Warm] = SimpleQueue()
        self._context = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._threads = self._context.enter_context(ThreadPoolExecutor(self._number))
        started = [self._threads.submit(self._start) for _ in range(self._number)]
        for future in started:
            future.result()
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

    def _start(self) -> None:
        warm = Warm(self._tier, self._limits, imports=STACK)
        self._idle.put(self._context.enter_context(warm))

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
        warm = self._idle.get()
        try:
            return self._judge(warm, name, notebook, handed_in, record)
        except MachineError as error:
            # The machine's failure is nobody's zero; the next submission gets a fresh worker.
            with contextlib.suppress(MachineError):
                warm = self._context.enter_context(Warm(self._tier, self._limits, imports=STACK))
            return Judged(Outcome.COULD_NOT_MARK, str(error))
        finally:
            self._idle.put(warm)

    def _judge(
        self, warm: Warm, name: str, notebook: Notebook, handed_in: HandedIn, record: Record
    ) -> Judged:
        theirs: Mapping[str, bytes] = {**handed_in.files, **record.files}
        with contextlib.ExitStack() as children:

            def candidate() -> Child:
                return children.enter_context(warm.fork(CANDIDATE, files=theirs, seed=0))

            first = candidate()
            examiner = children.enter_context(
                warm.fork(EXAMINER, files=record.files, modules=record.modules, seed=0)
            )
            return mark(
                cells(name, notebook, record),
                first.channel,
                examiner.channel,
                replace=lambda: candidate().channel,
            )
