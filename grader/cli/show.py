"""How results, progress and complaints look on a terminal, and as JSON lines for scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from grader.cli.stopping import Stopped
from grader.errors import Complaint

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


EVERY = 10


class Bar(Protocol):
    """Be told how many things there are, and each time one is done."""

    def expect(self, total: int) -> None:
        """Set the total."""

    def step(self, words: str = "") -> None:
        """Count one more, saying what came of it."""


class _Lines:
    """Say at the start, after every tenth and at the end how far the work is."""

    def __init__(self, title: str) -> None:
        self.title, self.done, self.total = title, 0, 0

    def expect(self, total: int) -> None:
        """Set the total."""
        self.done, self.total = 0, total
        if total:
            note(f"{self.title}: {total} to look at.")

    def step(self, words: str = "") -> None:
        """Count one more."""
        self.done += 1
        if self.done % EVERY == 0 or self.done == self.total:
            note(f"{self.title}: {self.done}" + (f" of {self.total}." if self.total else "."))


@contextmanager
def progress(title: str) -> Iterator[Bar]:
    """Show a bar with n/N and the time left on a terminal, and a line now and then elsewhere."""
    if not err.is_terminal:
        lines = _Lines(title)
        with _how_far(lambda: (lines.done, lines.total)):
            yield lines
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}"),
        console=err,
        transient=True,
    ) as bars:
        task = bars.add_task(title, total=None, words="")

        class _Bar:
            def expect(self, total: int) -> None:
                bars.update(task, total=total)

            def step(self, words: str = "") -> None:
                bars.update(task, advance=1, words=words)

        with _how_far(lambda: (int(bars.tasks[0].completed), int(bars.tasks[0].total or 0))):
            yield _Bar()


@contextmanager
def _how_far(measure: Callable[[], tuple[int, int]]) -> Iterator[None]:
    """Have a command that is stopped say how many of how many it did."""
    try:
        yield
    except Stopped as stopped:
        done, total = measure()
        stopped.done = f" after {done} of {total}" if total else " before anything was done"
        raise


def line(text: str) -> None:
    """Print one line of a result."""
    out.print(text, markup=False)


def note(text: str) -> None:
    """Print one line that is not a result: to stderr."""
    err.print(text, markup=False)


def json_line(value: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    out.print(json.dumps(value, ensure_ascii=False, default=str), markup=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a plain table; nothing at all where there are no rows."""
    shown = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        shown.add_row(*(str(value) for value in row))
    if shown.row_count:
        out.print(shown)


def complain(complaints: Iterable[Complaint]) -> None:
    """Print every complaint with its place and what to do."""
    for complaint in complaints:
        err.print(str(complaint), markup=False)


def count(number: int, thing: str, things: str | None = None) -> str:
    """Write 1 participant, 2 participants."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
