"""People and places for the tests: a miniature course, a cohort on it, and participants who act."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grader import course, notebooks, roster
from grader.autograde import autograde
from grader.collect import Collected, collect
from grader.engine import exchange
from grader.feedback import Returned, feedback
from grader.marks import Marked
from grader.processes import tier
from grader.programme import Cohort, Hub, Programme, Week
from grader.release import Released, release
from grader.report import report
from grader.sync import sync
from tests import figures
from tests.bench.worlds import World, make_world

ROOT = Path(__file__).parent.parent
MINIATURE = ROOT / "tests" / "miniature"

RIGHT = {
    "t1": "def double(number):\n    return number * 2",
    "t2": "def long_words(text):\n    return sum(len(word) > 4 for word in text.split())",
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many inputs were tried and runs killed."""
    for line in figures.lines():
        terminalreporter.write_line(f"counted: {line}")


ROSTER = """\
id,role,hub,mentor,name,email
m01,mentor,sheffield,,,
m02,mentor,london,,,
ada,participant,sheffield,m01,Ada Example,ada@example.org
ben,participant,sheffield,m01,,
cleo,participant,london,m02,,
"""


@pytest.fixture(scope="session")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the miniature course."""
    copied = tmp_path_factory.mktemp("course") / "miniature"
    shutil.copytree(MINIATURE, copied)
    return copied


def leave_to_nbgrader(home: Path) -> None:
    """Make a hub's course plain nbgrader's again, the way its configuration file says."""
    file = home / "nbgrader_config.py"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert 2 == sum(".exporter_class = " in line for line in lines)
    kept = [f"# {line}" if ".exporter_class = " in line else line for line in lines]
    file.write_text("".join(kept), encoding="utf-8")


class Actor:
    """Be a participant who fetches, answers and hands in, through nbgrader's exchange."""

    def __init__(self, term: "Term", name: str) -> None:
        self.term, self.name = term, name

    @property
    def place(self) -> exchange.Workplace:
        cohort = self.term.cohort
        person = cohort.participant(self.name)
        hub = cohort.hub(person.hub if person else "sheffield")
        folder = cohort.directory / "people" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return exchange.Workplace(self.name, folder, cohort.course_id(hub), cohort.exchange)

    def hands_in(self, answers: Mapping[str, str], *, before_due: timedelta) -> datetime:
        """Hand in *answers* so long before the hub's due time (after it, if negative)."""
        at = self.term.due - before_due
        file = (
            exchange.fetch(self.place, self.term.week.name, at=at) / f"{self.term.week.name}.ipynb"
        )
        filled = notebooks.with_answers(notebooks.read(file), answers)
        file.write_text(notebooks.text(filled), encoding="utf-8")
        exchange.submit(self.place, self.term.week.name, at=at)
        return at

    def hands_in_file(self, content: bytes, *, before_due: timedelta = timedelta(hours=1)) -> None:
        """Hand in a file of these bytes instead of the notebook."""
        at = self.term.due - before_due
        file = (
            exchange.fetch(self.place, self.term.week.name, at=at) / f"{self.term.week.name}.ipynb"
        )
        file.write_bytes(content)
        exchange.submit(self.place, self.term.week.name, at=at)


class Term:
    """Run a cohort through the first week of the miniature course, on a clock of its own."""

    def __init__(self, directory: Path, root: Path) -> None:
        self.directory, self.root = directory, root
        self.programme: Programme = course.read_programme(root)
        self.week: Week = self.programme.weeks[0]

    @property
    def cohort(self) -> Cohort:
        return roster.read_cohort(self.directory, self.programme)

    @property
    def due(self) -> datetime:
        return self.cohort.timetable.due_for_all(self.week)

    def participant(self, name: str) -> Actor:
        return Actor(self, name)

    def edit(self, file: str, old: str, new: str) -> None:
        """Edit cohort.toml or roster.csv as an instructor would; an empty *old* appends."""
        path = self.directory / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    def syncs(self) -> None:
        sync(self.cohort, self.programme)

    def releases(self, *hubs: Hub) -> list[Released]:
        solution = course.solution(self.root, self.week.name)
        at = self.cohort.timetable.released(self.week)
        return list(release(self.cohort, self.week, solution, hubs or self.cohort.hubs, now=at))

    def collects(self) -> dict[str, Collected]:
        now = self.due + timedelta(days=2)
        return {
            c.participant: c for c in collect(self.cohort, self.week, self.cohort.hubs, now=now)
        }

    def marks(self, only: str | None = None) -> dict[str, Marked]:
        now = self.due + timedelta(days=2)
        marked = autograde(
            self.cohort, self.week, self.cohort.hubs, tier=tier(), now=lambda: now, only=only
        )
        return {m.participant: m for m in marked}

    def hands_back(self, only: str | None = None, keep_back: bool = False) -> dict[str, Returned]:
        now, hints = self.due + timedelta(days=2), course.all_hints(self.root, self.programme)
        returned = feedback(
            self.cohort,
            self.week,
            self.cohort.hubs,
            hints,
            now=now,
            only=only,
            keep_back=keep_back,
        )
        return {r.participant: r for r in returned}

    def home(self, hub: str) -> Path:
        return self.directory / hub


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory, miniature: Path) -> Path:
    """Make once what every term starts from: nbgrader takes seconds to make a gradebook."""
    directory = tmp_path_factory.mktemp("cohort") / "spring"
    roster.new_cohort(
        directory,
        starts=datetime.fromisoformat("2027-01-11").date(),
        hubs=["sheffield", "london"],
        name="2027-spring",
        course=miniature,
    )
    (directory / "roster.csv").write_text(ROSTER, encoding="utf-8")
    Term(directory, miniature).syncs()
    return directory


@pytest.fixture
def term(tmp_path: Path, spring: Path, miniature: Path) -> Term:
    """Give a cohort of two hubs, Sheffield (ada, ben) and London (cleo), with nothing released."""
    shutil.copytree(spring, tmp_path / "spring")
    return Term(tmp_path / "spring", miniature)


def run_demo(directory: Path) -> str:
    """Run `grader demo` and give what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "grader", "demo", str(directory)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run `grader demo` once; give its directory and what it printed. Nobody changes it."""
    directory = tmp_path_factory.mktemp("here") / "demo"
    return directory, run_demo(directory)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Give sixty people in three hubs after four weeks, with their pages written."""
    made = make_world(tmp_path_factory.mktemp("world") / "cohort", people=60, weeks=4, seed=3)
    report(made.cohort, made.programme, made.hints, now=made.now)
    return made
