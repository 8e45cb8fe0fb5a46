"""Courses set up in their own ways: other folders, other marks in cells, plug-ins, other languages."""

import shutil
from pathlib import Path

import nbformat
import pytest

from tests.differential.twins import (
    PLAIN,
    Marks,
    Twins,
    answer,
    by_hand,
    check,
    differences,
    kit,
    nbgrader,
    notebook,
    penalties,
    plain,
    text,
)

Both = tuple[dict[str, Marks], dict[str, Marks]]
CONFIG = """\
import words  # a module of the course's own

c = get_config()
c.CourseDirectory.course_id = "any"
c.CourseDirectory.db_url = "sqlite:///marks.db"
c.CourseDirectory.source_directory = "written"
c.CourseDirectory.release_directory = "handed_out"
c.CourseDirectory.submitted_directory = "collected"
c.CourseDirectory.autograded_directory = "marked"
c.CourseDirectory.feedback_directory = "returned"
c.IncludeHeaderFooter.header = "header.ipynb"
c.ClearHiddenTests.begin_test_delimeter = words.BEGIN
c.ClearHiddenTests.end_test_delimeter = words.END
c.ClearSolutions.begin_solution_delimeter = "LOESUNG"
c.ClearSolutions.end_solution_delimeter = "ENDE"
c.ClearSolutions.code_stub = {"python": "pass"}
c.AssignLatePenalties.plugin_class = "late.HalfPoint"
"""
MODULES = {
    "words.py": 'BEGIN, END = "VERBORGEN", "OFFEN"\n',
    "late.py": "from nbgrader.plugins import BasePlugin\n\n\nclass HalfPoint(BasePlugin):\n"
    "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
    "        return 0.5\n",
}
FOLDERS = {
    "source": "written",
    "release": "handed_out",
    "submitted": "collected",
    "autograded": "marked",
    "feedback": "returned",
}
HEADER = notebook(plain("from math import sqrt\nfactor = 2"))
SQUARE = notebook(
    text("# Squares"),
    answer("square", "# LOESUNG\ndef square(x):\n    return x * x\n# ENDE"),
    check("seen", 1, "assert square(3) == 9\n# VERBORGEN\nassert square(factor) == 4\n# OFFEN"),
    check("unseen", 2, "# VERBORGEN\nassert sqrt(square(5)) == 5\n# OFFEN"),
    by_hand("why", 1, "# LOESUNG\nIt is so.\n# ENDE"),
)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Make a course with names, delimiters and a late rule of its own."""
    made = Twins(tmp_path_factory.mktemp("named") / "course", config=CONFIG, folders=FOLDERS)
    made.home.mkdir()
    for name, words in MODULES.items():
        (made.home / name).write_text(words)
    nbformat.write(HEADER, made.home / "header.ipynb")
    made.releases({"squares": SQUARE})
    nbgrader("db", "student", "add", "only-entered", cwd=made.home)
    due = ["db", "assignment", "add", "ps1", "--duedate=2027-01-12 12:00:00 UTC"]
    nbgrader(*due, cwd=made.home)
    right = {"square": "def square(x):\n    return x ** 2", "why": "I say so."}
    folder = made.hands_in("on.time", right)
    shutil.copy(folder / "squares.ipynb", folder / "squares-Copy1.ipynb")
    made.hands_in("late", right, at="2027-01-13 10:00:00 UTC")
    made.hands_in("wrong", {"square": "def square(x):\n    return 9"})
    # After the release the gradebook decides, not what is written since.
    later = made.home / "written/ps1/squares.ipynb"
    later.write_text(later.read_text().replace("== 9", "== 10"))
    return made


@pytest.fixture(scope="module")
def both(named: Twins) -> Both:
    """Mark it twice."""
    return named.marked()


class TestNamedInItsOwnWay:
    """Folders, gradebook, delimiters, header and late rule are as nbgrader_config.py has them."""

    def test_the_marks_are_plain_nbgraders(self, both: Both) -> None:
        """Whoever handed in, on time or late, right or wrong."""
        assert {"on.time", "late", "wrong"} == set(both[1])
        assert set() == differences(*both)

    def test_right_and_wrong_differ(self, both: Both) -> None:
        """Hidden checks between the course's own delimiters are run, and a wrong answer fails."""
        points = {person: both[1][person]["squares", "unseen"] for person in ("late", "wrong")}

        assert {"late": 2, "wrong": 0} == points

    def test_the_late_rule_is_the_courses(self, named: Twins, both: Both) -> None:
        """The plug-in in the course's folder takes its half point, from late work only."""
        ours = penalties(named.home, "ps1")

        assert penalties(named.twin, "ps1") == ours
        assert {"late": [0.5], "on.time": [None], "wrong": [None]} == ours

    def test_marked_notebooks_lie_where_the_course_has_them(self, named: Twins, both: Both) -> None:
        """In its own folder, and in none of nbgrader's usual name."""
        assert (named.home / "marked/late/ps1/squares.ipynb").is_file()
        assert not (named.home / "autograded").exists()

    def test_nothing_is_said_to_be_put_back(self, named: Twins, both: Both) -> None:
        """A released check without its hidden part is as it was handed out."""
        notes = (named.home / "marked/late/ps1/marking-notes.json").read_text()

        assert "had been changed" not in notes

    def test_a_second_time_nothing_is_marked(self, named: Twins, both: Both) -> None:
        """Unchanged work in an ordinary course is left alone too."""
        again = kit("autograde", "ps1", cohort=named.home)

        assert (0, True) == (again.returncode, "0 submissions marked" in again.stdout)


