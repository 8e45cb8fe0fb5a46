"""A check turned out to be faulty: it is mended, and everybody sees what that changes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from grader import autograde as autograding
from grader import digests, ledger, notebooks
from grader.engine import exchange, gradebook
from grader.errors import CohortError
from grader.marks import Marked, Outcome, Verdict
from grader.processes import tier
from grader.regrade import Regraded, Regrading
from tests.conftest import RIGHT, Term

HOUR = timedelta(hours=1)
LOSES_SIGN = {"t1": "def double(number):\n    return abs(number) * 2"}
NEGATIVE = "(-2, -4), "
CHECKS = "course/weeks/week01/week01_checks.py"
NOTEBOOK = "solutions/week01/week01.ipynb"


@pytest.fixture(scope="module")
def marked_once(tmp_path_factory: pytest.TempPathFactory, spring: Path, miniature: Path) -> Path:
    """Make once a week that is marked: Ada is right, Ben loses the sign, Cleo did nothing."""
    place = tmp_path_factory.mktemp("marked")
    term = _at(place, spring, miniature)
    term.releases()
    term.participant("ada").hands_in(RIGHT | {"reflection": "Visits."}, before_due=HOUR)
    term.participant("ben").hands_in(RIGHT | LOSES_SIGN | {"reflection": "Calls."}, before_due=HOUR)
    term.participant("cleo").hands_in({}, before_due=HOUR)
    term.collects(), term.marks()
    gradebook.mark_by_hand(term.home("sheffield"), "week01", "ada", "reflection", 2, "Yes.")
    return place


@pytest.fixture
def marked(tmp_path: Path, marked_once: Path) -> Term:
    """Give that week with a course of its own, which may be mended."""
    return _at(tmp_path, marked_once / "spring", marked_once / "course")


def _at(place: Path, cohort: Path, course: Path) -> Term:
    shutil.copytree(cohort, place / "spring")
    shutil.copytree(course, place / "course")
    term = Term(place / "spring", place / "course")
    file = term.directory / "cohort.toml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(
        "".join(f'course = "{place / "course"}"\n' if w.startswith("course") else w for w in lines),
        encoding="utf-8",
    )
    return term


def mends_the_check(term: Term) -> None:
    """Let the author take out the negative numbers, which nobody had asked for."""
    replaces(term, CHECKS, NEGATIVE, "")


def replaces(term: Term, file: str, old: str, new: str) -> None:
    path = term.root / file
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def edits_cells(term: Term, edit: Callable[[dict[str, object]], None]) -> None:
    """Edit the week's notebook; *edit* gets its cells by name, and may change what they hold."""
    path = term.root / NOTEBOOK
    notebook = notebooks.read(path)
    edit({notebooks.grade_id(cell): cell for cell in notebook.cells})
    path.write_text(notebooks.text(notebook), encoding="utf-8")


def takes_out(term: Term, name: str) -> None:
    path = term.root / NOTEBOOK
    notebook = notebooks.read(path)
    notebook.cells = [cell for cell in notebook.cells if notebooks.grade_id(cell) != name]
    path.write_text(notebooks.text(notebook), encoding="utf-8")


def adds_a_check(term: Term) -> None:
    path = term.root / NOTEBOOK
    notebook = notebooks.read(path)
    place = next(n for n, c in enumerate(notebook.cells) if notebooks.grade_id(c) == "t1_more")
    text = json.loads(json.dumps(notebook.cells[place]))
    fresh = type(notebook.cells[place])(text)
    fresh["id"] = "t1_zero"
    fresh.metadata = notebook.cells[place].metadata.copy()
    fresh.metadata["nbgrader"] = {**fresh.metadata["nbgrader"], "grade_id": "t1_zero", "points": 1}
    fresh.source = "assert 0 == double(0)"
    notebook.cells.insert(place + 1, fresh)
    path.write_text(notebooks.text(notebook), encoding="utf-8")


def regrades(term: Term, *, apply: bool = False, only: str | None = None) -> dict[str, Regraded]:
    now = term.due + timedelta(days=3)
    with Regrading(term.cohort, term.week, term.cohort.hubs, term.root) as journey:
        done = journey.run(tier=tier(), now=lambda: now, apply=apply, only=only)
        return {each.participant: each for each in done}


def changes(term: Term) -> set[tuple[str, str]]:
    with Regrading(term.cohort, term.week, term.cohort.hubs, term.root) as journey:
        return {(change.what, change.where) for change in journey.changes()}


def points(term: Term, person: str, hub: str = "sheffield") -> dict[str, float | None]:
    return {m.cell: m.points for m in gradebook.marks(term.home(hub), "week01", person)}


