"""The seventeen cases in which candidate and examiner must feel like one process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.marking.judged import Cell, CellResult, Judged, Role
from grader.marks import Outcome, Verdict
from tests.marking.conftest import QUICK

Checked = Callable[..., CellResult]
Judge = Callable[..., Judged]
PASSED, FAILED, UNDECIDED = Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDED


def answer(source: str, name: str = "t1") -> Cell:
    return Cell(name, source, Role.ANSWER)


def check(source: str, name: str = "check", points: float = 2) -> Cell:
    return Cell(name, source, Role.CHECK, points)


def told(result: CellResult) -> tuple[str, Verdict | None]:
    """Give the words and the verdict, so that a failing test shows both."""
    words = "\n".join(line for output in result.outputs for line in output.get("traceback", []))
    return result.reason + words, result.verdict


class TestCase01NamesAreFetchedWhenTheCheckRuns:
    def test_a_name_used_again_later(self, judge: Judge) -> None:
        """The earlier check sees the earlier value, the later check the later one."""
        judged = judge(
            [
                answer("x = 1"),
                check("assert x == 1", "c1"),
                answer("x = 2"),
                check("assert x == 2", "c2"),
            ]
        )
        assert [PASSED, PASSED] == [cell.verdict for cell in judged.checks.values()]

    def test_a_name_that_an_earlier_check_used_too(self, judge: Judge) -> None:
        """An answer that binds a name of an earlier check's is what the next check sees."""
        cells = [check("got = 7", "c1"), answer("got = 8"), check("assert got == 8", "c2")]
        assert PASSED is judge(cells).checks["c2"].verdict

    def test_a_name_of_the_check_before(self, judge: Judge) -> None:
        """What one check bound is there for the next, even where an extra cell binds it too."""
        extra = Cell("extra", "right = 0", Role.PARTICIPANT)
        cells = [answer("a = 5"), check("right = 5", "c1"), extra, check("assert a == right", "c2")]
        assert PASSED is judge(cells).checks["c2"].verdict

    def test_data_that_a_check_binds_under_a_set_up_name(self, judge: Judge) -> None:
        """A check goes on from what the one before it bound, also under a name that set-up gave."""
        cells = [
            Cell("setup", "low = 0", Role.SET_UP),
            answer("def f(): return 5"),
            check("low = f()", "c1"),
            check("assert low == 5", "c2"),
        ]
        assert PASSED is judge(cells).checks["c2"].verdict

    def test_an_instructors_cell_binds_a_checks_name_again(self, judge: Judge) -> None:
        """What set-up, or an ordinary cell as it was released, binds later is what counts."""
        later = Cell("ordinary", "got = 2", Role.PARTICIPANT, released="got = 2")
        cells = [
            *(answer("a = 1"), check("got = 0", "c1")),
            *(Cell("setup", "got = 1", Role.SET_UP), check("assert got == 1", "c2")),
            *(check("got = 0", "c3"), later, check("assert got == 2", "c4")),
        ]
        checks = judge(cells).checks
        assert [PASSED, PASSED] == [checks["c2"].verdict, checks["c4"].verdict]

    def test_a_name_read_inside_a_function_of_the_check(self, checked: Checked) -> None:
        """It is fetched when the function runs."""
        assert PASSED is checked("x = 3", "def look():\n    return x\nassert look() == 3").verdict

    def test_a_name_asked_for_in_globals(self, checked: Checked) -> None:
        """`'x' in globals()` answers for the participant's names."""
        source = "assert 'x' in globals() and 'y' not in globals()\nassert globals().get('x') == 3"
        assert PASSED is checked("x = 3", source).verdict


class TestCase02PlainDataKeepsItsExactType:
    @pytest.mark.sweep  # test_one_process tries the same values in one pair
    @pytest.mark.parametrize(
        "value",
        [
            "2", "2.0", "True", "'two'", "[1, 'a', None]", "(1, 2)", "{'a': {1, 2}}", "1j",
            "np.float32(2)", "np.arange(6).reshape(2, 3)", "np.array(['a', None], dtype=object)",
            "pd.Series([1, None], dtype='Int64', name='n')", "pd.Series(['a', None])",
            "pd.Series(['b', 'a'], dtype='category')", "pd.NA", "pd.NaT", "float('nan')",
            "pd.DataFrame({'a': [1.5], 'b': ['x']}, index=['r'])", "pd.Timestamp('2024', tz='UTC')",
            "pd.date_range('2024', periods=3, freq='MS', tz='Europe/London')", "range(3)",
            "pd.MultiIndex.from_product([[1], ['a']], names=['x', None])",
            "datetime.date(2024, 1, 2)", "collections.Counter('aab')", "pathlib.Path('a/b')",
            "pd.DataFrame({'a': [1]}).dtypes", "pd.CategoricalDtype(['a', 'b'], ordered=True)",
        ],
    )  # fmt: skip
    def test_type_and_repr_survive(self, checked: Checked, value: str) -> None:
        """`str(type(x))` and `repr(x)` are what they were; nbgrader checks hash them."""
        imports = "import collections, datetime, pathlib\nimport numpy as np\nimport pandas as pd\n"
        source = (
            f"{imports}from hashlib import sha1\nright = {value}\n"
            "assert sha1(str(type(x)).encode()).hexdigest() == "
            "sha1(str(type(right)).encode()).hexdigest()\n"
            "assert repr(x) == repr(right)"
        )
        assert PASSED is checked(f"{imports}x = {value}", source).verdict

    def test_attrs_survive(self, checked: Checked) -> None:
        """A table's attrs and the name of its columns come along."""
        made = "import pandas as pd\nx = pd.DataFrame({'a': [1]})\nx.attrs['unit'] = 'km'\n"
        source = "assert x.attrs == {'unit': 'km'} and x.columns.name == 'c'"
        assert PASSED is checked(made + "x.columns.name = 'c'", source).verdict

    def test_a_subclass_is_not_the_plain_type(self, checked: Checked) -> None:
        """A float that equals everything earns nothing, and the participant hears why."""
        forged = "class F(float):\n    def __eq__(self, other): return True\nx = F(3)"
        result = checked(forged, "assert x == 4")
        assert (FAILED, True) == (result.verdict, "plain number" in result.text)


