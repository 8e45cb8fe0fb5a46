"""
What marks say about tasks, outcomes and misunderstandings: plain arithmetic, with its uncertainty.

intervals          shares and correlations with 95% intervals, by named methods
tasks              how hard a task was, whom it tells apart, what was misunderstood most
mastery            how secure somebody is in each outcome of a week
misunderstandings  what somebody met, and what they have overcome since

Nothing here reads a file or writes a page.
"""
