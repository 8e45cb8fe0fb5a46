"""What a cell shows, kept as nbformat outputs within caps."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

Output = dict[str, Any]
_PLAIN = (str, int, float, bool, type(None))
_LARGEST = 1 << 63


class Outputs:
    """Collect the outputs of one cell; what is over the cap is cut, and said to be."""

    def __init__(self, most: int) -> None:
        self.kept: list[Output] = []
        self.cut = False
        self._room = most

    def stream(self, name: str, text: str) -> None:
        """Add printed text to the stream *name*."""
        text = self._within(text)
        if not text:
            return
        if self.kept and self.kept[-1].get("name") == name:
            self.kept[-1]["text"] += text
        else:
            self.kept.append({"output_type": "stream", "name": name, "text": text})

    def shown(self, kind: str, data: dict[str, Any], more: dict[str, Any], count: int = 0) -> None:
        """Add a value shown as *data* by MIME type."""
        size = len(json.dumps(data, default=str))
        if size > self._room:
            self.stream("stderr", f"[an output of {size:,} characters was left out]\n")
            self.cut = True
            return
        self._room -= size
        output = {"output_type": kind, "data": data, "metadata": more}
        self.kept.append(
            {**output, "execution_count": count} if kind == "execute_result" else output
        )

    def error(self, name: str, value: str, lines: list[str]) -> None:
        """Add the error that ended the cell."""
        text = [line[:20_000] for line in lines[:200]]
        self.kept.append(
            {"output_type": "error", "ename": name, "evalue": value[:4_000], "traceback": text}
        )

    def _within(self, text: str) -> str:
        if len(text) > self._room:
            text, self.cut = text[: self._room], True
        self._room -= len(text)
        return text


class Stream(io.TextIOBase):
    """Be sys.stdout or sys.stderr, handing on what is written."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take

    def write(self, text: str) -> int:
        """Hand on *text*."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._take(text)
        return len(text)

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def fileno(self) -> int:
        """Say that there is no file beneath."""
        raise io.UnsupportedOperation("fileno")


def tidied(outputs: Any, most: int = 1000, room: int = 20 << 20) -> list[Output]:
    """
    Keep of *outputs*, which may be anything, what is a well-formed nbformat output.

    At most *most* of them come through, and no more than *room* characters in all: whoever speaks
    for the candidate need not have kept to its caps.
    """
    kept: list[Output] = []
    for output in outputs[:most] if type(outputs) is list else []:
        weight = _weight(output, room)
        tidy = _tidy(output) if weight <= room else None
        room -= max(weight, len(json.dumps(tidy)))
        if tidy is not None and room >= 0:
            kept.append(tidy)
    return kept


def counted(number: object) -> int | None:
    """Give *number* if it may be the number of a cell that ran."""
    return number if type(number) is int and 0 <= number < _LARGEST else None


def whole(text: object) -> str:
    """Give *text* without the halves of characters that no file and no database can hold."""
    return str(text).encode("utf-8", "replace").decode()


def _weight(value: Any, room: int) -> int:
    """
    Count what *value* takes when it is written out, and stop counting beyond *room*.

    A list of a few bytes may hold another twice, that one a third twice, and so on.
    """
    todo, weight = [value], 0
    while todo and weight <= room:
        part = todo.pop()
        weight += 1 + (len(part) if type(part) in (str, bytes, list, tuple, dict) else 0)
        if weight <= room:
            todo += part if type(part) in (list, tuple) else ()
            todo += [*part, *part.values()] if type(part) is dict else ()
    return weight


def _said(text: Any) -> str:
    return whole(text) if type(text) is str else ""


def _tidy(output: Any) -> Output | None:
    if type(output) is not dict:
        return None
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": output["name"], "text": _said(output.get("text"))}
    if kind == "error":
        trace = output.get("traceback")
        lines = [_said(line) for line in trace] if type(trace) is list else []
        words = {key: _said(output.get(key)) for key in ("ename", "evalue")}
        return {"output_type": kind, **words, "traceback": lines}
    if kind in ("display_data", "execute_result") and type(output.get("data")) is dict:
        data = {whole(k): _whole(v) for k, v in output["data"].items() if _fits(k, v)}
        more = {"execution_count": counted(output.get("execution_count"))}
        return {
            "output_type": kind,
            "data": data,
            "metadata": {},
            **(more if kind == "execute_result" else {}),
        }
    return None


def _fits(mime: Any, value: Any) -> bool:
    """Tell whether *value* can be shown as *mime*: a table in place of a text breaks the page."""
    if type(mime) is not str:
        return False
    is_text = mime.startswith(("text/", "image/"))
    return type(value) is str if is_text else _is_json(value)


def _whole(value: Any) -> Any:
    if type(value) is list:
        return [_whole(item) for item in value]
    if type(value) is dict:
        return {whole(key): _whole(item) for key, item in value.items()}
    return whole(value) if type(value) is str else value


def _is_json(value: Any, depth: int = 0) -> bool:
    if type(value) is int:
        return -_LARGEST < value < _LARGEST  # a longer one is not even written by json
    if type(value) in _PLAIN:
        return True
    if depth > 30 or type(value) not in (list, dict):
        return False
    if type(value) is list:
        return all(_is_json(item, depth + 1) for item in value)
    return all(type(k) is str and _is_json(v, depth + 1) for k, v in value.items())
