"""Which fence this machine can put around a child, found by trying; and what to do where it cannot."""

from __future__ import annotations

import functools
import os
import shutil
from pathlib import Path

from grader.errors import MachineError
from grader.processes import filter as seccomp
from grader.processes import landlock
from grader.processes.channel import Channel
from grader.processes.limits import Limits
from grader.processes.warm import Tier, Warm

UNSANDBOXED = Tier("unsandboxed", "asked for in so many words: nothing keeps the code in")
WORKS = {
    "bubblewrap": "bubblewrap works: each child has namespaces of its own inside its box",
    "namespaces": "the kernel lets the kit make namespaces itself, without bubblewrap",
    "landlock": "namespaces are refused here; Landlock, a seccomp filter and limits are not",
}
APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
SWITCHES = {  # which says 0 where user namespaces are off: what turns them on
    "/proc/sys/user/max_user_namespaces": "sudo sysctl user.max_user_namespaces=15000",
    "/proc/sys/kernel/unprivileged_userns_clone": "sudo sysctl kernel.unprivileged_userns_clone=1",
}
PROFILE = (
    "Write /etc/apparmor.d/bwrap with the lines `abi <abi/4.0>,`, `include <tunables/global>` and "
    "`profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }`, then `sudo systemctl reload apparmor`."
)


def tier(*, unsandboxed: bool = False) -> Tier:
    """Find the strongest fence that works; *unsandboxed* asks for none. MachineError if none works."""
    if unsandboxed:
        return UNSANDBOXED
    for name, reason in WORKS.items():
        if not (why_not := trial(name)):
            return Tier(name, reason)
        last = why_not
    raise MachineError(f"no sandbox can be made on this machine: {last}", do=" ".join(remedies()))


def diagnosis() -> list[str]:
    """Say in lines which fences this machine has, why not the others, and what would help."""
    lines = []
    for name in WORKS:
        why_not = trial(name)
        lines.append(f"{name}: no, {why_not}" if why_not else f"{name}: yes")
    try:
        lines.append(f"marking uses: {tier().name}")
    except MachineError:
        lines.append("marking uses: nothing, it is refused here")
    return lines if lines[0].endswith("yes") else [*lines, *remedies()]


@functools.cache
def trial(name: str) -> str:
    """Start a child behind the fence *name*; say what went wrong, or nothing."""
    if not seccomp.is_known_machine():
        return "the kit knows no filter for this kind of processor"
    if name == "bubblewrap" and not shutil.which("bwrap"):
        return "the program bwrap is not installed"
    if name == "landlock" and not landlock.version():
        return "the kernel has no Landlock, or it is switched off"
    try:
        with Warm(Tier(name), Limits()) as warm, warm.fork(f"{__name__}:greet") as child:
            child.channel.receive(seconds=10)
    except Exception as error:
        return str(error).splitlines()[0]
    return ""


def greet(channel: Channel) -> None:
    """Be the child of a trial."""
    channel.send(b"here")


def remedies() -> list[str]:
    """Say what whoever runs this machine can do for a better fence."""
    found = []
    if not shutil.which("bwrap"):
        install = "dnf" if shutil.which("dnf") else "apt-get"
        found.append(f"Install bubblewrap: `sudo {install} install bubblewrap`.")
    if _says(APPARMOR, "1"):
        found.append(
            f"AppArmor forbids user namespaces to unknown programs (Ubuntu 24.04). {PROFILE}"
        )
    for switch, command in SWITCHES.items():
        if _says(switch, "0"):
            found.append(f"User namespaces are switched off. Turn them on: `{command}`.")
    if _is_container():
        found.append(
            "This is a container, whose default profile forbids namespaces. Start it with a seccomp "
            "profile that allows unshare, mount and pivot_root, or on a kernel that has Landlock (5.13)."
        )
    return found or ["Use a kernel of 5.13 or newer with user namespaces or Landlock."]


def _says(switch: str, value: str) -> bool:
    try:
        return Path(switch).read_text(encoding="ascii").strip() == value
    except OSError:
        return False


def _is_container() -> bool:
    marks = ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io")
    return any(Path(mark).exists() for mark in marks) or "container" in os.environ
