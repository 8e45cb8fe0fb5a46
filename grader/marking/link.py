"""
The examiner's end of the crossing: ask the candidate, and make sense of what it says.

Towards the candidate anything may go that comes from the instructor; from it only data is read.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import warnings
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from grader.marking import drawing, plain
from grader.marking.both_sides import BothSides
from grader.marking.carriers import carrier_named
from grader.marking.clocks import Clock, OutOfTime
from grader.marking.files import Folder
from grader.marking.kept import ROWS
from grader.marking.lending import Back, Lending
from grader.marking.messages import ASK, CALL_BACK, REPLY, Line, Message, unpacked
from grader.marking.photographs import can_change
from grader.marking.putting_back import changeable, put_back
from grader.marking.raising import exception_from, exception_to, far_away
from grader.marking.references import (
    KINDS,
    Far,
    Reference,
    far,
    is_reference,
    kind_of,
)  # fmt: skip
from grader.marking.showing import PLAIN_METHODS, PLAIN_NAMES
from grader.marking.stops import Stop
from grader.marking.trusted import (
    NEVER_CLAIMED,
    class_claimed,
    class_named,
    exception_like,
    module_named,
)  # fmt: skip
from grader.marking.wire import Caps, Codec, Refused, Unpacking
from grader.marks import Verdict

PLAIN_NAMES.update((row.kind.__module__, row.kind.__qualname__) for row in ROWS)
PLAIN_METHODS.update(name for row in ROWS for name in dir(row.kind))
NEVER_CLAIMED.update(row.kind for row in ROWS)


@dataclass
class Link:
    """Do things in the candidate."""

    line: Line
    clock: Clock
    caps: Caps
    folders: dict[str, Folder]
    course: tuple[Path, ...] = ()
    hush: Callable[[], bool] = lambda: False
    own_class: Callable[[str, str], type | None] = lambda module, name: None
    heard_of: Callable[[str, Any], None] = lambda name, value: None
    is_bound: Callable[[str], bool] = lambda name: False  # among the check's own names
    words: frozenset[str] = frozenset()  # of the check, that may name a class
    asked_classes: set[str] = field(default_factory=set)  # by the instructor's released texts
    _classes: set[str] = field(default_factory=set)  # classes that the check reads
    _drew: list[Any] | None = None  # where the random numbers were, once the check seeded them
    _both: BothSides = field(default_factory=BothSides)
    _kinds: dict[Any, type[Reference] | None] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)
    _asked: int = 0
    _live: weakref.WeakValueDictionary[int, Reference] = field(
        default_factory=weakref.WeakValueDictionary
    )
    _carried: dict[int, object] = field(default_factory=dict)
    _filled: dict[int, dict[str, Any]] = field(default_factory=dict)
    _unused: set[int] = field(default_factory=set)
    _written: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lending = Lending(
            lambda: self.course, lambda module, name: self.own_class(module, name)
        )
        self.codec = Codec(
            ROWS,
            self._lending.data_of,
            {
                "remote": self._remote,
                "carried": self._carry,
                "lent": self._lending.again,
                "yours": lambda data, unpacking: self._lending[data[0]],
                "module": lambda data, unpacking: _known(module_named(data[0])),
                "class": lambda data, unpacking: _known(class_named(*data)),
                "error": lambda data, unpacking: exception_from(
                    unpacking.value(data[0]), self.own_class
                ),
            },
            self.caps,
            plain.named,
            lambda module, name: self.own_class(module, name),
        )
        self.resized(self.caps)

    def resized(self, caps: Caps) -> None:
        """Use *caps* from now on."""
        self.codec = replace(self.codec, caps=caps)
        # Of what it knows already, the candidate gets the number.
        self._pointing = replace(self.codec, pointed=self._both.number_of)

    # Asking

    def ask(self, what: str, **more: object) -> dict[str, Any]:
        """Ask the candidate and give its reply, serving the calls it makes meanwhile."""
        with self._lock:  # a check may call from threads of its own
            return self._asked_now(what, more)

    def _asked_now(self, what: str, more: dict[str, object]) -> dict[str, Any]:
        gone = [number for number in self._unused if number not in self._live]
        self._unused.clear()
        files = {name: folder.news() for name, folder in self.folders.items()}
        self._written.update(files["."])
        request = {"ask": what, "let_go": gone, "files": files, **more}
        self._asked += 1
        number = self._asked
        self._send(Message(ASK, number, self._packed(request)))
        while True:
            message = self._receive()
            if message.letter == CALL_BACK:
                self._serve(message)
            elif message.letter == REPLY and message.number == number:
                return self._read(message.content)

    def perform(self, deed: str, target: object, /, *arguments: object, **named: object) -> Any:
        """Do *deed* to *target*; what it prints, warns, writes and changes is seen here."""
        given = self._packed([list(arguments), named], self._pointing)
        changing = changeable((arguments, named))
        changed = {"both": self._both.news(), "models": self._set_here()}
        reply = self.ask(
            "perform", deed=deed, target=target, given=given, changed=changed,
            seeded=self._drew is not None, random=self._drawn_here(),
        )  # fmt: skip
        if self._drew is not None:
            drawing.pass_over(reply.get("drew"))
            self._drew = drawing.places()
        self._both.take_in(reply.get("both"))
        self._bound_there(reply.get("names"))
        self._heard(reply)
        if type(reply.get("after")) is bytes:
            after = self._loads(reply["after"])
            if type(after) is list and after and type(after[0]) is list:
                put_back(changing, after[0])
        self._stay_there(changing, reply.get("stay"))
        if "raised" in reply:
            error = far_away(exception_from(reply["raised"], self.own_class))
            if isinstance(error, NameError) and self.is_bound(str(error.name)):
                reason = (
                    f"The work reads `{error.name}`, which this check binds: it does not cross."
                )
                raise Stop(Verdict.UNDECIDED, reason)
            raise error
        if type(reply.get("argument")) is int:
            return changing[reply["argument"]]  # the function gave back what it was given
        return self._followed(reply)

    def seeded(self) -> None:
        """Have the random numbers where this check has them; from now on both sides draw as one."""
        self._drew = drawing.places()
        self.ask("seed", random=drawing.states())

    def _drawn_here(self) -> list[Any]:
        """Give the state of the random numbers, if the check drew some since the last look."""
        is_moved = self._drew is not None and self._drew != drawing.places()
        return drawing.states() if is_moved else []

    def _set_here(self) -> list[list[Any]]:
        """Give the attributes that the check set on carried objects since they came."""
        changed = []
        for number, before in self._filled.items():
            now = vars(self._carried[number])
            news = {k: v for k, v in now.items() if k not in before or before[k] is not v}
            if news:
                changed.append([Back(number), news])
                before.update(news)
        return changed

    def _bound_there(self, names: Any) -> None:
        """Hear what a call bound fetched names to."""
        for name, said in names.items() if type(names) is dict else ():
            if type(name) is str and type(said) is dict:
                self.heard_of(name, self._fetched(name, said))

    def _stay_there(self, changing: list[Any], stay: Any) -> None:
        """Follow the arguments that something in the candidate holds after the call."""
        for place, number in stay.items() if type(stay) is dict else ():
            if type(place) is int is type(number) and 0 <= place < len(changing):
                self._both.follow(number, changing[place])

    def _followed(self, said: dict[str, Any]) -> Any:
        """Give the value that the candidate *said*: one that both sides know is ours again."""
        value, number = said.get("value"), said.get("number")
        is_known = type(number) is int and can_change(value)
        return self._both.follow(number, value) if is_known else value  # type: ignore[arg-type]

    def fetch(self, name: str) -> Any:
        """Give what the participant's *name* is at this moment, or raise NameError."""
        reply = self.ask("fetch", name=name)
        if reply.get("found") is not True:
            error = NameError(f"name '{name}' is not defined", name=name)
            error.close = reply.get("close")  # type: ignore[attr-defined]  # told by words_of
            raise error
        return self._fetched(name, reply)

    def _fetched(self, name: str, said: dict[str, Any]) -> Any:
        value = self._followed(said)
        if is_reference(value) and far(value).kind == "class" and name[:1].isupper():
            self._classes.add(name)
        return value

    def asks_for(self, where: Far) -> bool:
        """Tell whether a text of the instructor's, or this check, names the class at *where*."""
        if any(self.own_class(*name) is not None for name in where.names):
            return True
        if where.names[0][1] in self.words - self._classes:
            with contextlib.suppress(NameError):
                self.fetch(where.names[0][1])  # is it a class?
        return where.names[0][1] in self._classes | self.asked_classes

    def has(self, name: str) -> bool:
        """Tell whether the participant has *name*."""
        return self.ask("has", name=name).get("has") is True

    def rebind(self, name: str, value: object) -> None:
        """Make the participant's *name* mean *value* until the check ends."""
        self.ask("rebind", name=name, value=value)

    def delete(self, name: str) -> None:
        """Take the participant's *name* away until the check ends."""
        if self.ask("delete", name=name).get("found") is not True:
            raise NameError(f"name '{name}' is not defined", name=name)

    def let_go(self, number: int) -> None:
        """Note that the check holds an object no more; the candidate hears it with the next ask."""
        self._unused.add(number)

    def end_check(self) -> None:
        """Undo what the check did in the candidate, and forget what was lent to it."""
        written = sorted(self._written)
        for name, folder in self.folders.items():
            folder.remove(written) if name == "." else folder.empty()
        self._written.clear()
        self._lending.end()
        self._both.end()
        self._drew = None
        self._classes.clear()
        self.ask("end", written=written)

    def _send(self, message: Message) -> None:
        with self.clock.talking():
            self.line.send(message.packed())

    def _receive(self) -> Message:
        with self.clock.talking():
            return unpacked(self.line.receive())

    def _packed(self, value: object, codec: Codec | None = None) -> bytes:
        try:
            return (codec or self.codec).dumps(value)
        except Refused as error:
            raise Stop(Verdict.UNDECIDED, f"The check passes on something: {error}.") from error

    def _loads(self, content: bytes) -> Any:
        try:
            return self.codec.loads(content)
        except Refused as error:
            reason = f"What the notebook gave could not be read: {error}."
            raise Stop(Verdict.FAILED, reason) from error

    def _read(self, content: bytes) -> dict[str, Any]:
        reply = self._loads(content)
        if type(reply) is not dict:
            raise Stop(Verdict.FAILED, "What the notebook gave could not be read.")
        for key, verdict in (("stop", Verdict.FAILED), ("undecided", Verdict.UNDECIDED)):
            if type(reply.get(key)) is str:
                raise Stop(verdict, reply[key][:500])
        files = reply.get("files")
        for name, folder in self.folders.items():
            folder.take_in(files.get(name) if type(files) is dict else None)
        return reply

    def _heard(self, reply: dict[str, Any]) -> None:
        """Let the check see what was printed and warned during the call."""
        for name, text in reply.get("printed") or []:
            if not self.hush():
                (sys.stderr if name == "stderr" else sys.stdout).write(str(text))
        for names, words in reply.get("warned") or []:
            kind = exception_like(names, self.own_class)
            known = kind if issubclass(kind, Warning) else UserWarning
            warnings.warn(str(words)[:2000], known, stacklevel=4)

    def _serve(self, message: Message) -> None:
        """Run a function of the check's for the candidate."""
        try:
            number, arguments, named = self._loads(message.content)
            value = self._lending.function(number)(*arguments, **named)
            answer = self.codec.dumps({"value": value})
        except (Stop, OutOfTime):
            raise
        except BaseException as error:
            answer = self.codec.dumps({"raised": exception_to(error)})
        self._send(Message(REPLY, message.number, answer))

    # From the candidate

    def _remote(self, data: list[Any], unpacking: Unpacking) -> object:
        number, kind, bases, specials, name = data
        texts = [kind, name, *specials, *(text for base in bases for text in base)]
        if type(number) is not int or not bases or set(map(type, texts)) != {str}:
            raise Refused("not a reference")
        if number in self._live:
            return self._live[number]
        names = tuple((module[:100], own[:100]) for module, own in bases)
        own = self.own_class(*names[0])
        if kind == "class":
            if own is not None:
                return own
            if ("builtins", "BaseException") in names:
                return exception_like(names, self.own_class, number)
        if own is not None and issubclass(own, Enum) and name in own.__members__:
            return own[name]
        known = own or KINDS.get(kind) or class_claimed(*names[0])
        reference = self._made(
            names, frozenset(specials), known, Far(self, number, kind, names, name, known)
        )
        if kind == "coroutine":
            return _waiting(reference)
        self._live[number] = reference
        return reference

    def _made(
        self, names: tuple[tuple[str, str], ...], specials: frozenset[str], known: type | None,
        where: Far,
    ) -> Reference:  # fmt: skip
        """Make a reference of the class that stands for its far class."""
        if (names, specials, known) not in self._kinds:
            own = next((own for name in names if (own := self.own_class(*name))), None)
            own = None if where.kind == "class" else own
            self._kinds[names, specials, known] = kind_of(names, specials, known, own)
        kind = self._kinds[names, specials, known]
        made: Reference = object.__new__(kind)  # type: ignore[arg-type]
        Reference.__init__(made, where)
        return made

    def _carry(self, data: list[Any], unpacking: Unpacking) -> object:
        name, number, lent, node = data
        said, carrier = unpacking.value(node), carrier_named(name)
        value = self._carried.get(number)
        if value is None:
            value = carrier.blank(said) if lent is None else self._lending[lent]
            if not carrier.knows(value):
                raise Refused("not of this library")
        carrier.fill(value, said, lambda method: self._method(number, method))
        self._carried[number] = value
        if carrier.follows:
            self._filled[number] = dict(vars(value))
        return value

    def _method(self, number: int, method: str) -> Callable[..., Any]:
        def call(*arguments: object, **named: object) -> Any:
            done = self.perform("call method", Back(number), method, *arguments, **named)
            if type(done) is not list or len(done) != 3:
                raise Stop(Verdict.FAILED, f"What `{method}` gave could not be read.")
            is_itself, value, now = done
            return now if is_itself is True else value

        call.__name__ = method
        call.far_number = number  # type: ignore[attr-defined]
        return call


async def _waiting(reference: Reference) -> Any:
    return far(reference).candidate.perform("await", reference)


def _known(value: Any) -> Any:
    if value is None:
        raise Refused("a name of no library")
    return value
