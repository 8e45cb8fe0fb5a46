"""
The one room that imports nbgrader: releases, takes in, marks and hands back, in the kit's words.

settings   a hub's nbgrader course directory and its configuration
release    solutions to exercises
exchange   between the hub and its participants' folders
buttons    nbgrader's Autograde and Generate feedback, done by the kit
reading    what formgrader shows, without scripts
feedback   what keeps nbgrader's own feedback page fit to be handed back
marked     the folders nbgrader shows and hands back
recorder   the one writer of marks
mending    a week whose source was mended after work came in
ordinary   a course the kit never made
gradebook  people, due times, marks
tables     the gradebook as the reports read it (without importing nbgrader)
schema     the columns that are read so

Everybody else says Week, Participant and Mark; assignment, student and grade stay in here.
A hub is named by its *home*, the nbgrader course directory that holds its nbgrader_config.py.
"""
