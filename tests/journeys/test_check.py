"""`grader check`: an author spoils a good week in one way, and is told just that."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course
from grader.build import build
from grader.check import Report, check
from grader.processes import tier
from tests.conftest import MINIATURE

NOTEBOOK = "solutions/week01/week01.ipynb"
SPECIMENS = "course/weeks/week01/specimens"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(MINIATURE, tmp_path / "course-root")
    return tmp_path / "course-root"


def checked(root: Path, *, fix: bool = False) -> Report:
    week = course.read_programme(root).weeks[0]
    [report] = check(root, [week], tier(), fix=fix)
    return report


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def rebuilt(root: Path) -> None:
    list(build(root, course.read_programme(root).weeks))


def complaints(root: Path) -> list[str]:
    return [str(complaint).splitlines()[0] for complaint in checked(root).complaints]


class TestGoodWeek:
    def test_it_has_nothing_to_complain_of(self, root: Path) -> None:
        """A good week passes, and the report counts what was tried."""
        report = checked(root)

        assert () == report.complaints
        assert report.done[0].startswith("2 tasks, 7 points, 11 specimens")

    def test_building_it_again_changes_no_byte(self, root: Path) -> None:
        """`exercises/` is byte for byte what `grader build` makes."""
        weeks = course.read_programme(root).weeks

        assert {False} == {built.changed for built in build(root, weeks)}


# What an author may do wrong without any cell being run: file, old text, new text, the complaint.
SPOILED = {
    "promised points": (
        NOTEBOOK,
        "double a number (3 points)",
        "double a number (4 points)",
        "[t1]: the heading promises 4 points, the checks are worth 3",
    ),
    "a name not in the prompt": (
        NOTEBOOK,
        "Write `double(number)`",
        "Write a function",
        "[t1_check]: it reads `double`, which the prompt does not name",
    ),
    "a visible check on the course's module": (
        NOTEBOOK,
        "# More is checked when you hand in.",
        "import week01_checks",
        "[t1_more]: participants do not have week01_checks",
    ),
    "a stray expression": (
        NOTEBOOK,
        'not more than four. [W01.T2.M2]\\"\\n",',
        'not more than four. [W01.T2.M2]\\"\\n",\n    "1.5\\n",',
        "[t2_more]: it ends in an expression, which nbgrader may take for a mark",
    ),
    "a skipped heading": (
        NOTEBOOK,
        "What would you double at work?",
        "#### Think\\n\\nWhat would you double?",
        "a heading of level 4 follows one of level 2",
    ),
    "an image without words": (
        NOTEBOOK,
        "What would you double at work?",
        "![](double.png)",
        "an image has no alternative text",
    ),
    "a link that says nothing": (
        NOTEBOOK,
        "What would you double at work?",
        "Look [here](https://example.org).",
        "the link “here” says nothing alone",
    ),
    "a colour that is hard to see": (
        NOTEBOOK,
        "return 2 * number",
        "return 2 * number  # '#ff7f0e'",
        "#ff7f0e has a contrast of 2.53",
    ),
    "outputs left in": (
        NOTEBOOK,
        '"execution_count": null',
        '"execution_count": 3',
        "it is not in canonical form",
    ),
    "a hint nobody wrote": (
        NOTEBOOK,
        "[W01.T2.M2]",
        "[W01.T2.M9]",
        "there is no hint W01.T2.M9",
    ),
    "a specimen's hint nobody wrote": (
        f"{SPECIMENS}/t1_m1_adds_two.py",
        "W01.T1.M1",
        "W01.T1.M8",
        "no specimen earns the hint W01.T1.M1",
    ),
    "an edited exercise": (
        "exercises/week01/week01.ipynb",
        "A tiny week",
        "A little week",
        "exercises/week01/week01.ipynb: it is out of date",
    ),
    "a solution line in the exercise": (
        "exercises/week01/week01.ipynb",
        "# YOUR CODE HERE",
        "return 2 * number",
        "exercises/week01: it shows a line of the solution: return 2 * number",
    ),
}


class TestSpoiledWeek:
    @pytest.mark.parametrize("spoiling", SPOILED)
    def test_the_author_is_told(self, root: Path, spoiling: str) -> None:
        """Each mistake is named, with its place."""
        file, old, new, told = SPOILED[spoiling]
        edit(root, file, old, new)

        assert [c for c in complaints(root) if told in c]

    def test_a_key_beside_the_notebook_is_found(self, root: Path) -> None:
        """nbgrader would hand every file in the folder to participants."""
        (root / "solutions/week01/answers.txt").write_text("2 * number")

        assert [c for c in complaints(root) if "answers.txt: nbgrader would give this file" in c]

    def test_a_missing_right_answer_is_noticed(self, root: Path) -> None:
        """Two right answers for a task are too few."""
        (root / SPECIMENS / "t1_right_sum.py").unlink()

        assert [c for c in complaints(root) if "t1 has 2 right answers, needs 3" in c]

    def test_all_mistakes_are_told_at_once(self, root: Path) -> None:
        """Three mistakes in three places give three complaints in one run."""
        for spoiling in (
            "promised points",
            "an image without words",
            "a colour that is hard to see",
        ):
            file, old, new, _ = SPOILED[spoiling]
            edit(root, file, old, new)
        told = complaints(root)

        for spoiling in (
            "promised points",
            "an image without words",
            "a colour that is hard to see",
        ):
            assert [c for c in told if SPOILED[spoiling][3] in c]

    def test_fix_mends_what_is_mechanical(self, root: Path) -> None:
        """`--fix` restores the canonical form and the generated exercise."""
        edit(root, NOTEBOOK, '"execution_count": null', '"execution_count": 3')
        edit(root, "exercises/week01/week01.ipynb", "A tiny week", "A little week")

        assert () == checked(root, fix=True).complaints

    def test_a_generator_that_makes_other_data_is_noticed(self, root: Path) -> None:
        """The shipped data must be what the generator makes."""
        generator = root / "course/weeks/week01/week01_data.py"
        generator.write_text(
            "import sys\nfrom pathlib import Path\nPath(sys.argv[2], 'numbers.csv').write_text('1\\n')\n"
        )
        (root / "solutions/week01/numbers.csv").write_text("2\n")

        assert [
            c for c in complaints(root) if "numbers.csv: it differs from what the generator" in c
        ]


# What only a run shows: file, old text, new text, the complaint.
MISJUDGED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "a wrong solution": (
        NOTEBOOK,
        lambda text: text.replace("return 2 * number", "return 3 * number"),
        "[t1_check]: the solution earns 0 of 1",
    ),
    "a check that passes anything": (
        NOTEBOOK,
        lambda text: re.sub(r'"assert 6 == double\(3\)[^\n]*', '"assert callable(double)"', text),
        "exercises/week01 [t1_check]: the untouched exercise earns 1",
    ),
    "a specimen that earns other than it says": (
        f"{SPECIMENS}/t1_m2_loses_sign.py",
        lambda text: text.replace("t1 1 W01.T1.M2", "t1 0 W01.T1.M2"),
        "t1_m2_loses_sign.py: t1 earned 1.0 with W01.T1.M2, should be 0 with W01.T1.M2",
    ),
    "a specimen with another hint": (
        f"{SPECIMENS}/t2_m2_four_is_long.py",
        lambda text: text.replace("t2 1 W01.T2.M2", "t2 1 W01.T2.M1"),
        "t2 earned 1.0 with W01.T2.M2, should be 1 with W01.T2.M1",
    ),
    "a right answer marked wrong": (
        "course/weeks/week01/week01_checks.py",
        lambda text: text.replace("(10, 20)", "(10, 21)"),
        "t1_right_times.py: t1 earned 1.0 with W01.T1.M2, should be 3 with no hint",
    ),
}


class TestMisjudgedWeek:
    @pytest.mark.parametrize("misjudging", MISJUDGED)
    def test_the_run_shows_it(self, root: Path, misjudging: str) -> None:
        """Marks that differ from what is said are complained of, with both."""
        file, spoil, told = MISJUDGED[misjudging]
        path = root / file
        before = path.read_text(encoding="utf-8")
        path.write_text(spoil(before), encoding="utf-8")
        assert before != path.read_text(encoding="utf-8")
        if "hints" not in misjudging:
            rebuilt(root)
        if misjudging == "a specimen with another hint":
            extra = root / SPECIMENS / "t2_extra.py"
            extra.write_text(
                '"""\nX.\n\nearns: t2 1 W01.T2.M2\n"""\n# %% t2\nlong_words = lambda t: '
                "sum(len(w) >= 4 for w in t.split())\n"
            )

        assert [c for c in complaints(root) if told in c]
