"""
Loops.

earns: t2 2; outcome: finished
"""


# %% t2
def long_words(text):
    found = 0
    for word in text.split():
        if len(word) > 4:
            found += 1
    return found
