"""
The door to a cohort's directory: `cohort.toml` and `roster.csv`.

places    what the two files are called, and where the cohort really is
clocks    time zones, and the hour that clocks skip
values    single values of cohort.toml, each with its rule
models    the tables of cohort.toml
checking  the whole of cohort.toml, with what the roster and the course say
rows      the lines of roster.csv
times     the times of cohort.toml beside the programme's
people    every line of roster.csv, checked beside the others and the hubs
joining   both files read into a Cohort
showing   show-and-tell.csv, which a cohort may have
new       a new cohort: the commented cohort.toml and what goes beside it

All that is wrong with both files is reported at once. The complaints name ids, files and lines,
and never anybody's name or address. Nothing here knows the course's files or nbgrader.
"""

from grader.roster.joining import course_of, hubs_of, name_of, read_cohort
from grader.roster.new import new_cohort
from grader.roster.places import COHORT, ROSTER, is_shared
from grader.roster.rows import HEADER, ROLES
from grader.roster.showing import SHOWING, read_projects

__all__ = [
    "COHORT",
    "HEADER",
    "ROLES",
    "ROSTER",
    "SHOWING",
    "course_of",
    "hubs_of",
    "is_shared",
    "name_of",
    "new_cohort",
    "read_cohort",
    "read_projects",
]
