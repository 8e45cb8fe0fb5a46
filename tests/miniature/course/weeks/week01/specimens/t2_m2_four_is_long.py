"""
Takes four letters for long.

earns: t2 1 W01.T2.M2; outcome: finished
"""


# %% t2
def long_words(text):
    return sum(len(word) >= 4 for word in text.split())
