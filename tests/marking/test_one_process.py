"""Cases by number: a check that passes in one process passes across two; a forgery does not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.marking.crossing import cannot_cross
from grader.marking.judged import Cell, CellResult, Judged, Role
from grader.marks import Verdict

CASES = tomllib.loads((Path(__file__).parent / "one_process.toml").read_text("utf-8"))["case"]
Checked = Callable[..., CellResult]
Judge = Callable[..., Judged]


@pytest.mark.parametrize("number", sorted({case["number"] for case in CASES}))
def test_checks_written_for_one_process_pass(judge: Judge, number: int) -> None:
    """Case by case: the honest answer earns what it would earn in one process."""
    cells, titles = [], {}
    for place, case in enumerate(each for each in CASES if each["number"] == number):
        titles[f"c{place}"] = case["title"]
        cells.append(Cell(f"a{place}", case["notebook"], Role.ANSWER))
        cells.append(Cell(f"c{place}", case["check"], Role.CHECK, 1))
    results = judge(cells).checks
    words = {
        title: results[name].text or results[name].reason
        for name, title in titles.items()
        if results[name].verdict is not Verdict.PASSED
    }
    assert {} == words


NOTHING = (
    "import pandas as pd\nclass Z:\n    def __sub__(s, o): return 0.0\n    __rsub__ = __sub__\n"
)
MODEL = (
    "from sklearn.linear_model import LinearRegression\n"
    "m = LinearRegression().fit([[0], [1]], [0, 0])\n"
)
SCORED = "import numpy as np\nX, y = np.array([[0.0], [1.0], [2.0]]), np.array([5.0, 1.0, 9.0])\n"
FORGED = {
    "subtracts to nothing": (f"{NOTHING}x = Z()", "assert abs(x - 4) < 1e-9"),
    "a float that subtracts": (
        "class Z(float):\n    def __sub__(s, o): return 0.0\nx = Z(1)",
        "assert abs(x - 4) < 1e-9",
    ),
    "equals": (
        "class Z:\n    def equals(s, o): return True\nx = Z()",
        "import pandas as pd\nassert x.equals(pd.DataFrame({'a': [1]}))",
    ),
    "a table's own equals": (
        "import pandas as pd\nclass Z(pd.DataFrame):\n    def equals(s, o): return True\nx = Z()",
        "import pandas as pd\nassert x.equals(pd.DataFrame({'a': [1]}))",
    ),
    "contains": (
        "class Z:\n    def __contains__(s, o): return True\nx = Z()",
        "assert 4 in x and 5 in x",
    ),
    "a text's own startswith": (
        "class Z(str):\n    def startswith(s, o): return True\nx = Z()",
        "assert x.startswith('abc')",
    ),
    "eq and all": (
        "class Z:\n    def eq(s, o): return s\n    def all(s): return True\nx = Z()",
        "import pandas as pd\nassert x.eq(pd.Series([1])).all()",
    ),
    "a function that is a class": (
        "class f:\n    def __init__(s, n): pass\n    def __sub__(s, o): return 0.0",
        "assert abs(f(2) - 4) < 1e-9",
    ),
    "a model's own score": (
        "from sklearn.base import BaseEstimator\n"
        "class M(BaseEstimator):\n    def score(s, X, y): return 1.0\nm = M()",
        "assert m.score([[1]], [1]) > 0.9",
    ),
    "a library's score": (
        f"{MODEL}LinearRegression.score = lambda s, X, y: 1.0",
        f"{SCORED}assert m.score(X, y) > 0.9",
    ),
    "a library's predict": (
        f"{MODEL}LinearRegression.predict = lambda s, X: X[:, -1]",
        f"{SCORED}assert m.score(X, y) > 0.9",
    ),
    "approx": (f"{NOTHING}x = Z()", "import pytest\nassert x == pytest.approx(4)"),
}


@pytest.mark.parametrize("way", sorted(FORGED))
def test_an_object_is_not_shown_what_is_expected(checked: Checked, way: str) -> None:
    """Case 6: whatever an object's own methods would say of the expected value, it earns nothing."""
    assert not checked(*FORGED[way]).points


POINT = (
    "from dataclasses import dataclass\nfrom enum import Enum\nfrom collections import namedtuple\n"
    "Pair = namedtuple('Pair', 'x y')\nclass Colour(Enum):\n    RED = 1\n"
    "@dataclass\nclass Point:\n    x: int\n    y: int\n    def total(self): return self.x + self.y\n"
    "class Short(Exception): pass\n"
)


