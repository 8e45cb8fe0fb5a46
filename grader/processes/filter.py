"""The seccomp filter: which calls of the kernel a child may not make, as bytes of classic BPF."""

from __future__ import annotations

import ctypes
import errno
import struct

from grader.processes import calls, system

LOAD, AND, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST = 0, 4, 16  # where the kernel puts them in seccomp_data
UNIX = 1
ROOMS = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and those that force them
NAMESPACES = system.NEW_USER | system.NEW_PID | system.NEW_NET | system.NEW_MOUNT
NAMESPACES |= system.NEW_IPC | system.NEW_UTS | system.NEW_CGROUP
WATCHES = (1024, 1026)  # F_SETLEASE, F_NOTIFY: told when others open a file
OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals sent through a descriptor
IOCTLS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
TRUNCATE_OR_WRITE, TRUNCATE = 0o1003, 0o1000
UNKNOWN = 450  # calls from here on are newer than this list: they are said not to exist

Step = tuple[int, int, int, int]


def is_known_machine() -> bool:
    """Tell whether the numbers of this machine's calls are known."""
    return system.MACHINE in ("x86_64", "aarch64")


def program(*, own_pid: int | None = None) -> bytes:
    """
    Write the filter.

    *own_pid* is given where no PID namespace hides the others: then signals and limits reach
    only that process. No socket can be made but a pair: what waits in a socket is memory that no
    process is seen to hold, and one that listens holds what thousands sent.
    """
    column = 0 if system.MACHINE == "x86_64" else 1
    steps: list[Step] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, (0xC000003E, 0xC00000B7)[column]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, UNKNOWN),  # also the x32 numbers, which would go round the list
        (RETURN, 0, 0, REFUSE | errno.ENOSYS),
    ]
    steps += _for_everybody(column)
    steps += [] if own_pid is None else _among_others(column, own_pid)
    steps.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _for_everybody(column: int) -> list[Step]:
    steps = _refuse(calls.CLONE3[column], errno.ENOSYS)  # its flags lie in memory: use clone
    for numbers in calls.REFUSED.values():
        steps += _refuse(numbers[column], errno.EPERM)
    steps += _look_at(calls.CLONE[column], 0, [(ANY_BIT, 0, 1, NAMESPACES), _ret(errno.EPERM)])
    steps += _look_at(calls.PRCTL[column], 0, _none_of((system.DIE_WITH_PARENT,)))
    steps += _look_at(calls.IOCTL[column], 1, _none_of(IOCTLS))
    steps += _look_at(calls.FCNTL[column], 1, _none_of(WATCHES))
    steps += _refuse(calls.SOCKET[column], errno.EPERM)
    steps += _look_at(calls.SETSOCKOPT[column], 2, _none_of(ROOMS))
    return steps + _look_at(calls.SOCKETPAIR[column], 0, _only((UNIX,)))


def _among_others(column: int, own_pid: int) -> list[Step]:
    steps = _look_at(calls.FCNTL[column], 1, _none_of(OWNERS))
    for numbers in calls.NOBODY.values():
        steps += _refuse(numbers[column], errno.EPERM)
    for numbers in calls.ONLY_ONESELF.values():
        steps += _look_at(numbers[column], 0, _only((0, own_pid)))
    for numbers in calls.PRETENDED.values():
        steps += _refuse(numbers[column], 0)
    cut = [(AND, 0, 0, TRUNCATE_OR_WRITE), (EQUAL, 0, 1, TRUNCATE), _ret(errno.EPERM)]
    for place, call in ((1, calls.OPEN), (2, calls.OPENAT)):
        steps += _look_at(call[column], place, cut)
    return steps


def install(code: bytes) -> None:
    """Put this process and all it starts under the filter, for good."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    system.prctl(system.NO_NEW_PRIVILEGES, 1)
    held = Program(len(code) // 8, code)
    system.call("prctl", system.KEEP_SECCOMP, 2, ctypes.byref(held), 0, 0)


def _ret(number: int) -> Step:
    return (RETURN, 0, 0, REFUSE | number)


def _refuse(call: int | None, number: int) -> list[Step]:
    return [] if call is None else [(EQUAL, 0, 1, call), _ret(number)]


def _look_at(call: int | None, place: int, steps: list[Step]) -> list[Step]:
    """Judge *call* by its argument at *place* (its lower half), then load the number again."""
    if call is None:
        return []
    inner = [(LOAD, 0, 0, FIRST + 8 * place), *steps, (LOAD, 0, 0, NUMBER)]
    return [(EQUAL, 0, len(inner), call), *inner]


def _none_of(values: tuple[int, ...]) -> list[Step]:
    return [step for value in values for step in ((EQUAL, 0, 1, value), _ret(errno.EPERM))]


def _only(values: tuple[int, ...]) -> list[Step]:
    last = len(values) - 1
    tests = [(EQUAL, last - place + 1, 0, value) for place, value in enumerate(values)]
    return [*tests, _ret(errno.EPERM)]
