"""Formgrader's buttons in a hub's course: the kit answers them, and nobody's code runs as its reader."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from grader import ledger, notebooks
from grader.engine import buttons, exchange, gradebook, settings
from grader.processes import Ran
from tests.conftest import RIGHT, Term
from tests.engine.formgrader import Formgrader, formgrader_in

BIN = Path(sys.executable).parent
HOUR = timedelta(hours=1)
# Ada's work is honest with one mistake; Ben's is written to harm whoever marks or reads it.
ADAS = RIGHT | {
    "t2": "def long_words(text):\n    return len(text.split())",
    "reflection": "Visits.",
}
BENS = """\
import os, pathlib
try:
    pathlib.Path({sentinel!r}).write_text("Ben was here")
except OSError:
    pass
os.system("echo Ben was here > {sentinel}")
for place in {places!r}:
    try:
        print(pathlib.Path(place).read_bytes())
    except OSError:
        print("nothing")
print(os.environ.get("INSTRUCTOR_TOKEN", "nothing"))

from IPython.display import HTML, Javascript
display(HTML("<script>alert('from an output')</script><img src=x onerror=alert(1)>"))
display(Javascript("alert('from an output')"))

class Anything(int):
    __eq__ = __req__ = lambda self, other: True
    __hash__ = None

def double(number):
    return number + 2
"""
SCRIPT = "Ours.\n\n<script>alert('from an answer')</script>\n\n[here](javascript:alert(1))"


@dataclass
class Pressed:
    """Hold one term in which the buttons were pressed, and what each of them answered."""

    term: Term
    home: Path
    sentinel: Path
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    formgrader: Formgrader | None = None

    def page(self, person: str) -> str:
        """Open formgrader's page of one person's work, as to mark the reflection."""
        assert self.formgrader is not None
        listed = json.loads(self.formgrader.reads("/api/submitted_notebooks/week01/week01"))
        number = next(one["id"] for one in listed if one["student"] == person)
        return self.formgrader.reads(f"/submissions/{number}/?index=0")

    def points(self, person: str) -> dict[str, float | None]:
        return {m.cell: m.points for m in gradebook.marks(self.home, "week01", person)}

    def written(self, step: str, person: str) -> dict[str, bytes]:
        folder = self.home / step / person / "week01"
        return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


class Live(HTMLParser):
    """Gather what a browser would run of a page: scripts, handlers, links that are scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(value or "")

    def handle_data(self, data: str) -> None:
        if self.in_script:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False


def live(page: str) -> list[str]:
    reader = Live()
    reader.feed(page)
    return reader.found


def hostile_notebook(term: Term, sentinel: Path) -> bytes:
    """Write what Ben hands in: code that pries and forges, checks that are gone, flags turned round."""
    home = term.home("sheffield")
    place = term.participant("ben").place
    folder = exchange.fetch(place, "week01", at=term.due - HOUR)
    notebook = json.loads((folder / "week01.ipynb").read_text(encoding="utf-8"))
    places = [str(home / "source/week01/week01.ipynb"), str(home / "gradebook.db")]
    places += [str(term.directory / "roster.csv"), str(home / "nbgrader_config.py")]
    answers = {"t1": BENS.format(sentinel=str(sentinel), places=places), "reflection": SCRIPT}
    for cell in notebook["cells"]:
        settings = cell["metadata"].get("nbgrader", {})
        name = settings.get("grade_id", "")
        if name.endswith(("_check", "_more")):
            cell["source"] = "pass"
            cell["metadata"]["tags"] = ["skip-execution"]
            cell["metadata"]["nbgrader"] = settings | {"points": 99, "locked": False}
        cell["source"] = answers.get(name, cell["source"])
    return json.dumps(notebook).encode()


def handed_in(directory: Path, spring: Path, miniature: Path) -> Pressed:
    """Let Ada and Ben hand in at Sheffield, and collect; nothing is marked yet."""
    shutil.copytree(spring, directory / "spring")
    term = Term(directory / "spring", miniature)
    sentinel = directory / "sentinel"
    term.releases()
    term.participant("ada").hands_in(ADAS, before_due=HOUR)
    term.participant("ben").hands_in_file(hostile_notebook(term, sentinel))
    term.collects()
    # nbgrader itself copies through a link before anything else, as whoever marks.
    link = term.home("sheffield") / "submitted/ben/week01/roster.txt"
    link.symlink_to(term.directory / "roster.csv")
    return Pressed(term, term.home("sheffield"), sentinel)


