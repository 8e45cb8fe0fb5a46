"""Files that cross: bytes of regular files, within caps, and only where they may lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.marking.files import MOST_BYTES, Folder, all_names


class TestFolder:
    def test_news_are_told_once(self, tmp_path: Path) -> None:
        """A new or changed file is news; one that stayed as it was is not."""
        folder = Folder(tmp_path)
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "a.txt").write_bytes(b"one")
        assert [{"sub/a.txt": b"one"}, {}] == [folder.news(), folder.news()]

    def test_only_regular_files_cross(self, tmp_path: Path) -> None:
        """Links and pipes are passed over."""
        os.symlink("/etc/passwd", tmp_path / "link")
        os.symlink("/etc", tmp_path / "folder")
        os.mkfifo(tmp_path / "pipe")
        assert {} == Folder(tmp_path).news()

    def test_large_files_stay(self, tmp_path: Path) -> None:
        """What is over the cap does not cross."""
        (tmp_path / "large").write_bytes(b"x" * (MOST_BYTES + 1))
        assert {} == Folder(tmp_path).news()

    @pytest.mark.parametrize(
        "name", ["/etc/x", "../x", "a/../../x", "link/x", "", "\0", "data.csv", 3]
    )
    def test_names_that_lead_elsewhere_are_passed_over(self, tmp_path: Path, name: object) -> None:
        """Absolute names, steps upwards, links and the instructor's own files."""
        root, outside = tmp_path / "root", tmp_path / "outside"
        root.mkdir()
        outside.mkdir()
        (root / "data.csv").write_bytes(b"right")
        os.symlink(outside, root / "link")
        Folder(root, all_names(root)).take_in({name: b"wrong"})
        assert [] == list(outside.iterdir())
        assert b"right" == (root / "data.csv").read_bytes()

    def test_what_came_is_no_news(self, tmp_path: Path) -> None:
        """A file that was taken in does not go back."""
        folder = Folder(tmp_path)
        folder.take_in({"a/b.txt": b"x"})
        assert (b"x", {}) == ((tmp_path / "a" / "b.txt").read_bytes(), folder.news())

    def test_emptied_but_for_the_instructors_files(self, tmp_path: Path) -> None:
        """Nothing of a check is left."""
        (tmp_path / "data.csv").write_bytes(b"right")
        folder = Folder(tmp_path, all_names(tmp_path))
        folder.take_in({"a/b.txt": b"x"})
        folder.empty()
        assert ["data.csv"] == os.listdir(tmp_path)