class TestCase03ClassesOfTheSetUp:
    @pytest.mark.parametrize(
        ("answer", "check"),
        [
            ("def f(): return Point(1, 2)", "assert f() == Point(1, 2) and isinstance(f(), Point)"),
            ("def f(p): return isinstance(p, Point) and p.total() == 3", "assert f(Point(1, 2))"),
            ("def f(p): p.x = 5", "p = Point(1, 2)\nf(p)\nassert (5, 7) == (p.x, p.total())"),
            ("def f(): return Colour.RED", "assert f() is Colour.RED"),
            ("def f(): return Pair(1, 2)", "assert f() == Pair(1, 2) and isinstance(f(), Pair)"),
            ("class Q(Point): pass", "assert isinstance(Q(1, 2), Point) and Q(1, 2).total() == 3"),
            (
                "def f(): raise Short('q')",
                "try:\n    f()\nexcept Short as e:\n    assert str(e) == 'q'",
            ),
        ],
    )
    def test_they_mean_the_same_on_both_sides(
        self, checked: Checked, answer: str, check: str
    ) -> None:
        """An object of a class that a set-up cell defines crosses as one of the examiner's class."""
        assert Verdict.PASSED is checked(answer, check, setup=POINT).verdict

    def test_a_method_that_the_participant_changed(self, checked: Checked) -> None:
        """The examiner's own method runs, on what the object holds."""
        answer = "Point.total = lambda self: 99\np = Point(1, 2)"
        assert Verdict.PASSED is checked(answer, "assert p.total() == 3", setup=POINT).verdict


CANNOT = {
    "a patched builtin": "from unittest.mock import patch\nwith patch('builtins.input'): f()",
    "a builtin of the check's": "input = lambda *a: 'x'\nf()",
    "a function of a module": "import math\nmath.sqrt = None\nf()",
    "what the notebook kept": "assert len(In) > 0",
    "the environment": "import os\nos.environ['K'] = 'v'\nf()",
}


class TestWhatCannotCross:
    @pytest.mark.parametrize("way", sorted(CANNOT))
    def test_the_check_is_undecided(self, checked: Checked, way: str) -> None:
        """It waits for a person, even where it would have passed."""
        assert Verdict.UNDECIDED is checked("def f(): return 1", CANNOT[way]).verdict

    @pytest.mark.parametrize("way", sorted(CANNOT))
    def test_the_author_is_told_beforehand(self, way: str) -> None:
        """`grader check` finds it in the source."""
        assert 1 == len(cannot_cross(CANNOT[way]))

    def test_a_mock_among_the_arguments(self, checked: Checked) -> None:
        """Its calls would be counted elsewhere."""
        check = "from unittest.mock import Mock\nm = Mock()\nf(m)\nm.assert_not_called()"
        assert Verdict.UNDECIDED is checked("def f(m): m()", check).verdict

    @pytest.mark.parametrize("own", ["", "n = 1\n"])
    def test_a_global_that_the_check_binds_and_the_work_reads(
        self, checked: Checked, own: str
    ) -> None:
        """It may be what is expected, so it does not cross; a failure then waits for a person."""
        answer = f"{own}def f(): return n + 1"
        assert Verdict.UNDECIDED is checked(answer, "n = 5\nassert f() == 6").verdict

    @pytest.mark.parametrize("use", ["v * 2", "2 in v", "v + 1", "v - v.x"])
    def test_an_operator_of_a_class_that_the_check_never_names(
        self, checked: Checked, use: str
    ) -> None:
        """The object would be shown what may be expected of it."""
        answer = (
            "class V:\n    x = 1\n    def __mul__(s, o): return s\n    __add__ = __sub__ = __mul__\n"
            "    def __contains__(s, o): return True\nv = V()"
        )
        assert Verdict.UNDECIDED is checked(answer, use).verdict

    def test_capturing_what_is_printed_is_no_patch(self) -> None:
        """`patch('sys.stdout')` works, as what a call prints is heard."""
        source = "from unittest.mock import patch\nwith patch('sys.stdout') as out: f()"
        assert () == cannot_cross(source)


def beside(judge: Judge, check: str, *, allowed: bool = True) -> CellResult:
    answer = Cell("t1", "def f(): return input('?')", Role.ANSWER)
    cell = replace(Cell("c", check, Role.CHECK, 2), beside=allowed)
    return judge([answer, cell]).checks["c"]


ASKS = "from unittest.mock import patch\nwith patch('builtins.input', return_value='bob'):\n    "


