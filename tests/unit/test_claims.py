"""The kit of claims: what passes, what fails, and in which words."""

import io
import logging
import pickle
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from grader import claims
from grader.claims import hints

SIX = pd.DataFrame(
    {"area": ["Elm", "Fern", "Elm", "Gor", "Fern", "Elm"], "ksi": [1, 0, 0, 1, 0, 1]}
)
CODE = "W01.T2.M1"


def answer(value: object, *, hidden: bool = False) -> claims.Answer:
    return claims.Answer("Task 2", "count", lambda *_: value, hidden=hidden)


def returned(value: object, *, hidden: bool = False) -> claims.Returned:
    return answer(value, hidden=hidden)(SIX)


def failed(claim: Callable[[], None]) -> claims.ClaimFailed:
    with pytest.raises(claims.ClaimFailed) as caught:
        claim()
    return caught.value


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hints, "_folders", [])
    return tmp_path


def write_hint(folder: Path, saw: str) -> None:
    lines = ["[[hint]]", f'code = "{CODE}"', f'saw = "{saw}"', 'cause = "A slip."', 'try = "Look."']
    (folder / "hints.toml").write_text("\n".join(lines))


class TestClaimFailed:
    def test_it_is_an_assertion_error(self) -> None:
        """nbgrader and pytest know it as an ordinary failed check."""
        assert issubclass(claims.ClaimFailed, AssertionError)

    def test_it_shows_its_text_and_no_traceback(self) -> None:
        """IPython is given the lines of the hint alone."""
        assert ["one", "two"] == claims.ClaimFailed("one\ntwo")._render_traceback_()

    def test_it_survives_a_journey_between_processes(self) -> None:
        """Code and text are there after pickling."""
        back = pickle.loads(pickle.dumps(claims.ClaimFailed("text", code=CODE, seen="text")))
        assert ("text", CODE, "text") == (str(back), back.code, back.seen)


class TestHints:
    def test_a_hint_is_found_in_the_working_folder(self, working_folder: Path) -> None:
        """What lies beside the released notebook is used."""
        write_hint(working_folder, "Saw {got} from `{function}`.")
        failure = failed(lambda: claims.equal(returned(5), 3, wrong={CODE: 5}))
        assert f"Task 2: Saw 5 from `count`.\nA slip.\nLook.\n[{CODE}]" == str(failure)

    def test_a_hint_is_found_beside_the_checks(self, working_folder: Path, tmp_path: Path) -> None:
        """What lies beside the week's checks is used where the working folder has none."""
        beside = tmp_path / "week"
        beside.mkdir()
        write_hint(beside, "From the week.")
        claims.hints_beside(beside / "week01_checks.py")
        failure = failed(lambda: claims.equal(returned(5), 3, wrong={CODE: 5}))
        assert "Task 2: From the week." == failure.seen

    @pytest.mark.parametrize("content", ["", "not toml [", "hint = 3", '[[hint]]\nsaw = "x"'])
    def test_a_missing_or_broken_file_gives_a_plain_sentence(
        self, working_folder: Path, content: str
    ) -> None:
        """The code is kept and the check says what it saw."""
        (working_folder / "hints.toml").write_text(content)
        failure = failed(lambda: claims.equal(returned(5), 3, wrong={CODE: 5}))
        assert "Task 2: `count`, given a table of 6 rows, gave 5." == failure.seen

    def test_an_unknown_placeholder_is_left_out(self, working_folder: Path) -> None:
        """A slip in a hint never stops a check."""
        write_hint(working_folder, "{nobody} knows {}.")
        failure = failed(lambda: claims.equal(returned(5), 3, wrong={CODE: 5}))
        assert "Task 2: ... knows {}." == failure.seen


