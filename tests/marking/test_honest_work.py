"""Honest work earns through candidate and examiner what it says, with the hint it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.marking.judged import Cell, CellResult, Judged, Role
from grader.marks import Outcome, Verdict
from grader.specimens import Specimen, read_specimens
from tests.marking.conftest import cells_of

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "week01"
WEEK = ROOT / "course" / "weeks" / "week01"
MINIATURE = ROOT / "tests" / "miniature"
SPECIMENS = {each.name: each for each in read_specimens(WEEK / "specimens")}

Judge = Callable[..., Judged]
Checked = Callable[..., CellResult]


def earned(judged: Judged, task: str) -> tuple[float, str]:
    """Give a task's points and the hint of its first failed check."""
    checks = [cell for name, cell in judged.checks.items() if name.startswith(f"{task}_")]
    hints = [cell.hint for cell in checks if cell.verdict is not Verdict.PASSED]
    return sum(cell.points or 0 for cell in checks), hints[0] if hints else ""


def only(cells: list[Cell], task: str) -> list[Cell]:
    """Keep set-up and the cells of one task."""
    own = {task, f"{task}_check", f"{task}_more"}
    return [cell for cell in cells if cell.role is Role.SET_UP or cell.id in own]


class TestWeek1:
    def test_the_solution_earns_all(self, judge: Judge) -> None:
        """Every check of the solution passes, and the run finishes."""
        cells = cells_of(SOLUTION / "week01.ipynb")
        judged = judge(cells, released=SOLUTION, course=[WEEK])
        assert Outcome.FINISHED is judged.outcome
        assert {Verdict.PASSED} == {cell.verdict for cell in judged.checks.values()}

    def test_the_untouched_release_earns_nothing(self, judge: Judge) -> None:
        """What was handed out, with the hidden checks, earns no point and no hint."""
        released = {c.id: c.source for c in cells_of(ROOT / "exercises/week01/week01.ipynb")}
        cells = [
            Cell(c.id, released[c.id], c.role) if c.role is Role.ANSWER else c
            for c in cells_of(SOLUTION / "week01.ipynb")
        ]
        judged = judge(cells, released=SOLUTION, course=[WEEK])
        assert {(0, "")} == {(cell.points, cell.hint) for cell in judged.checks.values()}

    @pytest.mark.parametrize(
        "specimen",
        [each for each in SPECIMENS.values() if each.task.startswith("t")],
        ids=lambda specimen: specimen.name,
    )
    def test_a_specimen_earns_what_it_says(self, judge: Judge, specimen: Specimen) -> None:
        """Its points and its hint, whichever check finds the mistake."""
        task = specimen.task
        cells = only(cells_of(SOLUTION / "week01.ipynb", specimen.cells), task)
        judged = judge(cells, released=SOLUTION, course=[WEEK])
        right = specimen.earns[task]
        assert (right.points, right.hint or "") == earned(judged, task)


class TestTheMiniature:
    @pytest.mark.parametrize("week", ["week01", "week02"])
    def test_its_specimens_earn_what_they_say(self, judge: Judge, week: str) -> None:
        """The tiny course is marked like a real one."""
        folder = MINIATURE / "course" / "weeks" / week
        for each in read_specimens(folder / "specimens"):
            if each.task.startswith("t"):
                cells = cells_of(MINIATURE / "solutions" / week / f"{week}.ipynb", each.cells)
                judged = judge(only(cells, each.task), course=[folder])
                right = each.earns[each.task]
                assert (each.name, right.points, right.hint or "") == (
                    each.name,
                    *earned(judged, each.task),
                )


