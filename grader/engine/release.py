"""Solutions to exercises, by nbgrader's own converter; into a hub's course or into a plain folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from traitlets.config import Config

from grader.engine.settings import config, course_directory, log
from grader.errors import EngineError


def build(solution: Path, exercise: Path, home: Path | None = None) -> None:
    """
    Make *exercise* (a folder) from *solution* (the week's folder), byte for byte the same each time.

    Replaces *exercise* as a whole. With *home* it is what the hub there would release. Raises
    EngineError when nbgrader refuses the notebook.
    """
    with tempfile.TemporaryDirectory(prefix="grader-build-") as scratch:
        # The hub's own settings may name files from its folder, so that stays the root.
        settings = config(home) if home else Config()
        if home is None:
            settings.CourseDirectory.root = scratch
        settings.CourseDirectory.source_directory = str(Path(scratch, "source"))
        settings.CourseDirectory.release_directory = str(Path(scratch, "release"))
        settings.SaveCells.enabled = False
        settings.GenerateAssignment.no_database = True
        shutil.copytree(solution, Path(scratch, "source", solution.name), ignore=_NOT_CONTENT)
        _generate(settings, solution.name)
        _replace(Path(scratch, "release", solution.name), exercise)


def assign(home: Path, week: str) -> None:
    """Make the release of *week* from the hub's source, and enter its cells in the gradebook."""
    _generate(config(home), week)


_NOT_CONTENT = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.pyc")


def _generate(settings: Config, week: str) -> None:
    directory = course_directory(settings, week=week)
    try:
        GenerateAssignment(coursedir=directory, config=settings, log=log, force=True).start()
    except (NbGraderException, RuntimeError, ValueError) as error:
        raise EngineError(
            f"nbgrader could not make the release of {week}: {error}",
            where=f"solutions/{week}/{week}.ipynb",
            do="Run `grader check` on the week; it says which cell is at fault.",
        ) from error


def _replace(new: Path, old: Path) -> None:
    old.parent.mkdir(parents=True, exist_ok=True)
    if old.exists():
        shutil.rmtree(old)
    shutil.copytree(new, old)
