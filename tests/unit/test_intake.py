"""What was handed in is found without trusting what lies there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.intake import attempts, handed_back, handed_in, released

KEY = ("p001", "week01")


def submit(home: Path, stamp: str | bytes | None, person: str = "p001") -> Path:
    """Put a handed-in folder of week 1 into *home*; *stamp* is what its timestamp says."""
    folder = home / "submitted" / person / "week01"
    folder.mkdir(parents=True)
    if stamp is not None:
        text = stamp.encode() if isinstance(stamp, str) else stamp
        (folder / "timestamp.txt").write_bytes(text)
    return folder


class TestHandedIn:
    @pytest.mark.parametrize(
        "stamp",
        [
            "2027-01-12 10:00:00.000000 UTC",
            "2027-01-12 10:00:00.000000 UTC\n",
            "2027-01-12 10:00:00 UTC",
            "2027-01-12 10:00:00.000000 +0000",
            "2027-01-12 11:00:00.000000 +0100",
            "2027-01-12T10:00:00.0+00:00",
            "2027-01-12 10:00:00.000000",
        ],
    )
    def test_time(self, tmp_path: Path, stamp: str) -> None:
        """The time is read as nbgrader writes it, with or without a zone."""
        submit(tmp_path, stamp)

        assert {KEY: datetime(2027, 1, 12, 10, tzinfo=UTC)} == handed_in(tmp_path)

    @pytest.mark.parametrize(
        "stamp",
        [
            None,
            "",
            "yesterday",
            "2027-02-30 10:00:00 UTC",
            "0001-01-01 00:00:00 +2300",
            "2027-01-12 10:00:00 Europe/Atlantis",
            b"\xff\xfe\x00",
            "2027-01-12 10:00:00 UTC " + "x" * 10_000,
        ],
    )
    def test_a_time_that_cannot_be_read(self, tmp_path: Path, stamp: str | bytes | None) -> None:
        """Work without a readable time is there all the same: it is not silence."""
        submit(tmp_path, stamp)

        assert {KEY: None} == handed_in(tmp_path)

    def test_nothing(self, tmp_path: Path) -> None:
        """A course directory where nothing was collected has nothing."""
        assert {} == handed_in(tmp_path)

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        """A link to somebody else's work, or to a timestamp elsewhere, is not followed."""
        folder = submit(tmp_path, None)
        other = submit(tmp_path / "elsewhere", "2027-01-12 10:00:00 UTC")
        (folder / "timestamp.txt").symlink_to(other / "timestamp.txt")
        (tmp_path / "submitted" / "p001" / "week02").symlink_to(other)
        (tmp_path / "submitted" / "p002").symlink_to(other.parent)

        assert {KEY: None} == handed_in(tmp_path)

    def test_a_pipe_does_not_hold_us_up(self, tmp_path: Path) -> None:
        """A timestamp that is a pipe nobody writes to is passed over."""
        folder = submit(tmp_path, None)
        os.mkfifo(folder / "timestamp.txt")

        assert {KEY: None} == handed_in(tmp_path)

    def test_only_folders_count(self, tmp_path: Path) -> None:
        """Stray files and hidden folders beside the work are passed over."""
        submit(tmp_path, "2027-01-12 10:00:00 UTC")
        (tmp_path / "submitted" / "notes.txt").write_text("hello")
        (tmp_path / "submitted" / ".ipynb_checkpoints" / "week01").mkdir(parents=True)

        assert {KEY} == set(handed_in(tmp_path))


class TestReleased:
    def test_weeks(self, tmp_path: Path) -> None:
        """The weeks released are those that nbgrader made ready for participants."""
        (tmp_path / "release" / "week01").mkdir(parents=True)

        assert {"week01"} == released(tmp_path)
        assert set() == released(tmp_path / "nowhere")


class TestAttempts:
    def test_every_attempt(self, tmp_path: Path) -> None:
        """Each attempt in the exchange is listed, oldest first, whoever made it."""
        inbound = tmp_path / "sheffield-2027" / "inbound"
        for name in (
            "p002+week01+2027-01-13 10:00:00.000000 UTC+Y2hhbmNl",
            "p001+week02+2027-01-14 11:00:00.000000 +0100+Y2hhbmNl",
            "p001+week01+2027-01-12 10:00:00.000000 UTC",
        ):
            (inbound / name).mkdir(parents=True)

        assert [
            ("p001", "week01", datetime(2027, 1, 12, 10, tzinfo=UTC)),
            ("p002", "week01", datetime(2027, 1, 13, 10, tzinfo=UTC)),
            ("p001", "week02", datetime(2027, 1, 14, 10, tzinfo=UTC)),
        ] == [(a.participant, a.week, a.at) for a in attempts(tmp_path, "sheffield-2027")]

    @pytest.mark.parametrize("name", ["notes", "p001+week01", "p001+week01+yesterday+Y2hhbmNl"])
    def test_other_names(self, tmp_path: Path, name: str) -> None:
        """A folder whose name is not that of an attempt is passed over."""
        (tmp_path / "sheffield-2027" / "inbound" / name).mkdir(parents=True)

        assert () == attempts(tmp_path, "sheffield-2027")

    def test_nothing_yet(self, tmp_path: Path) -> None:
        """Before anybody handed in there is nothing to list."""
        assert () == attempts(tmp_path, "sheffield-2027")


class TestHandedBack:
    def test_with_a_page(self, tmp_path: Path) -> None:
        """Feedback has gone back where there is a page of it; an empty folder is none."""
        for person in ("p001", "p002"):
            (tmp_path / "feedback" / person / "week01").mkdir(parents=True)
        (tmp_path / "feedback" / "p001" / "week01" / "week01.html").write_text("feedback")

        assert {KEY} == handed_back(tmp_path)
