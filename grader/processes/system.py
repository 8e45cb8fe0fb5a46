"""The few calls of Linux that Python has no name for, by ctypes; each raises OSError when refused."""

from __future__ import annotations

import ctypes
import os
import platform

LIBC = ctypes.CDLL(None, use_errno=True)

NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000
NEW_MOUNT, NEW_IPC, NEW_UTS, NEW_CGROUP, NEW_TIME = 0x20000, 0x8000000, 0x4000000, 0x2000000, 0x80

READ_ONLY, NO_SUID, NO_DEVICES, REMOUNT, BIND, RECURSIVE, SLAVE = 1, 2, 4, 32, 4096, 16384, 1 << 19
DETACH = 2

DIE_WITH_PARENT, DUMPABLE, KEEP_SECCOMP, DROP_BOUND, SUBREAPER, NO_NEW_PRIVILEGES = (
    1,
    4,
    22,
    24,
    36,
    38,
)

MACHINE = platform.machine()
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(MACHINE, -1)
MOUNT_SETATTR = 442


def call(name: str, *arguments: object) -> int:
    """Call *name* of the C library."""
    plain = (_plain(argument) for argument in arguments)
    return _checked(f"{name} {arguments[:2]}", getattr(LIBC, name)(*plain))


def syscall(name: str, number: int, *arguments: object) -> int:
    """Make the system call of that *number*; *name* is for the error."""
    plain = (_plain(argument) for argument in arguments)
    return _checked(name, LIBC.syscall(ctypes.c_long(number), *plain))


def _plain(argument: object) -> object:
    if isinstance(argument, str):
        return ctypes.c_char_p(os.fsencode(argument))
    return ctypes.c_ulong(argument) if isinstance(argument, int) else argument


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return int(result)


def prctl(option: int, value: int = 0) -> int:
    """Set one property of this process."""
    return call("prctl", option, value, 0, 0, 0)


def mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    """Mount *source* on *target*."""
    call("mount", source, target, kind, flags, data)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def bind_read_only(source: str, target: str) -> None:
    """Show *source* and all mounted below it at *target*, read-only and without set-user-id."""
    mount(source, target, None, BIND | RECURSIVE)
    attributes = _MountAttributes(READ_ONLY | NO_SUID, 0, 0, 0)
    here, recursive = ctypes.c_int(-100), 0x8000
    size = ctypes.sizeof(attributes)
    syscall("mount_setattr", MOUNT_SETATTR, here, target, recursive, ctypes.byref(attributes), size)


def empty_bounding_set() -> None:
    """See to it that no capability can ever be had again; without the right to, nothing is done."""
    for capability in range(64):
        if LIBC.prctl(DROP_BOUND, capability, 0, 0, 0) < 0:
            break


def drop_capabilities() -> None:
    """Give up every capability that is held."""
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    call("capset", head, (ctypes.c_uint32 * 6)())


def close_all_but(*kept: int) -> None:
    """Close every descriptor from 3 up that is not *kept*."""
    start = 3
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = max(start, descriptor + 1)
    os.closerange(start, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") > 0 else 65536)
