"""The folders of runs that were killed are swept away, by several runs at once."""

from pathlib import Path

import pytest

from grader.processes import scratch


def test_a_folder_that_goes_away_meanwhile_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another run takes its folder away while we look, our own run begins all the same."""
    going = tmp_path / f"{scratch.PREFIX}1-x"
    going.mkdir()
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    looked = Path.is_symlink

    def goes_away(folder: Path) -> bool:
        found = looked(folder)
        if folder == going:
            going.rmdir()
        return found

    monkeypatch.setattr(Path, "is_symlink", goes_away)

    assert Path(scratch.new()).is_dir()
