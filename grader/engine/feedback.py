"""The page a participant gets back, by nbgrader's own converter; hidden checks are taken out first."""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException

from grader.engine.settings import config, course_directory, log
from grader.errors import EngineError


def make(home: Path, week: str, participant: str) -> Path:
    """Write the feedback page of one submission, replacing an older one; give its folder."""
    settings = config(home)
    directory = course_directory(settings, week=week, participant=participant)
    try:
        GenerateFeedback(coursedir=directory, config=settings, log=log, force=True).start()
    except NbGraderException as error:
        raise EngineError(
            f"nbgrader could not make the feedback of {participant} for {week}: {error}",
            where=str(home.name),
            do="Mark the submission again with `grader autograde`; if it stays, tell us.",
        ) from error
    return home / "feedback" / participant / week
