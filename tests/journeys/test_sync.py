"""People join, leave and move while the programme runs: cases R1 to R5 of the policies."""

from datetime import timedelta

from grader import ledger, sync
from grader.engine import gradebook
from tests.conftest import RIGHT, Term, leave_to_nbgrader

HOUR = timedelta(hours=1)


def changes(term: Term) -> list[str]:
    return [change.what for change in sync.differences(term.cohort, term.programme)]


def marked_week(term: Term) -> None:
    term.releases()
    term.participant("ada").hands_in(RIGHT | {"reflection": "Visits."}, before_due=HOUR)
    term.collects(), term.marks()
    gradebook.mark_by_hand(term.home("sheffield"), "week01", "ada", "reflection", 2, "Yes.")
    term.hands_back()


class TestSync:
    def test_what_is_in_line_is_left_alone(self, term: Term) -> None:
        """Without an edit there is nothing to apply."""
        assert [] == changes(term)

    def test_a_hub_made_before_gets_formgraders_buttons_led_to_the_kit(self, term: Term) -> None:
        """An older configuration is told of, then mended once; what somebody added to it stays."""
        file = term.home("sheffield") / "nbgrader_config.py"
        whole = file.read_text(encoding="utf-8")
        file.write_text(whole.partition("\n# Autograde and Generate")[0] + "c.mine = 1\n")
        told = changes(term)
        term.syncs()
        text = file.read_text(encoding="utf-8")

        says = "leads nbgrader's Autograde and Generate feedback to the kit"
        assert [f"sheffield/nbgrader_config.py {says}"] == told
        assert (True, 1) == ("c.mine = 1\n" in text, text.count("c.Autograde.exporter_class"))
        assert [] == changes(term)

    def test_a_hub_that_went_back_to_nbgrader_is_left_there(self, term: Term) -> None:
        """Two lines behind a # are an instructor's decision, and sync does not undo it."""
        leave_to_nbgrader(term.home("sheffield"))
        before = (term.home("sheffield") / "nbgrader_config.py").read_text(encoding="utf-8")
        told = changes(term)
        term.syncs()

        assert [] == told
        assert before == (term.home("sheffield") / "nbgrader_config.py").read_text("utf-8")

    def test_r1_a_late_joiner_is_entered(self, term: Term) -> None:
        """R1: who joins late is in the hub's gradebook and hands in like everybody."""
        term.edit("roster.csv", "", "dan,participant,london,m02,,\n")
        told = changes(term)
        term.syncs()
        term.releases()
        term.participant("dan").hands_in(RIGHT, before_due=HOUR)

        assert ["dan joins london as participant"] == told
        assert "dan" in gradebook.people(term.home("london"))
        assert "collected" == term.collects()["dan"].what

    def test_r2_a_leaver_keeps_every_mark(self, term: Term) -> None:
        """R2: who leaves stays in the gradebook with all marks."""
        marked_week(term)
        before = gradebook.marks(term.home("sheffield"), "week01", "ada")
        term.edit("roster.csv", "ada,participant,sheffield,m01,Ada Example,ada@example.org\n", "")
        told = changes(term)
        term.syncs()

        assert ["ada (participant) leaves: marks are kept, pages no longer show them"] == told
        assert before == gradebook.marks(term.home("sheffield"), "week01", "ada")

    def test_r3_who_moves_takes_marks_comments_and_feedback_along(self, term: Term) -> None:
        """R3: after a move the new hub has the marks, the old hub still has them too."""
        marked_week(term)
        before = gradebook.marks(term.home("sheffield"), "week01", "ada")
        term.edit("roster.csv", "ada,participant,sheffield,m01", "ada,participant,london,m02")
        told = changes(term)
        term.syncs(), term.syncs()

        assert "ada moves from sheffield to london; marks are copied" in told
        for hub in ("london", "sheffield"):
            assert before == gradebook.marks(term.home(hub), "week01", "ada")
            assert {"reflection": "Yes."} == gradebook.comments(term.home(hub), "week01", "ada")
        assert (term.home("london") / "feedback/ada/week01/week01.html").exists()
        assert ("ada", "week01") in ledger.latest(term.home("london") / "ledger.db")
        assert "unchanged" == {r.participant: r for r in term.hands_back().values()}["ada"].what

    def test_r3_work_follows_when_the_new_hub_releases_later(self, term: Term) -> None:
        """R3: a week the new hub had not opened at the move is copied by the next sync."""
        term.releases(*[hub for hub in term.cohort.hubs if hub.name == "sheffield"])
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.collects(), term.marks()
        term.edit("roster.csv", "ada,participant,sheffield,m01", "ada,participant,london,m02")
        term.syncs()
        first = gradebook.handed_in(term.home("london"))
        term.releases(), term.syncs()

        assert ({}, {"ada": ("week01",)}) == (first, gradebook.handed_in(term.home("london")))

    def test_r4_a_new_mentor_is_told(self, term: Term) -> None:
        """R4: a change of mentor is shown before it is applied."""
        term.edit("roster.csv", "", "m03,mentor,sheffield,,,\n")
        term.edit("roster.csv", "ben,participant,sheffield,m01", "ben,participant,sheffield,m03")

        assert ["ben has m03 instead of m01", "m03 joins sheffield as mentor"] == changes(term)

    def test_r5_a_new_hub_gets_a_course_of_its_own(self, term: Term) -> None:
        """R5: a hub added to cohort.toml has an nbgrader course and a gradebook after sync."""
        term.edit("cohort.toml", "", '\n[[hub]]\nname = "newport"\n')
        told = changes(term)
        term.syncs()

        assert ["Newport is a new hub: newport/ gets an nbgrader course and a gradebook"] == told
        assert (term.home("newport") / "gradebook.db").exists()
        assert [] == changes(term)

    def test_snow_moves_the_due_time_of_one_hub(self, term: Term) -> None:
        """A hub's due time moved after release reaches that hub's gradebook only."""
        term.releases()
        snow = 'name = "london"\ndue = { week01 = 2027-01-19T18:00:00 }'
        term.edit("cohort.toml", 'name = "london"', snow)
        told = changes(term)
        term.syncs()

        moved = "week01 at London is due 19 January 2027 18:00 instead of 17 January 2027 18:00"
        assert [moved] == told
        due = gradebook.due_times(term.home("london"))["week01"]
        assert "2027-01-19 18:00" == f"{due:%Y-%m-%d %H:%M}"

    def test_x2_an_extension_given_after_the_hand_in_takes_effect(self, term: Term) -> None:
        """X2: an extension given late makes nbgrader's lateness vanish at the next sync."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=-HOUR)
        term.collects(), term.marks()
        extension = (
            '\n[[extension]]\nparticipant = "ada"\nweek = "week01"\nuntil = 2027-01-19T18:00:00\n'
        )
        term.edit("cohort.toml", "", extension)
        told = changes(term)
        term.syncs()

        assert ["ada has until 2027-01-19 18:00 for week01"] == told
        with gradebook.opened(term.home("sheffield")) as book:
            assert 0 == book.find_submission("week01", "ada").total_seconds_late
