"""The marked folder of a submission, autograded/ in nbgrader's course: what formgrader shows."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from grader.digests import EXCHANGE_FILES


def write_marked(
    home: Path,
    week: str,
    participant: str,
    notebooks: Mapping[str, str],
    files: Mapping[str, bytes],
) -> Path:
    """
    Replace the marked folder by *notebooks* (name to text) and *files*; all of it, or nothing.

    The time and the secret of the hand-in come along: nbgrader's feedback is released by them.
    """
    folder = home / "autograded" / participant / week
    fresh = folder.with_name(f".{week}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, text in notebooks.items():
        (fresh / f"{name}.ipynb").write_text(text, encoding="utf-8")
    for path, content in files.items():
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).write_bytes(content)
    for name in EXCHANGE_FILES:
        _copy_plain(home / "submitted" / participant / week / name, fresh / name)
    _replace(folder, fresh)
    return folder


def _copy_plain(source: Path, target: Path) -> None:
    # The folder is the participant's: a link there could point at anything of ours.
    if source.is_file() and not source.is_symlink() and source.stat().st_size < 4096:
        target.write_bytes(source.read_bytes())


def _replace(folder: Path, fresh: Path) -> None:
    if folder.exists():
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        fresh.rename(folder)
