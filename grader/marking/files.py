"""Files that cross: what one side wrote below a folder comes to the other side as bytes."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MOST_FILES, MOST_BYTES = 200, 8 << 20
Files = dict[str, bytes | None]  # None where a file was removed


@dataclass
class Folder:
    """
    Watch a folder: say which regular files are new or changed, and take in those of the other side.

    Files in *pristine* are the instructor's: the other side cannot replace them.
    """

    root: Path
    pristine: frozenset[str] = frozenset()
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def news(self) -> Files:
        """Give what was written or removed since the last look, within the caps; no links."""
        now = self._regular()
        gone = sorted(self._seen.keys() - {name for name, _ in now})[:MOST_FILES]
        found: Files = {name: None for name in gone if not os.path.lexists(self.root / name)}
        for name in found:
            del self._seen[name]
        room = MOST_BYTES
        for name, stamp in now:
            size = stamp[1]
            if self._seen.get(name) == stamp or len(found) >= MOST_FILES or size > room:
                continue
            with contextlib.suppress(OSError):  # it was closed to us, or is gone again
                found[name] = (self.root / name).read_bytes()
                room -= size
                self._seen[name] = stamp
        return found

    def take_in(self, files: object) -> None:
        """Write, or remove, *files* as the other side did; names that lead elsewhere are passed over."""
        if type(files) is not dict or len(files) > MOST_FILES:
            return
        for name, content in files.items():
            # A name may be too long, no text, or that of a folder: then the file stays away.
            with contextlib.suppress(OSError, ValueError):
                path = self.root / name if self._is_fine(name) else None
                if path is not None and content is None:
                    path.unlink(missing_ok=True)
                    self._seen.pop(name, None)
                elif path is not None and type(content) is bytes:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                    stat = path.stat()
                    self._seen[name] = (stat.st_mtime_ns, stat.st_size)

    def settle(self) -> None:
        """Take what is there now as known."""
        self._seen.update(self._regular())

    def empty(self) -> None:
        """Remove everything but the instructor's files, and what is closed to us."""
        kept = {Path(name).parts[0] for name in self.pristine}
        with contextlib.suppress(OSError):
            for name in sorted(set(os.listdir(self.root)) - kept):
                path = self.root / name
                with contextlib.suppress(OSError):
                    is_folder = path.is_dir() and not path.is_symlink()
                    shutil.rmtree(path) if is_folder else path.unlink()
        self._seen = {name: stamp for name, stamp in self._seen.items() if name in self.pristine}

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that the check had written."""
        for name in names:
            with contextlib.suppress(OSError, ValueError):
                if self._is_fine(name):
                    (self.root / name).unlink(missing_ok=True)
                    self._seen.pop(name, None)

    def _regular(self) -> list[tuple[str, tuple[int, int]]]:
        """List the regular files by name, each with its time and size; it is asked for at each call."""
        found: list[tuple[str, tuple[int, int]]] = []
        waiting = [""]
        while waiting and len(found) <= 5 * MOST_FILES:
            place = waiting.pop()
            with contextlib.suppress(OSError), os.scandir(self.root / place) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{place}{entry.name}/")
                    elif entry.is_file(follow_symlinks=False):
                        stat = entry.stat(follow_symlinks=False)
                        found.append((place + entry.name, (stat.st_mtime_ns, stat.st_size)))
        return found

    def _is_fine(self, name: object) -> bool:
        if type(name) is not str or "\0" in name:
            return False
        path = Path(name)
        if str(path) in self.pristine:  # "./data.csv" is "data.csv"
            return False
        inside = not path.is_absolute() and ".." not in path.parts and 0 < len(path.parts) < 8
        steps = [self.root.joinpath(*path.parts[:n]) for n in range(1, len(path.parts) + 1)]
        return inside and not any(step.is_symlink() for step in steps)


def all_names(root: Path) -> frozenset[str]:
    """Name every regular file below *root*."""
    return frozenset(name for name, _ in Folder(root)._regular())