class TestAnswer:
    def test_an_exception_names_task_and_input(self) -> None:
        """A stop is told in one sentence."""
        count = claims.Answer("Task 2", "count", lambda df: df["severity"])
        expected = "Task 2: `count` stopped with KeyError: 'severity' when given a table of 6 rows."
        assert expected == failed(lambda: count(SIX)).seen

    def test_a_known_stop_has_its_code(self) -> None:
        """A mistake that shows as an exception has a hint too."""
        count = claims.Answer("Task 2", "count", lambda df: nowhere, stops={"'nowhere'": CODE})  # type: ignore[name-defined]  # noqa: F821
        assert CODE == failed(lambda: count(SIX)).code

    def test_leaving_the_interpreter_is_a_stop(self) -> None:
        """`sys.exit()` fails one check and nothing else."""
        count = claims.Answer("Task 2", "count", lambda df: sys.exit(3))
        assert "SystemExit: 3" in failed(lambda: count(SIX)).seen

    def test_a_stub_is_told_kindly(self) -> None:
        """A task that was not started has no code."""

        def stub(df: pd.DataFrame) -> int:
            raise NotImplementedError

        failure = failed(lambda: claims.Answer("Task 2", "count", stub)(SIX))
        assert (None, "Task 2: `count` has not been started yet.") == (failure.code, failure.seen)

    def test_a_name_that_is_no_function_is_told(self) -> None:
        """`count = 3` is a common slip."""
        failure = failed(lambda: claims.Answer("Task 2", "count", 3)(SIX))
        assert "Task 2: `count` is 3, not a function." == failure.seen

    def test_a_call_gets_a_copy(self) -> None:
        """What a function does to its argument stays with that call."""
        claims.Answer("Task 2", "count", lambda df: df.drop(columns="ksi", inplace=True))(SIX)
        assert ["area", "ksi"] == list(SIX.columns)

    def test_what_it_prints_is_kept(self) -> None:
        """Prints reach the result and not the cell."""
        assert (
            "hello\n"
            == claims.Answer("Task 2", "count", lambda: sys.stdout.write("hello\n"))().printed
        )

    @pytest.mark.parametrize(
        "noise",
        [
            lambda: warnings.warn("careful", stacklevel=1),
            lambda: sys.stderr.write("oh"),
            lambda: logging.getLogger("mine").warning("oh"),
        ],
    )
    def test_nothing_reaches_stderr(
        self, noise: Callable[[], None], capfd: pytest.CaptureFixture[str]
    ) -> None:
        """One word there would cost the mark in nbgrader."""
        logging.getLogger("mine").addHandler(logging.StreamHandler(sys.__stderr__))
        claims.Answer("Task 2", "count", noise)()
        assert "" == capfd.readouterr().err

    def test_logging_is_given_back(self) -> None:
        """What was disabled during the call is enabled again."""
        answer(3)(SIX)
        assert logging.getLogger("mine").isEnabledFor(logging.CRITICAL)

    def test_a_path_is_named_without_its_folder(self) -> None:
        """A temporary folder's name would differ from run to run."""
        assert 'the file "other.csv"' == answer(3)("/tmp/x81/other.csv").given