def entries(term: Term, person: str) -> list[ledger.Entry]:
    return [
        entry
        for entry in ledger.entries(term.home("sheffield") / "ledger.db")
        if entry.participant == person
    ]


class TestShowing:
    def test_g2_those_the_faulty_check_hit_would_move(self, marked: Term) -> None:
        """G2: Ben would move from 0 to 2 and is told why; Ada and Cleo would stay."""
        mends_the_check(marked)
        told = regrades(marked)

        [move] = [move for move in told["ben"].cells if move.moved]
        assert ("t1_more", 0, 2, Verdict.FAILED, "W01.T1.M2", Verdict.PASSED) == (
            move.cell,
            move.was,
            move.points,
            move.verdict_was,
            move.hint_was,
            move.verdict,
        )
        assert {"ada": "stays", "ben": "moves", "cleo": "stays"} == {
            person: done.what for person, done in told.items()
        }

    def test_g2_showing_writes_nothing(self, marked: Term) -> None:
        """G2: without --apply not a byte of the cohort changes."""
        mends_the_check(marked)
        before = digests.of_folder(marked.directory)
        regrades(marked)

        assert before == digests.of_folder(marked.directory)

    def test_what_changed_in_the_week_is_named(self, marked: Term) -> None:
        """Checks, points and modules that changed are named; what stayed is not."""
        mends_the_check(marked)

        def edit(cells: dict[str, object]) -> None:
            cells["t2_check"].metadata["nbgrader"]["points"] = 2
            cells["t2_more"].source += "\n# Said better."

        edits_cells(marked, edit)

        assert {
            ("points changed", "t2_check"),
            ("check changed", "t2_more"),
            ("module changed", "week01_checks.py"),
        } == changes(marked)

    def test_one_person_may_be_looked_at_alone(self, marked: Term) -> None:
        """`--participant` shows one person."""
        mends_the_check(marked)

        assert ["ben"] == list(regrades(marked, only="ben"))

    def test_nobody_moves_where_nothing_changed(self, marked: Term) -> None:
        """Without a change nobody is marked at all."""
        assert ({"stays"}, set()) == (
            {done.what for done in regrades(marked).values()},
            changes(marked),
        )


