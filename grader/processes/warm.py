"""A warm worker seen from outside: start it, fork children from it, talk to them, end them."""

from __future__ import annotations

import array
import json
import shutil
import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import MachineError
from grader.processes import ending, environment, scratch
from grader.processes.channel import Channel, ChannelError, pair
from grader.processes.forked import Child
from grader.processes.keeper import Keeper
from grader.processes.limits import Limits

START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from grader.processes.worker import main; main(int(sys.argv[2]))"
)
MESSAGE = 1 << 17


@dataclass(frozen=True)
class Tier:
    """Name the fence around children, and say why it is this one."""

    name: str
    reason: str = ""


def can_rehearse(tier: Tier) -> bool:
    """Tell whether workers inside *tier* have folders of their own to rehearse in."""
    return tier.name == "bubblewrap"


class Warm:
    """
    Keep one worker that has imported *imports*, and fork children from it.

    *tier* is the fence around the children (see tiers.py). Folders of
    *import_path* are shown to every child, read-only: nothing secret may lie there.
    Several threads may fork and ask; the worker does one thing at a time.
    """

    def __init__(
        self,
        tier: Tier,
        limits: Limits | None = None,
        *,
        imports: Iterable[str] = (),
        import_path: Iterable[Path] = (),
    ) -> None:
        self.tier, self.limits = tier, limits or Limits()
        self.imports = tuple(imports)
        self.import_path = tuple(path.resolve() for path in import_path)
        self._one_at_a_time = threading.Lock()
        self._asked = 0
        self._is_killed = False

    def __enter__(self) -> Self:
        """Start the worker; return when it has imported everything."""
        ending.sweep(START.encode())
        self._scratch = scratch.new()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        shown = environment.environment(self.import_path)
        command = [sys.executable, "-I", "-c", START, str(environment.PACKAGE.parent)]
        command.append(str(theirs.fileno()))
        if self.tier.name == "bubblewrap":
            command = [*environment.bubblewrap(shown), *command]
        self._keeper = Keeper(command, theirs)
        if self._is_killed:
            self._keeper.kill()
        order = {
            "tier": self.tier.name,
            "shown": shown.shown,
            "links": shown.links,
            "limits": asdict(self.limits),
            "imports": self.imports,
            "import_path": [str(path) for path in self.import_path],
            "scratch": self._scratch,
        }
        try:
            self._control.send(json.dumps(order).encode(), socket.MSG_NOSIGNAL)
            answer = self._answer(120)
            if "error" in answer:
                raise MachineError(f"the worker could not start: {answer['error']}")
            self.threads: int = answer["threads"]
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the worker and every child."""
        self._control.close()
        self._keeper.end()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def fork(
        self,
        entry: str,
        *,
        files: Mapping[str, bytes] | None = None,
        modules: Mapping[str, bytes] | None = None,
        seed: int | None = None,
    ) -> Child:
        """
        Fork a child that calls *entry*, written "package.module:function", with its Channel.

        *files* lie in its work folder, where it starts; *modules* come first on its import
        path, read-only, and no other process ever sees them.
        """
        files, modules = files or {}, modules or {}
        scratch.refuse_bad_names([*files, *modules])
        here, there = pair()
        with there:
            pid = self.ask("fork", pass_on=there)["pid"]
        channel = Channel(here, frame_mib=self.limits.disk_mib)
        child = Child(self, pid, channel)
        order = {"entry": entry, "files": [*files], "modules": [*modules], "seed": seed}
        try:
            for frame in (json.dumps(order).encode(), *files.values(), *modules.values()):
                channel.send(frame, seconds=30)
            answer = json.loads(channel.receive(seconds=60))
        except ChannelError as error:
            answer = {"error": str(error)}
        if "error" in answer:
            child.kill()
            raise MachineError(
                f"a child could not start: {answer['error']}", do="Run `grader doctor`."
            )
        channel.most_in_frame = self.limits.frame_mib * 1024 * 1024
        channel.received, channel.most_in_all = 0, self.limits.output_mib * 1024 * 1024
        return child

    def rehearse(
        self,
        entry: str,
        argument: bytes,
        *,
        files: Mapping[str, bytes],
        modules: Mapping[str, bytes],
        seconds: float = 20.0,
    ) -> None:
        """
        Have the worker call *entry* with *argument* once, before the first fork.

        It runs in the worker itself, so this is for trusted code only; every later child finds what
        it imported and kept. *files* and *modules* lie where a child will have its own. What it
        raises is passed over, and after *seconds* it is stopped; MachineError where the worker can
        no longer fork.
        """
        scratch.refuse_bad_names([*files, *modules])
        order = {"entry": entry, "files": [*files], "modules": [*modules], "seconds": seconds}
        here, there = pair()
        channel = Channel(here, frame_mib=self.limits.disk_mib)
        frames = (json.dumps(order).encode(), argument, *files.values(), *modules.values())
        with here, there, ThreadPoolExecutor(1) as thread:
            answer = thread.submit(self.ask, "rehearse", pass_on=there)
            for frame in frames:
                channel.send(frame, seconds=30)
            if unfit := answer.result()["unfit"]:
                raise MachineError(f"the worker may not fork after its rehearsal: {unfit}")

    def kill(self) -> None:
        """End the worker at once, with every child; also when it no longer answers, or only starts."""
        self._is_killed = True
        if hasattr(self, "_keeper"):
            self._keeper.kill()

    def ask(self, do: str, *, pass_on: socket.socket | None = None, **more: Any) -> dict[str, Any]:
        """Ask the worker to *do* one thing, and wait for its answer."""
        extra = []
        if pass_on is not None:
            descriptors = array.array("i", [pass_on.fileno()])
            extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)]
        with self._one_at_a_time:
            self._asked += 1  # an answer that Ctrl-C made us miss is known by its number
            message = json.dumps({"do": do, "number": self._asked, **more}).encode()
            try:
                self._control.sendmsg([message], extra, socket.MSG_NOSIGNAL)
            except OSError as error:
                raise MachineError("the worker is gone", do="Run the command again.") from error
            while (answer := self._answer(60)).pop("number", None) != self._asked:
                continue
            if "error" in answer:
                raise MachineError(f"the worker could not {do}: {answer['error']}")
            return answer

    def _answer(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            message = self._control.recv(MESSAGE)
        except OSError:
            message = b""
        if not message:
            self._control.close()
            self._keeper.wait(10)
            said = self._keeper.complaints or "it said nothing"
            raise MachineError(f"the worker is gone: {said}", do="Run `grader doctor`.")
        answer: dict[str, Any] = json.loads(message)
        return answer