@pytest.fixture
def waiting(tmp_path: Path, spring: Path, miniature: Path) -> Pressed:
    """Give a week that was collected and not marked."""
    return handed_in(tmp_path, spring, miniature)


@pytest.fixture(scope="module")
def pressed(
    tmp_path_factory: pytest.TempPathFactory, spring: Path, miniature: Path
) -> Iterator[Pressed]:
    """Press Autograde for Ada and for Ben, then Generate feedback for Ada and for all."""
    week = handed_in(tmp_path_factory.mktemp("formgrader"), spring, miniature)
    with formgrader_in(week.home, INSTRUCTOR_TOKEN="hidden-token") as week.formgrader:
        for name, path in (
            ("autograde ada", "/submission/week01/ada/autograde"),
            ("autograde ben", "/submission/week01/ben/autograde"),
            ("feedback ada", "/assignment/week01/ada/generate_feedback"),
            ("feedback all", "/assignment/week01/generate_feedback"),
        ):
            week.answers[name] = week.formgrader.presses(path)
        yield week


@pytest.fixture(scope="module")
def by_command(pressed: Pressed, tmp_path_factory: pytest.TempPathFactory) -> Pressed:
    """Give the same hand-ins, marked and handed back by the kit's own commands."""
    twin = tmp_path_factory.mktemp("twin") / "spring"
    shutil.copytree(pressed.term.directory, twin, symlinks=True)
    for left in ("autograded", "feedback", "gradebook.db", "ledger.db"):
        place = twin / "sheffield" / left
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    term = Term(twin, pressed.term.root)
    shutil.copy(twin / "london/gradebook.db", twin / "sheffield/gradebook.db")
    term.syncs()
    (twin / "sheffield/released.json").unlink()
    term.releases(), term.marks(), term.hands_back()
    return Pressed(term, term.home("sheffield"), pressed.sentinel)


class TestAutograde:
    def test_it_says_that_it_worked_and_what_was_run(self, pressed: Pressed) -> None:
        """The button's log names the kit's command, the outcome and the points."""
        answer = pressed.answers["autograde ada"]

        assert (True, None) == (answer["success"], answer.get("error"))
        assert "grader autograde --cohort" in answer["log"]
        assert "ada: finished, 3 of 7 points, 1 still without a mark" in answer["log"]

    def test_the_marks_are_the_kits(self, pressed: Pressed, by_command: Pressed) -> None:
        """What the button writes to the gradebook is what `grader autograde` writes."""
        people = ("ada", "ben")

        assert {p: by_command.points(p) for p in people} == {p: pressed.points(p) for p in people}

    def test_the_marked_notebook_is_the_kits(self, pressed: Pressed, by_command: Pressed) -> None:
        """The folder that formgrader shows is the one that `grader autograde` writes."""
        assert by_command.written("autograded", "ada") == pressed.written("autograded", "ada")

    def test_the_ledger_tells_of_it(self, pressed: Pressed) -> None:
        """Each press is an attempt in the ledger, with the sandbox it ran in."""
        entries = ledger.entries(pressed.home / "ledger.db")

        assert ["ada", "ben"] == [entry.participant for entry in entries]
        assert "none" not in {entry.sandbox for entry in entries}

    def test_formgrader_shows_the_result(self, pressed: Pressed) -> None:
        """Formgrader's list knows the marks, and that the reflection waits for a person."""
        assert pressed.formgrader is not None
        shown = json.loads(pressed.formgrader.reads("/api/submission/week01/ada"))

        assert (True, 3.0, True) == (
            shown["autograded"],
            shown["score"],
            shown["needs_manual_grade"],
        )


