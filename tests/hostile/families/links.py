"""Folders that hold something else than files: links, pipes, sockets, second names, devices."""

import os
import socket
from pathlib import Path

from grader.marks import Outcome
from tests.hostile.submission import ALL, NOTHING, Place, Submission, right
from tests.hostile.week import WEEK

REFUSED = (Outcome.REFUSED, Outcome.MISSING)


def _beside(make: object) -> object:
    """Do right work, with something odd beside it."""

    def made(place: Place) -> None:
        right()(place)
        make(place)  # type: ignore[operator]

    return made


def _instead(make: object) -> object:
    """Put something odd where the notebook should be."""

    def made(place: Place) -> None:
        place.file.unlink()
        make(place)  # type: ignore[operator]

    return made


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # an address may have 107 bytes only
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind(path.name)
    finally:
        os.chdir(here)


def _loop(place: Place) -> None:
    (place.folder / "round").symlink_to(place.folder)
    (place.folder / "self").symlink_to("self")


def _stamp(target: str) -> object:
    def make(place: Place) -> None:
        file = place.folder / "timestamp.txt"
        stamp = file.read_text()
        file.unlink()
        os.mkfifo(file) if target == "pipe" else file.symlink_to(place.secret)
        del stamp

    return make


def _whole_folder(place: Place) -> None:
    real = place.folder.with_name("elsewhere")
    place.folder.rename(real)
    place.folder.symlink_to(real)


def _deep(place: Place) -> None:
    folder = place.folder
    for _ in range(60):
        folder /= "deep"
    folder.mkdir(parents=True)
    (folder / "x.txt").write_text("x")


def _closed(place: Place) -> None:
    (place.folder / "closed").mkdir()
    (place.folder / "closed/x.txt").write_text("x")
    (place.folder / "closed.txt").write_text("x")
    (place.folder / "closed").chmod(0)
    (place.folder / "closed.txt").chmod(0)


SUBMISSIONS = (
    *(
        Submission(f"right work beside {name}", _beside(make), ALL)  # type: ignore[arg-type]
        for name, make in {
            "a link to a secret": lambda p: (p.folder / "notes.txt").symlink_to(p.secret),
            "a link to a folder of the instructor's": lambda p: (p.folder / "data").symlink_to(p.home / "source"),
            "a link where the data goes": lambda p: (
                (p.folder / "numbers.csv").unlink(), (p.folder / "numbers.csv").symlink_to(p.secret)),
            "a second name of a secret": lambda p: os.link(p.secret, p.folder / "mine.txt"),
            "a pipe": lambda p: os.mkfifo(p.folder / "pipe"),
            "a pipe called like a notebook": lambda p: os.mkfifo(p.folder / "other.ipynb"),
            "a socket": lambda p: _socket(p.folder / "line"),
            "links in a circle": _loop,
            "folders without end": _deep,
            "a link to nothing": lambda p: (p.folder / "gone").symlink_to("/nowhere/at/all"),
            "links to devices": lambda p: (
                (p.folder / "zero").symlink_to("/dev/zero"), (p.folder / "random").symlink_to("/dev/random")),
            "closed files and folders": _closed,
            "a folder where a note of ours goes": lambda p: (p.folder / "marking-notes.json").mkdir(),
            "a sparse file of a terabyte": lambda p: os.truncate(
                os.open(p.folder / "huge", os.O_CREAT | os.O_WRONLY), 1 << 40),
            "a link of checkpoints": lambda p: (p.folder / ".ipynb_checkpoints").symlink_to(p.home),
        }.items()
    ),
    *(
        Submission(f"{name} instead of the notebook", _instead(make), NOTHING, REFUSED)  # type: ignore[arg-type]
        for name, make in {
            "a link": lambda p: p.file.symlink_to(p.secret),
            "a link to the instructor's notebook": lambda p: p.file.symlink_to(p.home / f"source/{WEEK}/{WEEK}.ipynb"),
            "a second name of the instructor's notebook": lambda p: os.link(
                p.home / f"source/{WEEK}/{WEEK}.ipynb", p.file),
            "a pipe": lambda p: os.mkfifo(p.file),
            "a socket": lambda p: _socket(p.file),
            "a folder": lambda p: (p.file.mkdir(), (p.file / "x").touch()),
        }.items()
    ),
    Submission("a link for its time", _beside(_stamp("link")), ALL),  # type: ignore[arg-type]
    Submission("a pipe for its time", _beside(_stamp("pipe")), ALL),  # type: ignore[arg-type]
)  # fmt: skip
