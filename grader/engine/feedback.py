"""The page a participant gets back, by nbgrader's own converter; hidden checks are taken out first."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from grader.engine.gradebook import HINT
from grader.engine.settings import config, course_directory, log
from grader.errors import EngineError

PLAIN = "This check did not pass."


STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)
# Whatever an answer put into the page, no script of it runs: not from a tag, a link or an attribute.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'\">"
)


class FitToHandBack(NbGraderPreprocessor):  # type: ignore[misc]
    """
    Keep what a check says to its hint: a traceback would show the hidden checks line by line.

    An error without a hint code is replaced by a plain sentence, for its text may hold what was
    expected. The style sheet pandas puts before each table would be shown as text once sanitised.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Replace the tracebacks of check cells, and drop style sheets."""
        check = cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
        for output in cell.get("outputs", ()):
            if check and output.output_type == "error":
                output.evalue = output.evalue if HINT.search(output.evalue) else PLAIN
                output.ename, output.traceback = "Not yet", output.evalue.splitlines()
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = STYLE.sub("", output.data["text/html"])
        return cell, resources


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
    folder = home / "feedback" / participant / week
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<head>", f"<head>{POLICY}", 1), encoding="utf-8")
    return folder
