"""
Take in the files of one handed-in folder: ordinary files within the caps, as bytes.

Opened by descriptor from the folder downwards and never through a link, so that nothing changes
under our hands between the look and the read. Case numbers are those of the policies.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
IGNORED_FOLDERS = frozenset({".ipynb_checkpoints", "__pycache__", "feedback", ".git"})
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Caps:
    """
    Limit what one folder may hold: sizes in MiB, the length of a path in characters.

    *second_names* are fine in a folder of one's own: somebody else may have made them.
    """

    files: int = 200
    folders: int = 100
    file_mib: float = 20
    total_mib: float = 100
    path_length: int = 200
    second_names: bool = False


@dataclass(frozen=True)
class Taken:
    """
    Hold the files of a folder by their relative path, and say what was left out and why.

    *left_out* maps a path, made printable, to the reason.
    """

    files: Mapping[str, bytes]
    left_out: Mapping[str, str] = field(default_factory=dict)


def take_in(folder: Path, caps: Caps | None = None) -> Taken:
    """Read the ordinary files below *folder*; everything else is left out, with the reason."""
    return _Reader(caps or Caps()).read(folder)


class _Reader:
    """Walk one folder, counting against the caps."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self.files: dict[str, bytes] = {}
        self.left_out: dict[str, str] = {}
        self.bytes = self.folders = 0

    def read(self, folder: Path) -> Taken:
        try:
            top = os.open(folder, _OPEN | os.O_DIRECTORY)
        except OSError:
            return Taken({}, {folder.name: "it is not a folder"})
        try:
            self._walk(top, "")
        finally:
            os.close(top)
        return Taken(self.files, self.left_out)

    def _walk(self, handle: int, prefix: str) -> None:
        for name in _names(handle):
            path = f"{prefix}{name}"
            if not prefix and name in EXCHANGE_FILES:
                continue
            reason = self._refusal(path)
            if reason:
                self.left_out[_printable(path)] = reason
                continue
            try:
                inner = os.open(name, _OPEN, dir_fd=handle)
            except OSError:
                self.left_out[_printable(path)] = "it is a link, or cannot be opened"
                continue
            try:
                self._take(inner, path, name)
            finally:
                os.close(inner)

    def _take(self, handle: int, path: str, name: str) -> None:
        facts = os.fstat(handle)
        if stat.S_ISDIR(facts.st_mode):
            if name not in IGNORED_FOLDERS:
                self._enter(handle, path)
            return
        reason = self._unfit(facts)
        if reason:
            self.left_out[_printable(path)] = reason
            return
        with os.fdopen(os.dup(handle), "rb") as file:
            # One byte more than allowed tells a file that grew since it was measured.
            content = file.read(int(self.caps.file_mib * 2**20) + 1)
        if len(content) > self.caps.file_mib * 2**20:
            self.left_out[_printable(path)] = f"it is larger than {self.caps.file_mib:g} MiB"
            return
        self.bytes += len(content)
        self.files[path] = content

    def _enter(self, handle: int, path: str) -> None:
        self.folders += 1
        if self.folders > self.caps.folders or path.count("/") > 8:
            self.left_out[_printable(path)] = "there are too many folders"
        else:
            self._walk(handle, f"{path}/")

    def _refusal(self, path: str) -> str:
        if len(path) > self.caps.path_length:
            return "its name is too long"
        if not path.isprintable() or _printable(path) != path:
            return "its name has characters that cannot be shown"
        if len(self.files) >= self.caps.files:
            return f"there are more than {self.caps.files} files"
        return ""

    def _unfit(self, facts: os.stat_result) -> str:
        if not stat.S_ISREG(facts.st_mode):
            return "it is not an ordinary file"
        if facts.st_nlink > 1 and not self.caps.second_names:
            return "it is a second name of another file"
        if facts.st_size > self.caps.file_mib * 2**20:
            return f"it is larger than {self.caps.file_mib:g} MiB"
        if self.bytes + facts.st_size > self.caps.total_mib * 2**20:
            return f"together the files are larger than {self.caps.total_mib:g} MiB"
        return ""


def _names(handle: int) -> Iterator[str]:
    with os.scandir(handle) as found:
        # Notebooks first: a folder full of pictures must not push the work itself out.
        yield from sorted(
            (e.name for e in found), key=lambda name: (not name.endswith(".ipynb"), name)
        )


def _printable(path: str) -> str:
    shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)[:200]