class TestCase03InstructorsNamesAreTheExaminersOwn:
    @pytest.mark.parametrize(
        "trick",
        [
            "import numpy as np\nnp.testing.assert_equal = lambda *a: None",
            "import builtins\nbuiltins.len = lambda x: 3",
            "len = lambda x: 3",
            "import json\njson.dumps = lambda x: '[1, 2, 3]'",
            "def helper(x): return True",
            "class np:\n    class testing:\n        assert_equal = staticmethod(lambda *a: None)",
        ],
    )
    def test_what_is_done_to_them_has_no_effect(self, checked: Checked, trick: str) -> None:
        """Patched libraries, builtins and helpers are the participant's alone."""
        setup = "import json\nimport numpy as np\ndef helper(x): return x == [1, 2, 3]"
        source = (
            "np.testing.assert_equal(x, [1, 2, 3])\nassert len(x) == 3\n"
            "assert json.dumps(x) == '[1, 2, 3]'\nassert helper(x)"
        )
        assert 0 == checked(f"{trick}\nx = [1, 2]", source, setup=setup).points

    def test_an_answer_may_define_what_its_released_text_asks_for(self, judge: Judge) -> None:
        """A function the set-up began and the answer cell redefines is the participant's."""
        stub = "def improve(x):\n    raise NotImplementedError()"
        cells = [
            Cell("setup", "def improve(x):\n    return 0", Role.SET_UP),
            Cell("t1", "def improve(x):\n    return x + 1", Role.ANSWER, released=stub),
            check("assert improve(1) == 2"),
        ]
        assert PASSED is judge(cells).checks["check"].verdict

    def test_an_answer_may_be_named_like_a_builtin(self, judge: Judge) -> None:
        """Where the released text asks for `round`, the participant's is checked."""
        cells = [
            check("assert round(2.5) == 2", "c1"),
            Cell(
                "t1",
                "def round(x):\n    return int(x + 0.5)",
                Role.ANSWER,
                released="def round(x): ...",
            ),
            check("assert round(2.5) == 3", "c2"),
        ]
        assert [PASSED, PASSED] == [cell.verdict for cell in judge(cells).checks.values()]

    def test_an_import_of_the_participants_is_the_examiners_module(self, checked: Checked) -> None:
        """A module that only the participant imported is there for the check, unpatched."""
        assert PASSED is checked("import math as m", "assert m.sqrt(4) == 2").verdict


class TestCase04MissingNames:
    def test_the_error_is_the_one_the_participant_would_see(self, checked: Checked) -> None:
        """NameError names what is missing and what was probably meant."""
        result = checked("mean_speeds = 3", "assert mean_speed == 3")
        assert "name 'mean_speed' is not defined. Did you mean: 'mean_speeds'?" == result.text

    def test_it_can_be_caught(self, checked: Checked) -> None:
        """`except NameError` works in a check."""
        source = "try:\n    nothing\nexcept NameError:\n    pass\nelse:\n    assert False"
        assert PASSED is checked("x = 1", source).verdict


