"""
How the run of a notebook may have ended, in sentences for the person who wrote it.

Each outcome but the ordinary one has three: what happened, what it means for the points, what next.
"""

from __future__ import annotations

from grader.marks import Outcome

RUN_ALL = "Choose “Restart Kernel and Run All Cells” from the Kernel menu"
ASK = "Then ask your mentor whether you can hand it in again."

HAPPENED = {
    Outcome.TIMED_OUT: "The notebook was still running when its time was up, so we stopped it.",
    Outcome.OUT_OF_MEMORY: "The notebook needed more memory than there is, so it was stopped.",
    Outcome.TOO_MUCH_OUTPUT: "The notebook printed more than we can keep, so we stopped it.",
    Outcome.STOPPED_ITSELF: "The notebook ended itself before its last cell.",
    Outcome.NOT_A_NOTEBOOK: "The file that was handed in could not be read as a notebook.",
    Outcome.REFUSED: "We did not take in the files that were handed in.",
    Outcome.MISSING: "The week’s notebook was not among the files that were handed in.",
    Outcome.COULD_NOT_MARK: "Marking broke down on our side. This is not your doing.",
}
CUT_SHORT = (
    "The checks it reached count as usual. The others have no points for now: they say nothing about "
    "your answers. If the cause lies with our machine, it is not a zero: your mentor can have the "
    "work marked again."
)
UNREAD = "No check has run, so nothing has been decided about your answers."
MEANS = {
    Outcome.TIMED_OUT: CUT_SHORT,
    Outcome.OUT_OF_MEMORY: CUT_SHORT,
    Outcome.TOO_MUCH_OUTPUT: CUT_SHORT,
    Outcome.STOPPED_ITSELF: CUT_SHORT,
    Outcome.NOT_A_NOTEBOOK: UNREAD,
    Outcome.REFUSED: UNREAD,
    Outcome.MISSING: UNREAD,
    Outcome.COULD_NOT_MARK: "A failure of the machine is never a zero: your work is safe, and has no "
    "mark yet.",
}
COMES_NEXT = {
    Outcome.TIMED_OUT: f"{RUN_ALL} and see which cell does not end. {ASK}",
    Outcome.OUT_OF_MEMORY: f"{RUN_ALL} and look for a table or list that grows and grows. {ASK}",
    Outcome.TOO_MUCH_OUTPUT: f"{RUN_ALL} and look for a loop that prints. {ASK}",
    Outcome.STOPPED_ITSELF: f"{RUN_ALL} and look where it ends: a call of `exit()`, say. {ASK}",
    Outcome.NOT_A_NOTEBOOK: f"Open the file in JupyterLab; if it does not open, tell your mentor. {ASK}",
    Outcome.REFUSED: "Look at the reason with your mentor. They can say how to hand it in again.",
    Outcome.MISSING: f"Look whether the notebook was renamed or lies in another folder. {ASK}",
    Outcome.COULD_NOT_MARK: "There is nothing for you to do. We mark it again, and this page is renewed.",
}
