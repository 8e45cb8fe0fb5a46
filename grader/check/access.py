"""Can everybody read it? Headings, alternative texts, link texts and contrast (WCAG 2.2 AA)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from grader.errors import Complaint
from grader.notebooks import Notebook

PARTS_CONTRAST = 3.0  # WCAG 1.4.11, parts of charts against white
_HEADING = re.compile(r"^(#{1,6}) +\S", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(")
_TAG = re.compile(r"<img\b(?P<rest>[^>]*)>", re.IGNORECASE)
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\(")
_EMPTY_WORDS = {"here", "click here", "this", "link", "this link", "read more", "more"}
_COLOUR = re.compile(r"[\"'](#[0-9a-fA-F]{6})[\"']")
_DRAWS = re.compile(r"\.plot\b|\bplt\.|\.bar\(|\.hist\(|\.scatter\(")


def complaints(where: str, notebook: Notebook) -> Iterator[Complaint]:
    """Yield what would keep somebody from reading the notebook, cell by cell."""
    yield from _headings(where, notebook)
    cells = notebook.cells
    for position, cell in enumerate(cells):
        place = f"{where} [{cell.id}]"
        if cell.cell_type == "markdown":
            yield from _prose(place, _FENCE.sub("", cell.source))
        elif cell.cell_type == "code":
            following = cells[position + 1].source if position + 1 < len(cells) else ""
            yield from _code(place, cell.source, following)


def contrast(colour: str, ground: str = "#FFFFFF") -> float:
    """Compute the contrast of two colours written #rrggbb (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _headings(where: str, notebook: Notebook) -> Iterator[Complaint]:
    levels = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = _HEADING.findall(_FENCE.sub("", cell.source))
            levels += [(cell.id, len(marks)) for marks in found]
    if sum(level == 1 for _, level in levels) != 1:
        yield Complaint(
            where, "it does not have exactly one `#` heading", "Keep one, in the first cell."
        )
    for (_, before), (name, level) in pairwise(levels):
        if level > before + 1:
            yield Complaint(
                f"{where} [{name}]",
                f"a heading of level {level} follows one of level {before}",
                "Skip none.",
            )


def _prose(place: str, text: str) -> Iterator[Complaint]:
    unnamed = [m for m in _IMAGE.finditer(text) if not m["alt"].strip()]
    unnamed += [m for m in _TAG.finditer(text) if not re.search(r"\balt=[\"'][^\"']", m["rest"])]
    for _ in unnamed:
        yield Complaint(place, "an image has no alternative text", "Say in words what it shows.")
    for link in _LINK.finditer(text):
        if link["text"].strip().lower() in _EMPTY_WORDS:
            yield Complaint(
                place, f"the link “{link['text']}” says nothing alone", "Name where it leads."
            )
    if any(ord(c) > 0xFFFF or unicodedata.category(c) == "So" for c in text):
        yield Complaint(place, "it uses an emoji or symbol as a sign", "Say it in words.")


def _code(place: str, source: str, following: str) -> Iterator[Complaint]:
    for colour in _COLOUR.findall(source):
        if contrast(colour) < PARTS_CONTRAST:
            yield Complaint(
                place,
                f"{colour} has a contrast of {contrast(colour):.2f} on white; parts of a chart need 3",
                "Use the Analysis Function colours: #12436D #28A197 #801650 #F46A25.",
            )
    if _DRAWS.search(source) and "print(" not in source + following:
        yield Complaint(
            place, "a chart is drawn and nothing printed", "Print a sentence and the table."
        )
