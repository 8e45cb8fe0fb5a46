"""What people get wrong at the command line, and what they are told to do next."""

import json
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from grader import roster, sync
from grader.cli import main
from grader.cli.places import Place
from grader.cli.show import progress
from grader.demo import demo
from grader.engine import exchange, gradebook
from grader.errors import CohortError
from tests.conftest import RIGHT, ROOT, Term

HOUR = timedelta(hours=1)
ADA = "ada,participant,sheffield,m01,Ada Example,ada@example.org\n"
YORK = '\n[[hub]]\nname = "york"\n'


class Told(NamedTuple):
    """What a command ended with and printed."""

    status: object
    out: str
    err: str


Grader = Callable[..., Told]


@pytest.fixture
def grader(
    term: Term, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Grader:
    """Type a command in the term's directory, or in *cwd*."""

    def grader(*words: str, cwd: Path | None = None) -> Told:
        monkeypatch.chdir(cwd or term.directory)
        monkeypatch.setattr(sys, "argv", ["grader", *words, "--course", str(term.root)])
        monkeypatch.setenv("COLUMNS", "300")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Told(ended.value.code or 0, *capsys.readouterr())

    return grader


def files(directory: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def rewritten(term: Term) -> str:
    return (term.home("london") / "nbgrader_config.py").read_text(encoding="utf-8")


class TestDemo:
    @pytest.mark.parametrize("made", ["notes.txt", "cohort.toml", ".demo/x"])
    def test_somebody_s_directory_is_refused(self, tmp_path: Path, made: str) -> None:
        """A directory that the demonstration did not make is left as it is."""
        (tmp_path / made).parent.mkdir(exist_ok=True)
        (tmp_path / made).write_text("mine")
        before = files(tmp_path)

        with pytest.raises(CohortError, match="something in it that the demonstration did not"):
            list(demo(tmp_path, ROOT))
        assert before == files(tmp_path)

    def test_a_cohort_of_another_name_is_refused(self, term: Term) -> None:
        """A real cohort stays as it is, also where a marker file found its way into it."""
        (term.directory / ".demo").touch()
        before = files(term.directory)

        with pytest.raises(CohortError, match="did not make"):
            list(demo(term.directory, ROOT))
        assert before == files(term.directory)

    def test_a_run_stopped_at_the_roster_goes_on(self, tmp_path: Path) -> None:
        """Stopped after the roster's first line, the demonstration is taken up where it stood."""
        (tmp_path / ".demo").touch()
        (tmp_path / "roster.csv").write_text("id,role")
        steps = demo(tmp_path, ROOT)

        assert "sheffield: week01 released" == next(steps)
        steps.close()  # type: ignore[attr-defined]
        cohort = roster.read_cohort(tmp_path)
        assert ("Demonstration", 24, 1) == (
            cohort.title,
            len(cohort.participants),
            len(cohort.extensions),
        )


class TestCollect:
    def test_who_moved_is_not_refused(self, term: Term, grader: Grader) -> None:
        """Work of somebody who is at another hub now is told as moved, with where they are."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.edit("roster.csv", "ada,participant,sheffield,m01", "ada,participant,london,m02")
        term.syncs()
        told = grader("collect", "week01")

        assert (0, "1 moved\n") == (told.status, told.out)
        assert "ada is at London now" in told.err
        assert "Ask them to hand it in there" in told.err

    def test_who_left_is_not_refused(self, term: Term, grader: Grader) -> None:
        """Work of somebody who left is told as left, before the roster is synced and after."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.edit("roster.csv", ADA, "")
        before = grader("collect", "week01")
        term.syncs()
        after = grader("collect", "week01")

        assert before == after
        assert (0, "1 left\n") == (after.status, after.out)
        assert "ada has left: marks are kept" in after.err

    def test_only_an_unknown_id_is_refused(self, term: Term, grader: Grader) -> None:
        """Work of an id that nobody knows needs a person, who is told what to do."""
        term.releases()
        exchange.fetch(term.participant("ada").place, "week01", at=term.due)
        place = term.participant("ada").place
        stranger = exchange.Workplace("p999", place.folder, place.course_id, place.exchange)
        exchange.submit(stranger, "week01", at=term.due)
        told = grader("collect", "week01", "--json")

        assert (1, "refused") == (told.status, json.loads(told.out)["what"])
        assert "Add them to roster.csv and run `grader cohort sync`" in told.err

    def test_kept_work_names_the_person_and_why(self, term: Term, grader: Grader) -> None:
        """Work handed in after feedback is told with its reason, on the screen and in JSON."""
        term.releases()
        term.participant("ada").hands_in({}, before_due=2 * HOUR)
        term.collects(), term.marks(), term.hands_back()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        told = grader("collect", "week01", "--json")
        reason = "ada handed in again after feedback on week01 went back: it is kept"

        assert 0 == told.status
        assert reason in json.loads(told.out)["reason"]
        assert reason in told.err

    def test_nothing_there_yet(self, term: Term, grader: Grader) -> None:
        """Silence in a released week is silence; in another week it is a week to release."""
        term.releases()

        assert (0, "Nothing has been handed in for week01 yet.\n", "") == grader(
            "collect", "week01"
        )
        never = grader("collect", "week02")
        assert 2 == never.status
        assert "week02 was never released at any hub\n  Run `grader release week02`" in never.err


class TestWhatIsGone:
    @pytest.mark.parametrize("verb", ["release", "collect", "autograde", "feedback", "report"])
    def test_a_hub_that_is_new(self, term: Term, grader: Grader, verb: str) -> None:
        """Every verb of the week asks for a sync first where a hub is new, and touches none."""
        term.edit("cohort.toml", "", YORK)
        before = files(term.directory)
        told = grader(verb, *["week01"][: verb != "report"])

        assert 2 == told.status
        assert told.err.startswith("York is new\n  Run `grader cohort sync` first")
        assert before == files(term.directory)

    def test_the_other_hubs_can_be_named(self, term: Term, grader: Grader) -> None:
        """A new hub does not stand in the way of a command for another one."""
        term.edit("cohort.toml", "", YORK)

        assert 0 == grader("release", "week01", "--hub", "london").status

    @pytest.mark.parametrize("verb", ["release week01", "collect week01", "report", "cohort sync"])
    def test_a_gradebook_that_is_gone(self, term: Term, grader: Grader, verb: str) -> None:
        """No verb makes an empty gradebook in the place of one that had released weeks."""
        term.releases()
        (term.home("london") / "gradebook.db").unlink()
        told = grader(*verb.split())

        assert 2 == told.status
        assert "the gradebook of London is gone" in told.err
        assert "Restore it from your backup" in told.err
        assert not (term.home("london") / "gradebook.db").exists()

    @pytest.mark.parametrize(
        ("gone", "what"),
        [
            ("exchange", "exchange, where work is handed out and in, is not there"),
            ("exchange/london-2027-spring", "week01 was released, and the folder that people"),
        ],
    )
    def test_an_exchange_that_is_gone(
        self, term: Term, grader: Grader, gone: str, what: str
    ) -> None:
        """A lost exchange is not told as silence, and the way back works."""
        term.releases()
        shutil.rmtree(term.directory / gone)
        told = grader("collect", "week01")

        assert 2 == told.status
        assert what in told.err
        assert str(term.directory / gone) in told.err
        if gone == "exchange":
            assert what in grader("release", "week01").err
        assert 0 == grader("cohort", "sync").status
        assert 0 == grader("release", "week01").status
        assert 0 == grader("collect", "week01").status

    def test_a_gradebook_that_is_no_database(self, term: Term, grader: Grader) -> None:
        """A broken gradebook is named with its path and what to do, without a traceback."""
        book = term.home("london") / "gradebook.db"
        book.write_text("no database " * 100)
        told = grader("release", "week01")

        assert 2 == told.status
        assert f"{book}: the gradebook cannot be read" in told.err
        assert "Restore it from your backup" in told.err

    def test_a_ledger_that_is_no_database(self, term: Term, grader: Grader) -> None:
        """A broken ledger is named with its path and a way out, without a traceback."""
        term.releases()
        term.participant("ada").hands_in(RIGHT, before_due=HOUR)
        term.collects()
        (term.home("sheffield") / "ledger.db").write_text("no database " * 100)
        told = grader("autograde", "week01")

        assert 2 == told.status
        assert f"{term.home('sheffield') / 'ledger.db'}: the ledger cannot be read" in told.err
        assert "Restore it from your backup" in told.err


class TestSync:
    def test_a_dry_run_says_so(self, term: Term, grader: Grader) -> None:
        """A dry run ends by saying that nothing was changed, and nothing was."""
        term.edit("cohort.toml", "", YORK)
        told = grader("cohort", "sync", "--dry-run")

        assert told.out.endswith("Nothing was changed.\n")
        assert not term.home("york").exists()

    @pytest.mark.parametrize(
        ("old", "new", "what", "do"),
        [
            (
                'name = "2027-spring"',
                'name = "2027-summer"',
                "week01 was released as 2027-spring",
                'Write `name = "2027-spring"` again',
            ),
            (
                'exchange = "exchange"',
                'exchange = "handed"',
                "week01 was released in",
                "Write the old path again",
            ),
        ],
    )
    def test_a_released_week_keeps_its_address(
        self, term: Term, grader: Grader, old: str, new: str, what: str, do: str
    ) -> None:
        """After a release the cohort's name and its exchange are refused in another form."""
        term.releases()
        term.edit("cohort.toml", old, new)
        before = files(term.directory)
        told = grader("cohort", "sync")

        assert 2 == told.status
        assert what in told.err
        assert do in told.err
        assert 1 == told.err.count("cohort.toml: ")
        assert before == files(term.directory)

    def test_before_a_release_the_hubs_follow(self, term: Term, grader: Grader) -> None:
        """Where nothing was released, a new name and a new exchange reach nbgrader."""
        term.edit("cohort.toml", 'name = "2027-spring"', 'name = "2027-summer"')
        term.edit("cohort.toml", 'exchange = "exchange"', 'exchange = "handed"')
        told = grader("cohort", "sync")
        term.releases()
        term.participant("cleo").hands_in(RIGHT, before_due=HOUR)

        assert "london/nbgrader_config.py follows cohort.toml" in told.out
        assert "collected" == term.collects()["cleo"].what
        assert (term.directory / "handed/london-2027-summer/inbound").is_dir()
        assert [] == list(sync.differences(term.cohort, term.programme))

    def test_what_somebody_added_stays(self, term: Term) -> None:
        """Lines that somebody added to a hub's configuration are kept as they are."""
        own = 'c.Exchange.root = "/srv/elsewhere"\n'
        config = term.home("london") / "nbgrader_config.py"
        config.write_text(rewritten(term) + own, encoding="utf-8")
        before = rewritten(term)
        term.syncs()

        assert before == rewritten(term)

    def test_a_hub_taken_out_is_told_once(self, term: Term) -> None:
        """A hub that is gone from cohort.toml is told with what stays, until it is synced."""
        term.edit("roster.csv", "m02,mentor,london,,,\n", "")
        term.edit("roster.csv", "cleo,participant,london,m02,,\n", "")
        term.edit("cohort.toml", '[[hub]]\nname = "london"\n', "")
        told = [change.what for change in sync.differences(term.cohort, term.programme)]
        term.syncs()

        assert "london is no longer in cohort.toml: london/ and its marks stay" in told
        assert () == sync.differences(term.cohort, term.programme)
        assert (term.home("london") / "gradebook.db").exists()

    def test_r3_people_of_a_closed_hub_keep_their_marks(self, term: Term) -> None:
        """R3: where a hub closes and its people move in one edit, their marks move with them."""
        term.releases()
        term.participant("cleo").hands_in(RIGHT, before_due=HOUR)
        term.collects(), term.marks()
        before = gradebook.marks(term.home("london"), "week01", "cleo")
        term.edit("roster.csv", "m02,mentor,london,,,\n", "")
        term.edit("roster.csv", "cleo,participant,london,m02", "cleo,participant,sheffield,m01")
        term.edit("cohort.toml", '[[hub]]\nname = "london"\n', "")
        term.syncs()

        assert before == gradebook.marks(term.home("sheffield"), "week01", "cleo") != ()


class TestNew:
    def test_it_says_what_an_operator_needs(self, grader: Grader, tmp_path: Path) -> None:
        """A new cohort is told with its exchange and each hub's course id."""
        words = ("cohort", "new", "autumn", "--starts", "2027-09-06", "--hub", "leeds")
        told = grader(*words, cwd=tmp_path)

        assert 0 == told.status
        assert f"Work changes hands in {tmp_path / 'autumn/exchange'}" in told.out
        assert "leeds: nbgrader's course id is leeds-2027-autumn" in told.out

    def test_only_the_exchange_is_open(self, grader: Grader, tmp_path: Path) -> None:
        """Participants' accounts pass to the exchange, and look into nothing else."""
        words = ("cohort", "new", "autumn", "--starts", "2027-09-06", "--hub", "leeds")
        grader(*words, cwd=tmp_path)
        made = tmp_path / "autumn"
        modes = {p.name: f"{p.stat().st_mode & 0o777:o}" for p in (made, *made.iterdir())}

        assert {
            "autumn": "711",
            "exchange": "777",
            "leeds": "700",
            "reports": "700",
            ".gitignore": "600",
            "applied.json": "600",
            "cohort.toml": "600",
            "roster.csv": "600",
        } == modes

    def test_a_date_in_another_form(self, grader: Grader, tmp_path: Path) -> None:
        """A date that cannot be read is answered with the form to write it in."""
        words = ("cohort", "new", "autumn", "--starts", "31/1/2027", "--hub", "leeds")
        told = grader(*words, cwd=tmp_path)

        assert 2 == told.status
        assert "2027-01-31" in told.err
        assert "%Y" not in told.err
        assert not (tmp_path / "autumn").exists()

    def test_a_hub_named_twice(self, grader: Grader, tmp_path: Path) -> None:
        """A hub named twice is told without lines of a file that is not there."""
        words = ("cohort", "new", "autumn", "--starts", "2027-09-06", *["--hub", "leeds"] * 2)
        told = grader(*words, cwd=tmp_path)

        assert 2 == told.status
        assert "the hub `leeds` is named twice" in told.err
        assert "line" not in told.err


class TestPlaces:
    @pytest.mark.parametrize("where", ["../nowhere", "cohort.toml"])
    def test_no_cohort_there(self, grader: Grader, where: str) -> None:
        """A directory without a cohort is answered with --cohort, not with --course."""
        told = grader("release", "week01", "--cohort", where)

        assert 2 == told.status
        assert "there is no cohort in" in told.err
        assert "--cohort DIR" in told.err

    def test_in_a_hub_s_directory(self, term: Term, grader: Grader) -> None:
        """A hub of a cohort is not taken for an ordinary course: its cohort is named."""
        inside = grader("release", "week01", cwd=term.home("london"))
        beside = grader("release", "week01", "--cohort", "spring/london", cwd=term.directory.parent)

        assert (2, 2) == (inside.status, beside.status)
        assert "london is a hub of the cohort in" in inside.err
        assert "--cohort .." in inside.err
        assert "--cohort spring;" in beside.err

    def test_a_person_whom_nobody_knows(self, term: Term) -> None:
        """An id that is not on the roster, or is at another hub, is told as that."""
        place = Place(term.cohort, term.programme, term.root)

        assert None is place.require_participant("ada", "sheffield")
        with pytest.raises(CohortError, match="p9 is not on the roster"):
            place.require_participant("p9", None)
        with pytest.raises(CohortError, match="ada is at sheffield, not at london"):
            place.require_participant("ada", "london")

    def test_nothing_to_build(self, term: Term, grader: Grader, tmp_path: Path) -> None:
        """To build what nobody has written is an error, not a silent success."""
        term.root = shutil.copytree(term.root, tmp_path / "empty")
        shutil.rmtree(term.root / "solutions/week02", ignore_errors=True)
        one = grader("build", "week02")
        shutil.rmtree(term.root / "solutions")
        every = grader("build")

        assert (2, 2) == (one.status, every.status)
        assert "week02 has no notebook yet" in one.err
        assert "no week has a notebook yet" in every.err


class TestProgress:
    def test_without_a_terminal_a_line_now_and_then(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Where there is no terminal, a line says at the start, at ten and at the end how far it is."""
        with progress("Marking week01") as bar:
            bar.expect(12)
            for _ in range(12):
                bar.step("finished")
        lines = [
            "Marking week01: 12 to look at.",
            "Marking week01: 10 of 12.",
            "Marking week01: 12 of 12.",
        ]

        assert ("", lines) == (
            (told := capsys.readouterr()).out,
            told.err.splitlines(),
        )
