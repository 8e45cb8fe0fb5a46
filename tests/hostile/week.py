"""The week that hostile work is handed in for: a course of its own, and right and wrong answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

WEEK = "week01"
HIDDEN = "canary-hidden-source"  # stands in every hidden check
EXPECTED = 31337.5  # the value of a hidden check; no page may show it

PROGRAMME = """\
format = 1

[programme]
name = "hostile"
title = "A programme under attack"

[[week]]
name = "week01"
title = "Doubling"
question = "What is twice as much?"
data = "numbers.csv"
hours = { notebook = 1, project = 0 }
outcomes = ["double a number"]
project = "Double something."
"""
HINTS = """\
[[hint]]
code = "W01.T1.M1"
title = "Adds instead of doubling"
saw = "The check met another number."
cause = "It may add."
try = "Try it with a number you know the answer for."
talking_point = "What is twice seven?"
"""
CHECKS = f"""\
'''What the hidden checks compare with. {HIDDEN}'''
import pandas as pd

TOTAL = {EXPECTED}


def doubles():
    return [(-2, -4), (0, 0), (10, 20), (4711.25, 9422.5)]


def by_kind():
    return pd.DataFrame({{"kind": ["a", "b"], "n": [31000.5, 337.0]}})
"""
DATA = "kind,n\na,31000.0\na,0.5\nb,337.0\n"
RIGHT = {
    "t1": "def double(number):\n    return number * 2",
    "t2": "total = numbers['n'].sum()\ntotals = [total]",
    "t3": "table = numbers.groupby('kind', as_index=False)['n'].sum()",
    "t4": (
        "def shout(text):\n    if not text:\n        raise ValueError('nothing to shout')\n"
        "    return text.upper() + '!'"
    ),
    "t5": (
        "from sklearn.linear_model import LinearRegression\n"
        "model = LinearRegression().fit([[1.0], [2.0], [4.0]], [2.0, 4.0, 8.0])"
    ),
    "plan": "steps = ['count', 'double']",
    "reflection": "I would double the beds.",
}
WRONG = {
    "t1": "def double(number):\n    return number",
    "t2": "total = -1.0\ntotals = []",
    "t3": "table = None",
    "t4": "def shout(text):\n    return text",
    "t5": "model = None",
    "plan": "steps = []",
    "reflection": "No idea.",
}
_SAID = f"# {HIDDEN}\n"
POINTS = {
    "t1_check": 1.0,
    "t1_more": 2.0,
    "t2_same": 1.0,
    "t2_close": 1.0,
    "t2_near": 1.0,
    "t2_in": 1.0,
    "t3_frame": 2.0,
    "t3_list": 1.0,
    "t4_more": 2.0,
    "t5_score": 1.0,
    "t5_predict": 1.0,
}
BY_HAND = {"plan": 3.0, "reflection": 2.0}
_VISIBLE = {"t1_check": 'assert double(3) == 6, "Six was expected for 3. [W01.T1.M1]"'}
_HIDDEN = {
    "t1_more": (
        "from week01_checks import doubles\n"
        "for number, twice in doubles():\n"
        "    assert twice == double(number), f'{twice} was expected'\n"
        "np.testing.assert_allclose(double(np.array([1.5, 2.25])), [3.0, 4.5])\n"
        "pd.testing.assert_series_equal(double(pd.Series([1, 2])), pd.Series([2, 4]))"
    ),
    "t2_same": "from week01_checks import TOTAL\nassert TOTAL == total\nassert type(total) is np.float64",
    "t2_close": "from week01_checks import TOTAL\nnp.testing.assert_allclose(total, TOTAL)",
    "t2_near": "from week01_checks import TOTAL\nassert abs(total - TOTAL) < 1e-6, f'not {TOTAL}'",
    "t2_in": "from week01_checks import TOTAL\nassert TOTAL in totals",
    "t3_frame": "from week01_checks import by_kind\npd.testing.assert_frame_equal(table, by_kind())",
    "t3_list": (
        "from week01_checks import by_kind\nassert list(table['n']) == list(by_kind()['n'])\n"
        "assert (table['n'].to_numpy() == by_kind()['n'].to_numpy()).all()\nassert 'n' in table"
    ),
    "t4_more": (
        "assert shout('quiet') == 'QUIET!'\n"
        "try:\n    shout('')\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no error')"
    ),
    "t5_score": "assert model.score([[5.0], [7.0]], [10.0, 14.0]) > 0.99",
    "t5_predict": "np.testing.assert_allclose(model.predict([[5.0], [7.0]]), [10.0, 14.0])",
}
_ORDER = ("t1", "t2", "t3", "t4", "t5")


def write_course(root: Path) -> Path:
    """Write the course below *root*."""
    weeks, solution = root / "course/weeks" / WEEK, root / "solutions" / WEEK
    weeks.mkdir(parents=True)
    solution.mkdir(parents=True)
    (root / "course/programme.toml").write_text(PROGRAMME, encoding="utf-8")
    (weeks / "hints.toml").write_text(HINTS, encoding="utf-8")
    (weeks / f"{WEEK}_checks.py").write_text(CHECKS, encoding="utf-8")
    (solution / "numbers.csv").write_text(DATA, encoding="utf-8")
    nbformat.write(_notebook(), solution / f"{WEEK}.ipynb")
    return root


def _notebook() -> Any:
    cells = [
        nbformat.v4.new_markdown_cell("# Doubling"),
        _cell(
            "setup",
            "import numpy as np\nimport pandas as pd\nnumbers = pd.read_csv('numbers.csv')",
            locked=True,
        ),
    ]
    for number, task in enumerate(_ORDER, start=1):
        cells.append(nbformat.v4.new_markdown_cell(f"## Task {number}: {task} (points)\n\nDo it."))
        solution = f"### BEGIN SOLUTION\n{RIGHT[task]}\n### END SOLUTION"
        cells.append(_cell(task, solution, solution=True))
        for check in POINTS:
            if check.startswith(task):
                cells.append(_cell(check, _check(check), locked=True, points=POINTS[check]))
    for name, points in BY_HAND.items():
        kind = "markdown" if name == "reflection" else "code"
        cells.append(_cell(name, "# your words", kind=kind, solution=True, points=points))
    notebook = nbformat.v4.new_notebook(cells=cells)
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position}"
    return notebook


def _check(name: str) -> str:
    if name in _VISIBLE:
        return _VISIBLE[name]
    return f"# More.\n### BEGIN HIDDEN TESTS\n{_SAID}{_HIDDEN[name]}\n### END HIDDEN TESTS"


def _cell(
    name: str,
    source: str,
    *,
    kind: str = "code",
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> Any:
    own = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, metadata={"nbgrader": own | ({} if points is None else {"points": points})})
