"""What a warm parent does before it forks: import what every candidate and examiner needs."""

from __future__ import annotations


def prepare() -> None:
    """Import both roles and make the shell; nothing of a course or a submission is read."""
    from grader.marking.shell import shell

    shell()  # first: matplotlib asks once, when it is imported, where to draw

    import matplotlib.figure  # noqa: F401

    from grader.marking import candidate, examiner  # noqa: F401
