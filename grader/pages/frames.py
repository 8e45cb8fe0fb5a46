"""
Take from a traceback what is the participant's own: their lines, and how the error was called.

A frame stays only if each line of code in it is a line that the participant wrote, at that number.
So it does not matter whose file or cell a frame claims to be: a check's line never passes.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator, Sequence

from grader.pages.cleaning import plain

HEAD = re.compile(
    r"^\s*(?:Cell In ?\[\d+\]|Input In \[\d+\]|File ).*?(?:, line |:)"
    r"(?P<line>\d{1,9})(?!\d)(?:, in (?P<name>\w+))?"
)
NUMBERED = re.compile(r"^(?:-+> ?)?\s*(?P<line>\d{1,9})(?: (?P<code>.*))?$")
MARKER = re.compile(r"^[\s~^]*$")
ERROR = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(?:: ?(?P<text>.*))?$")
LONGEST = 300


def own_frames(traceback: str, sources: Sequence[str], *, tell: bool = True) -> str:
    """
    Keep the frames of *traceback* whose code is in *sources*, without any path.

    The last line names the error. What it said, and a name that is not one of Python's own, is kept
    only if *tell*: inside a hidden check either may hold what was given or expected.
    """
    text = plain(traceback)
    if not text.strip():
        return ""
    lines = text.split("\n")
    written = [source.split("\n") for source in sources]
    frames = ["\n".join(frame) for frame in _own(_frames(lines), written)]
    return "\n\n".join([*frames, *_error(lines, tell)])


def _frames(lines: Sequence[str]) -> Iterator[tuple[re.Match[str], list[str]]]:
    head: re.Match[str] | None = None
    body: list[str] = []
    for line in [*lines, ""]:
        found = HEAD.match(line)
        if head and (found or not line.strip()):
            yield head, body
            head = None
        if found:
            head, body = found, []
        elif head:
            body.append(line)


def _own(
    frames: Iterable[tuple[re.Match[str], list[str]]], written: Sequence[Sequence[str]]
) -> Iterator[list[str]]:
    words = [set(re.findall(r"\w+", "\n".join(source))) for source in written]
    for head, body in frames:
        at = int(head["line"])
        code = list(_code(body, at))
        if code and any(_is_in(source, code) for source in written):
            # A function can be renamed while it runs, to carry off what a hidden check gave it.
            is_theirs = head["name"] and any(head["name"] in source for source in words)
            name = f", in {head['name']}" if is_theirs else ""
            arrows = ("---->" if number == at else "     " for number, _ in code)
            shown = [f"{a} {n} {c}" for a, (n, c) in zip(arrows, code, strict=True)]
            yield [f"Your code, line {at}{name}", *shown]


def _code(body: Sequence[str], at: int) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of one frame; a frame of Python's own kind has one, without number."""
    numbered = [found for line in body if (found := NUMBERED.match(line))]
    if numbered:
        yield from ((int(found["line"]), (found["code"] or "").rstrip()) for found in numbered)
    elif body and not MARKER.match(body[0]):
        yield at, body[0].strip()


def _is_in(source: Sequence[str], code: Sequence[tuple[int, str]]) -> bool:
    return all(
        0 < number <= len(source) and source[number - 1].strip() == line.strip()
        for number, line in code
    )


def _error(lines: Sequence[str], tell: bool) -> Iterator[str]:
    """Give the last line that names an error, of those that stand at the margin."""
    named = [
        found for line in lines if (found := ERROR.match(line)) and _is_an_error(found["kind"])
    ]
    if named:
        kind, text = named[-1]["kind"].rpartition(".")[-1], named[-1]["text"] or ""
        told = f"{kind}: {text[:LONGEST]}" if text else kind
        yield told if tell else kind if hasattr(builtins, kind) else "An error"


def _is_an_error(kind: str) -> bool:
    return kind.endswith(("Error", "Exception", "Exit", "Interrupt", "Warning", "Iteration"))
