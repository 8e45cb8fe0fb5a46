"""
Between a hub and its participants' folders: nbgrader's exchange, with the kit's clock.

nbgrader asks the clock itself (`Exchange.set_timestamp`); here the time is always an argument.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.auth import Authenticator
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import (
    Exchange,
    ExchangeCollect,
    ExchangeFetchAssignment,
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)
from nbgrader.utils import parse_utc
from traitlets.config import Config

from grader.digests import EXCHANGE_FILES
from grader.engine.settings import config, course_directory, log
from grader.engine.settings import folder as steps_folder
from grader.engine.standing import released
from grader.engine.untrusted import copy_untrusted
from grader.errors import EngineError, MachineError
from grader.marks import Attempt


@dataclass(frozen=True)
class Workplace:
    """
    Say where one participant works: their folder, and what nbgrader needs to know of the course.

    *cache* is where nbgrader remembers what this person handed in; on one account for several
    people each needs a cache of their own, or one would fetch the other's feedback.
    """

    participant: str
    folder: Path
    course_id: str
    exchange: Path

    @property
    def settings(self) -> Config:
        """Give the participant's side of nbgrader's configuration."""
        settings = Config()
        settings.CourseDirectory.course_id = self.course_id
        settings.CourseDirectory.root = str(self.folder)
        settings.Exchange.root = str(self.exchange)
        settings.Exchange.assignment_dir = str(self.folder)
        settings.Exchange.cache = str(self.folder / ".nbgrader_cache")
        return settings


def release(home: Path, week: str, *, at: datetime) -> None:
    """Put the release of *week* where participants can fetch it, replacing an older one."""
    _start(ExchangeReleaseAssignment, config(home), week, at=at, force=True)


def require_exchange(home: Path) -> None:
    """Refuse to go on where the hub's exchange is not there."""
    _require(_folder(home).parent)


def is_there(home: Path) -> bool:
    """Tell whether the hub has an exchange; an ordinary course may do without."""
    return _root(config(home)).is_dir()


def is_released(home: Path, week: str) -> bool:
    """Tell whether participants can fetch *week*."""
    return (_folder(home) / "outbound" / week).is_dir()


def fetch(place: Workplace, week: str, *, at: datetime) -> Path:
    """Fetch *week* into the participant's folder, adding only what is missing there."""
    _start(
        ExchangeFetchAssignment,
        place.settings,
        week,
        at=at,
        participant=place.participant,
        replace_missing_files=True,
    )
    return place.folder / week


def submit(place: Workplace, week: str, *, at: datetime) -> None:
    """Hand in the participant's folder of *week* as it is now."""
    _start(ExchangeSubmit, place.settings, week, at=at, participant=place.participant)


def attempts(home: Path, week: str) -> tuple[Attempt, ...]:
    """
    List everything that was handed in for *week*, oldest first; nothing is copied.

    Raises MachineError where the exchange, or the folder for hand-ins of a released week, is gone:
    that is not the same as silence.
    """
    inbound = _folder(home) / "inbound"
    _require(inbound.parent.parent)
    if week in released(home) and not inbound.is_dir():
        raise MachineError(
            f"{week} was released, and the folder that people hand it in to is gone",
            where=str(inbound),
            do=f"Restore it from your backup; `grader release {week}` makes an empty one.",
        )
    found = []
    for folder in inbound.glob(f"*+{week}+*"):
        # Participants may make what they like here: a link, or a name that says no time, is no attempt.
        with contextlib.suppress(ValueError, OverflowError):
            participant, _, stamp = folder.name.rsplit("+", 3)[:3]
            at = parse_utc(stamp).replace(tzinfo=UTC)
            if folder.is_dir() and not folder.is_symlink():
                found.append(Attempt(participant, week, at, folder))
    return tuple(sorted(found, key=lambda attempt: (attempt.at, attempt.participant)))


def collect(home: Path, week: str, chosen: Iterable[Attempt], *, at: datetime) -> None:
    """Copy the *chosen* attempts into the hub's submitted/, through nbgrader's own collect."""
    settings = config(home)
    for attempt in chosen:
        submitted = steps_folder(home, "submitted") / attempt.participant / week
        if submitted.exists():
            shutil.rmtree(submitted)
        _start(_CollectOne, settings, week, at=at, participant=attempt.participant, chosen=attempt)


def release_feedback(home: Path, week: str, participant: str, *, at: datetime) -> None:
    """
    Put the feedback page of one participant where nbgrader lets them fetch it.

    nbgrader files it under the secret of the hand-in. A hand-in that was made by hand may have
    none: then nobody could fetch the page, and it stays in the hub's feedback folder.
    """
    folder = home / "feedback" / participant / week
    if not all(
        (folder / name).is_file() and (folder / name).stat().st_size for name in EXCHANGE_FILES
    ):
        return
    _start(ExchangeReleaseFeedback, config(home), week, at=at, participant=participant)


def fetch_feedback(place: Workplace, week: str, *, at: datetime) -> tuple[Path, ...]:
    """Fetch the participant's feedback on *week*; list the pages there are now."""
    _start(ExchangeFetchFeedback, place.settings, week, at=at, participant=place.participant)
    return tuple(sorted((place.folder / week / "feedback").glob("*/*.html")))


class _Clocked:
    """Give nbgrader's exchange classes the time instead of letting them ask for it."""

    at: datetime

    def set_timestamp(self) -> None:
        self.timestamp = self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


class _CollectOne(ExchangeCollect):  # type: ignore[misc]
    """Collect the one attempt that the kit's policy chose (A1, A2), not nbgrader's newest."""

    chosen: Any = None

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy without following a link, opening a pipe, or filling the disk; nbgrader's own does all."""
        copy_untrusted(Path(src), Path(dest))

    def init_src(self) -> None:
        super().init_src()
        self.src_records = [self._path_to_record(str(self.chosen.folder))]


def _start(
    action: type, settings: Config, week: str, *, at: datetime, participant: str = "*", **more: Any
) -> None:
    _require(_root(settings))
    directory = course_directory(settings, week=week, participant=participant)
    clocked = type(action.__name__, (_Clocked, action), {"at": at})
    chosen = more.pop("chosen", None)
    errand = clocked(
        coursedir=directory,
        authenticator=Authenticator(config=settings, log=log),
        config=settings,
        log=log,
    )
    for name, value in more.items():
        setattr(errand, name, value)
    errand.chosen = chosen
    try:
        errand.start()
    except ExchangeError as error:
        raise EngineError(f"nbgrader's exchange refused {week}: {error}") from error


def _require(exchange: Path) -> None:
    if not exchange.is_dir():
        raise MachineError(
            "the exchange, where work is handed out and in, is not there",
            where=str(exchange),
            do="Mount it or restore it from your backup; `grader cohort sync` makes an empty one.",
        )


def _folder(home: Path) -> Path:
    settings = config(home)
    directory = course_directory(settings, week="")
    return _root(settings) / (directory.course_id or home.resolve().name)


def _root(settings: Config) -> Path:
    """Give the exchange's folder; an ordinary course may leave it to nbgrader."""
    named = "root" in settings.Exchange
    return Path(settings.Exchange.root if named else Exchange.root.default_value)
