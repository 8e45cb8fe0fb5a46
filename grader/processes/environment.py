"""What a child may see of this machine: the system's programs, Python and its libraries; no more."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32")
SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
# of a Python: a virtual environment may lie in a folder full of other things
PARTS = ("bin", "include", "lib", "lib64", "libexec", "etc", "share", "ssl", "pyvenv.cfg")
DEVICES = ("null", "zero", "full", "random", "urandom")

HOME = "/home/participant"
WORK = f"{HOME}/work"
COURSE = "/opt/course"  # modules sent to one child, or to one worker that rehearses


@dataclass(frozen=True)
class Environment:
    """Name what is shown read-only, and the *links* (name, target) beside it."""

    shown: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def environment(import_path: Iterable[Path] = ()) -> Environment:
    """List what this Python needs, the kit's own package, and the folders of *import_path*."""
    named: list[str] = [*SYSTEM, *SETTINGS]
    for prefix in (sys.prefix, sys.base_prefix):
        named += [
            f"{place}/{part}" for place in (prefix, os.path.realpath(prefix)) for part in PARTS
        ]
    links = {name: os.readlink(name) for name in named if os.path.islink(name)}
    wanted = [name for name in named if name not in links]
    wanted += [str(PACKAGE), *_libraries(), *(str(path.resolve()) for path in import_path)]
    shown = tuple(_outermost(path for path in wanted if os.path.exists(path)))
    outside = {name: to for name, to in links.items() if not _lies_in(name, shown)}
    return Environment(shown, tuple(outside.items()))


def variables() -> dict[str, str]:
    """Give the whole environment of a worker; nothing of the starting process's own is in it."""
    one_thread = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
    return {
        "HOME": HOME,
        "USER": "participant",
        "LANG": "C.UTF-8",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "MPLBACKEND": "agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "JOBLIB_MULTIPROCESSING": "0",  # n_jobs=-1 means one, as for the threads below
        # Keep what was freed: giving pages back and asking again costs a child a third of its time.
        "MALLOC_MMAP_THRESHOLD_": "33554432",
        "MALLOC_TRIM_THRESHOLD_": "268435456",
        "MALLOC_TOP_PAD_": "4194304",
        **{f"{library}_NUM_THREADS": "1" for library in one_thread},
    }


def bubblewrap(shown: Environment) -> list[str]:
    """Write the command that puts a worker in a box of its own; it may make boxes inside."""
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net"]
    command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "grader"]
    if os.getuid() != 0:  # root keeps its own namespace: it has to become somebody else inside
        command += ["--unshare-user", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"]
    command += ["--proc", "/proc", "--size", "1048576", "--tmpfs", "/tmp"]
    for folder in (HOME, COURSE):  # for a rehearsal; a child has folders of its own there
        command += ["--size", str(256 << 20), "--tmpfs", folder]
    for path in shown.shown:
        command += ["--ro-bind", path, path]
    for name, target in shown.links:
        command += ["--symlink", target, name]
    for (
        device
    ) in DEVICES:  # not --dev: it would put a user namespace between the worker and its own
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    return [*command, "--remount-ro", "/", "--chdir", "/", "--"]


def _libraries() -> Iterator[str]:
    """Find where libpython lies: a copied or private Python may keep it outside its prefix."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        file = line.partition("/")[1] + line.partition("/")[2]
        if "libpython" in os.path.basename(file):
            yield os.path.dirname(file)


def _outermost(paths: Iterable[str]) -> Iterator[str]:
    """Leave out what lies inside another."""
    kept: list[str] = []
    for path in sorted(dict.fromkeys(paths)):
        if not _lies_in(path, kept):
            kept.append(path)
            yield path


def _lies_in(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)