class TestEqual:
    @pytest.mark.parametrize("value", [3, np.int64(3), 3.0, np.float64(3)])
    def test_forms_of_one_number_are_the_same(self, value: object) -> None:
        """int or float, Python's or numpy's."""
        assert claims.equal(returned(value), 3) is None

    @pytest.mark.parametrize(
        "value", [["a", "b"], ("a", "b"), np.array(["a", "b"]), pd.Index(["a", "b"])]
    )
    def test_forms_of_one_list_are_the_same(self, value: object) -> None:
        """A list, an array, an index."""
        assert claims.equal(returned(value), ["a", "b"]) is None

    def test_nothing_returned_is_told_first(self) -> None:
        """Forgetting `return` is the commonest slip."""
        assert (
            "`count` gave nothing back (None)."
            in failed(lambda: claims.equal(returned(None), 3)).seen
        )

    def test_kind_is_told_before_value(self) -> None:
        """A text where a number is asked is told as such, even if a wrong value would match."""
        failure = failed(lambda: claims.equal(returned("5"), 3, wrong={CODE: "5"}))
        assert None is failure.code

    def test_a_known_wrong_value_has_its_code(self) -> None:
        """Each misconception fails with its own hint."""
        wrong = {CODE: claims.either(5, 4), "W01.T2.M2": 1}
        assert CODE == failed(lambda: claims.equal(returned(4), 3, wrong=wrong)).code

    def test_a_visible_check_names_the_expected_value(self) -> None:
        """On data made by hand there is nothing to hide."""
        assert "We expected 3." in str(failed(lambda: claims.equal(returned(7), 3)))

    def test_a_hidden_check_does_not(self) -> None:
        """On unseen data the expected value stays with us."""
        assert "123" not in str(failed(lambda: claims.equal(returned(7, hidden=True), 123)))

    @pytest.mark.parametrize(
        "value",
        [True, "3", [], {}, object(), pd.NA, np.array(3), pd.Series([3]), pd.DataFrame(), print],
    )
    def test_an_odd_value_fails_in_words(self, value: object) -> None:
        """Whatever comes back, the check fails with a sentence and not by crashing."""
        assert isinstance(failed(lambda: claims.equal(returned(value), 3)), claims.ClaimFailed)


class TestClose:
    def test_within_the_tolerance_is_close(self) -> None:
        """The tolerance is the task's."""
        assert claims.close(returned(5.04), 5, tolerance=0.05) is None

    def test_beyond_the_tolerance_is_not(self) -> None:
        """A hair beyond fails."""
        assert failed(lambda: claims.close(returned(5.06), 5, tolerance=0.05)).code is None

    def test_missing_matches_missing(self) -> None:
        """NaN and None both mean not known."""
        assert claims.close(returned([None, 1.0]), [np.nan, 1], tolerance=0.1) is None


class TestSameRows:
    def test_order_and_index_do_not_matter_where_rows_are_named(self) -> None:
        """Rows found by their key may come in any order and with any labels."""
        mixed = SIX.assign(n=range(6)).iloc[::-1].set_axis(list("abcdef"))
        assert claims.same_rows(returned(mixed), SIX.assign(n=range(6)), by="n") is None

    def test_order_matters_where_they_are_not(self) -> None:
        """Without a key the rows stand where they stand."""
        assert failed(lambda: claims.same_rows(returned(SIX.iloc[::-1]), SIX)).code is None

    @pytest.mark.parametrize("dtype", ["Int64", "float64", "object", "int8"])
    def test_any_dtype_that_holds_the_numbers_will_do(self, dtype: str) -> None:
        """Nullable, float or object: the values count."""
        assert claims.same_rows(returned(SIX.astype({"ksi": dtype})), SIX) is None

    def test_text_is_not_numbers(self) -> None:
        """A column of digits as text is not a column of numbers."""
        wrong = SIX.astype({"ksi": str})
        assert "`ksi`" in failed(lambda: claims.same_rows(returned(wrong), SIX)).seen

    def test_a_categorical_is_its_values(self) -> None:
        """How text is stored does not matter."""
        assert claims.same_rows(returned(SIX.astype({"area": "category"})), SIX) is None

    def test_further_columns_are_passed_over(self) -> None:
        """Nobody loses a mark for a column too many."""
        assert claims.same_rows(returned(SIX.assign(more=1)), SIX) is None

    def test_a_column_that_is_the_index_is_told(self) -> None:
        """`groupby` leaves its key there."""
        grouped = SIX.groupby("area").sum()
        failure = failed(lambda: claims.same_rows(returned(grouped), grouped.reset_index()))
        assert "`area` is its index instead." in str(failure)

    def test_shape_is_told_before_value(self) -> None:
        """The number of rows comes first."""
        wrong = SIX.head(4).assign(ksi=9)
        assert (
            "gave a table of 4 rows" in failed(lambda: claims.same_rows(returned(wrong), SIX)).seen
        )

    def test_the_first_wrong_cell_is_named(self) -> None:
        """One reason only: the first."""
        table = SIX.groupby("area").sum().reset_index()
        failure = failed(lambda: claims.same_rows(returned(table.assign(ksi=9)), table, by="area"))
        assert 'gave 9 as `ksi` in the row where `area` is "Elm".' in failure.seen

    def test_a_known_wrong_table_has_its_code(self) -> None:
        """A wrong reference on the same data recognises a misconception, whatever its shape."""
        wrong = {CODE: SIX[SIX["ksi"] > 0]}
        failure = failed(lambda: claims.same_rows(returned(wrong[CODE]), SIX, wrong=wrong))
        assert CODE == failure.code

    @pytest.mark.parametrize(
        "value",
        [
            pd.DataFrame(),
            pd.DataFrame([[1, 2, 3]], columns=["area", "area", "ksi"]),
            pd.DataFrame({"area": [[1]] * 6, "ksi": [{}] * 6}),
            pd.concat([SIX, SIX], axis=1),
        ],
    )
    def test_an_odd_table_fails_in_words(self, value: pd.DataFrame) -> None:
        """Doubled names and nested cells are told, not stumbled over."""
        claim = failed(lambda: claims.same_rows(returned(value), SIX, by="area"))
        assert isinstance(claim, claims.ClaimFailed)