class TestAutotest:
    """nbgrader makes checks from AUTOTEST lines; only its gradebook has them with hidden parts."""

    RULES = (
        "python3:\n"
        "    setup: 'from hashlib import sha1'\n"
        '    hash: \'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()\'\n'
        "    dispatch: 'type({{snippet}})'\n"
        "    normalize: 'str({{snippet}})'\n"
        '    check: \'assert {{snippet}} == """{{value}}""", """{{message}}"""\'\n'
        "    success: \"print('Success!')\"\n"
        "    templates:\n"
        "        default:\n"
        "            - test: 'type({{snippet}})'\n"
        "              fail: 'the type is wrong'\n"
        "            - test: '{{snippet}}'\n"
        "              fail: 'the value is wrong'\n"
    )

    @pytest.fixture(scope="class")
    @classmethod
    def both(cls, tmp_path_factory: pytest.TempPathFactory) -> Both:
        """Release checks that nbgrader makes itself, and mark a right and a wrong answer."""
        made = Twins(tmp_path_factory.mktemp("autotest") / "course")
        made.home.mkdir()
        (made.home / "autotests.yml").write_text(cls.RULES)
        cells = (
            answer("x", "def f(n):\n    return n + 1"),
            check("seen", 1, "### AUTOTEST f(1)"),
            check("hashed", 2, "### HASHED AUTOTEST f(2)"),
        )
        made.releases({"problem": notebook(*cells)})
        made.hands_in("right", {"x": None})
        made.hands_in("wrong", {"x": "def f(n):\n    return n"})
        return made.marked()

    def test_the_marks_are_plain_nbgraders(self, both: Both) -> None:
        """The tests that were made are run, not the lines they were made from."""
        assert set() == differences(*both)
        assert [3, 0] == [sum(p or 0 for p in both[1][w].values()) for w in ("right", "wrong")]


class TestAnotherLanguage:
    """A notebook for R cannot be run; what it holds waits for a person, and the rest is marked."""

    @pytest.fixture(scope="class")
    @classmethod
    def made(cls, tmp_path_factory: pytest.TempPathFactory) -> Twins:
        """Hand in an assignment with one notebook in Python and one in R."""
        made = Twins(tmp_path_factory.mktemp("languages") / "course")
        r = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
        cells = (answer("x", "x <- 1"), check("x_check", 2, "stopifnot(x == 1)"))
        python = notebook(answer("y", "y = 1"), check("y_check", 2, "assert y == 1"))
        made.releases({"in_r": notebook(*cells, metadata=r), "in_python": python})
        made.hands_in("ada", {"x": None, "y": None})
        made.kit_says = kit("autograde", "ps1", "--json", cohort=made.home)
        return made

    def test_it_says_so(self, made: Twins) -> None:
        """Undecided, with status 1, as something a person has to look at."""
        verdicts = {task["task"]: task["verdict"] for task in made.told()["ada"]["tasks"]}

        assert {"x_check": "undecided", "y_check": "passed"} == verdicts
        assert 1 == made.kit_says.returncode

    def test_the_reason_stands_in_the_marked_notebook(self, made: Twins) -> None:
        """Whoever opens it in formgrader reads why."""
        marked = (made.home / "autograded/ada/ps1/in_r.ipynb").read_text()

        assert "written in R; the kit runs Python only" in marked


class TestRefused:
    """What cannot be marked is refused in one sentence, with what to do."""

    def refusal(self, home: Path) -> tuple[int, str]:
        done = kit("autograde", "ps1", cohort=home)
        return done.returncode, done.stderr

    def course(self, home: Path, config: str = PLAIN) -> Path:
        (home / "source/ps1").mkdir(parents=True)
        (home / "submitted/ada/ps1").mkdir(parents=True)
        nbformat.write(notebook(check("c", 1, "1")), home / "source/ps1/problem.ipynb")
        (home / "nbgrader_config.py").write_text(config)
        return home

    def test_never_generated(self, tmp_path: Path) -> None:
        """Without nbgrader's own release there is nothing to mark by."""
        code, said = self.refusal(self.course(tmp_path / "course"))

        assert (2, True) == (code, "nbgrader generate_assignment ps1" in said)

    def test_laid_out_in_another_order(self, tmp_path: Path) -> None:
        """Another directory structure than nbgrader's own is not guessed at."""
        line = 'c.CourseDirectory.directory_structure = "{student_id}/{nbgrader_step}"\n'
        code, said = self.refusal(self.course(tmp_path / "course", PLAIN + line))

        assert (2, True) == (code, "{step}/{student}/{assignment}" in said)

    def test_a_configuration_that_cannot_be_read(self, tmp_path: Path) -> None:
        """The file and its error are named."""
        code, said = self.refusal(self.course(tmp_path / "course", "import nowhere_to_be_found\n"))

        assert (2, True) == (code, "nowhere_to_be_found" in said and "nbgrader_config.py" in said)
        assert "Traceback" not in said
