"""What keeps nbgrader's own feedback page fit to be handed back, where somebody makes one."""

from __future__ import annotations

import re
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from grader.engine.gradebook import HINT

PLAIN = "This check did not pass."
STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)


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