class TestCase05Carriers:
    FITTED = (
        "import numpy as np\nfrom sklearn.linear_model import LinearRegression\n"
        "X, y = np.arange(6.).reshape(-1, 1), np.arange(6.) * 2\n"
        "model = LinearRegression().fit(X, y)"
    )

    def test_an_estimator_answers_as_in_one_process(self, checked: Checked) -> None:
        """isinstance, type, str, get_params and coef_ answer; predict and score compute."""
        source = (
            "from sklearn.linear_model import LinearRegression\nimport numpy as np\n"
            "assert isinstance(model, LinearRegression) and type(model) is LinearRegression\n"
            "assert str(model) == 'LinearRegression()'\n"
            "assert model.get_params()['fit_intercept'] is True\n"
            "np.testing.assert_allclose(model.coef_, [2.0])\n"
            "np.testing.assert_allclose(model.predict(np.array([[10.]])), [20.])\n"
            "assert model.score(X, y) > 0.99"
        )
        assert ("", PASSED) == told(checked(self.FITTED, source))

    def test_a_pipeline_is_built_fitted_and_looked_into(self, checked: Checked) -> None:
        """The check fits an unfitted pipeline, which happens in the candidate, and reads its steps."""
        made = (
            "from sklearn.pipeline import make_pipeline\n"
            "from sklearn.preprocessing import StandardScaler\n"
            "from sklearn.tree import DecisionTreeClassifier\n"
            "def build():\n"
            "    return make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=2))"
        )
        source = (
            "import numpy as np\nfrom sklearn.pipeline import Pipeline\n"
            "from sklearn.preprocessing import StandardScaler\n"
            "X = np.arange(20.).reshape(-1, 2)\ny = np.arange(10) > 4\n"
            "pipe = build()\nassert isinstance(pipe, Pipeline)\n"
            "assert isinstance(pipe[0], StandardScaler) and pipe[-1].max_depth == 2\n"
            "fitted = pipe.fit(X, y)\nassert fitted is pipe\n"
            "np.testing.assert_allclose(pipe.named_steps['standardscaler'].mean_, X.mean(axis=0))\n"
            "assert list(pipe.predict(X)) == list(y)\nassert list(pipe.classes_) == [False, True]\n"
            "assert pipe[-1].tree_.node_count == 3"
        )
        assert ("", PASSED) == told(checked(made, source))

    def test_a_splitter_splits(self, checked: Checked) -> None:
        """KFold keeps its class and parameters and gives its folds."""
        source = (
            "from sklearn.model_selection import KFold\nimport numpy as np\n"
            "assert isinstance(folds, KFold) and folds.n_splits == 3\n"
            "assert len(list(folds.split(np.zeros((6, 1))))) == 3"
        )
        made = "from sklearn.model_selection import KFold\nfolds = KFold(3)"
        assert ("", PASSED) == told(checked(made, source))

    def test_a_clone_is_the_examiners_own(self, checked: Checked) -> None:
        """`cross_val_score` clones the model and computes with the examiner's scikit-learn."""
        source = (
            "from sklearn.model_selection import cross_val_score\n"
            "assert cross_val_score(model, X, y, cv=3).shape == (3,)"
        )
        assert ("", PASSED) == told(checked(self.FITTED, source))

    def test_a_class_of_the_participants_is_not_carried(self, checked: Checked) -> None:
        """A class that only calls itself LinearRegression is not one."""
        forged = "class LinearRegression:\n    __module__ = 'sklearn.linear_model._base'\n"
        source = (
            "from sklearn.linear_model import LinearRegression\n"
            "assert isinstance(model, LinearRegression)"
        )
        assert FAILED is checked(forged + "model = LinearRegression()", source).verdict

    CHART = (
        "import matplotlib.pyplot as plt\n"
        "def line_chart(values):\n    fig, ax = plt.subplots()\n"
        "    ax.plot([1, 2, 3], values, color='#1d70b8', label='Leeds')\n"
        "    ax.set_title('Missed visits fell by half')\n    ax.set_ylabel('Visits (thousands)')\n"
        "    ax.set_ylim(0, 10)\n    ax.text(3, values[-1], 'Leeds')\n    ax.legend()\n    return ax\n"
        "def bar_chart(names, values, ax=None):\n    ax = ax or plt.subplots()[1]\n"
        "    ax.bar(names, values, color='grey')\n    ax.tick_params(axis='x', labelrotation=45)\n"
        "    return ax"
    )

    def test_a_line_chart_answers_as_in_one_process(self, checked: Checked) -> None:
        """Titles, labels, limits, legend, texts, colours and data are there to be read."""
        source = (
            "from matplotlib.axes import Axes\nfrom matplotlib.colors import to_hex\n"
            "ax = line_chart([6, 5, 3])\nassert isinstance(ax, Axes) and type(ax) is Axes\n"
            "assert ax.get_title() == 'Missed visits fell by half'\n"
            "assert ax.get_ylabel() == 'Visits (thousands)' and ax.get_ylim() == (0, 10)\n"
            "assert list(ax.lines[0].get_ydata()) == [6, 5, 3] and len(ax.get_lines()) == 1\n"
            "assert to_hex(ax.lines[0].get_color()) == '#1d70b8'\n"
            "assert [t.get_text() for t in ax.get_legend().get_texts()] == ['Leeds']\n"
            "assert ax.texts[0].get_text() == 'Leeds' and ax.figure.axes == [ax]"
        )
        assert ("", PASSED) == told(checked(self.CHART, source))

    def test_a_bar_chart_answers_as_in_one_process(self, checked: Checked) -> None:
        """Bars, their names, order and turned labels are there to be read."""
        source = (
            "ax = bar_chart(['a', 'b'], [3, 1])\n"
            "assert [bar.get_height() for bar in ax.patches] == [3, 1]\n"
            "assert [t.get_text() for t in ax.get_xticklabels()] == ['a', 'b']\n"
            "assert ax.get_xticklabels()[0].get_rotation() == 45 and ax.get_ylim()[0] == 0\n"
            "assert len(ax.containers[0]) == 2"
        )
        assert ("", PASSED) == told(checked(self.CHART, source))

    def test_a_chart_drawn_on_the_checks_own_axes(self, checked: Checked) -> None:
        """What the function draws on axes that the check made is seen."""
        source = (
            "from matplotlib.figure import Figure\nax = Figure().subplots()\n"
            "bar_chart(['a', 'b'], [3, 1], ax)\n"
            "assert [bar.get_height() for bar in ax.patches] == [3, 1]"
        )
        assert ("", PASSED) == told(checked(self.CHART, source))


