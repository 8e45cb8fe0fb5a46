"""
One submission from its folder to its verdicts: taken in, rebuilt, run by candidate and examiner.

record     what the instructor released: the notebooks, their data, the modules of the checks
kept       where a hub keeps that, and whether it still is what was released
handed_in  what one participant's folder holds of it, rebuilt from the record
roles      which cell runs where
ordinary   the same of an nbgrader course that the kit never made
telling    what the participant is told of it
verdicts   what the two processes said, as marks and as the marked notebook
desk       several submissions at once, on warm workers

But for `kept` nothing here writes a file or a database; a submission's failure is an Outcome,
never an exception.
"""

from grader.examination.desk import Desk
from grader.examination.handed_in import NOTES, HandedIn, take
from grader.examination.kept import Kept, Version, version_of
from grader.examination.ordinary import record_of
from grader.examination.record import Record, modules_in, read_record
from grader.examination.telling import Told, tell
from grader.examination.verdicts import Examined

__all__ = [
    "NOTES",
    "Desk",
    "Examined",
    "HandedIn",
    "Kept",
    "Record",
    "Told",
    "Version",
    "modules_in",
    "read_record",
    "record_of",
    "take",
    "tell",
    "version_of",
]
