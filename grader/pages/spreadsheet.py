"""
Tables as CSV that spreadsheets and pandas read alike.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises
against CSV injection; a number stays a number, negative ones too. What is missing is left empty.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

Cell = object
# Full-width signs count too: some spreadsheets read them as the plain ones.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write *rows* under *columns*; times in UTC, lines ending as RFC 4180 has them."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return file.getvalue()


def _written(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, str):
        return f"'{cell}" if FORMULA.match(cell) else cell.replace("\x00", "")
    return cell
