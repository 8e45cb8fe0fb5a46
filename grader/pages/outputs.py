"""
What a cell showed, reduced to what a page may show: text, tables, pictures.

A list says which kinds pass; every other kind (scripts, widgets) is left out with a word.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.pages.cleaning import (
    CODE,
    HTML,
    PROSE,
    plain,
    readable,
    safe_html,
    safe_markdown,
    shortened,
    without_paths,
)
from grader.pages.frames import own_frames
from grader.pages.shown import Cell, Output

MOST = 20  # outputs of one cell
PICTURE = 3_000_000  # characters of one picture
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
LEFT_OUT = "Something this cell showed is left out: this page shows text, tables and pictures only."
TOO_LARGE = "A picture is left out: it is too large for this page."


@dataclass(frozen=True)
class Piece:
    """Be one thing to show: *kind* is text, error, html, picture or note; *more* says what was cut."""

    kind: str
    body: str
    more: str = ""
    trace: str = ""


def pieces(outputs: Sequence[Output], sources: Sequence[str]) -> list[Piece]:
    """Give what *outputs* may show; *sources* is what the participant wrote."""
    found = [piece for output in outputs[:MOST] for piece in _pieces(output, sources)]
    once = [
        piece for at, piece in enumerate(found) if piece.kind != "note" or piece not in found[:at]
    ]
    if len(outputs) > MOST:
        once.append(Piece("note", f"… {len(outputs) - MOST:,} more outputs"))
    return once


def prose(cell: Cell) -> Piece:
    """Render an answer in words."""
    cut = shortened(cell.source, PROSE, PROSE)
    return Piece("html", safe_markdown(cut.text), cut.words)


def code(cell: Cell) -> Piece:
    """Give an answer in code as it was written."""
    cut = shortened(readable(cell.source), CODE, CODE)
    return Piece("text", cut.text, cut.words)


def _pieces(output: Output, sources: Sequence[str]) -> Iterator[Piece]:
    kind = output.get("output_type")
    if kind == "stream":
        yield from _text(output.get("text"))
    elif kind == "error":
        yield _error(output, sources)
    elif kind in {"execute_result", "display_data"} and isinstance(output.get("data"), Mapping):
        yield from _data(output["data"])
    else:
        yield Piece("note", LEFT_OUT)


def _text(value: Any) -> Iterator[Piece]:
    cut = shortened(plain(_joined(value)))
    if cut.text.strip():
        yield Piece("text", cut.text, cut.words)


def _error(output: Output, sources: Sequence[str]) -> Piece:
    said = f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
    cut = shortened(plain(said).strip().removesuffix(":"))
    raw = output.get("traceback")
    lines = (
        [str(line) for line in raw]
        if isinstance(raw, Sequence) and not isinstance(raw, str)
        else []
    )
    return Piece("error", cut.text, cut.words, own_frames("\n".join(lines), sources))


def _data(data: Mapping[str, Any]) -> Iterator[Piece]:
    """Choose the richest kind that passes; say so where only poorer ones or none did."""
    text = _joined(data.get("text/plain"))
    for kind in ("text/html", "text/markdown", "image/svg+xml", *PICTURES, "text/latex"):
        if kind in data and (piece := _rich(kind, _joined(data[kind]), text)):
            yield piece
            return
    others = set(data) - {"text/plain"}
    # <IPython.core.display.Javascript object> stands in for what is not shown
    stand_in = others and (text.startswith("<") or not text.strip())
    if not stand_in:
        yield from _text(text)
    if stand_in or others - {"text/html", "text/latex"}:
        yield Piece("note", LEFT_OUT)


def _rich(kind: str, value: str, text: str) -> Piece | None:
    if kind == "text/html":
        # Without a table its text says the same, and better: a model's drawing needs its style sheet.
        return _html(value) if "<table" in value or text.startswith("<") or not text else None
    if kind == "text/markdown":
        cut = shortened(value, PROSE, PROSE)
        return Piece("html", safe_markdown(cut.text), cut.words)
    if kind == "text/latex":
        cut = shortened(plain(value))
        return Piece("text", cut.text, cut.words) if cut.text else None
    return _picture(kind, value)


def _html(value: str) -> Piece | None:
    cut = shortened(without_paths(value), HTML, HTML)
    body = safe_html(_with_scopes(cut.text))
    more = "… the rest is left out" if cut.more else ""
    return Piece("html", body, more) if body.striptags() or "<img" in body else None


def _with_scopes(html: str) -> str:
    """Say of pandas' headings whether they head a row or a column."""
    if "dataframe" not in html:
        return html
    head, end, body = html.partition("</thead>")
    heading = r"<th(?=[\s>])(?![^>]*\bscope=)"
    return re.sub(heading, '<th scope="col"', head) + end + re.sub(heading, '<th scope="row"', body)


def _picture(kind: str, value: str) -> Piece | None:
    if len(value) > PICTURE:
        return Piece("note", TOO_LARGE)
    if kind == "image/svg+xml":
        raw = value.encode("utf-8", "replace")
    else:
        try:
            raw = base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            return None
        if not raw.startswith(PICTURES[kind]):
            return None
    address = f"data:{kind};base64,{base64.b64encode(raw).decode('ascii')}"
    return Piece("picture", address)


def _joined(value: Any) -> str:
    """Join a text that nbformat may have split into lines; anything else is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return ""
