"""
Filters.

earns: t2 2; outcome: finished
"""


# %% t2
def long_words(text):
    return len([w for w in text.split() if len(w) >= 5])
