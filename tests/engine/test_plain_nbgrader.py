"""A hub's course directory is an ordinary nbgrader course: plain nbgrader works in it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from grader.engine import gradebook
from tests.conftest import RIGHT, Term, leave_to_nbgrader

BIN = Path(sys.executable).parent
# What cron and services give: none of the environment's own programs on PATH.
BARE = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/tmp"), "LANG": "C.UTF-8"}


def plain(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [str(BIN / "nbgrader"), *arguments],
        cwd=cwd,
        env=BARE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def marked(term: Term) -> Term:
    """Give a week that Ada handed in and the kit marked."""
    term.releases()
    wrong = {"t2": "def long_words(text):\n    return len(text.split())"}
    term.participant("ada").hands_in(
        RIGHT | wrong | {"reflection": "Visits."}, before_due=timedelta(hours=1)
    )
    term.collects(), term.marks()
    return term


class TestPlainNbgrader:
    def test_it_lists_what_is_released_and_handed_in(self, marked: Term) -> None:
        """`nbgrader list` shows the released week, and `--inbound` the hand-in."""
        home = marked.home("sheffield")

        assert "sheffield-2027-spring week01" in plain("list", cwd=home)
        assert "sheffield-2027-spring ada week01" in plain("list", "--inbound", cwd=home)

    def test_its_database_commands_work(self, marked: Term) -> None:
        """`nbgrader db` knows the hub's people and the week's due time."""
        home = marked.home("sheffield")

        assert "ada" in plain("db", "student", "list", cwd=home)
        assert "2027-01-17 18:00:00" in plain("db", "assignment", "list", cwd=home)

    def test_its_autograde_gives_the_same_marks(self, marked: Term) -> None:
        """`nbgrader autograde` of the same work ends with the marks the kit gave."""
        home = marked.home("sheffield")
        ours = gradebook.marks(home, "week01", "ada")
        leave_to_nbgrader(home)
        plain("autograde", "week01", "--force", cwd=home)

        assert ours == gradebook.marks(home, "week01", "ada")

    def test_its_feedback_hides_the_hidden_checks(self, marked: Term) -> None:
        """`nbgrader generate_feedback` makes a page without the hidden checks' source."""
        home = marked.home("sheffield")
        leave_to_nbgrader(home)
        plain("generate_feedback", "week01", cwd=home)
        page = (home / "feedback/ada/week01/week01.html").read_text(encoding="utf-8")

        assert "W01.T2.M1" in page
        assert "week01_checks" not in page

    def test_it_makes_and_releases_an_assignment_of_its_own(self, marked: Term) -> None:
        """An instructor's own extra assignment goes out by nbgrader's commands alone."""
        home = marked.home("sheffield")
        shutil.copytree(home / "source/week01", home / "source/extra")
        (home / "source/extra/week01.ipynb").rename(home / "source/extra/extra.ipynb")
        plain("generate_assignment", "extra", cwd=home)
        plain("release_assignment", "extra", cwd=home)

        assert "sheffield-2027-spring extra" in plain("list", cwd=home)

    def test_its_collect_and_export_work(self, marked: Term) -> None:
        """`nbgrader collect` takes a newer hand-in, and `nbgrader export` writes the marks."""
        home = marked.home("sheffield")
        marked.participant("ada").hands_in(RIGHT, before_due=timedelta(minutes=1))

        assert "Updating submission: ada week01" in plain("collect", "week01", "--update", cwd=home)
        plain("export", cwd=home)
        assert "week01" in (home / "grades.csv").read_text(encoding="utf-8")

    def test_its_upgrade_finds_the_database_in_order(self, marked: Term) -> None:
        """The gradebook carries alembic's version, so `nbgrader db upgrade` can place it."""
        home = marked.home("sheffield")
        with sqlite3.connect(home / "gradebook.db") as database:
            versions = database.execute("select version_num from alembic_version").fetchall()

        assert 1 == len(versions)
        plain("db", "upgrade", cwd=home)


def test_a_gradebook_is_made_whole_without_our_programs_on_path(tmp_path: Path) -> None:
    """Started by full path from cron, where `alembic` is not on PATH, the gradebook is complete."""
    code = (
        "import sys; from pathlib import Path; from grader.engine import gradebook, settings\n"
        "home = Path(sys.argv[1]) / 'hub'\n"
        "settings.write_config(home, course_id='hub', course=home, exchange=home)\n"
        "gradebook.enter(home, [])"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=BARE, check=True)

    with sqlite3.connect(tmp_path / "hub/gradebook.db") as database:
        assert 1 == len(database.execute("select version_num from alembic_version").fetchall())
