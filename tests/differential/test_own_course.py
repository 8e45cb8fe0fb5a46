"""
A plain nbgrader course with what courses of other people have in them, in several hand-ins.

Each pattern was met in a public course; the cells are our own.
"""

from typing import Any

import pytest

from tests.differential.twins import (
    Marks,
    Twins,
    answer,
    by_hand,
    check,
    code_by_hand,
    differences,
    locked,
    notebook,
    plain,
    task,
    text,
)

Both = tuple[dict[str, Marks], dict[str, Marks]]

# Magics and help in set-up, names that checks and set-up share, a check that goes on from another.
NUMBERS = notebook(
    text("# Numbers"),
    locked("setup", "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt"),
    locked("shown", "np.linspace?\nscale = 3\nlow, high = np.array([1, 2]), np.array([3, 4])"),
    plain("from math import isclose\nfrom IPython.display import Markdown, display"),
    plain("%%html\n<b>The next task</b>"),
    answer("halves", "def halves(values):\n    return values / 2, values - values / 2"),
    check(
        "halves_1",
        2,
        "low, high = halves(np.array([2.0, 4.0]))\nassert isinstance(low, np.ndarray)\n"
        "np.testing.assert_allclose(low, [1, 2])",
    ),
    check(
        "halves_2",
        2,
        "assert np.allclose(low + high, [2, 4])\n"
        "###BEGIN HIDDEN TESTS\nfor size in (1, 5):\n    a, b = halves(np.arange(float(size)))\n"
        "    assert (a == b).all()\n###END HIDDEN TESTS",
    ),
    plain("result = 'the participant may change this cell'\nlow = np.zeros(3)"),
    answer(
        "steps", "def steps(f, x, n=3):\n    for _ in range(n):\n        x = f(x)\n    return x"
    ),
    check(
        "steps_1",
        3,
        "result = steps(lambda x: x * scale, 1)\nassert result == 27\n"
        "assert isclose(steps(lambda x: x / 2, 8.0), 1.0)\n"
        "def shrink(x):\n    return x - 1\nassert steps(shrink, 10, n=4) == 6",
    ),
    plain("result = steps(lambda x: x + 1, 0)"),
    check("steps_2", 1, "assert result == 3"),
    answer("chunks", "def chunks(items):\n    for item in items:\n        yield [item]"),
    check(
        "chunks_1",
        1,
        "import types\nmade = chunks('ab')\nassert isinstance(made, types.GeneratorType)\n"
        "assert next(made) == ['a']\nassert list(made) == [['b']]",
    ),
    check(
        "some",
        4,
        "points = 0\nif halves(np.array([2.0]))[0] == 1:\n    points += 1.5\n"
        "if steps(abs, -1) == 1:\n    points += 1\npoints",
    ),
    check("nothing", 0, "assert no_such_name"),
    metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
)

# A module and data beside the notebook, which checks and answers both use.
DATA = notebook(
    locked("setup", "import pandas as pd\nfrom tools import rate\nfrom shared.more import DOUBLE"),
    plain("table = pd.read_csv('data/table one.csv')\ntable.head()"),
    answer("total", "def total(table):\n    return int(table['n'].sum())"),
    check("total_1", 2, "assert total(table) == 6\nassert total(table.head(1)) == 1"),
    answer("rates", "rates = {row.name: rate(row.n) for row in table.itertuples(index=False)}"),
    check(
        "rates_1",
        2,
        "assert rates == {'a': rate(1), 'b': rate(2), 'c': rate(3)}\n"
        "### BEGIN HIDDEN TESTS\nimport tools\nassert rates['c'] == tools.rate(3) == 3 * DOUBLE / 2\n"
        "### END HIDDEN TESTS",
    ),
    answer("read", "with open('data/words.txt') as file:\n    words = file.read().split()"),
    check("read_1", 1, "assert words == open('data/words.txt').read().split()\nassert words"),
    code_by_hand("plot", 3, "table['n'].plot()"),
    by_hand("why", 3, "Because the *rate* doubles."),
    task("project", 5, "Add cells of your own below."),
    plain(""),
)
FILES = {
    "tools.py": "def rate(n):\n    return float(n)\n",
    "shared/__init__.py": "",
    "shared/more.py": "DOUBLE = 2.0\n",
    "data/table one.csv": "name,n\na,1\nb,2\nc,3\n",
    "data/words.txt": "some words\n",
}
PROSE = notebook(text("# Read this"), by_hand("only", 2, "An essay."))

RIGHT: dict[str, str | None] = {
    "halves": None,
    "steps": None,
    "chunks": None,
    "total": None,
    "rates": None,
    "read": None,
    "plot": None,
    "why": "I think so.",
    "only": "Long.",
}
HANDED_IN: dict[str, dict[str, str | None]] = {
    "right": RIGHT,
    "blank": {},
    "partly": RIGHT
    | {
        "halves": "def halves(values):\n    return values // 2, values - values // 2",
        "steps": "def steps(f, x, n=3):\n    return f(x)",
        "rates": "rates = {'a': 1.0}",
        "chunks": "def chunks(items):\n    return [[item] for item in items]",
    },
    "noisy": RIGHT
    | {
        "halves": "%%time\nprint('hello')\n!echo from the shell\nimport sys\nsys.stderr.write('!')\n"
        "def halves(values):\n    print('called')\n    return values / 2, values / 2",
        "steps": "import asyncio\nawait asyncio.sleep(0)\ndisplay(Markdown('*shown*'))\n"
        "def steps(f, x, n=3):\n    return x if n == 0 else steps(f, f(x), n - 1)",
        "total": "name = input('who? ')",
        "read": "words = 'some words'.split()",
        "plot": "%pip install nothing-at-all\ntable.plot.bar(x='name', y='n')",
    },
    "broken": RIGHT | {"halves": "def halves(values:\n    return", "rates": "rates = 1 / 0"},
}


def _with_more(found: Any) -> None:
    """Add what a participant may: cells of their own, tags, and a check's text changed."""
    found.cells.insert(1, plain("scratch = 'mine'\nassert scratch"))
    for cell in found.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "steps_2":
            cell.source = "pass"


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Release the course and hand in every variant."""
    made = Twins(tmp_path_factory.mktemp("own") / "a course", assignment="ps 1")
    made.releases({"1 - Numbers": NUMBERS, "data": DATA, "prose": PROSE}, FILES)
    for person, answers in HANDED_IN.items():
        folder = made.hands_in(person, answers, change=_with_more)
        (folder / "notes of mine.txt").write_text("kept")
        (folder / "tools.py").write_text("def rate(n):\n    return 1000.0\n")
    return made


@pytest.fixture(scope="module")
def both(twins: Twins) -> Both:
    """Mark it twice."""
    return twins.marked()


@pytest.mark.parametrize("person", HANDED_IN)
def test_the_marks_are_plain_nbgraders(person: str, both: Both) -> None:
    """Cell by cell, whoever handed it in."""
    assert set() == {cell for who, cell in differences(*both) if who == person}


def test_right_work_has_every_point_of_the_checks(both: Both) -> None:
    """So that the comparison compares something: only what a person marks is open."""
    points = both[1]["right"]

    assert {"plot", "why", "only", "project"} == {c for (_, c), p in points.items() if p is None}
    assert {0, 1, 2, 2.5, 3} == {p for p in points.values() if p is not None}


def test_partly_right_work_has_some(both: Both) -> None:
    """The variants differ from each other."""
    points = [sum(p or 0 for p in both[1][who].values()) for who in ("right", "partly", "blank")]

    assert sorted(points, reverse=True) == points
    assert 3 == len(set(points))
