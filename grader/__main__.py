"""Let `python -m grader` be the command `grader`."""

from grader.cli import main

main()
