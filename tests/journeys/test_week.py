"""A hub's week from release to feedback, on the miniature course, told by its people."""

from datetime import timedelta
from pathlib import Path

import pytest

from grader import ledger
from grader.engine import exchange, gradebook
from grader.errors import CohortError
from grader.marks import Outcome, Verdict
from tests.conftest import RIGHT, Term

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def points(term: Term, hub: str, person: str) -> dict[str, float | None]:
    return {m.cell: m.points for m in gradebook.marks(term.home(hub), term.week.name, person)}


class TestRelease:
    def test_participants_get_no_answers(self, term: Term) -> None:
        """What a participant fetches holds no solution, hidden check or mark scheme."""
        term.releases()
        folder = exchange.fetch(term.participant("ada").place, "week01", at=term.due)
        text = (folder / "week01.ipynb").read_text(encoding="utf-8")

        assert [] == [
            word for word in ("2 * number", "week01_checks", "MARK SCHEME") if word in text
        ]

    def test_each_hub_gets_its_due_time(self, term: Term) -> None:
        """A hub that was closed by snow has its own due time in its own gradebook."""
        term.edit("cohort.toml", "", "")
        term.edit(
            "cohort.toml",
            'name = "london"',
            'name = "london"\ndue = { week01 = 2027-01-19T18:00:00 }',
        )
        term.releases()
        dues = [gradebook.due_times(term.home(hub))["week01"] for hub in ("sheffield", "london")]

        assert ["17 18:00", "19 18:00"] == [f"{due:%d %H:%M}" for due in dues if due]

    def test_a_second_release_changes_nothing(self, term: Term) -> None:
        """Releasing a week again does no harm."""
        term.releases()

        assert {"unchanged"} == {done.what for done in term.releases()}

    def test_a_changed_source_is_refused_once_work_came_in(
        self, term: Term, tmp_path: Path, miniature: Path
    ) -> None:
        """A week that changed after a hand-in is not released over the participants' heads."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.marks()
        changed = tmp_path / "changed"
        import shutil

        shutil.copytree(miniature, changed)
        notebook = changed / "solutions/week01/week01.ipynb"
        notebook.write_text(notebook.read_text().replace("# Doubling", "# Twice"))
        term.root = changed

        with pytest.raises(CohortError, match="changed after work was handed in at Sheffield"):
            term.releases()


class TestCollect:
    def test_a1_the_newest_on_time_counts(self, term: Term) -> None:
        """A1: of two hand-ins on time the newer counts, though a late one follows."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in({}, before_due=2 * DAY)
        second = ada.hands_in(RIGHT, before_due=DAY)
        ada.hands_in({}, before_due=-HOUR)

        found = term.collects()["ada"]

        assert (second, False, 3) == (found.at, found.late, found.attempts)

    def test_a2_the_newest_late_one_counts_where_none_was_on_time(self, term: Term) -> None:
        """A2: who was late twice is marked on the newer."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in({}, before_due=-HOUR)
        newest = ada.hands_in(RIGHT, before_due=-2 * HOUR)

        found = term.collects()["ada"]

        assert (newest, True) == (found.at, found.late)

    def test_a3_work_after_feedback_is_kept_not_marked(self, term: Term) -> None:
        """A3: a better version handed in after feedback went back does not replace the marked one."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in({}, before_due=DAY)
        term.collects(), term.marks(), term.hands_back()
        ada.hands_in(RIGHT, before_due=HOUR)

        assert "kept" == term.collects()["ada"].what

    def test_l1_the_due_second_is_on_time(self, term: Term) -> None:
        """L1: a hand-in at the very due second is not late."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=timedelta())

        assert term.collects()["ada"].late is False

    def test_l2_late_work_keeps_all_its_marks(self, term: Term) -> None:
        """L2: work handed in late is late, and earns what it would have earned on time."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=-DAY)

        assert term.collects()["ada"].late
        assert 5 == sum(mark.points or 0 for mark in term.marks()["ada"].marks)

    def test_x1_an_extension_moves_one_persons_due_time(self, term: Term) -> None:
        """X1: with an extension Ada is on time when Ben is late."""
        term.edit(
            "cohort.toml",
            "",
            '\n[[extension]]\nparticipant = "ada"\nweek = "week01"\nuntil = 2027-01-19T18:00:00\n',
        )
        term.releases()
        for name in ("ada", "ben"):
            term.participant(name).hands_in(RIGHT, before_due=-DAY)

        found = term.collects()

        assert (False, True) == (found["ada"].late, found["ben"].late)

    def test_an_extension_makes_no_row_before_the_hand_in(self, term: Term) -> None:
        """An extension alone must not look like handed-in work in nbgrader."""
        term.edit(
            "cohort.toml",
            "",
            '\n[[extension]]\nparticipant = "ada"\nweek = "week01"\nuntil = 2027-01-19T18:00:00\n',
        )
        term.syncs(), term.releases(), term.collects(), term.marks()

        assert {} == gradebook.handed_in(term.home("sheffield"))

    def test_an_extension_is_in_nbgrader_once_work_is_marked(self, term: Term) -> None:
        """nbgrader's own lateness agrees with the extension."""
        term.edit(
            "cohort.toml",
            "",
            '\n[[extension]]\nparticipant = "ada"\nweek = "week01"\nuntil = 2027-01-19T18:00:00\n',
        )
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=-DAY)
        term.collects(), term.marks()

        with gradebook.opened(term.home("sheffield")) as book:
            assert 0 == book.find_submission("week01", "ada").total_seconds_late

    def test_a_stranger_is_refused_and_kept(self, term: Term) -> None:
        """Work under an id that is not on the roster is named, not marked, not deleted."""
        term.releases()
        term.participant("mallory").hands_in(RIGHT, before_due=HOUR)

        assert "refused" == term.collects()["mallory"].what
        assert 1 == len(exchange.attempts(term.home("sheffield"), "week01"))

    def test_two_people_on_one_account_are_not_mixed_up(self, term: Term) -> None:
        """Ada's and Ben's work from one Linux account are two people's work."""
        term.releases()
        for name in ("ada", "ben"):
            term.participant(name).hands_in(RIGHT, before_due=HOUR)

        assert {"ada", "ben"} == set(term.collects())


