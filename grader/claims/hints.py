"""
Find a hint by its code and fill it with what was seen.

Hints live in hints.toml: beside the released notebook (the working folder), or beside the week's
checks. A missing file or code must never stop a check, so everything here ends in a plain sentence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.claims.failures import ClaimFailed

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_folders: list[Path] = []


@dataclass(frozen=True)
class Hint:
    """Hold the three sentences a participant reads; each may hold {placeholders}."""

    saw: str
    cause: str
    advice: str


def hints_beside(file: str | Path) -> None:
    """Look for hints also in the folder of *file*; a week's checks call it with __file__."""
    folder = Path(file).resolve().parent
    if folder not in _folders:
        _folders.append(folder)


def find(code: str | None) -> Hint | None:
    """Find the hint with *code*: beside the week's checks, or else in the working folder."""
    if code is None:
        return None
    for folder in [*_folders, Path()]:  # the participant may write to the working folder
        for row in _read(folder / "hints.toml"):
            if row.get("code") == code:
                return Hint(*(str(row.get(key, "")) for key in ("saw", "cause", "try")))
    return None


def failure(task: str, code: str | None, plain: Hint, seen: Mapping[str, object]) -> ClaimFailed:
    """Word a failed claim: the hint with *code* if there is one, else the *plain* sentences."""
    hint = find(code) or plain
    lines = [_filled(line, seen) for line in (hint.saw, hint.cause, hint.advice) if line.strip()]
    lines[0] = f"{task}: {lines[0]}"
    text = "\n".join([*lines, f"[{code}]"] if code else lines)
    return ClaimFailed(text, code=code, seen=lines[0])


def _read(file: Path) -> list[dict[str, object]]:
    try:
        rows = _parsed(file.read_text(encoding="utf-8")).get("hint", [])
    except (OSError, ValueError):
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _filled(line: str, seen: Mapping[str, object]) -> str:
    # Not str.format: a hint may show a dictionary, and an unknown name must not stop a check.
    return _PLACEHOLDER.sub(lambda found: str(seen.get(found[1], "...")), " ".join(line.split()))
