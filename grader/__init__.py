"""The Accelerator's grader: from a week's notebook to a mentor's page."""
