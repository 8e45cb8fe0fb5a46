"""
Counts every word.

earns: t2 0 W01.T2.M1; outcome: finished
"""


# %% t2
def long_words(text):
    return len(text.split())