class TestCase06RemoteReferences:
    STACK = (
        "class Stack:\n    def __init__(self): self.items = [1, 2]\n"
        "    def push(self, x): self.items.append(x)\n    def __len__(self): return len(self.items)\n"
        "    def __getitem__(self, i): return self.items[i]\n    def __add__(self, n): return n\n"
        "    def __eq__(self, other): return True\ns = Stack()"
    )

    def test_attribute_item_call_length_and_iteration_go_over(self, checked: Checked) -> None:
        """A participant's own class is used as in one process."""
        source = (
            "s.push(3)\nassert len(s) == 3 and s[2] == 3 and s.items == [1, 2, 3]\n"
            "assert list(s) == [1, 2, 3] and bool(s) is True and s + 5 == 5\n"
            "t = Stack()\nassert t.items == [1, 2]\nt.items = [9]\nassert t[0] == 9"
        )
        assert ("", PASSED) == told(checked(self.STACK, source))

    def test_isinstance_of_the_participants_class(self, checked: Checked) -> None:
        """The participant's own classes can be asked about, and subclassed ones too."""
        made = self.STACK + "\nclass Deep(Stack): pass"
        source = (
            "assert isinstance(s, Stack) and isinstance(Deep(), Stack)\n"
            "assert not isinstance(5, Stack) and issubclass(Deep, Stack)"
        )
        assert ("", PASSED) == told(checked(made, source))

    @pytest.mark.parametrize("claim", ["s == 5", "5 == s", "s in [5]", "not (s != 5)", "s < 5"])
    def test_comparing_is_an_error_with_a_hint(self, checked: Checked, claim: str) -> None:
        """Never True, whatever its own __eq__ says."""
        result = checked(self.STACK, f"assert {claim}")
        assert (FAILED, True) == (result.verdict, "cannot be compared" in result.text)

    def test_two_of_them_need_a_person(self, checked: Checked) -> None:
        """Whether two objects of the participant's own class are equal is not decided here."""
        assert UNDECIDED is checked(self.STACK, "assert s == Stack()").verdict

    def test_a_function_looks_like_one(self, checked: Checked) -> None:
        """callable, isfunction, the signature, the name and the docstring answer."""
        source = (
            "import inspect, types\nassert callable(f) and inspect.isfunction(f)\n"
            "assert list(inspect.signature(f).parameters) == ['a', 'b']\n"
            "assert inspect.signature(f).parameters['b'].default == 2\n"
            "assert f.__name__ == 'f' and f.__doc__ == 'Say.' and not callable(x)"
        )
        made = 'def f(a, b=2):\n    """Say."""\nclass C: pass\nx = C()'
        assert ("", PASSED) == told(checked(made, source))


class TestCase07ArgumentsChangedInPlace:
    def test_they_are_put_back(self, checked: Checked) -> None:
        """list, dict, set, array, Series and DataFrame arguments show what the call did."""
        made = (
            "def f(l, d, s, a, series, df):\n    l.append(1); d['k'] = 1; s.add(1); a[0] = 1\n"
            "    series.iloc[0] = 1; df['new'] = 1; l[0].append(2)"
        )
        source = (
            "import numpy as np, pandas as pd\ninner = []\nl, d, s = [inner], {}, set()\n"
            "a, series, df = np.zeros(2), pd.Series([0, 0]), pd.DataFrame({'a': [0]})\n"
            "f(l, d, s, a, series, df)\n"
            "assert l == [[2], 1] and inner == [2] and d == {'k': 1} and s == {1}\n"
            "assert list(a) == [1, 0] and list(series) == [1, 0] and list(df.columns) == ['a', 'new']"
        )
        assert ("", PASSED) == told(checked(made, source))

    def test_an_input_left_alone_stays_equal(self, checked: Checked) -> None:
        """A function that works on a copy passes a check for that."""
        source = (
            "import pandas as pd\ndf = pd.DataFrame({'a': [1]})\nbefore = df.copy()\nf(df)\n"
            "pd.testing.assert_frame_equal(df, before)"
        )
        assert PASSED is checked("def f(df): return df.assign(b=2)", source).verdict

    def test_objects_keep_who_they_are(self, checked: Checked) -> None:
        """An item that was taken out is not mistaken for the one that took its place."""
        source = "a, b = [1], [2]\nboth = [a, b]\nf(both)\nassert both[0] is b and a == [1] and b == [2, 3]"
        made = "def f(l):\n    l.pop(0)\n    l[0].append(3)"
        assert ("", PASSED) == told(checked(made, source))


