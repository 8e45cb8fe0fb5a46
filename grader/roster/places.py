"""What the cohort's two files are called, and where the cohort really is."""

from __future__ import annotations

import os
from pathlib import Path

COHORT, ROSTER = "cohort.toml", "roster.csv"


def real(path: Path) -> Path:
    """Make *path* absolute, with every link followed."""
    return Path(os.path.realpath(path))
