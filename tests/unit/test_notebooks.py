"""The canonical form of a notebook, and how its tasks are found."""

import nbformat
import pytest

from grader import notebooks
from grader.errors import CourseError
from tests.conftest import MINIATURE


@pytest.fixture
def notebook() -> notebooks.Notebook:
    return notebooks.read(MINIATURE / "solutions/week01/week01.ipynb")


class TestCanonical:
    def test_it_is_its_own_canonical_form(self, notebook: notebooks.Notebook) -> None:
        """Making a canonical notebook canonical changes nothing."""
        once = notebooks.canonical(notebook)

        assert notebooks.text(once) == notebooks.text(notebooks.canonical(once))

    def test_a_run_in_jupyterlab_leaves_no_trace(self, notebook: notebooks.Notebook) -> None:
        """Outputs, counts, a minor Python version and a scrolled flag are gone."""
        before = notebooks.text(notebook)
        code = next(cell for cell in notebook.cells if cell.cell_type == "code")
        code.outputs = [nbformat.v4.new_output("stream", text="hello")]
        code.execution_count, code.metadata["scrolled"] = 7, True
        notebook.metadata["language_info"]["version"] = "3.11.2"

        assert before == notebooks.text(notebooks.canonical(notebook))

    def test_a_graded_cells_id_is_its_grade_id(self, notebook: notebooks.Notebook) -> None:
        """Cell ids are stable, so that a release is the same bytes each time."""
        for cell in notebook.cells:
            cell["id"] = "x" + str(id(cell))
        ids = [cell.id for cell in notebooks.canonical(notebook).cells]

        assert ["text-1", "text-2", "t1", "t1_check", "t1_more"] == ids[:5]


class TestTasks:
    def test_a_task_is_a_heading_with_its_cells(self, notebook: notebooks.Notebook) -> None:
        """Task 1 has a title, an answer cell, two checks, and the points of its heading."""
        task = notebooks.tasks(notebook)[0]

        assert ("t1", "double a number", 3, 3) == (
            task.name,
            task.title,
            task.promised,
            task.points,
        )
        assert "t1" == notebooks.grade_id(task.answer)
        assert ["t1_check", "t1_more"] == [notebooks.grade_id(cell) for cell in task.checks]

    def test_what_follows_another_heading_belongs_to_no_task(
        self, notebook: notebooks.Notebook
    ) -> None:
        """The reflection is not part of the last task."""
        assert 2 == notebooks.tasks(notebook)[-1].points


class TestSecrets:
    def test_solutions_and_hidden_checks_are_secret(self, notebook: notebooks.Notebook) -> None:
        """The lines between the markers are secret, and nothing else."""
        secrets = notebooks.secrets(notebook)

        assert "return 2 * number" in secrets
        assert "from week01_checks import doubles" in secrets
        assert "def double(number):" not in secrets

    def test_the_visible_part_of_a_check_has_no_hidden_line(self) -> None:
        """Everything between the hidden markers is left out, the markers too."""
        source = "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc"

        assert "a\nc" == notebooks.visible(source)


class TestAnswers:
    def test_an_unknown_answer_cell_is_named(self, notebook: notebooks.Notebook) -> None:
        """Filling a cell that is not there says which cells there are."""
        with pytest.raises(CourseError, match="t1, t2, reflection"):
            notebooks.with_answers(notebook, {"t9": ""})

    def test_only_the_named_answer_changes(self, notebook: notebooks.Notebook) -> None:
        """The original notebook and the other cells stay as they were."""
        before = notebooks.text(notebook)
        filled = notebooks.with_answers(notebook, {"t1": "double = None"})
        changed = [
            new.id for old, new in zip(notebook.cells, filled.cells, strict=True) if old != new
        ]

        assert (["t1"], before) == (changed, notebooks.text(notebook))


def test_what_is_no_notebook_is_named(tmp_path: object) -> None:
    """A file that is no notebook is a complaint to its author, with its path."""
    path = MINIATURE / "course/programme.toml"
    with pytest.raises(CourseError, match=r"programme\.toml: this is not a notebook"):
        notebooks.read(path)