class TestCase08Exceptions:
    @pytest.mark.sweep  # and the table of test_one_process has the same in one pair
    @pytest.mark.parametrize(
        ("raised", "caught"),
        [
            ("ValueError('bad')", "ValueError"),
            ("KeyError('k')", "KeyError"),
            ("ZeroDivisionError()", "ArithmeticError"),
            ("pd.errors.MergeError('m')", "pd.errors.MergeError"),
            ("np.linalg.LinAlgError('s')", "np.linalg.LinAlgError"),
            ("NotFittedError('n')", "NotFittedError"),
            ("Own('mine')", "ValueError"),
            ("json.JSONDecodeError('m', 'doc', 0)", "ValueError"),
        ],
    )
    def test_they_come_back_by_type(self, checked: Checked, raised: str, caught: str) -> None:
        """`except` works for builtin and library types and the bases of the participant's own."""
        head = (
            "import json\nimport numpy as np, pandas as pd\n"
            "from sklearn.exceptions import NotFittedError\n"
        )
        made = f"{head}class Own(ValueError): pass\ndef f(): raise {raised}"
        source = f"{head}try:\n    f()\nexcept {caught}:\n    pass\nelse:\n    assert False"
        assert ("", PASSED) == told(checked(made, source))

    def test_the_message_comes_along(self, checked: Checked) -> None:
        """A check can read the words."""
        source = "try:\n    f()\nexcept ValueError as e:\n    assert 'n must be' in str(e)"
        assert PASSED is checked("def f(): raise ValueError('n must be 1')", source).verdict

    def test_an_unknown_type_is_a_failure_naming_it(self, checked: Checked) -> None:
        """An uncaught exception fails the check and its kind is told."""
        result = checked("class Odd(Exception): pass\ndef f(): raise Odd('so')", "f()")
        assert (FAILED, "so", "Odd") == (result.verdict, result.text, result.outputs[-1]["ename"])

    def test_an_import_that_fails_in_the_answer_is_the_answers(self, checked: Checked) -> None:
        """It fails the check; only the instructor's own imports leave it undecided."""
        assert FAILED is checked("def f():\n    import nowhere_to_be_found", "f()").verdict

    @pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt"])
    def test_leaving_fails_that_check_only(self, judge: Judge, name: str) -> None:
        """The next check runs."""
        cells = [answer(f"def f(): raise {name}()"), check("f()", "c1"), check("assert f", "c2")]
        assert [FAILED, PASSED] == [cell.verdict for cell in judge(cells).checks.values()]


class TestCase09PrintsAndWarnings:
    def test_what_is_printed_can_be_captured(self, checked: Checked) -> None:
        """It reaches the examiner's sys.stdout during the call."""
        source = (
            "import io, contextlib\nout = io.StringIO()\n"
            "with contextlib.redirect_stdout(out):\n    f()\nassert out.getvalue() == 'hello\\n'"
        )
        assert PASSED is checked("def f(): print('hello')", source).verdict

    def test_warnings_can_be_recorded(self, checked: Checked) -> None:
        """They reach `catch_warnings(record=True)` by category."""
        source = (
            "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n"
            "    warnings.simplefilter('always')\n    f()\n"
            "assert seen[0].category is FutureWarning and 'soon' in str(seen[0].message)"
        )
        made = "import warnings\ndef f(): warnings.warn('soon', FutureWarning)"
        assert PASSED is checked(made, source).verdict

    def test_it_is_not_shown_for_a_hidden_part(self, checked: Checked) -> None:
        """The cell's outputs hold the check's own words only."""
        hidden = "### BEGIN HIDDEN TESTS\nf()\nprint('own')\n### END HIDDEN TESTS"
        shown = checked("def f(): print('theirs')", hidden).outputs
        assert [{"output_type": "stream", "name": "stdout", "text": "own\n"}] == list(shown)


