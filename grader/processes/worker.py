"""
The warm worker: imports the libraries once, then forks, watches and ends children.

It runs no participant's code and has one thread; before the first fork it may rehearse what the
children will meet. What it is told comes over one socket; when that closes, whatever it started
ends with it.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.processes import alone, boxes, child, ending, rehearsing, system, watching
from grader.processes.alone import SPARE
from grader.processes.channel import Channel
from grader.processes.environment import Environment
from grader.processes.limits import Limits

TICK = 0.25
MESSAGE = 1 << 17
MOST_REHEARSED = 256  # MiB in one frame


@dataclass
class Kept:
    """Remember one child: why it was ended, how it ended, and what it used."""

    scratch: str = ""
    reason: str = ""
    status: int | None = None
    cpu_seconds: float = 0.0


def main(descriptor: int) -> None:
    """Be the worker whose orders come over the socket *descriptor*."""
    control = socket.socket(fileno=descriptor)
    order = json.loads(control.recv(MESSAGE))
    sys.path[1:1] = order["import_path"]
    os.environ.pop("PWD", None)  # bubblewrap sets it
    try:
        if order["tier"] == "namespaces":
            boxes.be_first_of_a_box()
        worker = Worker(control, order)
    except Exception as error:
        control.send(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        return
    for name in order["imports"]:
        importlib.import_module(name)
    rehearsing.settle()
    os.dup2(os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC), 2)
    control.send(json.dumps({"threads": len(os.listdir("/proc/self/task"))}).encode())
    worker.serve()


class Worker:
    """Fork children, and keep watch over them."""

    def __init__(self, control: socket.socket, order: dict[str, Any]) -> None:
        self.control = control
        shown = Environment(
            tuple(order["shown"]), tuple((name, target) for name, target in order["links"])
        )
        self.place = child.Place(order["tier"], shown, Limits(**order["limits"]))
        self.scratch = order["scratch"]
        self.kept: dict[int, Kept] = {}
        self.forked = 0
        self.maps = b""
        system.prctl(system.DUMPABLE, 1)
        system.prctl(system.SUBREAPER, 1)  # what loses its parent comes here, and is ended here
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def serve(self) -> None:
        """Do what is asked until the line closes; look at the children between the orders."""
        looked = time.monotonic()
        while True:
            heard, _, _ = select.select([self.control], [], [], TICK if self.kept else None)
            if heard:
                message, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE, 1)
                if not message:
                    break
                order = json.loads(message)
                try:
                    answer = getattr(self, f"do_{order['do']}")(order, descriptors)
                except OSError as error:
                    answer = {"error": str(error)}
                if not self._answer({**answer, "number": order["number"]}):
                    break
            self._reap()
            if time.monotonic() - looked >= TICK:
                looked = time.monotonic()
                for pid in self._living():
                    self._enforce(pid)
        for pid in self._living():
            self._end(pid, "killed")
        while self._living():
            self._reap()
            time.sleep(0.01)

    def _answer(self, answer: dict[str, Any]) -> bool:
        """Answer; tell whether there is still anybody to hear it."""
        try:
            self.control.send(json.dumps(answer).encode())
        except OSError:
            return False
        return True

    def do_fork(self, order: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """Fork a child that talks over the socket that came along."""
        del order
        line = socket.socket(fileno=descriptors[0])
        self.maps = self.maps or Path("/proc/self/maps").read_bytes()
        place = replace(self.place, scratch=self._new_scratch(), maps=self.maps)
        mine, told = socket.socketpair()
        mine.settimeout(10)
        if place.has_namespaces:
            system.call("unshare", system.NEW_PID)  # for the next child, not for us
        try:
            pid = os.fork()
            if pid == 0:
                child.live(place, line, told)
        finally:
            if place.has_namespaces:
                system.call("setns", self.own_pids, system.NEW_PID)
        line.close()
        told.close()
        self.kept[pid] = Kept(place.scratch)
        with mine:
            if place.has_namespaces and mine.recv(1) == b"?":
                boxes.map_users(pid)
                mine.send(b"!")
        return {"pid": pid}

    def do_rehearse(self, order: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """Run trusted code once, so that no child begins cold; say what makes us unfit to fork."""
        del order
        with socket.socket(fileno=descriptors[0]) as line:
            return {"unfit": rehearsing.rehearse(Channel(line, frame_mib=MOST_REHEARSED))}

    def do_interrupt(self, order: dict[str, Any], _: list[int]) -> dict[str, Any]:
        """Send what Ctrl-C sends."""
        if order["pid"] in self._living():
            os.kill(order["pid"], signal.SIGINT)
        return {}

    def do_kill(self, order: dict[str, Any], _: list[int]) -> dict[str, Any]:
        """End a child and all it started."""
        self._end(order["pid"], "killed")
        return {}

    def do_usage(self, order: dict[str, Any], _: list[int]) -> dict[str, Any]:
        """Measure a child and all it started."""
        used = watching.usage(order["pid"]) if order["pid"] in self._living() else watching.Usage()
        return dict(vars(used))

    def do_ended(self, order: dict[str, Any], _: list[int]) -> dict[str, Any]:
        """Say how a child ended, or nothing while it lives."""
        self._reap()
        kept = self.kept[order["pid"]]
        if kept.status is None:
            return {}
        code = os.waitstatus_to_exitcode(kept.status)
        number = -code if code < 0 else None
        return {"status": None if number else code, "signal": number, "reason": self._why(kept)}

    def do_forget(self, order: dict[str, Any], _: list[int]) -> dict[str, Any]:
        """Drop what is remembered of a child that has ended."""
        if order["pid"] not in self._living():
            self.kept.pop(order["pid"], None)
        return {}

    def _living(self) -> list[int]:
        return [pid for pid, kept in self.kept.items() if kept.status is None]

    def _enforce(self, pid: int) -> None:
        most = self.place.limits
        used = watching.usage(pid, at_most_mib=most.memory_mib)
        reasons = {
            "processes": used.processes > most.processes,  # first: a fork bomb is over all of them
            "memory": used.memory_mib > most.memory_mib,
            "cpu": used.cpu_seconds > most.cpu_seconds,
        }
        if scratch := self.kept[pid].scratch:
            reasons["disk"] = watching.disk_mib(Path(scratch)) > most.disk_mib
        for reason, is_over in reasons.items():
            if is_over:
                self._end(pid, reason)

    def _end(self, pid: int, reason: str) -> None:
        if pid in self._living():
            self.kept[pid].reason = self.kept[pid].reason or reason
            os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Take note of whoever has ended, and end what a child without namespaces left behind."""
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if kept := self.kept.get(pid):
                if not self.place.has_namespaces:
                    ending.end_session(pid)
                kept.status, kept.cpu_seconds = status, used.ru_utime + used.ru_stime
                shutil.rmtree(kept.scratch or "/nonexistent", ignore_errors=True)

    def _why(self, kept: Kept) -> str:
        if kept.reason or not os.WIFSIGNALED(kept.status or 0):
            return kept.reason or "exited"
        number = os.WTERMSIG(kept.status or 0)
        spent_all = kept.cpu_seconds >= self.place.limits.cpu_seconds - 1
        if number == signal.SIGXCPU or (number == signal.SIGKILL and spent_all):
            return "cpu"
        return "file size" if number == signal.SIGXFSZ else "signal"

    def _new_scratch(self) -> str:
        if self.place.has_namespaces:
            return ""
        self.forked += 1
        scratch = Path(self.scratch, str(self.forked))
        scratch.mkdir(mode=0o700)
        if self.place.tier == "landlock" and alone.can_leave_root(self.place.shown):
            os.chmod(self.scratch, 0o711)
            os.chown(scratch, SPARE, SPARE)
        return str(scratch)