class TestHostileWork:
    def test_nothing_is_written(self, pressed: Pressed) -> None:
        """Pressing every button left no trace of Ben's code outside its sandbox."""
        assert not pressed.sentinel.exists()

    def test_nothing_is_read(self, pressed: Pressed) -> None:
        """Ben's code found no hidden check, gradebook, roster, configuration or token."""
        marked = notebooks.read(pressed.home / "autograded/ben/week01/week01.ipynb")
        [answer] = [
            c for c in marked.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "t1"
        ]
        printed = "".join(o.text for o in answer.outputs if o.output_type == "stream")

        assert 5 * ["nothing"] == printed.splitlines()

    def test_nothing_is_read_through_a_link(self, pressed: Pressed) -> None:
        """A link in Ben's folder brings no file of ours into what is marked or handed back."""
        written = pressed.written("autograded", "ben") | pressed.written("feedback", "ben")

        assert [] == [name for name, text in written.items() if b"ada@example.org" in text]

    def test_the_mark_is_the_honest_one(self, pressed: Pressed) -> None:
        """Forged answers, emptied checks and raised points earn nothing; the reflection waits."""
        nothing = dict.fromkeys(("t1_check", "t1_more", "t2_check", "t2_more"), 0.0)

        assert nothing | {"reflection": None} == pressed.points("ben")

    def test_reading_it_in_formgrader_runs_nothing(self, pressed: Pressed) -> None:
        """The page a mentor marks on holds no script, handler or script link of Ben's."""
        page = pressed.page("ben")

        assert "Ours." in page
        assert any("toggle_name" in code for code in live(page))  # formgrader's own
        assert [] == [code for code in live(page) if "alert" in code]

    def test_his_feedback_holds_no_script(self, pressed: Pressed) -> None:
        """The page made for Ben has no script in it at all."""
        assert b"<script" not in pressed.written("feedback", "ben")["week01.html"]


class TestGenerateFeedback:
    def test_the_page_is_the_kits(self, pressed: Pressed, by_command: Pressed) -> None:
        """What the button makes is the page that `grader feedback` hands back."""
        assert (True, True) == tuple(
            pressed.answers[f"feedback {who}"]["success"] for who in ("ada", "all")
        )
        for person in ("ada", "ben"):
            made = pressed.written("feedback", person)["week01.html"]
            assert by_command.written("feedback", person)["week01.html"] == made

    def test_it_goes_back_by_release_feedback_only(self, pressed: Pressed) -> None:
        """Until Release feedback is pressed Ada finds no page; then she fetches it."""
        assert pressed.formgrader is not None
        ada = pressed.term.participant("ada").place
        before = [*ada.exchange.glob("*/feedback/*")]
        answer = pressed.formgrader.presses("/assignment/week01/ada/release_feedback")
        after = exchange.fetch_feedback(ada, "week01", at=pressed.term.due + HOUR)

        assert ([], True, 1) == (before, answer["success"], len(after))


class TestTyped:
    def test_nbgrader_autograde_is_the_kits_too(self, waiting: Pressed) -> None:
        """`nbgrader autograde` in a hub's course runs nobody's code as whoever types it."""
        done = nbgrader("autograde", "week01", cwd=waiting.home)

        assert (0, False) == (done.returncode, waiting.sentinel.exists())
        assert (3.0, 0.0) == tuple(
            sum(points or 0.0 for points in waiting.points(who).values()) for who in ("ada", "ben")
        )

    def test_it_is_from_another_directory_as_well(self, waiting: Pressed) -> None:
        """--course-dir leads to the same configuration; --student narrows it."""
        elsewhere = waiting.term.directory.parent
        done = nbgrader(
            *("autograde", "week01", "--student", "ada", "--course-dir", str(waiting.home)),
            cwd=elsewhere,
        )

        assert 0 == done.returncode
        assert ["ada"] == [e.participant for e in ledger.entries(waiting.home / "ledger.db")]