class TestCase10WhatGoesTowardsTheCandidate:
    def test_a_function_of_the_check_is_called_back(self, checked: Checked) -> None:
        """Its code stays with the examiner; its result and its exceptions go over."""
        made = (
            "def apply_to(fn, values):\n    return [fn(v) for v in values]\n"
            "def look(fn):\n    return repr(fn.__code__.co_consts), repr(fn.__globals__.get('secret'))\n"
        )
        source = (
            "secret = 7\ndef mine(v):\n    if v < 0: raise ValueError('negative')\n"
            "    return v * secret\n"
            "assert apply_to(mine, [1, 2]) == [7, 14]\n"
            "try:\n    apply_to(mine, [-1])\nexcept ValueError:\n    pass\nelse:\n    assert False\n"
            "assert all('7' not in text for text in look(mine))"
        )
        assert ("", PASSED) == told(checked(made, source))

    def test_a_wrong_function_given_to_the_participants_test(self, checked: Checked) -> None:
        """Week 2: the participant's own test is tried on right and wrong functions."""
        made = "def test_missed_rate(fn):\n    assert fn([1, 0]) == 0.5"
        source = (
            "test_missed_rate(lambda v: sum(v) / len(v))\n"
            "try:\n    test_missed_rate(lambda v: 1.0)\nexcept AssertionError:\n    pass\n"
            "else:\n    raise AssertionError('a wrong function passed your test')"
        )
        assert ("", PASSED) == told(checked(made, source))

    def test_a_spy_estimator_tells_what_it_saw(self, checked: Checked) -> None:
        """Week 8: scikit-learn clones the check's spy in the participant's function."""
        made = (
            "from sklearn.model_selection import cross_val_score\n"
            "def scores(model, X, y): return list(cross_val_score(model, X, y, cv=3))"
        )
        source = (
            "import numpy as np\nfrom sklearn.base import BaseEstimator, ClassifierMixin\n"
            "class Spy(ClassifierMixin, BaseEstimator):\n    seen = []\n"
            "    def fit(self, X, y):\n        self.classes_ = np.unique(y)\n"
            "        type(self).seen.append(len(X))\n        return self\n"
            "    def predict(self, X): return np.zeros(len(X), dtype=int)\n"
            "got = scores(Spy(), np.zeros((9, 1)), np.zeros(9, dtype=int))\n"
            "assert got == [1.0, 1.0, 1.0]\nassert Spy.seen == [6, 6, 6]"
        )
        assert ("", PASSED) == told(checked(made, source))

    def test_a_fitted_model_goes_over(self, checked: Checked) -> None:
        """A model the check fitted predicts in the participant's function."""
        source = (
            "import numpy as np\nfrom sklearn.tree import DecisionTreeRegressor\n"
            "X = np.arange(4.).reshape(-1, 1)\nm = DecisionTreeRegressor().fit(X, X.ravel())\n"
            "assert list(use(m, X)) == [0, 1, 2, 3]"
        )
        assert PASSED is checked("def use(m, X): return m.predict(X)", source).verdict

    def test_a_model_fitted_by_the_participants_function(self, checked: Checked) -> None:
        """What the function did to the check's own model is seen."""
        source = (
            "import numpy as np\nfrom sklearn.linear_model import LinearRegression\n"
            "m = LinearRegression()\nX = np.arange(4.).reshape(-1, 1)\nfit(m, X, 2 * X.ravel())\n"
            "np.testing.assert_allclose(m.coef_, [2])\nassert round(m.predict([[5.]])[0]) == 10"
        )
        assert PASSED is checked("def fit(m, X, y): m.fit(X, y)", source).verdict

    def test_an_axes_goes_over(self, checked: Checked) -> None:
        """Week 4: a chart the check drew is audited by the participant's function."""
        source = (
            "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
            "fig, ax = plt.subplots()\nax.set_title('Missed visits fell')\n"
            "assert audit(ax) == 'Missed visits fell'"
        )
        assert ("", PASSED) == told(checked("def audit(ax): return ax.get_title()", source))