class TestBesideTheWork:
    def test_an_allowed_check_is_decided(self, judge: Judge) -> None:
        """It runs beside the participant's code, and says that it can be forged."""
        result = beside(judge, f"{ASKS}assert f() == 'bob'")
        assert (Verdict.PASSED, 2, True) == (result.verdict, result.points, result.beside)

    def test_a_wrong_answer_fails_there(self, judge: Judge) -> None:
        """The check means what it says."""
        result = beside(judge, f"{ASKS}assert f() == 'eve'")
        assert (Verdict.FAILED, 0, True) == (result.verdict, result.points, result.beside)

    def test_without_leave_it_waits_for_a_person(self, judge: Judge) -> None:
        """Nothing runs beside the work by default."""
        result = beside(judge, f"{ASKS}assert f() == 'bob'", allowed=False)
        assert (Verdict.UNDECIDED, False) == (result.verdict, result.beside)

    def test_a_check_that_can_cross_stays_apart(self, judge: Judge) -> None:
        """Leave is for what cannot cross only."""
        result = beside(judge, "assert callable(f)")
        assert (Verdict.PASSED, False) == (result.verdict, result.beside)


VALUES = [
    "np.array([(1, 'a')], dtype=[('n', 'i4'), ('s', 'U3')])", "np.matrix([[1, 2]])", "-0.0",
    "np.ma.array([1, 2], mask=[True, False])", "np.ma.masked", "sparse.csr_matrix([[0, 1]])",
    "sparse.coo_array([[0, 1]])", "collections.namedtuple('P', 'x y')(1, 2)", "{'a': 1}.items()",
    "types.SimpleNamespace(a=1)", "np.datetime64('2024')", "np.asfortranarray(np.eye(2))",
    "pd.Series(pd.interval_range(0, 3))", "pd.Series(pd.period_range('2024', periods=2, freq='M'))",
    "pd.DataFrame({'z': pd.date_range('2024', periods=2, tz='Europe/London'), 'n': [1, 2]})",
    "pd.DataFrame({'o': ['a', None], 'p': ['b\\0', 'c'], 'q': [1, 'x']}, dtype=object)",
    "pd.DataFrame([[1, 'a', 2.5]], columns=['a', 'a', 'b'])", "np.array(['a', 'bb'])", "10**40",
    "decimal.Decimal('1.10')", "fractions.Fraction(1, 3)", "slice(1, None)", "...", "b'ab'",
    "collections.deque([1], 3)", "pd.Categorical(['b', 'a'], ordered=True)",
    "pd.DataFrame({'a': pd.array([1, None], dtype='Int64'), 'b': pd.array([True, None])})",
    "'two'", "[1, 'a', None]", "{'a': {1, 2}}", "1j", "np.float32(2)", "np.arange(6).reshape(2, 3)",
    "np.array(['a', None], dtype=object)", "pd.Series([1, None], dtype='Int64', name='n')",
    "pd.Series(['a', None])", "pd.Series(['b', 'a'], dtype='category')", "pd.NA", "pd.NaT",
    "float('nan')", "pd.DataFrame({'a': [1.5], 'b': ['x']}, index=['r'])",
    "pd.Timestamp('2024', tz='UTC')",
    "pd.date_range('2024', periods=3, freq='MS', tz='Europe/London')", "range(3)",
    "pd.MultiIndex.from_product([[1], ['a']], names=['x', None])", "datetime.date(2024, 1, 2)",
    "collections.Counter('aab')", "pathlib.Path('a/b')", "pd.DataFrame({'a': [1]}).dtypes",
    "pd.CategoricalDtype(['a', 'b'], ordered=True)",
]  # fmt: skip


class TestCase02Values:
    def test_type_and_repr_survive(self, judge: Judge) -> None:
        """Whatever the type, `type(x)` and `repr(x)` are what they were."""
        imports = (
            "import collections, datetime, decimal, fractions, pathlib, types\n"
            "import numpy as np, pandas as pd\n"
            "from scipy import sparse\n"
        )
        cells: list[Any] = []
        for place, value in enumerate(VALUES):
            look = f"right = {value}\nassert str(type(x)) == str(type(right))\n"
            cells.append(Cell(f"a{place}", f"{imports}x = {value}", Role.ANSWER))
            cells.append(
                Cell(f"c{place}", f"{imports}{look}assert repr(x) == repr(right)", Role.CHECK, 1)
            )
        checks = judge(cells).checks
        lost = [v for p, v in enumerate(VALUES) if checks[f"c{p}"].verdict is not Verdict.PASSED]
        assert [] == lost
