"""
The one room that imports nbgrader: releases, takes in, marks and hands back, in the kit's words.

settings   a hub's nbgrader course directory and its configuration
release    solutions to exercises
exchange   between the hub and its participants' folders
execution  nbgrader's own marking of one submission
feedback   the page a participant gets back
gradebook  people, due times, marks
tables     the gradebook as the reports read it (without importing nbgrader)

Everybody else says Week, Participant and Mark; assignment, student and grade stay in here.
A hub is named by its *home*, the nbgrader course directory that holds its nbgrader_config.py.
"""