class TestCase11Generators:
    def test_they_can_be_read(self, checked: Checked) -> None:
        """One item at a time, also from one without end."""
        source = (
            "import itertools, types\ng = f()\nassert isinstance(g, types.GeneratorType)\n"
            "assert next(g) == 0 and list(itertools.islice(g, 3)) == [1, 2, 3]"
        )
        made = "def f():\n    n = 0\n    while True:\n        yield n\n        n += 1"
        assert ("", PASSED) == told(checked(made, source))

    def test_their_number_is_bounded(
        self, checked: Checked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Reading all of one without end fails the check."""
        monkeypatch.setattr("grader.marking.references.MOST_ITEMS", 100)
        made = "import itertools\ndef f():\n    yield from itertools.count()"
        result = checked(made, "try:\n    list(f())\nexcept BaseException:\n    pass")
        assert (FAILED, True) == (result.verdict, "more than 100 items" in result.reason)


class TestCase12TimeLimits:
    def test_a_call_takes_too_long(self, judge: Judge) -> None:
        """The check fails and says so; the rest goes on."""
        cells = [
            answer("def f():\n    while True: pass\ndef g(): return 1"),
            check("try:\n    f()\nexcept Exception:\n    pass", "c1"),
            check("assert g() == 1", "c2"),
        ]
        judged = judge(cells, limits=replace(QUICK, call_seconds=0.5))
        assert [(FAILED, True), (PASSED, False)] == [
            (cell.verdict, "took longer than 0.5 s" in cell.reason)
            for cell in judged.checks.values()
        ]

    STUCK = (
        "import signal\ndef f():\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "    while True: pass\ndef g(): return 1"
    )

    def test_a_candidate_that_cannot_be_stopped_is_replaced(self, judge: Judge) -> None:
        """Its cells are run again in a fresh one, and the other checks are marked."""
        limits = replace(QUICK, call_seconds=0.5, grace_seconds=0.5)
        cells = [answer(self.STUCK), check("f()", "c1"), check("assert g() == 1", "c2")]
        judged = judge(cells, limits=limits, replace=True)
        assert [FAILED, PASSED] == [cell.verdict for cell in judged.checks.values()]
        assert Outcome.FINISHED is judged.outcome

    def test_without_a_fresh_one_the_rest_is_not_reached(self, judge: Judge) -> None:
        """The outcome is timed_out and each check says that it did not run."""
        limits = replace(QUICK, call_seconds=0.5, grace_seconds=0.5)
        cells = [answer(self.STUCK), check("f()", "c1"), check("assert g() == 1", "c2")]
        judged = judge(cells, limits=limits)
        assert Outcome.TIMED_OUT is judged.outcome
        assert Verdict.NOT_REACHED is judged.checks["c2"].verdict

    def test_a_cell_takes_too_long(self, judge: Judge) -> None:
        """The cell is interrupted, the rest goes on, and the outcome says so."""
        cells = [answer("x = 1\nwhile True: pass"), check("assert x == 1")]
        judged = judge(cells, limits=replace(QUICK, cell_seconds=0.5))
        assert (Outcome.TIMED_OUT, PASSED) == (judged.outcome, judged.checks["check"].verdict)

    def test_the_check_itself_takes_too_long(self, judge: Judge) -> None:
        """It fails with its own limit."""
        judged = judge([check("while True: pass")], limits=replace(QUICK, check_seconds=0.5))
        assert "The check took longer than 0.5 s." == judged.checks["check"].reason

    def test_references_of_the_replaced_one_are_not_mixed_up(self, judge: Judge) -> None:
        """A function that an earlier check kept cannot mean another object afterwards."""
        limits = replace(QUICK, call_seconds=0.5, grace_seconds=0.5)
        cells = [
            answer(self.STUCK),
            check("kept = g\nassert kept() == 1", "c1"),
            check("f()", "c2"),
            check("assert g() == 1 and kept() == 1", "c3"),
        ]
        judged = judge(cells, limits=limits, replace=True)
        assert [PASSED, FAILED, UNDECIDED] == [cell.verdict for cell in judged.checks.values()]


class TestCase13TheParticipantsNameSpace:
    SQUARES = (
        "def squares(n): return [i * i for i in range(1, n + 1)]\n"
        "def sum_of_squares(n): return sum(squares(n))"
    )
    DELETES = (
        "orig_squares = squares\ndel squares\ntry:\n    sum_of_squares(1)\nexcept NameError:\n"
        "    pass\nelse:\n    raise AssertionError('does not use squares')\n"
        "finally:\n    squares = orig_squares"
    )

    def test_nbgraders_own_example(self, checked: Checked) -> None:
        """A deleted function is missed by the one that uses it."""
        assert ("", PASSED) == told(checked(self.SQUARES, self.DELETES))

    def test_who_does_not_use_it_fails(self, checked: Checked) -> None:
        """A function that does not need the deleted one is found out."""
        made = "def squares(n): return []\ndef sum_of_squares(n): return 1"
        assert FAILED is checked(made, self.DELETES).verdict

    def test_it_is_undone_when_the_check_ends(self, judge: Judge) -> None:
        """The next check finds the name again."""
        cells = [
            Cell("setup", "df = [1, 2]", Role.SET_UP),
            answer("def f(): return len(df)"),
            check(
                "df = None\ntry:\n    f()\nexcept TypeError:\n    pass\nelse:\n    assert 0", "c1"
            ),
            check("assert f() == 2 and df == [1, 2]", "c2"),
        ]
        assert [PASSED, PASSED] == [cell.verdict for cell in judge(cells).checks.values()]

    def test_a_check_poisons_the_notebooks_table(self, judge: Judge) -> None:
        """An object of the check's own class stands in for it during the check."""
        cells = [
            Cell("setup", "df = [1, 2]", Role.SET_UP),
            answer("def f(x): return len(df)\ndef g(x): return len(x)"),
            check(
                "class Poison:\n    def __len__(self): raise RuntimeError('the notebook table')\n"
                "df = Poison()\nassert g([1]) == 1\n"
                "try:\n    f([1])\nexcept RuntimeError:\n    pass\nelse:\n    assert False"
            ),
        ]
        assert PASSED is judge(cells).checks["check"].verdict

    def test_a_name_of_the_checks_own_does_not_go_over(self, checked: Checked) -> None:
        """An expected value is not sent to who reads a name like it; a person decides."""
        made = "right = None\ndef f(): return right"
        result = checked(made, "right = 42\nassert f() == 42")
        assert (UNDECIDED, None) == (result.verdict, result.points)


class TestCase14RandomState:
    def test_a_seed_in_a_check_holds_on_both_sides(self, checked: Checked) -> None:
        """The participant's function draws what the check draws."""
        source = (
            "import random\nimport numpy as np\nnp.random.seed(3)\nhere = np.random.rand()\n"
            "np.random.seed(3)\nassert f() == here\n"
            "random.seed(4)\nhere = random.random()\nrandom.seed(4)\nassert g() == here"
        )
        made = (
            "import random\nimport numpy as np\ndef f(): return np.random.rand()\n"
            "def g(): return random.random()"
        )
        assert ("", PASSED) == told(checked(made, source))


class TestCase15Source:
    def test_it_is_the_text_of_the_submission(self, checked: Checked) -> None:
        """inspect.getsource gives what was handed in."""
        source = "import inspect\nassert 'return 2 * x' in inspect.getsource(double)"
        assert PASSED is checked("def double(x):\n    return 2 * x", source).verdict

    def test_a_forged_one_needs_a_person(self, checked: Checked) -> None:
        """A source that is nowhere in the submission does not pass."""
        forged = (
            "from grader.marking import deeds\ndef f(x): 1\n"
            "deeds.DEEDS['source'] = lambda f: 'def ' + 'f(x): pass'"
        )
        assert UNDECIDED is checked(forged, "import inspect\ninspect.getsource(f)").verdict

    def test_no_check_is_in_the_candidate(self, checked: Checked) -> None:
        """A function that looks through its whole process does not find the check's text."""
        made = (
            "def look():\n    import linecache, sys\n"
            "    found = ('zebra' + '_' + 'crossing')\n"
            "    frame, here = sys._getframe(1), []\n"
            "    while frame and 'conftest' not in frame.f_code.co_filename:\n"
            "        here.append(repr(frame.f_locals)[:5000]); frame = frame.f_back\n"
            "    return found in repr(linecache.cache) or any(found in h for h in here)\n"
        )
        assert PASSED is checked(made, "zebra_crossing = 1\nassert look() is False").verdict


class TestCase16SetUp:
    def test_it_runs_in_both(self, judge: Judge) -> None:
        """The check uses the set-up's function, the participant the set-up's data."""
        cells = [
            Cell("setup", "import math\nn = 4\ndef twice(x): return 2 * x + n - n", Role.SET_UP),
            answer("n2 = twice(n)"),
            check("assert twice(math.sqrt(16)) == n2 == 8"),
        ]
        assert PASSED is judge(cells).checks["check"].verdict

    def test_one_for_the_candidate_only(self, judge: Judge) -> None:
        """What only the candidate loaded is fetched."""
        cells = [
            Cell("load", "big = [1] * 3", Role.CANDIDATE_SET_UP),
            check("assert len(big) == 3"),
        ]
        assert PASSED is judge(cells).checks["check"].verdict

    def test_a_set_up_function_keeps_its_own_data(self, judge: Judge) -> None:
        """A threshold the participant changed does not change the instructor's helper."""
        cells = [
            Cell("setup", "least = 5\ndef enough(x): return x >= least", Role.SET_UP),
            answer("least = 0"),
            check("assert enough(3)"),
        ]
        assert FAILED is judge(cells).checks["check"].verdict


class TestCase17Files:
    def test_what_the_check_wrote_is_there_for_the_call(self, checked: Checked) -> None:
        """A function that takes a path reads the check's file, by text or by Path."""
        source = (
            "import tempfile\nfrom pathlib import Path\n"
            "with tempfile.TemporaryDirectory() as folder:\n"
            "    path = Path(folder) / 'in.txt'\n    path.write_text('abc')\n"
            "    assert size(path) == 3 and size(str(path)) == 3"
        )
        made = "def size(path): return len(open(path).read())"
        assert ("", PASSED) == told(checked(made, source))

    def test_what_the_candidate_wrote_comes_back(self, checked: Checked) -> None:
        """During a call or in a cell, in the working folder of its own."""
        made = (
            "open('cell.txt', 'w').write('one')\n"
            "def save():\n    open('call.txt', 'w').write('two')"
        )
        source = "save()\nassert open('cell.txt').read() + open('call.txt').read() == 'onetwo'"
        assert ("", PASSED) == told(checked(made, source))

    def test_released_files_are_pristine(self, checked: Checked, tmp_path: Path) -> None:
        """A data file that the participant overwrote is the instructor's for the check."""
        (tmp_path / "released").mkdir()
        (tmp_path / "released" / "data.csv").write_text("right")
        source = "assert open('data.csv').read() == 'right'"
        made = "open('data.csv', 'w').write('wrong')"
        assert PASSED is checked(made, source, released=tmp_path / "released").verdict

    def test_a_released_module_can_be_imported(self, judge: Judge, tmp_path: Path) -> None:
        """By the participant and by the check, each its own copy."""
        (tmp_path / "released").mkdir()
        (tmp_path / "released" / "helper_of_ours.py").write_text("def two(): return 2")
        cells = [
            answer("from helper_of_ours import two\nx = two()"),
            check("import helper_of_ours\nassert x == helper_of_ours.two()"),
        ]
        assert PASSED is judge(cells, released=tmp_path / "released").checks["check"].verdict

    def test_nothing_of_the_checks_stays(self, judge: Judge) -> None:
        """A file a check wrote is gone on both sides when the check has ended."""
        cells = [
            answer("import os\ndef ls(): return os.listdir()"),
            check("open('key.txt', 'w').write('42')\nassert 'key.txt' in ls()", "c1"),
            check(
                "import os\nassert 'key.txt' not in ls() and 'key.txt' not in os.listdir()", "c2"
            ),
        ]
        assert [PASSED, PASSED] == [cell.verdict for cell in judge(cells).checks.values()]


class TestWhatCannotCross:
    @pytest.mark.parametrize(
        "source",
        ["%matplotlib inline\nassert x", "get_ipython().history_manager", "assert In[1]", "!ls"],
    )
    def test_the_check_waits_for_a_person(self, checked: Checked, source: str) -> None:
        """Undecided with the reason, and no points either way."""
        result = checked("x = 1", source)
        assert (UNDECIDED, None, True) == (result.verdict, result.points, bool(result.reason))

    def test_a_fault_of_the_course_is_no_zero(self, checked: Checked) -> None:
        """A check that cannot import its module is undecided."""
        assert UNDECIDED is checked("x = 1", "import week99_checks").verdict
