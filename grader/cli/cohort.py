"""The verbs over a cohort: new and sync, and the demonstration of a whole week."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from grader.cli import show
from grader.cli.places import CohortOption, CourseOption, place


def add_to(app: typer.Typer) -> None:
    """Put the verbs on the command line."""
    group = typer.Typer(
        help="Make a cohort, and apply changes to its roster.", no_args_is_help=True
    )
    group.command(
        epilog="Example: `grader cohort new spring --starts 2027-01-11 --hub sheffield --hub london`"
    )(new)
    group.command(epilog="Example: `grader cohort sync --cohort spring`")(sync)
    app.add_typer(group, name="cohort")
    app.command(epilog="Example: `grader demo demo`")(demo)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(
            f'"{written}" is not a date. Write year, month and day, such as 2027-01-31.'
        ) from None


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory to make.")],
    starts: Annotated[
        date,
        typer.Option(parser=_day, metavar="DATE", help="The first hub day, such as 2027-01-31."),
    ],
    hub: Annotated[list[str], typer.Option(metavar="NAME", help="A hub; once for each.")],
    course: CourseOption = None,
) -> None:
    """Make a cohort's directory, with an nbgrader course for each hub."""
    from grader import course as door
    from grader import roster
    from grader import sync as journey

    root = door.find((course or Path()).resolve())
    roster.new_cohort(directory, starts=starts, hubs=hub, course=root)
    here = place(directory, root)
    journey.sync(here.cohort, here.programme)
    show.line(f"Work changes hands in {here.cohort.exchange}")
    for made in here.cohort.hubs:
        show.line(f"  {made.name}: nbgrader's course id is {here.cohort.course_id(made)}")
    show.line(f"{directory}: ready. Enter people in {directory / 'roster.csv'}, then run")
    show.line(f"  grader cohort sync --cohort {directory}")


def sync(
    cohort: CohortOption = Path(),
    course: CourseOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the differences.")] = False,
) -> None:
    """Apply an edited cohort.toml or roster.csv, after showing the difference; no mark is lost."""
    from grader import sync as journey

    here = place(cohort, course)
    changes = journey.differences(here.cohort, here.programme)
    for change in changes:
        show.line(change.what)
    if not changes:
        show.line("Everything is in line with cohort.toml and roster.csv.")
    if dry_run:
        show.line("Nothing was changed.")
    else:
        journey.sync(here.cohort, here.programme)


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it.")] = Path(
        "demo"
    ),
    course: CourseOption = None,
) -> None:
    """Take a made-up cohort through a whole week, and say where the pages are."""
    from grader import course as door
    from grader.demo import demo as composition

    root = door.find((course or Path()).resolve())
    with show.progress("A hub's week") as bar:
        told = []
        for words in composition(directory.resolve(), root, expect=bar.expect, step=bar.step):
            told.append(words)
            show.note(words)
    for hub, page in _pages(directory):
        show.line(f"{hub}: {page}")


def _pages(directory: Path) -> list[tuple[str, Path]]:
    return [
        (page.parent.name, page) for page in sorted((directory / "reports").glob("*/index.html"))
    ]
