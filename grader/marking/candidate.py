"""
The candidate: runs the participant's cells, and answers what the examiner asks about them.

Everything here shares its process with the participant's code and may be changed by it. So nothing
here decides anything, and nothing worth reading is here.
"""

from __future__ import annotations

import difflib
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from grader.marking import drawing, rehearsal
from grader.marking.both_sides import BothSides
from grader.marking.clocks import Clock, OutOfTime
from grader.marking.deeds import DEEDS
from grader.marking.files import Files, Folder
from grader.marking.kept import Kept
from grader.marking.messages import ASK, CALL_BACK, DO, DONE, REPLY, Line, Message, unpacked
from grader.marking.outputs import Outputs
from grader.marking.photographs import Photograph, can_change
from grader.marking.putting_back import changeable
from grader.marking.raising import exception_from, exception_to
from grader.marking.shell import heard, shell
from grader.marking.trusted import names_of
from grader.marking.wire import Caps, Refused

MOST_WARNINGS = 100
_MISSING = object()
_FRESH = 2  # hold a value that only this module and the question hold


def main(line: Line) -> None:
    """Do what the referee and the examiner want until the line ends."""
    Candidate(line).serve()


class Candidate:
    """Hold the participant's name space and do deeds in it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.clock = Clock()
        self.shell = shell()
        sys.path[:0] = [""]  # as Jupyter has it
        self.kept = Kept(self._call_back, lambda: self.names)
        self.codec = self.kept.codec(Caps())
        self.limits: dict[str, Any] = {}
        self.folders: dict[str, Folder] = {}
        self._before: dict[str, object] = {}  # what names were before the check changed them
        self._fetched: dict[str, object] = {}  # by the check that runs
        self._both = BothSides()
        self._called = 0
        self._work = {"start": self._start, "run": self._run, "check": self._check}
        self._answers = {
            "perform": self._perform,
            "fetch": self._fetch,
            "has": lambda request: {"has": request["name"] in self.names},
            "rebind": self._rebind,
            "delete": self._delete,
            "seed": self._seed,
            "end": self._end,
        }

    @property
    def names(self) -> dict[str, Any]:
        """Give the participant's name space."""
        return self.shell.user_ns

    def serve(self) -> None:
        """Do one piece of work after another."""
        while True:
            message = self._receive()
            if message.letter == DO:
                wanted = self.codec.loads(message.content)
                done = self._work[wanted["do"]](wanted)
                self._send(Message(DONE, message.number, self.codec.dumps(done)))
            elif message.letter == ASK:
                self._answer(message)

    # Work for the referee

    def _start(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.limits = wanted["limits"]
        self.kept.begin_at(wanted["first"])
        self.codec = self.kept.codec(Caps(size=self.limits["frame_mib"] << 20))
        self.folders["."] = Folder(Path())
        self.folders["."].settle()
        return {}

    def _run(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; say what it showed and which names it bound."""
        outputs = self.shell.outputs = Outputs(self.limits["output_kib"] << 10)
        before = dict(self.names)
        begun = time.monotonic()
        seconds = wanted["seconds"]
        try:
            with heard(outputs), self.clock.limit(seconds):
                if not (wanted.get("kept") and self._take_prepared(wanted["source"])):
                    self.shell.run_cell(wanted["source"], store_history=True)
        except OutOfTime:
            outputs.error("OutOfTime", f"This cell took longer than {seconds:g} s.", [])
        now = self.names
        bound = [name for name in now if now[name] is not before.get(name, _MISSING)]
        return {
            "outputs": outputs.kept,
            "cut": outputs.cut,
            "count": self.shell.execution_count - 1,
            "late": time.monotonic() - begun > seconds,
            "bound": [name for name in bound if not name.startswith("_")][:2000],
            "files": self._news(),
        }

    def _take_prepared(self, source: str) -> bool:
        """Take over what a set-up cell made in the rehearsal; tell whether there was one."""
        made = rehearsal.PREPARED.get(source)
        if made is not None:
            self.names.update(made.names)
            sys.stdout.write(made.printed)
            self.shell.execution_count += 1
        return made is not None

    def _check(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Run a check that could not cross, where its author allows that; this may be forged."""
        from grader.marking import checks

        outputs = Outputs(self.limits["output_kib"] << 10)
        with heard(outputs):
            decided = checks.decide(
                wanted["source"], wanted["points"], self.names, clock=self.clock,
                seconds=wanted["seconds"], outputs=outputs, apart=False,
            )  # fmt: skip
        return {**vars(decided), "verdict": decided.verdict.value}

    # Answers for the examiner

    def _answer(self, message: Message) -> None:
        try:
            request = self.codec.loads(message.content)
            self.kept.release(request["let_go"])
            self._take_in(request["files"])
            reply = self._answers[request["ask"]](request)
            content = self.codec.dumps({**reply, "files": self._news()})
        except Refused as error:
            # Too large, say: that is for a person to judge.
            content = self.codec.dumps({"undecided": f"Something cannot cross: {error}."})
        self._send(Message(REPLY, message.number, content))

    def _perform(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do one deed: its value or exception, what it printed and warned, what it changed."""
        self._take_changes(request["changed"])
        lent = self.kept.lent
        arguments, named = self.codec.loads(request["given"])
        changing = changeable((tuple(arguments), named))
        before = Photograph([arguments, named])
        if request["random"]:
            drawing.begin_at(request["random"])
        drew = drawing.places() if request["seeded"] else []
        holders = _holders(changing)
        outputs, begun = Outputs(self.limits["output_kib"] << 10), time.monotonic()
        reply: dict[str, Any] = {}
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                with heard(outputs), self.clock.limit(self.limits["call_seconds"]):
                    target = request["target"]
                    reply["value"] = DEEDS[request["deed"]](target, *arguments, **named)
            except OutOfTime:
                pass
            except BaseException as error:
                reply["raised"] = exception_to(error)
        if time.monotonic() - begun > self.limits["call_seconds"]:
            return {"stop": f"It took longer than {self.limits['call_seconds']:g} s."}
        reply["printed"] = [[o["name"], o["text"]] for o in outputs.kept if "text" in o]
        reply["warned"] = [_warning(each) for each in warned[:MOST_WARNINGS]]
        given_back = [n for n, each in enumerate(changing) if each is reply.get("value")]
        if given_back:
            reply["argument"] = given_back[0]
            del reply["value"]
        # More hold it than before the call: it stays here, and is the check's object too.
        now = _holders(changing)
        stays = [n for n, number in enumerate(now) if number > holders[n]]
        reply["stay"] = {n: self._followed(changing[n]) for n in stays}
        if can_change(reply.get("value")) and sys.getrefcount(reply["value"]) > _FRESH:
            reply["number"] = self._followed(reply["value"])
        given = [arguments, named]
        # An object of the check's own may have changed in ways that only its data tell.
        is_told = self.kept.lent > lent and self.codec.dumps(given) != request["given"]
        if is_told or not before.shows(given):
            reply["after"] = self.codec.dumps([changing, given])
        if drew:
            reply["drew"] = drawing.drawn(drew)
        return {**reply, "names": self._changed(), "both": self._both.news()}

    def _take_changes(self, changed: dict[str, Any]) -> None:
        """Do in place what the check did to fetched values and to carried objects."""
        self._both.take_in(changed["both"])
        for model, news in changed["models"]:
            vars(model).update(news)

    def _changed(self) -> dict[str, Any]:
        """Give what fetched names mean now, where that is another object."""
        bound = {
            name: self.names[name]
            for name, value in self._fetched.items()
            if name in self.names and self.names[name] is not value
        }
        return {name: self._named(name) for name in bound}

    def _fetch(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["name"]
        if name in self.names:
            return {"found": True, **self._named(name)}
        own = [n for n in self.names if not n.startswith("_")]
        return {"found": False, "close": difflib.get_close_matches(name, own, n=1)}

    def _named(self, name: str) -> dict[str, Any]:
        """Give what *name* means, and the number by which both sides know it."""
        value = self._fetched[name] = self.names[name]
        return {"value": value, "number": self._followed(value) if can_change(value) else None}

    def _followed(self, value: object) -> int:
        number = self.kept.number(value)
        self._both.follow(number, value)
        return number

    def _rebind(self, request: dict[str, Any]) -> dict[str, Any]:
        self._remember(request["name"])
        self._fetched.pop(request["name"], None)
        self.names[request["name"]] = request["value"]
        return {}

    def _delete(self, request: dict[str, Any]) -> dict[str, Any]:
        self._remember(request["name"])
        self._fetched.pop(request["name"], None)
        return {"found": self.names.pop(request["name"], _MISSING) is not _MISSING}

    def _remember(self, name: str) -> None:
        self._before.setdefault(name, self.names.get(name, _MISSING))

    def _end(self, request: dict[str, Any]) -> dict[str, Any]:
        """Undo what the check did to names."""
        for name, value in self._before.items():
            if value is _MISSING:
                self.names.pop(name, None)
            else:
                self.names[name] = value
        self._before.clear()
        self._fetched.clear()
        self.kept.release(self._both.end())
        for name, folder in self.folders.items():
            if name != ".":
                folder.empty()
        self.folders["."].remove(request["written"])
        return {}

    def _seed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Have the random numbers where the check has them."""
        drawing.begin_at(request["random"])
        return {}

    # Files and the line

    def _take_in(self, files: dict[str, Files]) -> None:
        for name, content in files.items():
            if name not in self.folders:
                os.makedirs(name, exist_ok=True)
                self.folders[name] = Folder(Path(name))
                self.folders[name].settle()
            self.folders[name].take_in(content)

    def _news(self) -> dict[str, Files]:
        return {name: folder.news() for name, folder in self.folders.items()}

    def _call_back(self, number: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Have the examiner run a function of the check's, answering what it asks meanwhile."""
        self._called += 1
        mine = self._called
        content = self.codec.dumps([number, list(arguments), named])
        self._send(Message(CALL_BACK, mine, content))
        while True:
            message = self._receive()
            if message.letter == ASK:
                self._answer(message)
            elif message.letter == REPLY and message.number == mine:
                reply = self.codec.loads(message.content)
                if "raised" in reply:
                    raise exception_from(reply["raised"])
                return reply["value"]

    def _send(self, message: Message) -> None:
        with self.clock.talking():
            self.line.send(message.packed())

    def _receive(self) -> Message:
        with self.clock.talking():
            return unpacked(self.line.receive())


def _holders(objects: list[Any]) -> list[int]:
    """Count what holds each of *objects*; counted the same way before and after a call."""
    return [sys.getrefcount(each) for each in objects]


def _warning(caught: warnings.WarningMessage) -> list[Any]:
    return [names_of(caught.category), str(caught.message)[:2000]]
