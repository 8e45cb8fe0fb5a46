"""What a tree of processes uses, read from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
TICKS = os.sysconf("SC_CLK_TCK")
# What can wait in a socket is charged to no process. So each descriptor beyond the first few
# counts as one that is full; one who hides them has as many as there may be.
HELD_MIB, FEW, MANY = 0.25, 32, 256


@dataclass(frozen=True)
class Usage:
    """Sum up a tree: its share of memory, its CPU time, the number of its processes."""

    memory_mib: float = 0.0
    cpu_seconds: float = 0.0
    processes: int = 0


@dataclass(frozen=True)
class Row:
    """Hold what /proc says of one process."""

    pid: int
    parent: int
    session: int
    cpu_seconds: float
    threads: int


def tree(top: int) -> list[int]:
    """List the processes below *top*, and those of its session that lost their parent."""
    return [row.pid for row in _tree(top)]


def usage(top: int, *, at_most_mib: float = 0.0) -> Usage:
    """
    Measure the tree below *top*.

    The kernel takes milliseconds to find each process's proportional share of memory. Where all that
    is resident, shared or not, is no more than *at_most_mib*, that is told instead.
    """
    found = _tree(top)
    held = sum(_held_mib(row.pid) for row in found)
    memory = held + sum(_resident_kib(row.pid) for row in found) / 1024
    if memory > at_most_mib:
        memory = held + sum(_share_kib(row.pid) for row in found) / 1024
    return Usage(round(memory, 1), sum(row.cpu_seconds for row in found), len(found))


def disk_mib(folder: Path) -> float:
    """Measure what lies in *folder*."""
    blocks = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                blocks += os.lstat(os.path.join(place, name)).st_blocks
            except OSError:
                continue
    return blocks / 2048


def tasks() -> int:
    """Count the threads of all processes of this user: what its limit of processes counts."""
    count = 0
    for row in rows():
        try:
            count += row.threads if os.stat(f"/proc/{row.pid}").st_uid == os.getuid() else 0
        except OSError:
            continue
    return count


def _tree(top: int) -> list[Row]:
    there = rows()
    known = {top}
    found = [row for row in there if row.pid == top]
    rest = [row for row in there if row.pid != top]
    while more := [row for row in rest if row.parent in known or row.session == top]:
        known |= {row.pid for row in more}
        rest = [row for row in rest if row.pid not in known]
        found += more
    return found


def rows() -> list[Row]:
    """Read all processes that can be seen."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = Path("/proc", name, "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it ended meanwhile
            fields = text.rpartition(")")[2].split()
            spent = (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / TICKS
            parent, session, threads = int(fields[1]), int(fields[3]), int(fields[17])
            found.append(Row(int(name), parent, session, spent, threads))
    return found


def _held_mib(pid: int) -> float:
    try:
        open_now = len(os.listdir(f"/proc/{pid}/fd"))
    except PermissionError:
        open_now = MANY
    except OSError:
        return 0.0  # it ended meanwhile
    return HELD_MIB * max(0, open_now - FEW)


def _share_kib(pid: int) -> int:
    """Ask for the proportional share; where that is refused, for all that is resident."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return _resident_kib(pid)


def _resident_kib(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * PAGE_KIB
    except OSError:
        return 0