class TestSameSeries:
    RIGHT = pd.Series({2022: np.nan, 2023: 25.0})

    @pytest.mark.parametrize("years", [[2022, 2023], [2022.0, 2023.0], ["2022", "2023"]])
    def test_labels_may_take_any_form(self, years: list[object]) -> None:
        """A year is a year."""
        assert (
            claims.same_series(returned(pd.Series([None, 25.0], index=years)), self.RIGHT) is None
        )

    def test_order_does_not_matter(self) -> None:
        """Values are found by their label."""
        assert claims.same_series(returned(self.RIGHT.iloc[::-1]), self.RIGHT) is None

    def test_another_index_is_told_before_a_value(self) -> None:
        """Shape before value."""
        failure = failed(lambda: claims.same_series(returned(pd.Series([1.0, 2.0])), self.RIGHT))
        assert "gave a Series with the index [0, 1]." in failure.seen

    def test_the_first_wrong_label_is_named(self) -> None:
        """The reader learns where to look."""
        wrong = self.RIGHT.fillna(1.0)
        failure = failed(lambda: claims.same_series(returned(wrong), self.RIGHT))
        assert failure.seen.endswith("gave 1 for 2022.")


class TestColumnIs:
    @pytest.mark.parametrize("dtype", ["str", "object", "string"])
    def test_text_may_be_held_in_any_way(self, dtype: str) -> None:
        """pandas has several kinds of text."""
        assert claims.column_is(returned(SIX.astype({"area": dtype})), "area", "text") is None

    def test_another_kind_has_the_hint(self) -> None:
        """The hint says what to do about it."""
        failure = failed(lambda: claims.column_is(returned(SIX), "area", "dates", hint=CODE))
        assert CODE == failure.code

    def test_a_missing_column_is_told_first(self) -> None:
        """Shape before value."""
        failure = failed(lambda: claims.column_is(returned(SIX), "date", "dates", hint=CODE))
        assert "without a column called `date`" in failure.seen


class TestUnchanged:
    def test_a_pure_function_passes(self) -> None:
        """The arguments are as they were."""
        assert claims.unchanged(returned(3)) is None

    @pytest.mark.parametrize(
        "deed",
        [
            lambda df: df.__setitem__("ksi", 0),
            lambda df: df.__setitem__("new", 1),
            lambda df: df.drop(columns="ksi", inplace=True),
            lambda df: df.sort_values("area", inplace=True),
        ],
    )
    def test_a_function_that_edits_its_argument_fails(
        self, deed: Callable[[pd.DataFrame], None]
    ) -> None:
        """Values, columns and order are all looked at."""
        got = claims.Answer("Task 3", "recode", deed)(SIX)
        assert CODE == failed(lambda: claims.unchanged(got, hint=CODE)).code