class TestAutograde:
    def test_everybody_earns_what_their_answers_deserve(self, term: Term) -> None:
        """A right answer earns all, a misconception what the visible check gives, an untouched one 0."""
        term.releases()
        loses_sign = {"t1": "def double(number):\n    return abs(number) * 2"}
        term.participant("ada").hands_in(RIGHT | {"reflection": "The visits."}, before_due=HOUR)
        term.participant("ben").hands_in(RIGHT | loses_sign, before_due=HOUR)
        term.participant("cleo").hands_in({}, before_due=HOUR)
        term.collects(), term.marks()

        assert {
            "t1_check": 1,
            "t1_more": 2,
            "t2_check": 1,
            "t2_more": 1,
            "reflection": None,
        } == points(term, "sheffield", "ada")
        assert {
            "t1_check": 1,
            "t1_more": 0,
            "t2_check": 1,
            "t2_more": 1,
            "reflection": 0,
        } == points(term, "sheffield", "ben")
        assert {0} == set(points(term, "london", "cleo").values())

    def test_a_failing_check_names_its_hint(self, term: Term) -> None:
        """A mark below full carries the code of the hint that was given."""
        term.releases()
        term.participant("ada").hands_in(
            {"t1": "def double(number):\n    return abs(number) * 2"}, before_due=HOUR
        )
        term.collects()

        hints = {m.cell: m.hint for m in term.marks()["ada"].marks}

        assert (None, "W01.T1.M2") == (hints["t1_check"], hints["t1_more"])

    def test_a_warning_costs_no_mark(self, term: Term) -> None:
        """A right answer whose library warns on stderr keeps its marks, unlike in plain nbgrader."""
        term.releases()
        chatty = "def double(number):\n    print('old', file=sys.stderr)\n    return 2 * number"
        term.participant("ada").hands_in(
            RIGHT | {"t1": f"import sys\n\n\n{chatty}"}, before_due=HOUR
        )
        term.collects(), term.marks()

        assert (1, 2) == tuple(points(term, "sheffield", "ada")[c] for c in ("t1_check", "t1_more"))

    def test_one_broken_file_stops_nobody_else(self, term: Term) -> None:
        """Half a notebook is an outcome of its own; the others are marked."""
        term.releases()
        term.participant("ada").hands_in_file(b'{"cells": [')
        term.participant("ben").hands_in(RIGHT, before_due=HOUR)
        term.collects()

        marked = term.marks()

        assert Outcome.NOT_A_NOTEBOOK == marked["ada"].outcome
        assert Outcome.FINISHED == marked["ben"].outcome

    def test_a_folder_in_the_place_of_our_own_file_stops_nobody(self, term: Term) -> None:
        """A folder named like one of the kit's files is left aside, and the work is marked."""
        term.releases()
        ada = term.participant("ada")
        folder = exchange.fetch(ada.place, "week01", at=term.due)
        for name in ("marking-notes.json", "hints.toml"):
            (folder / name).unlink(missing_ok=True)
            (folder / name).mkdir()
            (folder / name / "x").write_text("x")
        ada.hands_in(RIGHT, before_due=HOUR)
        term.collects()

        assert Outcome.FINISHED == term.marks()["ada"].outcome

    def test_whatever_goes_wrong_with_one_the_others_are_marked(
        self, term: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A fault of the kit's own over one submission is an outcome of that one alone."""
        from grader.examination import desk

        term.releases()
        term.participant("ada").hands_in({"t1": "fault = 1"}, before_due=HOUR)
        term.participant("ben").hands_in(RIGHT, before_due=HOUR)
        term.collects()
        right = desk.cells

        def faulty(name: str, notebook: object, record: object) -> object:
            if "fault = 1" in str(notebook):
                raise RuntimeError("a fault of ours")
            return right(name, notebook, record)

        monkeypatch.setattr(desk, "cells", faulty)
        marked = term.marks()

        assert (Outcome.COULD_NOT_MARK, None) == (marked["ada"].outcome, marked["ada"].points)
        assert Outcome.FINISHED == marked["ben"].outcome

    def test_a_failed_run_keeps_what_was_marked_before(
        self, term: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where new work cannot be marked, the folder and the marks of the earlier one stay."""
        from grader.examination import desk

        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=DAY)
        term.collects(), term.marks()
        folder = term.home("sheffield") / "autograded/ada/week01"
        before = {file.name: file.read_bytes() for file in folder.iterdir()}
        marks = points(term, "sheffield", "ada")
        term.participant("ada").hands_in({}, before_due=HOUR)
        term.collects()
        monkeypatch.setattr(desk, "cells", lambda *_: 1 / 0)

        assert Outcome.COULD_NOT_MARK == term.marks()["ada"].outcome
        assert before == {file.name: file.read_bytes() for file in folder.iterdir()}
        assert marks == points(term, "sheffield", "ada")

    def test_a_notebook_that_ends_its_python_is_recorded(self, term: Term) -> None:
        """`os._exit` in an answer is an outcome; checks reached before it keep their marks."""
        term.releases()
        leaves = {"t2": "import os\nos._exit(0)", "reflection": "Visits."}
        term.participant("ada").hands_in(RIGHT | leaves, before_due=HOUR)
        term.collects()

        marked = term.marks()["ada"]

        assert Outcome.STOPPED_ITSELF == marked.outcome
        assert {"t1_check": 1, "t1_more": 2, "t2_check": 0, "t2_more": 0, "reflection": None} == {
            mark.cell: mark.points for mark in marked.marks
        }
        assert Verdict.NOT_REACHED == marked.marks[2].verdict

    def test_nothing_unchanged_is_marked_again(self, term: Term) -> None:
        """A second run marks nobody again and tells the same marks."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.collects()
        first, second = term.marks()["ada"], term.marks()["ada"]

        assert (True, False) == (first.fresh, second.fresh)
        assert first.marks == second.marks
        assert 1 == len(ledger.entries(term.home("sheffield") / "ledger.db"))

    def test_a_new_attempt_is_marked_and_the_old_one_remembered(self, term: Term) -> None:
        """The ledger keeps both attempts; the gradebook has the newer."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in({}, before_due=DAY)
        term.collects(), term.marks()
        ada.hands_in(RIGHT, before_due=HOUR)
        term.collects(), term.marks()

        totals = [
            sum(mark.points or 0 for mark in entry.marks)
            for entry in ledger.entries(term.home("sheffield") / "ledger.db")
        ]

        assert [0, 5] == totals

    def test_a_hand_mark_survives_marking_again(self, term: Term) -> None:
        """What a mentor gave stays when a newer attempt is marked, and waits to be looked at."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in(RIGHT | {"reflection": "Visits."}, before_due=DAY)
        term.collects(), term.marks()
        gradebook.mark_by_hand(term.home("sheffield"), "week01", "ada", "reflection", 2, "Yes.")
        ada.hands_in(RIGHT | {"reflection": "Visits to people."}, before_due=HOUR)
        term.collects(), term.marks()

        with gradebook.opened(term.home("sheffield")) as book:
            grade = book.find_grade("reflection", "week01", "week01", "ada")
            assert (2.0, True) == (grade.manual_score, grade.needs_manual_grade)
        assert {"reflection": "Yes."} == gradebook.comments(term.home("sheffield"), "week01", "ada")

    def test_one_participant_alone(self, term: Term) -> None:
        """`--participant` marks one person and leaves the others."""
        term.releases()
        for name in ("ada", "ben"):
            term.participant(name).hands_in(RIGHT, before_due=HOUR)
        term.collects()

        assert ["ben"] == list(term.marks(only="ben"))

    def test_a_week_that_was_never_released_says_so(self, term: Term) -> None:
        """Marking one person of a week without work says what to do first."""
        with pytest.raises(CohortError, match="no collected work"):
            term.marks(only="ada")


class TestFeedback:
    def test_it_can_be_fetched_and_shows_no_hidden_check(self, term: Term) -> None:
        """The participant's page comes through the exchange, without the hidden checks' source."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in({"t1": "def double(number):\n    return abs(number) * 2"}, before_due=HOUR)
        term.collects(), term.marks(), term.hands_back()

        [page] = exchange.fetch_feedback(ada.place, "week01", at=term.due)
        text = page.read_text(encoding="utf-8")

        assert "W01.T1.M2" in text
        assert "week01_checks" not in text

    def test_a_broken_file_has_a_page_that_says_so(self, term: Term) -> None:
        """Who handed in half a notebook reads what happened, not a row of noughts."""
        term.releases()
        term.participant("ada").hands_in_file(b'{"cells": [')
        term.collects(), term.marks(), term.hands_back()
        page = term.home("sheffield") / "feedback/ada/week01/week01.html"

        assert "stops in the middle" in page.read_text(encoding="utf-8")

    def test_late_work_is_told_kindly(self, term: Term) -> None:
        """Late work says by how much, and that it costs nothing where it does not."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=-3 * HOUR)
        term.collects(), term.marks(), term.hands_back()
        page = term.home("sheffield") / "feedback/ada/week01/week01.html"

        assert "3 hours after it was due. It costs no points." in page.read_text(encoding="utf-8")

    def test_a_late_penalty_is_told(self, term: Term) -> None:
        """Where the course takes points off for late work, the page says how many, and counts so."""
        with (term.home("sheffield") / "nbgrader_config.py").open("a") as file:
            file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=-3 * HOUR)
        term.collects(), term.marks(), term.hands_back()
        page = term.home("sheffield") / "feedback/ada/week01/week01.html"

        assert "3 hours after it was due. 5 points are taken off." in page.read_text("utf-8")

    def test_a_second_hand_back_changes_nothing(self, term: Term) -> None:
        """Feedback that is the same is not made again."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.collects(), term.marks()

        assert ("returned", "unchanged") == (
            term.hands_back()["ada"].what,
            term.hands_back()["ada"].what,
        )

    def test_it_is_renewed_when_a_mentor_has_marked(self, term: Term) -> None:
        """A mark and a comment given by hand reach the participant with the next hand-back."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in(RIGHT | {"reflection": "Visits."}, before_due=HOUR)
        term.collects(), term.marks(), term.hands_back()
        gradebook.mark_by_hand(
            term.home("sheffield"), "week01", "ada", "reflection", 2, "Well seen."
        )

        assert "renewed" == term.hands_back()["ada"].what
        [page] = exchange.fetch_feedback(ada.place, "week01", at=term.due)
        assert "Well seen." in page.read_text(encoding="utf-8")

    def test_a_page_that_was_kept_back_goes_back_with_the_next(self, term: Term) -> None:
        """Pages made without handing back are there to look at, and the next hand-back sends them."""
        term.releases()
        ada = term.participant("ada")
        ada.hands_in(RIGHT, before_due=HOUR)
        term.collects(), term.marks()
        kept = term.hands_back(keep_back=True)["ada"].what
        there = (term.home("sheffield") / "feedback/ada/week01/week01.html").exists()
        in_exchange = [*ada.place.exchange.glob("*/feedback/*")]

        assert ("made", True, []) == (kept, there, in_exchange)
        assert "returned" == term.hands_back()["ada"].what
        assert 1 == len(exchange.fetch_feedback(ada.place, "week01", at=term.due))

    def test_one_persons_is_made_alone(self, term: Term) -> None:
        """With one participant named, nobody else's page is made; somebody without work is refused."""
        term.releases()
        for name in ("ada", "cleo"):
            term.participant(name).hands_in(RIGHT, before_due=HOUR)
        term.collects(), term.marks()

        assert ["ada"] == list(term.hands_back(only="ada"))
        with pytest.raises(CohortError, match="ben has no collected work"):
            term.hands_back(only="ben")

    def test_it_waits_for_the_mentor_where_the_cohort_says_so(self, term: Term) -> None:
        """With `feedback = "when a mentor has looked"` nothing goes back before the hand mark."""
        term.edit("cohort.toml", '"at once"', '"when a mentor has looked"')
        term.releases()
        term.participant("ada").hands_in(RIGHT | {"reflection": "Visits."}, before_due=HOUR)
        term.collects(), term.marks()
        before = term.hands_back()["ada"].what
        gradebook.mark_by_hand(term.home("sheffield"), "week01", "ada", "reflection", 1)

        assert ("waiting", "returned") == (before, term.hands_back()["ada"].what)

    def test_live_script_in_an_answer_is_dead_in_feedback(self, term: Term) -> None:
        """HTML that an answer displays is not a script in the page."""
        term.releases()
        ada = term.participant("ada")
        shown = (
            "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(1)</script>'))"
        )
        ada.hands_in({"t1": shown, "reflection": "<script>alert(2)</script>"}, before_due=HOUR)
        term.collects(), term.marks(), term.hands_back()

        [page] = exchange.fetch_feedback(ada.place, "week01", at=term.due)

        text = page.read_text(encoding="utf-8")
        assert [] == [w for w in ("<script>alert(1)", "<script>alert(2)") if w in text]
        assert "Content-Security-Policy" in text.partition("<script")[0]
