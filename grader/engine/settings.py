"""
A hub's nbgrader course directory: its configuration file, and nbgrader's objects made from it.

nbgrader starts the program `alembic` by its bare name when it makes a gradebook; without our own
`bin` on PATH the first run fails and the second leaves a database without a version.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.errors import CohortError

CONFIG = "nbgrader_config.py"
SQLITE = "sqlite:///"

log = logging.getLogger("grader.engine")
log.addHandler(logging.NullHandler())
log.propagate = False

ROUTED = "grader.engine.buttons."
_ROUTING = f"""
# Autograde and Generate feedback, typed or pressed in formgrader, are done by the kit: nbgrader itself
# would run participants' code with all the rights of whoever presses. To have nbgrader's own again,
# put a # before the two lines; `grader cohort sync` then leaves them so.
c.Autograde.exporter_class = "{ROUTED}MarkedByTheKit"
c.GenerateFeedback.exporter_class = "{ROUTED}FeedbackByTheKit"

# What participants wrote is shown in formgrader without their scripts: they would run as its reader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {{
    "clean_html": "grader.pages.cleaning.safe_html",
    "markdown2html": "grader.pages.cleaning.safe_markdown",
}}
if "jupyter_server.serverapp" in sys.modules:  # a formgrader that was started elsewhere
    from grader.engine.reading import take_scripts_out

    take_scripts_out()
"""
_TEMPLATE = Template('''\
"""nbgrader's configuration of $course_id. Written by the Accelerator kit; add your own below."""

import os
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
course = (here / "$course").resolve()

c = get_config()  # noqa: F821  nbgrader defines it
c.CourseDirectory.root = str(here)
c.CourseDirectory.course_id = "$course_id"
c.Exchange.root = str((here / "$exchange").resolve())

# The hidden checks import weekNN_checks and weekNN_data from here; participants never have this.
# What was released stands before what the course holds by now.
folders = [*sorted((here / "checks").glob("[!.]*")), *sorted((course / "course/weeks").glob("*"))]
weeks = [str(week) for week in folders if week.is_dir()]
known = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([*weeks, *known]))

# nbgrader starts `alembic` by its bare name.
programs = str(Path(sys.executable).parent)
if programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])

# One account may hold several participants' work (Binder, a class room): the roster says who is who.
c.ExchangeCollect.check_owner = False

# Where nbgrader's own feedback is wanted, its page must not show the hidden checks.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "grader.engine.feedback.FitToHandBack",
    "nbconvert.preprocessors.sanitize.SanitizeHTML",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.SanitizeHTML.enabled = True
c.SanitizeHTML.strip = True
c.SanitizeHTML.tags = (
    "a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li "
    "ol p pre s samp span strong sub sup table tbody td tfoot th thead tr ul var"
).split()
''')


def put_own_programs_on_path() -> None:
    """Make `alembic` findable for nbgrader, however the kit was started."""
    own = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if own not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([own, path])


put_own_programs_on_path()

from nbgrader.coursedir import CourseDirectory  # noqa: E402  needs the PATH above

# nbgrader adds rows in an order of which SQLAlchemy 2 warns; the rows are right.
warnings.filterwarnings("ignore", category=SAWarning, module=r"nbgrader\.api")


def write_config(home: Path, *, course_id: str, course: Path, exchange: Path) -> bool:
    """Write the hub's configuration file if there is none; tell whether it was written."""
    file = home / CONFIG
    if file.exists():
        return False
    home.mkdir(parents=True, exist_ok=True)
    file.write_text(
        _TEMPLATE.substitute(
            course_id=course_id,
            course=named_from(home, course),
            exchange=named_from(home, exchange),
        )
        + _ROUTING,
        encoding="utf-8",
    )
    return True


def is_routed(home: Path) -> bool:
    """Tell whether the hub's configuration leads nbgrader's buttons to the kit, or leaves it on purpose."""
    return ROUTED in (home / CONFIG).read_text(encoding="utf-8")


def route(home: Path) -> None:
    """Lead nbgrader's buttons to the kit in a configuration that was written before it could."""
    if not is_routed(home):
        rewrite(home, (home / CONFIG).read_text(encoding="utf-8").rstrip("\n") + "\n" + _ROUTING)


def rewrite(home: Path, text: str) -> None:
    """Write the hub's configuration anew, whole or not at all."""
    fresh = home / f".{CONFIG}.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(home / CONFIG)


def config(home: Path) -> Config:
    """
    Read the hub's configuration, as plain nbgrader would: from its folder, whose modules it finds.

    Raises CohortError where the file cannot be run.
    """
    loaded = Config()
    if (home / CONFIG).is_file():
        with in_course(home):
            loaded = _loaded(home)
    loaded.CourseDirectory.root = str(home.resolve())
    address = loaded.CourseDirectory.get("db_url", "")
    if address.startswith(SQLITE) and not address.startswith(f"{SQLITE}/"):
        loaded.CourseDirectory.db_url = f"{SQLITE}{home.resolve() / address.removeprefix(SQLITE)}"
    # A kernel warns of its own unencrypted loopback connection each time it starts.
    loaded.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
    return loaded


def _loaded(home: Path) -> Config:
    try:
        return PyFileConfigLoader(CONFIG, path=str(home.resolve())).load_config()
    except Exception as error:  # it is a program, and may do anything
        raise CohortError(
            f"the configuration cannot be read: {type(error).__name__}: {error}",
            where=str(home / CONFIG),
            do="Mend it; `nbgrader validate --help` in that folder reads it too.",
        ) from error


@contextmanager
def in_course(home: Path) -> Iterator[None]:
    """Have the course's own modules found, as nbgrader does for a plug-in, while this lasts."""
    before = list(sys.path)
    sys.path.insert(0, str(home.resolve()))
    try:
        yield
    finally:
        sys.path[:] = before


def folder(home: Path, step: str) -> Path:
    """Give the folder that the configuration names for nbgrader's *step*, such as `submitted`."""
    directory = course_directory(config(home), week="")
    return Path(home, getattr(directory, f"{step}_directory"))


def course_directory(settings: Config, *, week: str, participant: str = "*") -> CourseDirectory:
    """Give nbgrader's view of the hub's directories for one week and one or all participants."""
    directory = CourseDirectory(config=settings, log=log)
    directory.assignment_id = week
    directory.student_id = participant
    return directory


def named_from(home: Path, path: Path) -> str:
    """Name *path* as the configuration does: from the hub, if near, so that all can be moved."""
    path, cohort = path.resolve(), home.resolve().parent
    near = path.is_relative_to(cohort)
    return Path(os.path.relpath(path, home.resolve())).as_posix() if near else path.as_posix()
