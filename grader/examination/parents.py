"""
The two warm processes that a week's candidates and examiners are forked from.

They are two because one may not know what the other does: the examiners' has run the solution and
the checks, the candidates' only what was released to everybody.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from grader.errors import MachineError
from grader.examination.record import Record
from grader.examination.roles import libraries, prepared_cells
from grader.notebooks import Notebook, grade_id, is_answer, is_graded
from grader.processes import Child, Limits, Tier, Warm, can_rehearse

CANDIDATE = "grader.marking.candidate:main"
EXAMINER = "grader.marking.examiner:main"
REHEARSAL = "grader.marking.rehearsal:once"
STACK = ("grader.marking.warmed", "matplotlib.pyplot", "grader.claims", "grader.marking.rehearsal")
# What no rehearsal imports, because none is possible there; otherwise a week imports what it uses:
# a larger parent makes each fork dearer.
REST = ("sklearn.linear_model", "sklearn.model_selection", "sklearn.pipeline")


class Parents:
    """Fork candidates and examiners of *record*; use it as a context. Threads may share it."""

    def __init__(self, record: Record, tier: Tier, limits: Limits) -> None:
        self.record, self._tier, self._limits = record, tier, limits
        self._lock = threading.Lock()
        self._open = contextlib.ExitStack()
        self._started: list[Warm] = []
        self._is_left = threading.Event()
        self._now: dict[str, Warm] = {}

    def __enter__(self) -> Self:
        """Start both at once, unless they are there."""
        with self._lock, ThreadPoolExecutor(2) as threads:
            missing = [role for role in (CANDIDATE, EXAMINER) if role not in self._now]
            for future in [threads.submit(self._start, role) for role in missing]:
                future.result()
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()
        self._open.close()  # what a thread was still starting during the first

    def leave(self) -> None:
        """End everything at once, also what only starts; nothing can be started any more."""
        self._is_left.set()
        for warm in tuple(self._started):
            warm.kill()

    def candidate(self, theirs: Mapping[str, bytes]) -> Child:
        """Fork a candidate, with *theirs* and the instructor's files beside it."""
        files = {**theirs, **self.record.files}
        return self._fork(CANDIDATE, files, {})

    def examiner(self) -> Child:
        """Fork an examiner, with the instructor's files and the modules of the checks."""
        return self._fork(EXAMINER, self.record.files, self.record.modules)

    def _fork(self, role: str, files: Mapping[str, bytes], modules: Mapping[str, bytes]) -> Child:
        warm = self._now[role]
        try:
            return warm.fork(role, files=files, modules=modules, seed=0)
        except MachineError:
            self._replace(role, warm)
            raise

    def _replace(self, role: str, broken: Warm) -> None:
        """Start another parent, unless a thread that met the same failure has done so."""
        with self._lock, contextlib.suppress(MachineError):
            if self._now[role] is broken:
                self._start(role)

    def _start(self, role: str) -> None:
        warm = self._fresh()
        if can_rehearse(self._tier):
            try:
                self._rehearse(warm, role)
            except MachineError:
                # Work that cannot be rehearsed is marked all the same, each time from cold.
                warm.kill()
                warm = self._fresh()
        self._now[role] = warm

    def _fresh(self) -> Warm:
        imports = STACK if can_rehearse(self._tier) else (*STACK, *REST)
        warm = Warm(self._tier, self._limits, imports=imports)
        self._started.append(warm)
        if self._is_left.is_set():
            raise MachineError("the marking was stopped")
        return self._open.enter_context(warm)

    def _rehearse(self, warm: Warm, role: str) -> None:
        cells = rehearsed(self.record, secret=role == EXAMINER)
        modules = self.record.modules if role == EXAMINER else {}
        order = {
            "cells": cells,
            "prepared": prepared_cells(self.record),
            "imports": libraries(self.record),
        }
        argument = json.dumps(order).encode()
        warm.rehearse(REHEARSAL, argument, files=self.record.files, modules=modules)


def rehearsed(record: Record, *, secret: bool) -> list[str]:
    """List the cells to be run once: all of the instructor's, or those that everybody may see."""
    return [
        text
        for name, notebook in record.notebooks.items()
        if name not in record.foreign
        for text in (_all(notebook) if secret else _released(record, name, notebook))
    ]


def _all(notebook: Notebook) -> Iterator[str]:
    return (cell.source for cell in notebook.cells if cell.cell_type == "code")


def _released(record: Record, name: str, notebook: Notebook) -> Iterator[str]:
    for cell in notebook.cells:
        own = grade_id(cell)
        if cell.cell_type != "code" or is_answer(cell) or is_graded(cell):
            continue
        if own:
            yield record.released[name][own]
        elif cell.source in record.ordinary[name]:
            yield cell.source