class TestRefusal:
    def test_nothing_is_half_done(self, waiting: Pressed) -> None:
        """Where the kit refuses, the button says why and what to run, and what stood stays."""
        waiting.term.marks()
        before = waiting.points("ada"), waiting.written("autograded", "ada")
        line = "ada,participant,sheffield,m01,Ada Example,ada@example.org\n"
        waiting.term.edit("roster.csv", line, "")
        done = nbgrader("autograde", "week01", "--student", "ada", "--force", cwd=waiting.home)

        assert 1 == done.returncode
        assert "ada is not on the roster" in done.stderr
        assert "Then run: grader autograde --cohort" in done.stderr
        assert before == (waiting.points("ada"), waiting.written("autograded", "ada"))

    def test_feedback_that_waits_for_a_mentor_is_not_made(self, waiting: Pressed) -> None:
        """Where the cohort's feedback waits for a mentor, the button makes none before."""
        waiting.term.edit(
            "cohort.toml", 'feedback = "at once"', 'feedback = "when a mentor has looked"'
        )
        waiting.term.marks()
        done = nbgrader("generate_feedback", "week01", cwd=waiting.home)

        assert (1, False) == (done.returncode, (waiting.home / "feedback/ada").exists())
        assert "ada: feedback waiting" in done.stderr


class TestToldHonestly:
    """What nbgrader hears of a run of the kit's; the run itself is made up here."""

    def test_a_run_that_broke_off_is_not_called_done(
        self, waiting: Pressed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A kit that broke, and one that found nothing to do, leave the button with an error."""
        for ran in (Ran(1, "", "Traceback (most recent call last):\n"), Ran(0, "", "")):
            monkeypatch.setattr(buttons, "run_python", lambda *_, ran=ran, **__: ran)
            with pytest.raises(NbGraderException, match="did not come to its end"):
                press(waiting.home)

    def test_who_could_not_be_marked_is_named(
        self, waiting: Pressed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A machine's failure over one submission is no success, though the run came to its end."""
        told = {"participant": "ada", "outcome": "could_not_mark", "max_score": 0, "tasks": []}
        ran = Ran(1, json.dumps(told), "sheffield: ada: no space left\n")
        monkeypatch.setattr(buttons, "run_python", lambda *_, **__: ran)

        with pytest.raises(NbGraderException, match="ada: could_not_mark"):
            press(waiting.home)

    def test_a_submission_that_ended_otherwise_was_marked(
        self, waiting: Pressed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Work that took too long is marked all the same: the button worked, and the log says it."""
        told = {"participant": "ada", "outcome": "timed_out", "max_score": 7, "tasks": []}
        ran = Ran(1, json.dumps(told), "sheffield: ada: it took too long\n")
        monkeypatch.setattr(buttons, "run_python", lambda *_, **__: ran)

        press(waiting.home)
        assert not (waiting.home / "autograded").exists()  # nbgrader did nothing of its own


def press(home: Path) -> None:
    config = settings.config(home)
    directory = settings.course_directory(config, week="week01", participant="ada")
    Autograde(coursedir=directory, config=config).start()


class TestStartedElsewhere:
    @pytest.mark.sweep
    def test_by_an_operators_configuration(self, waiting: Pressed, tmp_path: Path) -> None:
        """An operator's configuration may name the hub's course; the hub's own is read beside it."""
        place = tmp_path / "settings"
        place.mkdir()
        (place / "nbgrader_config.py").write_text(
            f"c = get_config()\nc.CourseDirectory.root = {str(waiting.home)!r}\n"
        )
        with formgrader_in(tmp_path, JUPYTER_CONFIG_DIR=str(place)) as waiting.formgrader:
            answer = waiting.formgrader.presses("/submission/week01/ben/autograde")
            found = live(waiting.page("ben"))

        assert (True, False) == (answer["success"], waiting.sentinel.exists())
        assert [] == [code for code in found if "alert" in code]

    def test_as_formgrader_local(self, waiting: Pressed) -> None:
        """Formgrader (local) leads a running server to the hub: button and page are the kit's at once."""
        with formgrader_in(waiting.home.parent) as waiting.formgrader:
            waiting.formgrader.reads(f"?path={waiting.home.name}")
            answer = waiting.formgrader.presses("/submission/week01/ben/autograde")
            found = live(waiting.page("ben"))

        assert (True, False) == (answer["success"], waiting.sentinel.exists())
        assert [] == [code for code in found if "alert" in code]


def nbgrader(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/tmp"), "LANG": "C.UTF-8"}
    return subprocess.run(
        [str(BIN / "nbgrader"), *arguments],
        cwd=cwd,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
