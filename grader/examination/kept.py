"""
What a hub marks with: the source, its release and the checks, as they were released there.

The course may be mended at any time; a hub goes on marking with what it released until `regrade`
puts the mended week in its place (G1). What was replaced is kept, for disputes and because people
have worked on it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader import digests
from grader.engine.standing import released
from grader.examination.record import Record, modules_in, read_record

CHECKS, REPLACED = "checks", "replaced"
_NOT_CONTENT = shutil.ignore_patterns(*digests.LEFT_BY_EDITORS, "*.pyc")


@dataclass(frozen=True)
class Version:
    """
    Name one version of a week: the digests of its source and of what its checks import.

    *checks* is empty where there are no modules.
    """

    source: str
    checks: str = ""

    @property
    def as_versions(self) -> dict[str, str]:
        """Give it as the ledger keeps it."""
        return {"source": self.source, "checks": self.checks}

    @property
    def name(self) -> str:
        """Give a short name for a folder."""
        return digests.of_text(self.source + self.checks)[:16]


@dataclass(frozen=True)
class Kept:
    """Point at a week in the hub's directory *home*."""

    home: Path
    week: str

    @property
    def source(self) -> Path:
        """Give the folder of the hub's source."""
        return self.home / "source" / self.week

    @property
    def release(self) -> Path:
        """Give the folder of what participants get."""
        return self.home / "release" / self.week

    @property
    def checks(self) -> Path:
        """Give the folder of what the checks import; an ordinary course has none."""
        return self.home / CHECKS / self.week

    @property
    def version(self) -> Version:
        """Look what is there now."""
        return version_of(self.source, self.checks)

    @property
    def as_released(self) -> Version | None:
        """Tell what was released, or None where the kit has not released it."""
        known = released(self.home).get(self.week)
        return Version(known["digest"], known.get("checks", "")) if known else None

    @property
    def is_as_released(self) -> bool:
        """Tell whether the hub's own copy is what was released; true where the kit released nothing."""
        return self.as_released in (None, self.version)

    @property
    def replaced(self) -> tuple[Path, ...]:
        """List the folders of the releases that were replaced."""
        return tuple(sorted((self.home / REPLACED / self.week).glob("[!.]*/release")))

    def record(self, *, may_be_forged: bool = False) -> Record:
        """Read it as the record that submissions are rebuilt from."""
        record = read_record(
            self.week,
            self.source,
            self.release,
            self.checks if self.checks.is_dir() else None,
            self.replaced,
        )
        return replace(record, may_be_forged=may_be_forged)

    def put_checks(self, modules: Mapping[str, bytes]) -> None:
        """Replace the hub's copy of what the checks import."""
        folder = self.home / CHECKS / self.week
        fresh = folder.with_name(f".{self.week}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name, content in modules.items():
            (fresh / name).write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)

    def put_source(self, solution: Path) -> None:
        """Replace the hub's copy of the source; one that is in its place stays."""
        if self.source.exists() and self.source.samefile(solution):
            return  # an ordinary nbgrader course has its source in place
        fresh = self.source.with_name(f".{self.week}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(solution, fresh, ignore=_NOT_CONTENT)
        shutil.rmtree(self.source, ignore_errors=True)
        fresh.rename(self.source)

    def keep_replaced(self, old: Version) -> None:
        """Keep the hub's copy as it is, under the name of *old*, once; all of it, or nothing."""
        folder = self.home / REPLACED / self.week / old.name
        if folder.exists():
            return
        fresh = folder.with_name(f".{old.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        parts = {"release": self.release, CHECKS: self.checks}
        if self.source.is_dir() and digests.of_source(self.source) == old.source:
            parts["source"] = self.source
        for part, there in parts.items():
            if there.is_dir():
                shutil.copytree(there, fresh / part)
        fresh.rename(folder)


def version_of(source: Path, checks: Path | None) -> Version:
    """Name the version of a week in these folders."""
    modules = modules_in(checks) if checks and checks.is_dir() else {}
    return Version(digests.of_source(source), digests.of_files(modules) if modules else "")
