"""What a worker does to have namespaces made: its own box, and the identity of each child's."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from grader.processes import system
from grader.processes.alone import INSIDE, SPARE


def map_users(pid: int) -> None:
    """Give the child its one identity: ours, or for root's child the spare user."""
    is_root = os.getuid() == 0
    who = f"0 0 1\n{INSIDE} {SPARE} 1\n" if is_root else f"{INSIDE} {os.getuid()} 1\n"
    group = who if is_root else f"{INSIDE} {os.getgid()} 1\n"
    _write_maps(str(pid), who, group, may_set_groups=is_root)


def be_first_of_a_box() -> None:
    """
    Do what bubblewrap would: go on as process 1 of a new PID namespace, with its own /proc.

    Whoever calls this goes on in a forked process; the old one only waits for it.
    """
    user, group = os.getuid(), os.getgid()
    system.call("unshare", system.NEW_PID | system.NEW_MOUNT | (system.NEW_USER if user else 0))
    system.prctl(system.DUMPABLE, 1)
    if user:
        _write_maps("self", f"{user} {user} 1\n", f"{group} {group} 1\n", may_set_groups=False)
    if pid := os.fork():
        os.waitpid(pid, 0)
        os._exit(0)
    system.prctl(system.DIE_WITH_PARENT, signal.SIGKILL)
    system.mount(None, "/", None, system.RECURSIVE | system.SLAVE)
    system.mount("proc", "/proc", "proc", system.NO_SUID | system.NO_DEVICES)


def _write_maps(who: str, users: str, groups: str, *, may_set_groups: bool) -> None:
    if not may_set_groups:
        Path(f"/proc/{who}/setgroups").write_text("deny", encoding="utf-8")
    Path(f"/proc/{who}/uid_map").write_text(users, encoding="utf-8")
    Path(f"/proc/{who}/gid_map").write_text(groups, encoding="utf-8")
