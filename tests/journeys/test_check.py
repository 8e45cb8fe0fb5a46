"""`grader check`: an author spoils a good week in one way, and is told just that."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course, notebooks
from grader.build import build
from grader.check import Report, check, earns
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


def points(root: Path, cell: str, worth: int) -> None:
    """Give a check other points, in the notebook alone."""
    notebook = notebooks.read(root / NOTEBOOK)
    [check] = [c for c in notebook.cells if notebooks.grade_id(c) == cell]
    check.metadata.nbgrader["points"] = worth
    (root / NOTEBOOK).write_text(notebooks.text(notebook), encoding="utf-8")


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


@pytest.fixture
def nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the run out, which says nothing new of a mistake of form and takes seconds."""
    monkeypatch.setattr(earns, "complaints", lambda *_, **__: ([], 0.0))


@pytest.mark.usefixtures("nothing_is_run")
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

        report = checked(root, fix=True)

        assert () == report.complaints
        assert report.done[:2] == (
            "mended: solutions/week01/week01.ipynb, now in canonical form",
            "mended: exercises/week01, made anew",
        )

    def test_a_cell_without_an_id(self, root: Path, recwarn: pytest.WarningsRecorder) -> None:
        """A missing id is a matter of canonical form, said without a warning of Python's."""
        text = (root / NOTEBOOK).read_text(encoding="utf-8")
        (root / NOTEBOOK).write_text(re.sub(r' *"id": "t1",\n', "", text), encoding="utf-8")

        told = complaints(root)

        assert f"{NOTEBOOK}: it is not in canonical form (outputs, ids or metadata)" == told[0]
        assert [] == [str(warning.message) for warning in recwarn]
        assert () == checked(root, fix=True).complaints

    def test_an_unreadable_specimen_is_one_complaint_among_others(self, root: Path) -> None:
        """A specimen with a bad head is named by its place and left out, and hides nothing."""
        edit(root, f"{SPECIMENS}/t1_right_times.py", "earns:", "earn:")
        edit(root, NOTEBOOK, *SPOILED["an image without words"][1:3])

        report = checked(root)
        told = [str(complaint).splitlines()[0] for complaint in report.complaints]

        assert "not tried: t1_right_times.py" == report.done[0]
        assert [
            c
            for c in told
            if c
            == f"{SPECIMENS}/t1_right_times.py: it has no line `earns: t1 2; outcome: finished`"
        ]
        assert [c for c in told if "an image has no alternative text" in c]

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("earns: t1 3", "earns: t9 3", "its head names t9, which is no task"),
            ("# %% t1", "# %% t9", "it fills t9, which is no answer cell"),
        ],
    )
    def test_a_task_that_is_not_there(self, root: Path, old: str, new: str, told: str) -> None:
        """A specimen that speaks of a task which does not exist is complained of, with its place."""
        edit(root, f"{SPECIMENS}/t1_right_times.py", old, new)

        assert f"{SPECIMENS}/t1_right_times.py: {told}" in complaints(root)

    def test_changed_points(self, root: Path) -> None:
        """Where a check's points changed that is said, and no right answer is called wrong."""
        points(root, "t1_more", 5)

        told = [c for c in complaints(root) if "right answer" in c]

        assert [
            f"{SPECIMENS}: the right answers of t1 say 3 points, its checks are worth 6"
        ] == told

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


class TestOneRound:
    def test_the_run_is_not_held_up_by_form(self, root: Path) -> None:
        """A mistake of form and one that only a run shows are told in one round."""
        edit(root, NOTEBOOK, *SPOILED["an image without words"][1:3])
        file, spoil, wrong_mark = MISJUDGED["a specimen that earns other than it says"]
        (root / file).write_text(spoil((root / file).read_text(encoding="utf-8")), encoding="utf-8")

        told = complaints(root)

        assert [c for c in told if "an image has no alternative text" in c]
        assert [c for c in told if wrong_mark in c]

    def test_changed_points_are_told_once(self, root: Path) -> None:
        """Changed points make one complaint, not one for each specimen of the task."""
        points(root, "t1_more", 5)
        rebuilt(root)

        assert [
            "solutions/week01/week01.ipynb [t1]: the heading promises 3 points, the checks are worth 6",
            f"{SPECIMENS}: the right answers of t1 say 3 points, its checks are worth 6",
        ] == complaints(root)

    def test_a_missing_check_is_said_to_keep_from_running(self, root: Path) -> None:
        """Where a check has a wrong name nothing is run, and the report says so."""
        edit(root, NOTEBOOK, '"t1_more"', '"t1_rest"')

        report = checked(root)

        assert (
            "not tried: the solution and the specimens, because t1 has not its two checks"
        ) == report.done[0]

    def test_a_notebook_that_cannot_be_read(self, root: Path) -> None:
        """Of an unreadable notebook that alone is said, and that nothing else was tried."""
        (root / NOTEBOOK).write_text("{", encoding="utf-8")

        report = checked(root)

        assert ("not tried: anything else, because of what follows",) == report.done
        assert 1 == len(report.complaints)

    @pytest.mark.usefixtures("nothing_is_run")
    def test_one_is_not_many(self, root: Path) -> None:
        """One task is counted as one."""
        [_, report] = check(root, course.read_programme(root).weeks, tier())

        assert "1 task, 2 points, 5 specimens" == report.done[0].partition(";")[0]


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