class TestApplying:
    def test_both_marks_stay_in_the_ledger(self, marked: Term) -> None:
        """The gradebook has the new mark, the ledger the old one too, and what it stood on."""
        mends_the_check(marked)
        regrades(marked, apply=True)

        old, new = entries(marked, "ben")
        marks = [{m.cell: m.points for m in entry.marks}["t1_more"] for entry in (old, new)]
        assert [0, 2] == marks
        assert 2 == points(marked, "ben")["t1_more"]
        assert ("regrade", old.versions["source"], old.versions["checks"]) == (
            new.versions["why"],
            new.versions["source_before"],
            new.versions["checks_before"],
        )

    def test_a_second_time_nobody_moves(self, marked: Term) -> None:
        """Applied twice, the second finds all done and marks nobody."""
        mends_the_check(marked)
        regrades(marked, apply=True)
        again = regrades(marked, apply=True)

        assert {"stays"} == {done.what for done in again.values()}
        assert 2 == len(entries(marked, "ben"))

    def test_g4_marks_and_comments_by_hand_stay(self, marked: Term) -> None:
        """G4: what a person gave, on an answer or over a check, stands as it was, and is told."""
        home = marked.home("sheffield")
        gradebook.mark_by_hand(home, "week01", "ben", "t1_more", 1.5)
        mends_the_check(marked)
        told = regrades(marked, apply=True)

        assert ["t1_more"] == [move.cell for move in told["ben"].by_hand]
        assert 1.5 == points(marked, "ben")["t1_more"]
        assert 2 == points(marked, "ada")["reflection"]
        assert {"reflection": "Yes."} == gradebook.comments(home, "week01", "ada")

    def test_g4_a_hand_mark_on_other_points_waits_for_its_giver(self, marked: Term) -> None:
        """G4: where the reflection is worth four now, the two that Ada has are looked at again."""

        def edit(cells: dict[str, object]) -> None:
            cells["reflection"].metadata["nbgrader"]["points"] = 4

        edits_cells(marked, edit)
        regrades(marked, apply=True)

        with gradebook.opened(marked.home("sheffield")) as book:
            grade = book.find_grade("reflection", "week01", "week01", "ada")
            assert (2.0, 4.0, True) == (
                grade.manual_score,
                grade.max_score,
                grade.needs_manual_grade,
            )

    def test_changed_points_move_everybody(self, marked: Term) -> None:
        """A check that is worth more counts more, in nbgrader's own totals as well."""

        def edit(cells: dict[str, object]) -> None:
            cells["t2_more"].metadata["nbgrader"]["points"] = 3

        edits_cells(marked, edit)
        told = regrades(marked, apply=True)

        assert {"moves"} == {done.what for done in told.values()}
        assert 3 == points(marked, "ada")["t2_more"]
        with gradebook.opened(marked.home("sheffield")) as book:
            assert 9 == book.find_assignment("week01").max_score

    def test_a_check_is_added(self, marked: Term) -> None:
        """A new check marks the answers that were handed in before it was there."""
        adds_a_check(marked)
        told = regrades(marked, apply=True)

        assert (1, 0) == (
            points(marked, "ben")["t1_zero"],
            points(marked, "cleo", "london")["t1_zero"],
        )
        assert ("t1_zero", None, 1) == next(
            (m.cell, m.was_out_of, m.out_of) for m in told["ben"].cells if m.moved
        )

    def test_a_check_is_taken_out(self, marked: Term) -> None:
        """A check that cannot be mended is taken out: it counts for nobody, and the rest stays."""
        takes_out(marked, "t1_more")
        regrades(marked, apply=True)

        assert {"t1_check": 1, "t2_check": 1, "t2_more": 1, "reflection": None} == points(
            marked, "ben"
        )
        assert "t1_more" in {mark.cell for mark in entries(marked, "ben")[0].marks}

    def test_g5_a_check_with_a_mark_by_hand_is_not_taken_out(self, marked: Term) -> None:
        """G5: a mark that a person gave would be lost with the check, so that is refused."""
        gradebook.mark_by_hand(marked.home("sheffield"), "week01", "ben", "t1_more", 1.5)
        takes_out(marked, "t1_more")

        with pytest.raises(CohortError, match="`t1_more` is gone, and ben has a mark by hand"):
            regrades(marked, apply=True)

    def test_g5_no_other_question_is_slipped_in(self, marked: Term) -> None:
        """G5: an answer cell that is gone is refused, for people have handed it in."""
        takes_out(marked, "t2")

        with pytest.raises(CohortError, match="answer cell `t2` is gone"):
            regrades(marked)

    def test_g3_it_counts_for_everybody(self, marked: Term) -> None:
        """G3: a mended check is not applied to one person alone."""
        mends_the_check(marked)

        with pytest.raises(CohortError, match="counts for everybody"):
            regrades(marked, apply=True, only="ben")

    def test_g3_who_left_keeps_the_marks_and_troubles_nobody(self, marked: Term) -> None:
        """G3: Ben has left: his marks stay, and autograde does not ask for a regrade because of them."""
        marked.edit("roster.csv", "ben,participant,sheffield,m01,,\n", "")
        mends_the_check(marked)
        told = regrades(marked, apply=True)

        assert {"ada", "cleo"} == set(told)
        assert 0 == points(marked, "ben")["t1_more"]
        assert [] == autogrades(marked)

    def test_g6_nobody_is_told_of_changes_they_did_not_make(self, marked: Term) -> None:
        """G6: who worked on the first release reads nothing of checks that were put back."""

        def edit(cells: dict[str, object]) -> None:
            cells["t1_check"].source = 'assert 8 == double(4), "Eight was expected."'
            cells["t1_check"].metadata["nbgrader"]["points"] = 2
            cells["t2"].source = cells["t2"].source.replace("Return how many", "Count how many")

        edits_cells(marked, edit)
        adds_a_check(marked)
        regrades(marked, apply=True)
        folder = marked.home("sheffield") / "autograded"

        notes = [
            json.loads((folder / name / "week01/marking-notes.json").read_text())["put_back"]
            for name in ("ada", "ben")
        ]
        assert [[], []] == notes

    def test_g6_an_answer_never_begun_stays_one(self, marked: Term) -> None:
        """G6: the words of the first release are no answer, though the mended release has others."""

        def edit(cells: dict[str, object]) -> None:
            cells["reflection"].source = "Somebody.\n\n" + cells["reflection"].source

        edits_cells(marked, edit)
        regrades(marked, apply=True)

        assert 0 == points(marked, "cleo", "london")["reflection"]

    def test_g7_late_joiners_fetch_the_mended_week(self, marked: Term) -> None:
        """G7: the exchange has the mended exercise, and what Ada fetched stays as it is."""

        def edit(cells: dict[str, object]) -> None:
            cells["t1_check"].source = 'assert 8 == double(4), "Eight was expected."'

        edits_cells(marked, edit)
        ada = marked.participant("ada").place.folder / "week01/week01.ipynb"
        before = ada.read_bytes()
        regrades(marked, apply=True)
        late = exchange.fetch(marked.participant("zoe").place, "week01", at=marked.due)

        assert "Eight was expected." in (late / "week01.ipynb").read_text(encoding="utf-8")
        assert before == ada.read_bytes()

    def test_feedback_that_went_back_is_renewed(self, marked: Term) -> None:
        """Who has had feedback is told, and the next hand-back renews it for those who moved."""
        marked.hands_back()
        mends_the_check(marked)
        told = regrades(marked, apply=True)
        renewed = {person: done.what for person, done in marked.hands_back().items()}

        assert told["ben"].handed_back
        assert {"ada": "unchanged", "ben": "renewed", "cleo": "unchanged"} == renewed

    def test_work_not_marked_yet_is_for_autograde(self, marked: Term) -> None:
        """A newer hand-in is not marked by regrade, and afterwards by the mended check."""
        marked.participant("ben").hands_in(RIGHT | LOSES_SIGN, before_due=HOUR / 2)
        marked.collects()
        mends_the_check(marked)
        told = regrades(marked, apply=True)
        marked.marks()

        assert "not marked" == told["ben"].what
        assert 2 == points(marked, "ben")["t1_more"]

    def test_a_check_that_cannot_decide_asks_for_a_person(self, marked: Term) -> None:
        """A mended check that cannot cross to the answer is undecided, and that is said."""

        def edit(cells: dict[str, object]) -> None:
            cells["t1_more"].source = "get_ipython().run_line_magic('pwd', '')"

        edits_cells(marked, edit)

        assert "undecided" == regrades(marked)["ada"].what


