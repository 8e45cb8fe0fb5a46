"""
Mark one submission by nbgrader's own execution: the participant's code runs as whoever runs this.

Behind `run` the whole of marking can be replaced: it takes a hub, a week and a participant, leaves
the marked notebook and the gradebook's rows, and says how the run ended. It never raises for what
a submission does; a batch never stops for one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.reader import NotJSONError
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    IgnorePattern,
    LimitOutput,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from nbgrader.preprocessors.execute import UnresponsiveKernelError
from nbgrader.utils import is_grade
from traitlets import List
from traitlets.config import Config

from grader.engine.settings import config, course_directory, log
from grader.marks import Outcome


@dataclass(frozen=True)
class Run:
    """Say how the run of one submission ended, and why where it did not finish."""

    outcome: Outcome
    reason: str = ""


def run(home: Path, week: str, participant: str) -> Run:
    """Mark the handed-in folder of *participant*, replacing what an earlier run left."""
    settings = config(home)
    directory = course_directory(settings, week=week, participant=participant)
    if not list((home / "submitted" / participant / week).glob("*.ipynb")):
        return Run(Outcome.MISSING, "The folder that was handed in holds no notebook.")
    marking = _Marking(coursedir=directory, config=settings, log=log, force=True)
    try:
        marking.start()
    except (NbGraderException, SystemExit, OSError) as error:
        return _how_it_ended(marking.stopped_by or error)
    return Run(Outcome.FINISHED)


class _ChatterIsNoVerdict(NbGraderPreprocessor):  # type: ignore[misc]
    """
    Keep a warning from costing marks.

    nbgrader gives 0 for a check cell with anything on stderr, so one FutureWarning from a library
    would zero a right answer. The text stays to be read; only its channel changes.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        if is_grade(cell) and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    output.name = "stdout"
        return cell, resources


class _Marking(Autograde):  # type: ignore[misc]
    """Remember what stopped a run; nbgrader only logs it."""

    autograde_preprocessors = List(
        [
            Execute,
            _ChatterIsNoVerdict,
            IgnorePattern,
            ClearMetadataPreprocessor,
            LimitOutput,
            SaveAutoGrades,
            AssignLatePenalties,
            CheckCellMetadata,
        ]
    ).tag(config=True)

    def __init__(self, config: Config, **more: Any) -> None:
        super().__init__(config=config, **more)
        self.stopped_by: BaseException | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except BaseException as error:
            self.stopped_by = error
            raise


def _how_it_ended(error: BaseException) -> Run:
    said = str(error).strip().splitlines()
    if isinstance(error, (NotJSONError, json.JSONDecodeError, UnicodeDecodeError)):
        return Run(Outcome.NOT_A_NOTEBOOK, "The file is not a notebook, or stops in the middle.")
    if isinstance(error, DeadKernelError):
        return Run(Outcome.STOPPED_ITSELF, "The notebook ended its own Python before the checks.")
    if isinstance(error, (UnresponsiveKernelError, CellTimeoutError)):
        return Run(Outcome.TIMED_OUT, "The notebook ran for too long and could not be interrupted.")
    reason = f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
    return Run(Outcome.COULD_NOT_MARK, reason)
