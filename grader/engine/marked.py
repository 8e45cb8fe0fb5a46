"""The folders nbgrader shows and hands back: autograded/ and feedback/ of one submission."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from grader.digests import EXCHANGE_FILES
from grader.engine.settings import folder as steps_folder


def write_folder(
    home: Path, step: str, week: str, participant: str, files: Mapping[str, bytes]
) -> None:
    """Replace one submission's folder of *step* by *files*; all of it, or nothing."""
    with replaced_folder(home, step, week, participant, files):
        pass


@contextmanager
def replaced_folder(
    home: Path, step: str, week: str, participant: str, files: Mapping[str, bytes]
) -> Iterator[None]:
    """
    Write *files* aside, and put them in the place of the folder when what is done here went well.

    The time and the secret of the hand-in come along: nbgrader's feedback is released by them.
    """
    folder = steps_folder(home, step) / participant / week
    fresh = folder.with_name(f".{week}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        for path, content in files.items():
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(content)
        for name in EXCHANGE_FILES:
            _copy_plain(steps_folder(home, "submitted") / participant / week / name, fresh / name)
        yield
        _replace(folder, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _copy_plain(source: Path, target: Path) -> None:
    # The folder is the participant's: a link there could point at anything of ours.
    if source.is_file() and not source.is_symlink() and source.stat().st_size < 4096:
        target.write_bytes(source.read_bytes())


def _replace(folder: Path, fresh: Path) -> None:
    old = folder.with_name(f".{folder.name}.old")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)  # also that of a run that was killed between the two
