"""What is marked is built from the instructor's record: cases B1 to B5 of the policies."""

import copy
from collections.abc import Callable

import nbformat
import pytest

from grader import notebooks
from tests.conftest import MINIATURE, RIGHT

Notebook = notebooks.Notebook


@pytest.fixture
def record() -> Notebook:
    return notebooks.read(MINIATURE / "solutions/week01/week01.ipynb")


@pytest.fixture
def released() -> Notebook:
    return notebooks.read(MINIATURE / "exercises/week01/week01.ipynb")


def rebuilt(record: Notebook, submitted: Notebook) -> notebooks.Rebuilt:
    content = nbformat.writes(submitted, version=4).encode()
    return notebooks.rebuild(record, notebooks.parse(content))


def cell(notebook: Notebook, name: str) -> notebooks.Cell:
    return next(found for found in notebook.cells if notebooks.grade_id(found) == name)


def sources(notebook: Notebook) -> dict[str, str]:
    return {notebooks.grade_id(c): c.source for c in notebook.cells if notebooks.grade_id(c)}


class TestHonestWork:
    def test_answers_are_the_participants_and_checks_the_instructors(
        self, record: Notebook, released: Notebook
    ) -> None:
        """The answers come from the hand-in, the checks from the record, and nothing is put back."""
        found = rebuilt(record, notebooks.with_answers(released, RIGHT))
        built = sources(found.notebook)

        assert () == found.put_back
        assert RIGHT["t1"] == built["t1"]
        assert cell(record, "t1_more").source == built["t1_more"]

    def test_cells_of_their_own_stay_where_they_were(
        self, record: Notebook, released: Notebook
    ) -> None:
        """A cell added after an answer runs after that answer."""
        place = released.cells.index(cell(released, "t1"))
        released.cells.insert(place + 1, nbformat.v4.new_code_cell("extra = 1"))
        built = rebuilt(record, released).notebook
        order = [c.source for c in built.cells]

        assert order.index("extra = 1") == order.index(cell(built, "t1").source) + 1

    def test_files_are_the_same_bytes_each_time(self, record: Notebook, released: Notebook) -> None:
        """Rebuilding twice gives the same notebook, ids included."""
        assert notebooks.text(rebuilt(record, released).notebook) == notebooks.text(
            rebuilt(record, released).notebook
        )


def without_check(notebook: Notebook) -> None:
    notebook.cells.remove(cell(notebook, "t1_more"))


def edited_check(notebook: Notebook) -> None:
    cell(notebook, "t1_check").source = "assert True"


def flipped_flags(notebook: Notebook) -> None:
    cell(notebook, "reflection").metadata.nbgrader["solution"] = False


def thousand_points(notebook: Notebook) -> None:
    cell(notebook, "t1_check").metadata.nbgrader["points"] = 1000


def twice(notebook: Notebook) -> None:
    answer = cell(notebook, "t1")
    answer.source = "first = 1"
    later = copy.deepcopy(answer)
    later["id"], later.source = "later", RIGHT["t1"]
    notebook.cells.insert(notebook.cells.index(answer) + 1, later)


class TestPutBack:
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (without_check, "The check `t1_more` was missing and has been put back."),
            (edited_check, "The check `t1_check` had been changed; the original was used."),
            (flipped_flags, "The settings of `reflection` had been changed"),
            (thousand_points, "The settings of `t1_check` had been changed"),
            (twice, "The answer `t1` was there 2 times; the last one counts."),
        ],
    )
    def test_it_is_told(
        self, record: Notebook, released: Notebook, spoil: Callable[[Notebook], None], words: str
    ) -> None:
        """Each thing put back is told in a sentence."""
        spoil(released)

        assert [words] == [told[: len(words)] for told in rebuilt(record, released).put_back]

    @pytest.mark.parametrize("spoil", [without_check, edited_check, flipped_flags, thousand_points])
    def test_the_checks_and_settings_are_the_instructors(
        self, record: Notebook, released: Notebook, spoil: Callable[[Notebook], None]
    ) -> None:
        """B1, B2, B3: whatever was done to them, every graded cell is as the instructor wrote it."""
        spoil(released)
        built = rebuilt(record, released).notebook

        for original in record.cells:
            if notebooks.is_graded(original):
                found = cell(built, notebooks.grade_id(original))
                assert original.metadata.nbgrader == found.metadata.nbgrader
                if not notebooks.is_answer(original):
                    assert original.source == found.source

    def test_b1_a_missing_answer_is_empty(self, record: Notebook, released: Notebook) -> None:
        """B1: an answer cell that is gone comes back without text, the solution never."""
        released.cells.remove(cell(released, "t1"))

        assert "" == cell(rebuilt(record, released).notebook, "t1").source

    def test_b2_an_edited_check_is_the_original(self, record: Notebook, released: Notebook) -> None:
        """B2: an edited check is marked as the instructor wrote it."""
        edited_check(released)

        assert "assert True" not in sources(rebuilt(record, released).notebook).values()

    def test_b3_a_hand_marked_answer_stays_hand_marked(
        self, record: Notebook, released: Notebook
    ) -> None:
        """B3: turning an answer into a check by its settings earns nothing by machine."""
        flipped_flags(released)
        built = rebuilt(record, released).notebook

        assert cell(built, "reflection").metadata.nbgrader["solution"] is True

    def test_b4_both_copies_run_and_the_last_counts(
        self, record: Notebook, released: Notebook
    ) -> None:
        """B4: of an answer copied with its cell, the last is the answer; the first runs before it."""
        twice(released)
        built = rebuilt(record, released).notebook
        order = [c.source for c in built.cells]

        assert RIGHT["t1"] == cell(built, "t1").source
        assert order.index("first = 1") < order.index(RIGHT["t1"])

    def test_b5_tags_are_gone(self, record: Notebook, released: Notebook) -> None:
        """B5: a tag that would make a runner skip the checks is not in the rebuilt notebook."""
        for found in released.cells:
            found.metadata["tags"] = ["skip-execution"]
        built = rebuilt(record, released).notebook

        assert set() == {key for c in built.cells for key in c.metadata} - {"nbgrader"}
