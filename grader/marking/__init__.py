"""
Candidate and examiner: one notebook marked by two processes, and the referee between them.

The participant's cells run in the candidate, locked set-up cells in both, check cells in the
examiner. `candidate.main` and `examiner.main` are what the two processes run, each with its end of
a line; `mark` drives them from a trusted third, which imports none of what participants use.
"""

from grader.marking.judged import Cell, CellResult, Judged, Limits, Role
from grader.marking.referee import mark

__all__ = ["Cell", "CellResult", "Judged", "Limits", "Role", "mark"]
