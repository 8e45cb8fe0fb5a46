"""Several submissions at once: each worker is one warm process that forks candidate and examiner."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import Self, TypeVar

from grader import receipts
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

    Results come as they are ready, so a slow submission holds nobody up. Examiners sign what they
    decide with *key*. Left in the middle, it ends everything at once.
    """

    def __init__(
        self,
        tier: Tier,
        *,
        workers: int = 2,
        limits: Limits | None = None,
        key: receipts.Key | None = None,
    ) -> None:
        self._tier, self._limits, self._number = tier, limits or Limits(), workers
        self._key = key or receipts.new_key()
        self._idle: SimpleQueue[Warm] = SimpleQueue()
        self._context = contextlib.ExitStack()
        self._started: list[Warm] = []
        self._is_left = threading.Event()

    def __enter__(self) -> Self:
        self._threads = self._context.enter_context(ThreadPoolExecutor(self._number))
        try:
            for future in [self._threads.submit(self._start) for _ in range(self._number)]:
                future.result()
        except BaseException as error:
            self.__exit__(type(error))
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._leave()
        self._context.close()
        self._context.close()  # what a thread was still starting during the first

    def _leave(self) -> None:
        self._is_left.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for warm in tuple(self._started):
            warm.kill()

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
        self._idle.put(self._fresh())

    def _fresh(self) -> Warm:
        warm = Warm(self._tier, self._limits, imports=STACK)
        self._started.append(warm)
        if self._is_left.is_set():
            raise MachineError("the marking was stopped")
        return self._context.enter_context(warm)

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
                warm = self._fresh()
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
                seal=receipts.Seal(self._key, handed_in.submission, name),
            )
