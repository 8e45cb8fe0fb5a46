"""
What can go wrong, as a family; split by who can put it right.

GraderError              carries complaints: where, what, what to do next
- CourseError            the course is wrong                  -> its author
- CohortError            cohort.toml or roster.csv is wrong   -> the instructor
- MachineError           something is missing on this machine -> whoever runs it
- EngineError            nbgrader refused                     -> us

What happens to one submission is an Outcome (see marks.py), never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Complaint:
    """Say one thing that is wrong: *where* (file, line or cell), *what*, and what to *do*."""

    where: str
    what: str
    do: str = ""

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}\n  {self.do}" if self.do else line


class GraderError(Exception):
    """Carry one or more complaints up to the porch, which prints them and exits with 2."""

    def __init__(self, what: str | Iterable[Complaint], *, where: str = "", do: str = "") -> None:
        if isinstance(what, str):
            what = [Complaint(where, what, do)]
        self.complaints: tuple[Complaint, ...] = tuple(what)
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))


class CourseError(GraderError):
    """The course is wrong; its author can mend it."""


class CohortError(GraderError):
    """The cohort's files are wrong; the instructor can mend them."""


class MachineError(GraderError):
    """This machine lacks something; whoever runs it can add it."""


class EngineError(GraderError):
    """nbgrader refused; the message says with which words."""
