"""What the cohort's two files are called, and where the cohort really is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

COHORT, ROSTER = "cohort.toml", "roster.csv"


def real(path: Path) -> Path:
    """Make *path* absolute, with every link followed."""
    return Path(os.path.realpath(path))


def is_shared(directory: Path) -> bool:
    """Tell whether *directory* belongs to a group of instructors, who see what the owner sees."""
    return bool(directory.stat().st_mode & stat.S_ISGID)
