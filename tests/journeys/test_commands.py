"""The command line is a contract: its help, its exit statuses, its JSON, its examples."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from grader.cli import app
from tests.conftest import RIGHT, ROOT, Term

HEAVY = ("nbgrader", "pandas", "sqlalchemy", "jinja2", "nbformat", "pydantic")


def grader(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def loaded_by(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split()) & set(HEAVY)


def commands() -> dict[str, object]:
    found = {}
    top = get_command(app)
    for name, command in top.commands.items():
        below = getattr(command, "commands", None)
        found.update({f"{name} {n}": c for n, c in below.items()} if below else {name: command})
    return found


class TestHelp:
    def test_it_loads_nothing_heavy(self) -> None:
        """`grader --help` answers without nbgrader, pandas, sqlalchemy or jinja2."""
        code = "from typer.testing import CliRunner; import grader.cli as c\n"
        code += "assert CliRunner().invoke(c.app, ['--help']).exit_code == 0"

        assert set() == loaded_by(code)

    @pytest.mark.parametrize("name", commands())
    def test_every_command_ends_its_help_with_an_example(self, name: str) -> None:
        """Each verb's help ends with a line that can be typed."""
        epilog = commands()[name].epilog or ""

        assert re.fullmatch(r"Example: `grader .+`", epilog)
        assert 0 == CliRunner().invoke(app, [*name.split(), "--help"]).exit_code


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, miniature: Path, spring: Path) -> Path:
    """Give a working directory beside the miniature's course, with a cohort called demo in it."""
    place = tmp_path_factory.mktemp("work")
    shutil.copytree(miniature, place, dirs_exist_ok=True)
    shutil.copytree(spring, place / "demo")
    text = (place / "demo/cohort.toml").read_text(encoding="utf-8")
    (place / "demo/cohort.toml").write_text(re.sub(r'course = ".*"', 'course = ".."', text))
    return place


IN_ORDER = (
    "build",
    "cohort new",
    "cohort sync",
    "release",
    "collect",
    "autograde",
    "regrade",
    "feedback",
    "report",
    "doctor",
)


class TestExamples:
    def test_the_examples_of_a_week_run_in_order(self, week: Path) -> None:
        """The examples in the help, typed one after another, take a cohort through a week."""
        for name in IN_ORDER:
            words = (
                commands()[name].epilog.removeprefix("Example: `grader ").removesuffix("`").split()
            )
            done = grader(*words, cwd=week)

            assert (0, words) == (done.returncode, words), done.stderr

    def test_the_examples_that_take_long_are_tried_elsewhere(self) -> None:
        """`grader check` and `grader demo` have tests of their own; no other example is left out."""
        assert {"check", "demo"} == commands().keys() - set(IN_ORDER)


class TestContract:
    def test_autograde_prints_one_object_a_line(self, term: Term) -> None:
        """`--json` gives hub, participant, week, outcome, score and one entry for each graded cell."""
        term.releases()
        term.participant("ada").hands_in(
            RIGHT | {"t1": "def double(n):\n    return abs(n) * 2"}, before_due=timedelta(hours=1)
        )
        term.collects()
        done = grader(
            "autograde", "week01", "--json", "--course", str(term.root), cwd=term.directory
        )

        [told] = [json.loads(line) for line in done.stdout.splitlines()]
        tasks = {task["task"]: task for task in told.pop("tasks")}
        assert {
            "hub": "sheffield",
            "participant": "ada",
            "week": "week01",
            "outcome": "finished",
            "score": 3.0,
            "max_score": 7.0,
        } == told
        assert {
            "notebook": "week01",
            "task": "t1_more",
            "score": 0.0,
            "max": 2.0,
            "verdict": "failed",
            "hint": "W01.T1.M2",
            "may_be_forged": False,
        } == tasks["t1_more"]
        assert 0 == done.returncode

    def test_a_broken_hand_in_needs_a_person(self, term: Term) -> None:
        """Work that could not be marked is exit status 1, with its reason on the screen."""
        term.releases()
        term.participant("ada").hands_in_file(b"not a notebook")
        term.collects()
        done = grader("autograde", "week01", "--course", str(term.root), cwd=term.directory)

        assert 1 == done.returncode
        assert "not_a_notebook" in done.stdout

    def test_what_is_wrong_is_said_all_at_once(self, term: Term) -> None:
        """Mistakes in both files are told together, with file and line; exit status 2."""
        term.edit("cohort.toml", "starts", "stars")
        term.edit("roster.csv", "", "ADA,participant,sheffield,m01,,\n")
        done = grader("report", "--course", str(term.root), cwd=term.directory)

        assert 2 == done.returncode
        assert "" == done.stdout
        assert all(word in done.stderr for word in ("cohort.toml:", "stars", "roster.csv:7"))

    def test_an_unknown_week_is_answered_with_the_probable_one(self, term: Term) -> None:
        """A mistyped week names the one that was meant."""
        done = grader("release", "week1", "--course", str(term.root), cwd=term.directory)

        assert 2 == done.returncode
        assert "Did you mean week01?" in done.stderr

    def test_no_command_shows_a_traceback(self, tmp_path: Path) -> None:
        """Outside of any cohort the answer is a sentence, not a traceback."""
        done = grader("collect", "week01", cwd=tmp_path)

        assert 2 == done.returncode
        assert "Traceback" not in done.stderr


def test_the_makefile_lists_its_targets() -> None:
    """`make` alone lists the targets with a line each."""
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert {"demo", "test", "test-all"} <= {line.split()[1] for line in told.splitlines()}