class TestChecksAsNbgradersDocumentationWritesThem:
    SQUARES = (
        "def squares(n):\n    if n < 1: raise ValueError('n must be greater than or equal to 1')\n"
        "    return [i ** 2 for i in range(1, n + 1)]\nx = 0.5\n"
    )

    @pytest.mark.parametrize(
        "check",
        [
            "assert squares(1) == [1]\nassert squares(3) == [1, 4, 9]",
            "try:\n    squares(0)\nexcept ValueError:\n    pass\n"
            "else:\n    raise AssertionError('did not raise')",
            "from hashlib import sha1\n"
            "assert sha1(str(type(x)).encode('utf-8')).hexdigest() == "
            "sha1(str(float).encode()).hexdigest()\n"
            "assert sha1(str(x).encode()).hexdigest() == sha1(b'0.5').hexdigest()",
            "import numpy as np\nnp.testing.assert_allclose(squares(3), [1, 4, 9])",
            "import numpy.testing as nt\nnt.assert_array_equal(np.array(squares(2)), [1, 4])"
            .replace("import", "import numpy as np\nimport", 1),
            "import pandas as pd\n"
            "pd.testing.assert_series_equal(pd.Series(squares(2)), pd.Series([1, 4]))",
            "from unittest import TestCase\nwith TestCase().assertRaises(ValueError):\n    squares(0)",
            "assert callable(squares) and 'squares' in globals()",
        ],
    )  # fmt: skip
    def test_right_work_passes(self, checked: Checked, check: str) -> None:
        """assert, numpy.testing, pandas.testing, try and except, hashed values."""
        assert Verdict.PASSED is checked(self.SQUARES, check).verdict

    @pytest.mark.parametrize(
        ("last", "points", "verdict"),
        [
            ("0.5", 0.5, Verdict.PARTLY),
            ("1", 1, Verdict.PARTLY),
            ("import numpy as np\nnp.float64(1.5)", 1.5, Verdict.PARTLY),
            ("0", 0, Verdict.FAILED),
            ("2", 2, Verdict.PASSED),
            ("-1", 2, Verdict.PASSED),
            ("'no'", 2, Verdict.PASSED),
            ("9", 2, Verdict.PASSED),
            ("0.5;", 2, Verdict.PASSED),
            ("True", 2, Verdict.PASSED),
            ("import sys\nprint('careful', file=sys.stderr)", 2, Verdict.PASSED),
        ],
    )
    def test_partial_credit(
        self, checked: Checked, last: str, points: float, verdict: Verdict
    ) -> None:
        """A number between 0 and the points is the mark; anything else that ends well passes."""
        result = checked("x = 1", last)
        assert (points, verdict) == (result.points, result.verdict)

    @pytest.mark.parametrize(
        ("raised", "hint"),
        [
            ("assert x == 2, 'Two was expected. [W01.T2.M1]'", "W01.T2.M1"),
            ("assert x == 2, 'See [1] for more.'", ""),
            ("e = AssertionError('no')\ne.code = 'W01.T3.M4'\nraise e", "W01.T3.M4"),
        ],
    )
    def test_the_hint(self, checked: Checked, raised: str, hint: str) -> None:
        """It is the error's code, or stands in brackets at the end of the message."""
        assert hint == checked("x = 1", raised).hint


class TestTheNotebookAsItRan:
    def test_outputs_are_those_of_jupyter(self, judge: Judge) -> None:
        """Streams, results, displays and errors come as nbformat writes them."""
        cells = [
            Cell("a", "%matplotlib inline\nprint('hello')\n1 + 1", Role.PARTICIPANT),
            Cell("b", "import pandas as pd\ndisplay(pd.DataFrame({'a': [1]}))", Role.PARTICIPANT),
            Cell("c", "1 / 0", Role.PARTICIPANT),
            Cell("d", "!echo from a shell", Role.PARTICIPANT),
        ]
        judged = judge(cells)
        kinds = [[output["output_type"] for output in cell.outputs] for cell in judged.cells]
        assert [["stream", "execute_result"], ["display_data"], ["error"], ["stream"]] == kinds
        assert {"text/plain", "text/html"} == set(judged.cells[1].outputs[0]["data"])
        assert [1, 2, 3, 4] == [cell.count for cell in judged.cells]

    def test_too_much_is_cut(self, judge: Judge) -> None:
        """A cell that prints without end keeps a first part, and the outcome says so."""
        cells = [
            Cell("a", "for _ in range(100): print('x' * 100_000)", Role.PARTICIPANT),
            Cell("c", "assert True", Role.CHECK, 1),
        ]
        judged = judge(cells)
        assert (Outcome.TOO_MUCH_OUTPUT, 1) == (judged.outcome, judged.checks["c"].points)
        assert len(judged.cells[0].outputs[0]["text"]) <= 1 << 20
