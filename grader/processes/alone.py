"""
How a forked child comes to be alone: what it does to itself before it runs anybody's code.

Two ways: namespaces of its own, where nothing else exists; or, where the machine forbids
those, Landlock and a filter, where the rest exists but cannot be touched.
"""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Mapping
from pathlib import Path

from grader.processes import filter as seccomp
from grader.processes import landlock, system
from grader.processes.environment import COURSE, DEVICES, HOME, Environment
from grader.processes.limits import MIB, Limits

INSIDE, SPARE = 1000, 65534  # who the child is inside; who root becomes outside
OWN = system.NEW_USER | system.NEW_MOUNT | system.NEW_IPC | system.NEW_NET | system.NEW_UTS
QUIET = system.NO_SUID | system.NO_DEVICES


def enter_namespaces(told: socket.socket) -> None:
    """
    Move into namespaces of one's own; the PID namespace came with the fork.

    The parent writes the user map when *told*. The network's loopback stays down.
    """
    system.call("unshare", OWN)
    system.prctl(system.DUMPABLE, 1)  # else the map belongs to root
    told.send(b"?")
    if told.recv(1) != b"!":
        raise OSError("the user map was not written")
    system.call("sethostname", "grader", 6)


def by_namespaces(
    shown: Environment, limits: Limits, modules: Mapping[str, bytes], maps: bytes
) -> None:
    """
    Replace all files by those *shown* and an empty private folder; be nobody in particular.

    /proc holds one file, *maps*, the list of libraries in memory: threadpoolctl, so scikit-learn,
    reads it there. A true /proc may not be mounted inside every box, and it would show more than
    anybody needs.
    """
    _new_root(limits.disk_mib)
    _show(shown)
    os.makedirs("/proc/self")
    Path("/proc/self/maps").write_bytes(maps)
    write_files(modules, Path(COURSE))
    _hide_the_rest()
    _become(INSIDE)


def by_landlock(shown: Environment, scratch: str) -> None:
    """Fence oneself in: *shown* can be read, *scratch* written, and nothing else opened."""
    devices = [f"/dev/{name}" for name in DEVICES]
    landlock.fence(readable=shown.shown, writable=[scratch, *devices])


def take_limits(limits: Limits, *, others: int = 0) -> None:
    """Set the kernel's own limits on each process; *others* of the same user count as processes."""
    for which, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 64 * 1024),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes + others),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_mib * MIB),
        (resource.RLIMIT_AS, limits.address_mib * MIB),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write *files*, named relative to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _new_root(disk_mib: int) -> None:
    """Make a sized root in memory, with the old one below /old and the writable folders open."""
    system.mount(None, "/", None, system.RECURSIVE | system.SLAVE)
    system.mount("grader", "/tmp", "tmpfs", QUIET, f"size={disk_mib}m,nr_inodes=50000,mode=755")
    os.mkdir("/tmp/old")
    system.syscall("pivot_root", system.PIVOT_ROOT, "/tmp", "/tmp/old")
    os.chdir("/")
    os.umask(0o022)
    for folder in (HOME, "/tmp", "/dev/shm"):
        os.makedirs(folder)
        os.chown(folder, INSIDE, INSIDE)
        system.mount(folder, folder, None, system.BIND)


def _show(shown: Environment) -> None:
    for path in shown.shown:
        if os.path.isdir(f"/old{path}"):
            os.makedirs(path, exist_ok=True)
        else:
            _touch(path)
        system.bind_read_only(f"/old{path}", path)
    for name, target in shown.links:
        os.makedirs(os.path.dirname(name), exist_ok=True)
        os.symlink(target, name)
    for device in DEVICES:
        _touch(f"/dev/{device}")
        system.mount(f"/old/dev/{device}", f"/dev/{device}", None, system.BIND)


def _touch(path: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_CLOEXEC))


def _hide_the_rest() -> None:
    system.call("umount2", "/old", system.DETACH)
    os.rmdir("/old")
    system.mount(None, "/", None, system.REMOUNT | system.BIND | system.READ_ONLY | QUIET)


def _become(user: int) -> None:
    """Take the one identity there is inside; for a child of root this gives root up."""
    system.empty_bounding_set()
    if os.getuid() != user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def close_the_door(channel: int, *, own_pid: int | None) -> None:
    """Keep no descriptor but *channel*, no capability, and only the harmless calls."""
    system.close_all_but(channel)
    system.empty_bounding_set()
    system.drop_capabilities()
    system.prctl(system.DUMPABLE, 1)  # the watcher must be able to measure
    system.prctl(system.DIE_WITH_PARENT, 9)
    seccomp.install(seccomp.program(own_pid=own_pid))


def leave_root() -> None:
    """Become the spare user."""
    os.setgroups([])
    os.setresgid(SPARE, SPARE, SPARE)
    os.setresuid(SPARE, SPARE, SPARE)


def can_leave_root(shown: Environment) -> bool:
    """Tell whether we are root, and the spare user can reach this Python."""
    return os.getuid() == 0 and all(_is_open_to_all(path) for path in shown.shown)


def _is_open_to_all(path: str) -> bool:
    above = [Path(path), *Path(path).parents]
    return all(os.stat(folder).st_mode & 0o001 or not folder.is_dir() for folder in above)
