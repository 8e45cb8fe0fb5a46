"""
The door to handed-in folders: who handed in what when, and the files that may be looked at.

Everything below `submitted/` was written by a participant, so nothing there is trusted: no link is
followed, and only small ordinary files are opened. What is in a file is for other rooms.
"""

from grader.intake.arrivals import handed_in, released
from grader.intake.attempts import attempts, handed_back, pages_back
from grader.intake.files import IGNORED_FOLDERS, Caps, Taken, take_in

__all__ = [
    "IGNORED_FOLDERS",
    "Caps",
    "Taken",
    "attempts",
    "handed_back",
    "handed_in",
    "pages_back",
    "released",
    "take_in",
]