class TestStopping:
    @pytest.mark.parametrize(
        "step",
        [
            "put_source",
            pytest.param("put_checks", marks=pytest.mark.sweep),
            pytest.param("assign", marks=pytest.mark.sweep),
            pytest.param("remember", marks=pytest.mark.sweep),
            "mark",
        ],
    )
    def test_g8_a_run_that_was_killed_is_started_again(
        self, marked: Term, step: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """G8: stopped at any step, the next run ends with the same marks, and says nothing twice."""
        mends_the_check(marked)
        takes_out(marked, "t2_more")
        _killed_at(step, monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            regrades(marked, apply=True)
        monkeypatch.undo()
        regrades(marked, apply=True)

        assert {"t1_check": 1, "t1_more": 2, "t2_check": 1, "reflection": None} == points(
            marked, "ben"
        )
        assert {"t1_check": 1, "t1_more": 2, "t2_check": 1, "reflection": 2} == points(
            marked, "ada"
        )
        assert (2, 2) == (len(entries(marked, "ada")), len(entries(marked, "ben")))

    def test_autograde_says_that_a_regrade_is_not_finished(
        self, marked: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Until the regrade goes on, marks stay as they are, and that is said."""
        mends_the_check(marked)
        _killed_at("mark", monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            regrades(marked, apply=True)
        monkeypatch.undo()

        told = autogrades(marked)

        assert any("--apply goes on" in words for words in told)


def _killed_at(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.engine import release
    from grader.examination import Kept
    from grader.regrade import mended

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def after_one(*arguments: object, **more: object) -> Iterator[Marked]:
        yield next(mark(*arguments, **more))
        raise KeyboardInterrupt

    mark = autograding.mark
    if step == "mark":
        monkeypatch.setattr(autograding, "mark", after_one)
    elif step in {"put_source", "put_checks"}:
        monkeypatch.setattr(Kept, step, killed)
    else:
        monkeypatch.setattr(release if step == "assign" else mended, step, killed)


def autogrades(term: Term) -> list[str]:
    """Run autograde for what it notes."""
    told: list[str] = []
    now = term.due + timedelta(days=3)
    list(
        autograding.autograde(
            term.cohort, term.week, term.cohort.hubs, tier=tier(), now=lambda: now, note=told.append
        )
    )
    return told


class TestAutogradeKeepsToTheRelease:
    def test_g1_the_released_checks_go_on_marking(self, marked: Term) -> None:
        """G1: after the course was mended newer work is marked as the others were, and that is said."""
        mends_the_check(marked)
        marked.participant("ben").hands_in(
            RIGHT | LOSES_SIGN | {"reflection": "More."}, before_due=HOUR / 2
        )
        marked.collects()
        told = autogrades(marked)

        assert 0 == points(marked, "ben")["t1_more"]
        assert [True] == ["`grader regrade week01` shows" in words for words in told]

    def test_g1_a_source_edited_at_the_hub_is_refused(self, marked: Term) -> None:
        """G1: who edits a hub's copy by hand is sent to regrade; every such hub is named."""
        for hub in ("sheffield", "london"):
            file = marked.home(hub) / "source/week01/week01.ipynb"
            file.write_text(file.read_text().replace("Six was", "Seven was"))

        with pytest.raises(CohortError, match="grader regrade week01") as refused:
            marked.marks()
        assert 2 == len(refused.value.complaints)

    def test_g1_to_run_a_source_changes_nothing(self, marked: Term) -> None:
        """G1: a source that was opened, run and saved is the same source."""
        file = marked.home("sheffield") / "source/week01/week01.ipynb"
        told = json.loads(file.read_text())
        told["metadata"]["language_info"] = {"name": "python", "version": "3.12"}
        file.write_text(json.dumps(told))
        (file.parent / ".ipynb_checkpoints").mkdir()
        (file.parent / ".ipynb_checkpoints/week01-checkpoint.ipynb").write_text("{}")

        assert Outcome.FINISHED == marked.marks()["ada"].outcome

    def test_an_edited_source_is_replaced_and_kept(self, marked: Term) -> None:
        """What somebody wrote into the hub's source is not lost when the course's takes its place."""
        file = marked.home("sheffield") / "source/week01/week01.ipynb"
        file.write_text(file.read_text().replace("Six was", "Seven was"))
        named = changes(marked)
        regrades(marked, apply=True)
        kept = (marked.home("sheffield") / "replaced/week01").glob("*/source/week01.ipynb")

        assert ("edited by hand", "sheffield/source/week01") in named
        assert any("Seven was" in copy.read_text() for copy in kept)
        assert "Six was" in file.read_text()

    def test_a_release_leaves_mended_checks_to_regrade(self, marked: Term) -> None:
        """`grader release` after a check's module was mended changes nothing under the marks."""
        mends_the_check(marked)
        what = {done.what for done in marked.releases()}

        assert {"unchanged"} == what
        assert NEGATIVE in (marked.home("sheffield") / "checks/week01/week01_checks.py").read_text()


class TestCommand:
    def run(self, term: Term, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader", "regrade", "week01", *options],
            cwd=term.directory,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_it_tells_an_instructor_who_moves_and_why(self, marked: Term) -> None:
        """The screen names the change, the person, both marks, the reasons and what to do next."""
        marked.hands_back()
        mends_the_check(marked)
        done = self.run(marked)

        assert 0 == done.returncode, done.stderr
        for words in (
            "sheffield: module changed: week01_checks.py",
            "sheffield: ben: t1_more from 0 to 2 of 2: was failed: Loses the sign (W01.T1.M2), "
            "now passed",
            "sheffield: ben: in all from 3 to 5 of 7; 1 answer to be marked by a person",
            "1 participant would move; 2 stay the same.",
            "Marks by hand, which stay: ada reflection 2.",
            "Feedback has gone back to ben: run `grader feedback week01` after --apply",
            "Nothing was written.",
        ):
            assert words in done.stdout

    def test_it_prints_one_object_a_line(self, marked: Term) -> None:
        """`--json` gives the changes, then each participant with both marks of every check."""
        mends_the_check(marked)
        done = self.run(marked, "--json", "--hub", "sheffield")

        change, *people = [json.loads(line) for line in done.stdout.splitlines()]
        ben = next(told for told in people if told["participant"] == "ben")
        [moved] = [task for task in ben["tasks"] if task["score"] != task["score_before"]]
        assert ("module changed", "week01_checks.py") == (change["what"], change["where"])
        assert ("moves", 3.0, 5.0, False) == (
            ben["what"],
            ben["points_before"],
            ben["points"],
            ben["applied"],
        )
        assert {
            "notebook": "week01",
            "task": "t1_more",
            "score_before": 0.0,
            "score": 2.0,
            "max_before": 2.0,
            "max": 2.0,
            "verdict_before": "failed",
            "verdict": "passed",
            "hint_before": "W01.T1.M2",
            "hint": None,
            "by_hand": False,
        } == moved

    def test_an_undecided_check_is_exit_status_1(self, marked: Term) -> None:
        """Something unforeseen that needs a person is 1; what cannot be done is 2."""

        def edit(cells: dict[str, object]) -> None:
            cells["t1_more"].source = "get_ipython().run_line_magic('pwd', '')"

        edits_cells(marked, edit)

        assert (1, 2) == (
            self.run(marked, "--participant", "ada").returncode,
            self.run(marked, "--apply", "--participant", "ada").returncode,
        )
