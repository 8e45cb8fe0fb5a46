"""Say in sixty-four characters what a folder or a file holds, so that a change is noticed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

MOST = 2 << 30  # bytes that are read of one folder; somebody may hand in a terabyte of nothing
# What nbgrader's exchange adds to a hand-in: not the participant's work.
EXCHANGE_FILES = frozenset({"timestamp.txt", "submission_secret.txt"})
# What editors leave beside a source, and what of a source's cell decides marks.
LEFT_BY_EDITORS = frozenset({".ipynb_checkpoints", "__pycache__"})
OF_A_CELL = ("grade", "grade_id", "locked", "points", "solution", "task")


def of_folder(folder: Path, *, ignoring: Collection[str] = ()) -> str:
    """Digest the names and bytes of all regular files below *folder* (SHA-256, hex)."""
    total, room = hashlib.sha256(), MOST
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and file.name not in ignoring:
            room -= file.lstat().st_size
            total.update(os.fsencode(file.relative_to(folder)) + b"\0")
            total.update(_content(file) if room >= 0 else _facts(file))
    return total.hexdigest()


def of_source(folder: Path) -> str:
    """
    Digest what an instructor's *folder* says: of a notebook its cells, not what running them left.

    To open a source, run it and save it changes no mark, so it does not change this digest.
    """
    return of_files(
        {
            name: file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file() and not file.is_symlink()
            for name in [file.relative_to(folder).as_posix()]
            if not LEFT_BY_EDITORS & set(PurePosixPath(name).parts)
        }
    )


def of_files(files: Mapping[str, bytes]) -> str:
    """Digest names and contents as `of_source` does."""
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        told = _cells(content) if name.endswith(".ipynb") else content
        total.update(name.encode() + b"\0" + hashlib.sha256(told).digest())
    return total.hexdigest()


def _cells(content: bytes) -> bytes:
    try:
        told = [_cell(cell) for cell in json.loads(content)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):  # not a notebook of our version
        return content
    return json.dumps(told, sort_keys=True).encode()


def _cell(cell: dict[str, object]) -> list[object]:
    source, metadata = cell["source"], cell.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    own = known.get("nbgrader", {})
    text = "".join(source) if isinstance(source, list) else source
    told = {key: own[key] for key in OF_A_CELL if key in own}
    return [cell["cell_type"], text, told, sorted(known.get("tags", []))]


def _facts(file: Path) -> bytes:
    """Know a file by its size and time, where reading it would hold everybody up."""
    facts = file.lstat()
    return f"{facts.st_size} {facts.st_mtime_ns}".encode()


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").digest()
    except OSError:  # not readable by us: that it is there counts, and no batch stops for it
        return b"unreadable"


def of_text(text: str) -> str:
    """Digest a text (SHA-256 of its UTF-8, hex)."""
    return hashlib.sha256(text.encode()).hexdigest()