class TestDiffers:
    def test_one_answer_for_two_tables_has_the_hint(self) -> None:
        """A copied number is the same everywhere."""
        count = answer(4841)
        claim = failed(lambda: claims.differs(count(SIX), count(SIX.head(2)), hint=CODE))
        assert CODE == claim.code

    def test_two_answers_pass(self) -> None:
        """A function of its argument follows it."""
        count = claims.Answer("Task 2", "count", len)
        assert claims.differs(count(SIX), count(SIX.head(2))) is None


class TestRaises:
    def test_the_asked_exception_passes(self) -> None:
        """Refusing is the right answer here."""
        asked = claims.Answer("Task 7", "headline", lambda text: int("none"))
        assert claims.raises(ValueError, asked, "Atlantis") is None

    def test_an_answer_has_the_hint(self) -> None:
        """Answering is the misconception."""
        assert CODE == failed(lambda: claims.raises(ValueError, answer(0), "x", hint=CODE)).code

    def test_another_exception_is_told(self) -> None:
        """It stopped, but not as asked."""
        asked = claims.Answer("Task 7", "headline", lambda text: 1 / 0)
        assert "ZeroDivisionError" in failed(lambda: claims.raises(ValueError, asked, "x")).seen


class TestSays:
    def test_other_words_are_free(self) -> None:
        """Only the words asked for are looked for."""
        assert claims.says(returned("In Elmley, 3."), "Elmley") is None

    def test_missing_words_fail(self) -> None:
        """The words must be there as they are spelt."""
        assert 'We looked for "Elmley"' in str(
            failed(lambda: claims.says(returned("elm"), "Elmley"))
        )

    @pytest.mark.parametrize("text", ["42.9% of 7", "3: 42.9 %", "42.9 per cent", "(42.9%)"])
    def test_a_percentage_is_found(self, text: str) -> None:
        """However it is written."""
        claim = claims.says_number(returned(text), 300 / 7, decimals=1, per_cent=True)
        assert claim is None

    @pytest.mark.parametrize("text", ["12.2%", "12.3%"])
    def test_a_tie_may_be_rounded_either_way(self, text: str) -> None:
        """12.25 is halfway, and Python rounds it to even."""
        claim = claims.says_number(returned(text), 12.25, decimals=1, per_cent=True)
        assert claim is None

    @pytest.mark.parametrize("text", ["42.8%", "43%", "42.86%", "42.9", "none"])
    def test_another_percentage_fails(self, text: str) -> None:
        """Cut digits, another precision and a missing sign are not the number asked for."""
        got = returned(text)
        claim = failed(lambda: claims.says_number(got, 300 / 7, decimals=1, per_cent=True))
        assert claim.code is None

    def test_a_count_is_not_a_percentage(self) -> None:
        """The 3 of 3% is no count."""
        assert failed(lambda: claims.says_number(returned("3% of 7"), 3)).code is None

    def test_a_count_may_be_grouped(self) -> None:
        """1,234 is 1234."""
        assert claims.says_number(returned("1,234 collisions"), 1234) is None

    @pytest.mark.parametrize("per_cent", [True, False])
    def test_a_list_of_every_number_says_none(self, per_cent: bool) -> None:
        """Whoever says all numbers there are has not worked one out."""
        text = " ".join([f"{n / 10:.1f}%" for n in range(1001)] + [f"{n}" for n in range(5000)])
        got = returned(text)
        claim = failed(lambda: claims.says_number(got, 43, per_cent=per_cent))
        assert "6,001 numbers" in str(claim)


class TestPassed:
    def test_it_says_so_in_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not by a colour or a tick."""
        out = io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        claims.passed("Task 2, first check")
        assert "Task 2, first check: passed.\n" == out.getvalue()
