"""An nbgrader course that the kit never made counts as a cohort of one hub."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

BIN = Path(sys.executable).parent
ENV = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
PEOPLE = ("Bitdiddle", "hacker-alyssa", "reasoner.louis")


def nbgrader(*arguments: str, cwd: Path) -> None:
    subprocess.run(
        [BIN / "nbgrader", *arguments], cwd=cwd, env=ENV, check=True, capture_output=True
    )


def answered(notebook: Path, answers: dict[str, str]) -> None:
    read = nbformat.read(notebook, as_version=4)
    for cell in read.cells:
        cell.source = answers.get(
            cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source
        )
    nbformat.write(read, notebook)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make nbgrader's own example course, with three people's work in submitted/."""
    place = tmp_path_factory.mktemp("courses")
    nbgrader("quickstart", "course101", cwd=place)
    home = place / "course101"
    nbgrader("generate_assignment", "ps1", cwd=home)
    for person in PEOPLE:
        shutil.copytree(home / "release/ps1", home / "submitted" / person / "ps1")
        (home / "submitted" / person / "ps1/timestamp.txt").write_text("2027-01-12 10:00:00 UTC")
    right = {
        "squares": "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n"
        "    return [i ** 2 for i in range(1, n + 1)]",
        "sum_of_squares": "def sum_of_squares(n):\n    return sum(squares(n))",
    }
    answered(home / "submitted/Bitdiddle/ps1/problem1.ipynb", right)
    wrong = right | {"squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"}
    answered(home / "submitted/hacker-alyssa/ps1/problem1.ipynb", wrong)
    return home


def kit(course: Path) -> dict[str, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "autograde", "ps1", "--json", "--cohort", str(course)],
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {told["participant"]: told for told in map(json.loads, done.stdout.splitlines())}


def scores(course: Path) -> dict[str, dict[tuple[str, str], float | None]]:
    return {
        person: {(t["notebook"], t["task"]): t["score"] for t in told["tasks"]}
        for person, told in kit(course).items()
    }


class TestOrdinaryCourse:
    def test_everybody_in_submitted_is_marked(self, course: Path) -> None:
        """All three people's two notebooks are marked, answers by hand waiting."""
        told = scores(course)

        assert set(PEOPLE) == set(told)
        assert {"problem1", "problem2"} == {notebook for notebook, _ in told["Bitdiddle"]}

    def test_the_marks_are_plain_nbgraders(self, course: Path) -> None:
        """`nbgrader autograde` of the same work gives the same marks."""
        ours = scores(course)
        nbgrader("autograde", "ps1", "--force", cwd=course)

        from grader.engine import gradebook

        for person in PEOPLE:
            theirs = {
                (m.notebook, m.cell): m.points for m in gradebook.marks(course, "ps1", person)
            }
            assert theirs == ours[person]

    def test_an_unknown_assignment_is_answered_with_the_probable_one(self, course: Path) -> None:
        """A mistyped assignment is one sentence, exit status 2."""
        done = subprocess.run(
            [sys.executable, "-m", "grader", "autograde", "ps2", "--cohort", str(course)],
            env=ENV,
            capture_output=True,
            text=True,
            check=False,
        )

        assert (2, True) == (done.returncode, "Did you mean ps1?" in done.stderr)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory, course: Path) -> Path:
    """Give a copy of the course that is marked and whose check of two arguments was then mended."""
    home = Path(shutil.copytree(course, tmp_path_factory.mktemp("mended") / "course101"))
    kit(home)
    source = home / "source/ps1/problem1.ipynb"
    read = nbformat.read(source, as_version=4)
    for cell in read.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "squares_invalid_input":
            cell.source = "assert squares(1) == [1]"
    nbformat.write(read, source)
    return home


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "grader", *arguments, "--cohort", str(home)]
    return subprocess.run(words, env=ENV, capture_output=True, text=True, check=False)


class TestMendedSource:
    def test_g1_marks_stay_and_newer_work_waits_for_regrade(
        self, mended: Path, tmp_path: Path
    ) -> None:
        """G1: a changed source moves nobody, and is said; newer work is refused until regrade has run."""
        home = Path(shutil.copytree(mended, tmp_path / "course101"))
        unchanged = run(home, "autograde", "ps1")
        (home / "submitted/Bitdiddle/ps1/timestamp.txt").write_text("2027-01-13 10:00:00 UTC")
        newer = run(home, "autograde", "ps1")

        assert (0, True) == (unchanged.returncode, "marks stay" in unchanged.stderr)
        assert (2, True) == (newer.returncode, "grader regrade ps1" in newer.stderr)

    def test_regrade_moves_whom_the_mended_check_forgives(
        self, mended: Path, tmp_path: Path
    ) -> None:
        """Who forgot the error earns the point after `--apply`, and then autograde goes on."""
        home = Path(shutil.copytree(mended, tmp_path / "course101"))
        shown = run(home, "regrade", "ps1")
        applied = run(home, "regrade", "ps1", "--apply")
        after = scores(home)["hacker-alyssa"][("problem1", "squares_invalid_input")]

        line = "hacker-alyssa: squares_invalid_input from 0 to 1 of 1"
        assert (0, True) == (shown.returncode, line in shown.stdout), shown.stderr
        assert (0, 1) == (applied.returncode, after), applied.stderr
