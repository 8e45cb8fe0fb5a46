"""
Hostile and broken submissions, marked through the real journey, and what must hold afterwards.

week          the small week they are handed in for: every style of check, none of them weak on purpose
submission    what one of them is: a name, how its folder is made, the mark it deserves, how it ends
families/     the submissions themselves, a module a family
marking       a batch of them through `autograde` and `feedback`, watched from outside
generated     mixes family, place and moment (Hypothesis)

Honest work is handed in between them: it must earn all, whatever its neighbours did. A submission
deserves what its answers are worth to a person who reads them; a trick adds nothing, and takes
nothing away but what it truly broke. To add one, add a line to the table of its family.
"""
