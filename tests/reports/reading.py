"""What a reader of a page finds there: its words and its tables."""

import csv
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Table:
    """Hold a table as a reader sees it: rows of label to text, the row's own heading under ""."""

    caption: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Read tables, and all words beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.words: list[str] = []
        self._into: str | None = None
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tbody":
            self._in_body = True
        elif tag == "tr" and self._in_body:
            self.tables[-1].rows.append({})
        elif tag == "caption":
            self._into = "caption"
        elif tag in {"td", "th"} and self._in_body:
            self._into = given.get("data-label") or ""
            self.tables[-1].rows[-1].setdefault(self._into, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self._in_body = False
        if tag in {"td", "th", "caption"}:
            self._into = None

    def handle_data(self, data: str) -> None:
        self.words += data.split()
        text = " ".join(data.split())
        if self._into == "caption":
            self.tables[-1].caption += text
        elif self._into is not None and text:
            row = self.tables[-1].rows[-1]
            row[self._into] = f"{row[self._into]} {text}".strip()


def read(page: Path) -> _Reader:
    """Read a page."""
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


def table(page: Path, caption: str) -> list[dict[str, str]]:
    """Find the rows of the table whose caption begins so."""
    return next(t.rows for t in read(page).tables if t.caption.startswith(caption))


def words(page: Path) -> str:
    """Give all words of a page."""
    return " ".join(read(page).words)


def spreadsheet(file: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def numbers(text: str) -> list[float]:
    """Find the numbers in *text*, in order."""
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]
