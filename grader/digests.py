"""Say in sixty-four characters what a folder or a file holds, so that a change is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

# What nbgrader's exchange adds to a hand-in: not the participant's work.
EXCHANGE_FILES = frozenset({"timestamp.txt", "submission_secret.txt"})


def of_folder(folder: Path, *, ignoring: Collection[str] = ()) -> str:
    """Digest the names and bytes of all regular files below *folder* (SHA-256, hex)."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and file.name not in ignoring:
            total.update(file.relative_to(folder).as_posix().encode() + b"\0")
            total.update(_content(file))
    return total.hexdigest()


def _content(file: Path) -> bytes:
    try:
        return hashlib.sha256(file.read_bytes()).digest()
    except OSError:  # not readable by us: that it is there counts, and no batch stops for it
        return b"unreadable"


def of_text(text: str) -> str:
    """Digest a text (SHA-256 of its UTF-8, hex)."""
    return hashlib.sha256(text.encode()).hexdigest()
