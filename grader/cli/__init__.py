"""
The porch: the command `grader`; the only room that prints, exits or asks for the time.

Each verb imports its journey when it is used, so that `grader --help` answers at once.
"""

from __future__ import annotations

import sys

import typer

from grader.cli import author, cohort, machine, regrade, week
from grader.cli.show import complain, note
from grader.cli.stopping import Stopped, stoppable
from grader.errors import GraderError

app = typer.Typer(
    name="grader",
    help="From a week's notebook to a mentor's page.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
author.add_to(app)
cohort.add_to(app)
week.add_to(app)
regrade.add_to(app)
machine.add_to(app)


def main() -> None:
    """Run the command line: exit with 0 fine, 1 something needs a person, 2 could not."""
    try:
        with stoppable():
            app()
    except GraderError as error:
        complain(error.complaints)
    except Stopped as stopped:
        note(str(stopped))
    sys.exit(2)
