"""What stops a child that takes too much, or does not stop."""

import contextlib
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.processes import (
    ChannelClosedError,
    ChannelError,
    ChannelOverflowError,
    ChannelTimeoutError,
    Child,
    Limits,
    Tier,
    Warm,
)
from tests.sandbox.conftest import INSIDE, LIMITS, told

Tries = Callable[[str], Any]


def how_it_ended(child: Child, seconds: float = 20) -> str:
    ended = child.ended(seconds=seconds)
    return "not at all" if ended is None else ended.reason


class TestMemory:
    def test_one_process_gets_a_memory_error(self, tries: Tries) -> None:
        """More addresses than allowed raise MemoryError, and the child lives on."""
        assert "MemoryError" == tries("x = bytearray(2_000_000_000)")
        assert 1 == tries("answer = 1")

    def test_a_tree_is_ended(self, child: Child) -> None:
        """What several processes hold together is summed up; too much of it ends them all."""
        child.channel.send(
            b"for n in range(4):\n"
            b" if os.fork() == 0: x = bytearray(b'x' * 120_000_000); time.sleep(60)\n"
            b"time.sleep(60)"
        )
        assert "memory" == how_it_ended(child)

    def test_what_waits_in_sockets_is_memory_too(self, child: Child) -> None:
        """No process is charged for what nobody reads from a socket; the tree is ended for it."""
        child.channel.send(
            b"import socket\n"
            b"for n in range(24):\n"
            b" if os.fork() == 0:\n"
            b"  kept = []\n"
            b"  try:\n"
            b"   while True: kept += socket.socketpair()\n"
            b"  except OSError: time.sleep(60)\n"
            b"time.sleep(60)"
        )
        assert "memory" == how_it_ended(child)

    def test_a_socket_holds_no_more_than_any_other(self, tries: Tries) -> None:
        """A child cannot make the room of a socket larger: megabytes would wait in each."""
        for room in ("SO_SNDBUF", "SO_RCVBUF"):
            ask = f"import socket; socket.socketpair()[0].setsockopt(1, socket.{room}, 1 << 30)"
            assert "PermissionError" == tries(ask)

    def test_usage_is_told(self, child: Child) -> None:
        """The memory and the processes of a tree can be asked for."""
        told(
            child,
            "x = bytearray(os.urandom(1) * 50_000_000); subprocess.Popen(['/bin/sleep', '9'])",
        )
        used = child.usage()
        assert used.memory_mib > 45
        assert 2 == used.processes


class TestProcesses:
    def test_a_fork_bomb_stops(self, child: Child) -> None:
        """No more processes than allowed come to be, also for root; or the tree is ended."""
        with contextlib.suppress(ChannelError):
            if told(child, "answer = forks(400)") <= LIMITS.processes:
                return
        assert "processes" == how_it_ended(child)


class TestTime:
    def test_cpu_time_ends(self) -> None:
        """A loop is ended when its CPU seconds are used up, whatever it catches."""
        loop = (
            b"signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True:\n"
            b" try:\n  while True: pass\n except BaseException: pass"
        )
        with (
            Warm(Tier("unsandboxed"), Limits(cpu_seconds=1)) as warm,
            warm.fork("inside:obey", modules=INSIDE) as child,
        ):
            child.channel.send(loop)
            assert "cpu" == how_it_ended(child)

    def test_cpu_time_of_a_tree_is_summed_up(self, fence: str) -> None:
        """Several processes use up the same account."""
        burn = b"for n in range(3):\n if os.fork() == 0:\n  while True: pass\ntime.sleep(60)"
        with (
            Warm(Tier(fence), Limits(cpu_seconds=2)) as warm,
            warm.fork("inside:obey", modules=INSIDE) as child,
        ):
            child.channel.send(burn)  # the first process itself only sleeps
            assert "cpu" == how_it_ended(child)

    def test_an_interrupt_is_felt(self, child: Child) -> None:
        """A cell that hangs is interrupted, and the child goes on."""
        child.channel.send(b"while True: time.sleep(1)")
        time.sleep(0.2)
        child.interrupt()
        assert b"'KeyboardInterrupt'" == child.channel.receive(seconds=5)
        assert 2 == told(child, "answer = 1 + 1")

    def test_a_deaf_child_is_killed(self, child: Child) -> None:
        """One that ignores the interrupt is ended all the same."""
        child.channel.send(
            b"signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)"
        )
        time.sleep(0.2)
        child.interrupt()
        with pytest.raises(ChannelTimeoutError):
            child.channel.receive(seconds=0.5)
        assert ("killed", signal.SIGKILL) == (child.kill().reason, child.kill().signal)


class TestTheLine:
    def test_a_flood_is_cut_off(self, warm: Warm) -> None:
        """More bytes than agreed end the conversation, not the memory of the listener."""
        flood = b"while True: channel.send(b'x' * 1_000_000)"
        with warm.fork("inside:obey", modules=INSIDE) as child:
            child.channel.most_in_all = 10_000_000
            child.channel.send(flood)
            with pytest.raises(ChannelOverflowError):
                [child.channel.receive(seconds=5) for _ in range(20)]

    def test_a_giant_frame_is_refused(self, child: Child) -> None:
        """A frame announced as larger than allowed is not read."""
        child.channel.send(b"channel.line.setblocking(True); channel.line.sendall(b'\\xff' * 100)")
        with pytest.raises(ChannelOverflowError):
            child.channel.receive(seconds=5)

    def test_an_end_is_noticed(self, child: Child) -> None:
        """When the child ends, whoever listens is told at once."""
        child.channel.send(b"os._exit(0)")
        with pytest.raises(ChannelClosedError):
            child.channel.receive(seconds=5)

    def test_a_late_frame_is_not_lost(self, child: Child) -> None:
        """After a timeout in the middle of a frame, the rest of it still arrives."""
        child.channel.send(
            b"send = channel.line.sendall; channel.line.setblocking(True);"
            b"send(b'\\0\\0\\0\\x04ab'); time.sleep(0.4); send(b'cd')"
        )
        with pytest.raises(ChannelTimeoutError):
            child.channel.receive(seconds=0.2)
        assert b"abcd" == child.channel.receive(seconds=5)

    @pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", ""])
    def test_a_name_that_leads_outside_is_refused(self, warm: Warm, name: str) -> None:
        """Files are named inside the work folder, or not at all."""
        with pytest.raises(ValueError, match="not a name"):
            warm.fork("inside:obey", files={name: b""})

    def test_a_missed_answer_is_not_taken_for_the_next(self, warm: Warm, child: Child) -> None:
        """After Ctrl-C between a question and its answer, the next answer is the right one."""
        warm._control.send(b'{"do": "usage", "number": -1, "pid": 0}')
        assert 1 == child.usage().processes
